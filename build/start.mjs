// `npm start` and `npm run demo`: sets the clone up where needed, then runs the app on the embedded sandbox.
import { ensureDependencies, ensureRenderer, node24, run, runStep } from './setup.mjs';

const [first, ...rest] = process.argv.slice(2);
const demo = first === 'demo';

await runStep(async () => {
  ensureDependencies();
  if (demo) return run(node24, ['app/cli/vi-sync.ts', 'demo', ...rest]);
  ensureRenderer();
  return run(node24, ['app/cli/vi-sync.ts', 'start', ...process.argv.slice(2)]);
});
