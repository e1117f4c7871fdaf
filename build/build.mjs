// `npm run build`: the package as it is installed (out/app), the page (out/renderer) and the desktop app's main process (out/main).
import { ensureDesktop } from './desktop.mjs';
import { ensureDependencies, ensureRenderer, runStep } from './setup.mjs';

await runStep(async () => {
  ensureDependencies();
  ensureRenderer();
  ensureDesktop();
  return 0;
});
