// `npm run build`: the package as it is installed (out/app) and the page (out/renderer).
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, ensureRenderer, node24, root, run, runStep, SetupError, say } from './setup.mjs';

await runStep(async () => {
  ensureDependencies();
  ensureRenderer();
  say('Compiling app/ …');
  const source = path.join(root, 'app');
  const output = path.join(root, 'out', 'app');
  rmSync(output, { recursive: true, force: true });
  if ((await run(node24, ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json'])) !== 0) {
    throw new SetupError('app/ does not compile.', 'read the messages above.');
  }
  // Pictures of the sample folder and other data travel beside the code that reads them.
  cpSync(source, output, { recursive: true, filter: (file) => !/\.tsx?$/.test(file) });
  return 0;
});
