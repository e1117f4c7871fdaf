import { startSandbox } from '../../app/sandbox/sandbox.ts';

/**
 * A sandbox as a process of its own: `node sandbox-process.ts DATA_DIR [SWITCHES_AS_JSON]`. Prints one line of JSON (endpoint,
 * organization, key) when it is ready, and runs until it is killed.
 */
const [dataDir, switches = '{}'] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('Usage: sandbox-process.ts DATA_DIR [SWITCHES]');
const { endpoint, organizationId, secretKey } = await startSandbox({
  dataDir,
  switches: JSON.parse(switches),
});
process.stdout.write(`${JSON.stringify({ endpoint, organizationId, secretKey })}\n`);
