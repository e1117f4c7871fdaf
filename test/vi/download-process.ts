import { ViClient } from '../../app/vi/index.ts';
import { organizationId, secretKey } from './wire-server.ts';

/** A download in a process of its own, which can be killed: `node download-process.ts URL FOLDER`. Prints its result's counts. */
const [endpoint = '', saveDir = ''] = process.argv.slice(2);

const client = new ViClient({ endpoint, organizationId, secretKey, env: {} });
const { totalDownloaded, totalSkipped, totalFailed } = await client.assets.download({
  datasetId: 'ds',
  saveDir,
});
await client.close();
process.stdout.write(JSON.stringify({ totalDownloaded, totalSkipped, totalFailed }));
