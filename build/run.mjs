// Runs one of the project's TypeScript programs on Node 24, after setting the clone up where needed:
// `node build/run.mjs app/cli/vi-sync.ts --help`
import path from 'node:path';
import { ensureDependencies, node24, root, run, runStep } from './setup.mjs';

await runStep(async () => {
  ensureDependencies();
  const [program, ...args] = process.argv.slice(2);
  // npm changes to the clone's folder; paths in the arguments are meant from where the person is.
  return run(node24, [path.join(root, program), ...args], { cwd: process.env.INIT_CWD ?? process.cwd() });
});
