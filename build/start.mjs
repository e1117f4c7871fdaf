// `npm start`: sets the clone up where needed, then runs the app on the embedded sandbox: in a window where Electron's program is there, else
// as a page. Arguments are those of the page.
import { electronProgram, ensureDesktop } from './desktop.mjs';
import { ensureDependencies, ensureRenderer, node24, root, run, runStep, say } from './setup.mjs';

const playground = 'playground';

await runStep(async () => {
  ensureDependencies();
  ensureRenderer();
  const args = process.argv.slice(2);
  const electron = electronProgram();
  if (electron !== undefined && args.length === 0) {
    ensureDesktop();
    say(
      'Vi Sync runs in its window, and in the tray when that is closed. “npm start -- --open” shows it as a page instead.',
    );
    return run(electron, [root, `--playground=${playground}`]);
  }
  return run(node24, ['app/cli/vi-sync.ts', 'start', '--playground', playground, ...args]);
});
