// Runs one of the project's TypeScript programs on Node 24, after setting the clone up where needed:
// `node build/run.mjs app/cli/vi-sync.ts --help`
import { ensureDependencies, node24, run, runStep } from './setup.mjs';

await runStep(async () => {
  ensureDependencies();
  return run(node24, process.argv.slice(2));
});
