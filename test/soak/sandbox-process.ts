import { startSandbox } from '../../app/sandbox/sandbox.ts';

/** A sandbox with one dataset: `node sandbox-process.ts DATA_DIR SESSIONS`; 0: as many sessions as one likes. Prints a line of JSON when it is ready. */
const [dataDir, sessions] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('Usage: sandbox-process.ts DATA_DIR SESSIONS');
const count = Number(sessions ?? 0);
const sandbox = await startSandbox({
  dataDir,
  switches: {
    sessionBudget: count === 0 ? null : { sessions: count, windowMs: 10 * 60_000 },
    fileProcessingMs: 5,
  },
});
const { datasetId } = sandbox.createDataset({ name: 'Pair', datasetId: 'pair' });
const { endpoint, organizationId, secretKey } = sandbox;
process.stdout.write(`${JSON.stringify({ endpoint, organizationId, secretKey, datasetId })}\n`);
