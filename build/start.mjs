// `npm start`: sets the clone up where needed, then runs the app on the embedded sandbox.
import { ensureDependencies, ensureRenderer, node24, run, runStep } from './setup.mjs';

await runStep(async () => {
  ensureDependencies();
  ensureRenderer();
  return run(node24, ['app/cli/vi-sync.ts', 'start', '--playground', 'playground', ...process.argv.slice(2)]);
});
