import { z } from 'zod';
import { viRemote } from '../../app/engine/vi-remote.ts';
import { createEngine } from '../../app/engine.ts';
import { ViClient } from '../../app/vi/index.ts';

/** An engine in a process of its own, to be killed by a test. Mirrors one folder until then; prints each phase on a line. */
const options = z
  .object({
    dataDir: z.string(),
    folder: z.string(),
    datasetId: z.string(),
    endpoint: z.string(),
    organizationId: z.string(),
    secretKey: z.string(),
  })
  .parse(JSON.parse(process.env.VI_SYNC_TEST ?? '{}'));

const client = new ViClient({ ...options, retry: { tries: 2, baseMs: 20, capMs: 100 } });
const engine = await createEngine({
  dataDir: options.dataDir,
  timing: { quietMs: 20, pollMs: 300 },
  sessionBudget: { sessions: 1000, windowMs: 60_000 },
  connect: ({ datasetId }) => viRemote(client, datasetId),
});
engine.on('mirrorChanged', ({ phase, upload, download }) => {
  process.stdout.write(`${phase} ${upload.filesDone} ${download.filesDone}\n`);
});
const mirrorId = await engine.addMirror({ ...options, sandbox: true, go: true });
await engine.settled(mirrorId);
process.stdout.write('settled\n');
