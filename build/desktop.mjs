// The desktop app as Electron runs it: out/app (the engine’s process), out/main (main process, preload, icons). Built where it is stale.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint, node24, readIfThere, root, SetupError, say, scriptEnvironment } from './setup.mjs';

/** Runs a step of the build on Node 24. */
function step(args, environment, failure) {
  const result = spawnSync(node24, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: scriptEnvironment(environment),
  });
  if (result.error === undefined && result.status === 0) return;
  throw new SetupError(failure, 'read the messages above.', { cause: result.error });
}

/** Does `build` unless its result is that of the sources as they are now. */
function ensure(name, sources, build) {
  const stampFile = path.join(root, 'out', `${name}.stamp`);
  const wanted = fingerprint(sources);
  if (readIfThere(stampFile) === wanted && existsSync(path.join(root, 'out', name))) return;
  rmSync(stampFile, { force: true });
  build();
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/** Compiles app/ to out/app. */
export function ensureCompiledApp() {
  ensure('app', ['app', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'], () => {
    say('Compiling app/ …');
    const source = path.join(root, 'app');
    const output = path.join(root, 'out', 'app');
    rmSync(output, { recursive: true, force: true });
    step(
      ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json'],
      {},
      'app/ does not compile.',
    );
    // Pictures of the sample folder and other data travel beside the code that reads them.
    cpSync(source, output, { recursive: true, filter: (file) => !/\.tsx?$/.test(file) });
  });
}

/** Bundles main/ to out/main, and draws its icons. */
export function ensureMain() {
  ensure('main', ['main', 'app', 'build/draw-icons.mjs', 'renderer/icon.svg', 'package-lock.json'], () => {
    say('Building the desktop app …');
    rmSync(path.join(root, 'out', 'main'), { recursive: true, force: true });
    const vite = [
      'node_modules/vite/bin/vite.js',
      'build',
      '--config',
      'main/vite.config.ts',
      '--logLevel',
      'warn',
    ];
    for (const part of ['main', 'preload'])
      step(vite, { VI_SYNC_BUILD: part }, `main/${part}.ts could not be built.`);
    step(['build/draw-icons.mjs'], {}, 'The icons could not be drawn.');
  });
}

/** Everything of the desktop app but the page. */
export function ensureDesktop() {
  ensureCompiledApp();
  ensureMain();
}

/** The program of Electron’s, where it is there; undefined where not. It is not fetched: importing the package would do that. */
export function electronProgram() {
  const folder = path.join(root, 'node_modules', 'electron');
  const nameFile = path.join(folder, 'path.txt');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8') : undefined;
  const program =
    override === undefined
      ? name === undefined
        ? undefined
        : path.join(folder, 'dist', name)
      : path.join(override, name ?? 'electron');
  return program !== undefined && existsSync(program) ? program : undefined;
}
