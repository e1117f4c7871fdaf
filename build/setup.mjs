// Sets up a clone: plain JavaScript without dependencies, because it runs before anything is installed, on any Node from 20 on.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';

/** The Node 24 that the devDependency `node` brings. */
export const node24 = path.join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** A set-up step that failed, with what a person can do about it. */
export class SetupError extends Error {
  constructor(message, whatToDo, options) {
    super(message, options);
    this.whatToDo = whatToDo;
  }
}

export function say(text) {
  process.stdout.write(`· ${text}\n`);
}

/** Runs `main`; a failed step ends the process with its message and what to do, not with a stack. */
export async function runStep(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n✗ ${error.message}\n  What to do: ${error.whatToDo}\n`);
    if (error.cause instanceof Error) process.stderr.write(`  Cause: ${error.cause.message}\n`);
    process.exitCode = 1;
  }
}

/** The environment for our own scripts: Node 24 and the installed commands first. */
export function scriptEnvironment(extra = {}) {
  const bins = [path.dirname(node24), path.join(root, 'node_modules', '.bin')];
  // On Windows the variable may be spelled `Path`; two spellings at once would leave the choice to chance.
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    [pathKey]: [...bins, process.env[pathKey] ?? ''].join(path.delimiter),
    ...extra,
  };
}

/** Runs a command, in the clone unless told otherwise, with its output shown; resolves to the exit code. Signals are handed on. */
export function run(command, args, { cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', env: scriptEnvironment() });
    const handOn = (signal) => child.kill(signal);
    // A Ctrl-C in a terminal reaches the child by itself; without these handlers it would end us before the child is done.
    const onInterrupt = () => {};
    process.on('SIGTERM', handOn);
    process.on('SIGINT', onInterrupt);
    const release = () => {
      process.off('SIGTERM', handOn);
      process.off('SIGINT', onInterrupt);
    };
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      release();
      if (signal === 'SIGKILL') say('Ended from outside. The next start goes on from here.');
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** npm as the user started it, so that its version, its Node and its settings hold; no shell needed, which matters on Windows. */
export function npm(args, options) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  return script !== undefined && node !== undefined
    ? spawnSync(node, [script, ...args], options)
    : spawnSync('npm', args, { ...options, shell: windows });
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new SetupError(
      `Vi Sync needs Node 20 or later to set itself up; this is ${process.version}.`,
      'install a current Node from https://nodejs.org and run the command again.',
    );
  }
}

function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

export function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Installs the packages of the lock file if what is installed is not that. */
export function ensureDependencies() {
  checkNode();
  const stampFile = path.join(root, 'node_modules', '.vi-sync-installed');
  const wanted = hashOf(readFileSync(path.join(root, 'package-lock.json')), process.platform, process.arch);
  if (readIfThere(stampFile) === wanted && existsSync(node24)) return;
  say('Installing packages (a minute or so the first time) …');
  // No install scripts at first: better-sqlite3 ships its binaries but npm would compile its sources all the same. The two
  // packages whose scripts only put a shipped binary in place are run by name.
  // `npm ci` starts by deleting node_modules, and with it the Node that runs this script when npm took it from there; Windows
  // refuses to delete a running program. Then the difference is installed instead, as the lock file has it.
  const ownNode = process.execPath.startsWith(path.join(root, 'node_modules'));
  const steps = [
    [
      ...(ownNode ? ['install', '--no-save'] : ['ci']),
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ],
    ['rebuild', 'node', 'keytar', '--loglevel=error'],
  ];
  for (const args of steps) {
    // stdin stays closed: nothing here may wait for an answer.
    const result = npm(args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (result.error !== undefined || result.status !== 0) {
      throw new SetupError(
        `\`npm ${args.join(' ')}\` failed${result.status === null ? '' : ` with code ${result.status}`}.`,
        'check the network connection and the free disk space (about 1 GB), then run the command again.',
        { cause: result.error },
      );
    }
  }
  if (!existsSync(node24)) {
    throw new SetupError(
      `Node 24 is not where its package should have put it (${node24}).`,
      'delete the folder node_modules and run the command again; if it fails again, your system may have no Node 24 build.',
    );
  }
  writeFileSync(stampFile, wanted);
}

/** Sizes and times of all files below some places: changes whenever one of them does. */
export function fingerprint(places) {
  const lines = [];
  const visit = (place) => {
    const stat = statSync(place);
    if (stat.isDirectory()) for (const name of readdirSync(place).sort()) visit(path.join(place, name));
    else lines.push(`${path.relative(root, place)} ${stat.size} ${stat.mtimeMs}`);
  };
  for (const place of places) visit(path.join(root, place));
  return hashOf(...lines);
}

/** Builds the page if its sources changed since it was built last. */
export function ensureRenderer() {
  const output = path.join(root, 'out', 'renderer');
  const stampFile = path.join(root, 'out', 'renderer.stamp');
  const wanted = fingerprint(['renderer', 'app/contract', 'app/contract.ts', 'package-lock.json']);
  if (readIfThere(stampFile) === wanted && existsSync(path.join(output, 'index.html'))) return;
  say('Building the page …');
  rmSync(stampFile, { force: true });
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(
    node24,
    [vite, 'build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: scriptEnvironment(),
    },
  );
  if (result.error !== undefined || result.status !== 0) {
    throw new SetupError(
      'The page could not be built.',
      'read the message above; if you changed nothing in renderer/, delete node_modules and out and run the command again.',
      { cause: result.error },
    );
  }
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}
