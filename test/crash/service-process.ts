import { startSandbox } from '../../app/sandbox/sandbox.ts';

/** A sandbox with one dataset, to be killed by a test: `node service-process.ts DATA_DIR PORT`. Prints one line of JSON when it is ready. */
const [dataDir, port] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('Usage: service-process.ts DATA_DIR PORT');
const datasetId = 'lasting';
const sandbox = await startSandbox({
  dataDir,
  port: Number(port ?? 0),
  switches: { sessionBudget: null, fileProcessingMs: 15 },
});
try {
  sandbox.createDataset({ name: 'Lasting', datasetId });
} catch (error) {
  // It is there since the first start.
  if (!(error instanceof Error && error.name === 'DatasetError')) throw error;
}
const { endpoint, organizationId, secretKey } = sandbox;
process.stdout.write(
  `${JSON.stringify({ endpoint, organizationId, secretKey, datasetId, port: sandbox.port })}\n`,
);
