// `npm run package`: the installers of this system, in dist/. Arguments are handed to electron-builder: `npm run package -- --dir` makes the
// app's folder alone, `-- --linux deb --x64` one installer. Electron itself is fetched when it is not named by `-c.electronDist=…`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDesktop } from './desktop.mjs';
import {
  ensureDependencies,
  ensureRenderer,
  node24,
  npm,
  root,
  run,
  runStep,
  SetupError,
  say,
  scriptEnvironment,
} from './setup.mjs';

/** Which architectures are packaged: those named, this machine's alone for a folder, else all. */
function architectures(args) {
  const named = ['x64', 'arm64'].filter((arch) => args.includes(`--${arch}`));
  if (named.length > 0) return named;
  return args.includes('--dir') ? [process.arch] : ['x64', 'arm64'];
}

/** The packages of native code that the app needs on another architecture, and that npm has not installed on this one. */
function missingNativeParts(arch) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([place, { os = [], cpu = [], libc = ['glibc'], dev, devOptional, optional }]) => {
      const isOurs = optional === true && dev !== true && devOptional !== true;
      const isForIt = os.includes(process.platform) && cpu.includes(arch) && libc.includes('glibc');
      return isOurs && isForIt && !existsSync(path.join(root, place));
    })
    .map(([place, { version }]) => `${place.slice('node_modules/'.length)}@${version}`);
}

function ensureNativeParts(arch) {
  const missing = missingNativeParts(arch);
  if (missing.length === 0) return;
  say(`Fetching native parts for ${arch}: ${missing.join(', ')} …`);
  // By force: npm refuses packages for another processor otherwise.
  const args = [
    'install',
    '--no-save',
    '--force',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { status, error } = npm([...args, ...missing], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return;
  throw new SetupError(
    `The native parts for ${arch} could not be fetched.`,
    `check the network connection, or package for this machine alone: npm run package -- --${process.arch}`,
    { cause: error },
  );
}

/** Where installed apps look for updates: `owner/repository` at GitHub, by VI_SYNC_UPDATES; without it they look nowhere. */
function updateFeed() {
  const feed = process.env.VI_SYNC_UPDATES;
  if (feed === undefined || feed === '') return [];
  const [owner, repo, ...more] = feed.split('/');
  if (!owner || !repo || more.length > 0) {
    throw new SetupError(`VI_SYNC_UPDATES is “${feed}”.`, 'give it as owner/repository, or unset it.');
  }
  return ['-c.publish.provider=github', `-c.publish.owner=${owner}`, `-c.publish.repo=${repo}`];
}

await runStep(async () => {
  ensureDependencies();
  ensureRenderer();
  ensureDesktop();
  say('Drawing the icons …');
  const icons = spawnSync(node24, ['build/draw-app-icons.mjs'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: scriptEnvironment(),
  });
  if (icons.status !== 0) throw new SetupError('The icons could not be drawn.', 'read the message above.');
  const args = process.argv.slice(2);
  const wanted = architectures(args);
  for (const arch of wanted) ensureNativeParts(arch);
  say('Packaging …');
  // A release is published by a person who has looked at its draft, never from here.
  return run(node24, [
    'node_modules/electron-builder/cli.js',
    '--publish=never',
    ...updateFeed(),
    ...args,
    ...(args.includes('--dir')
      ? wanted.map((arch) => `--${arch}`).filter((flag) => !args.includes(flag))
      : []),
  ]);
});
