import { flushCompileCache } from 'node:module';
import { z } from 'zod';
import { pullDataset } from '../../app/pull/index.ts';
import { ViClient } from '../../app/vi/index.ts';

/** A pull in a process of its own, to be killed by a test. Prints the counts of its result as one line of JSON. */
const options = z
  .object({
    folder: z.string(),
    datasetId: z.string(),
    endpoint: z.string(),
    organizationId: z.string(),
    secretKey: z.string(),
    overwrite: z.boolean(),
    frozen: z.boolean(),
    concurrency: z.number(),
  })
  .parse(JSON.parse(process.env.VI_SYNC_TEST ?? '{}'));

// A process that is killed leaves nothing for the next one's start.
flushCompileCache();
const client = new ViClient({ ...options, retry: { tries: 2, baseMs: 20, capMs: 100 } });
const { complete, totalPulled, totalSame } = await pullDataset({ ...options, client });
process.stdout.write(`${JSON.stringify({ complete, totalPulled, totalSame })}\n`);
process.exit(0);
