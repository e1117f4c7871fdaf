// What the end-to-end tests need beyond npm packages: a Chromium and, on Linux, a keychain to test against.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { node24, root, SetupError, say, scriptEnvironment } from './setup.mjs';

function has(command) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, command)));
}

/** How to run apt-get here without asking for a password; undefined where that can't be. */
function aptGet() {
  if (process.platform !== 'linux' || !has('apt-get')) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  const sudo = has('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return sudo ? ['sudo', '-n', 'apt-get'] : undefined;
}

let listsAreFresh = false;

function installByApt(packages, why) {
  const command = aptGet();
  if (command === undefined) return false;
  say(`Installing ${packages.join(', ')} (${why}) …`);
  const [program, ...start] = command;
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  if (!listsAreFresh) {
    spawnSync(program, [...start, 'update', '-qq'], options);
    listsAreFresh = true;
  }
  const args = [...start, 'install', '-y', '-qq', '--no-install-recommends', ...packages];
  return spawnSync(program, args, options).status === 0;
}

const browserPlaces = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env['PROGRAMFILES(X86)']}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env['PROGRAMFILES(X86)']}\\Microsoft\\Edge\\Application\\msedge.exe`,
  ],
};

function playwrightChromium() {
  const script =
    "import('playwright-core').then(({ chromium }) => process.stdout.write(chromium.executablePath()))";
  const { stdout } = spawnSync(node24, ['-e', script], { cwd: root, encoding: 'utf8' });
  return stdout !== '' && existsSync(stdout) ? stdout : undefined;
}

/** The path of a Chromium: one named by VI_SYNC_CHROMIUM, an installed one, or one that is installed now. */
export function ensureChromium() {
  const named = process.env.VI_SYNC_CHROMIUM;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new SetupError(
      `VI_SYNC_CHROMIUM names ${named}, which is not there.`,
      'correct the variable or unset it.',
    );
  }
  const find = () =>
    (browserPlaces[process.platform] ?? []).find((place) => existsSync(place)) ?? playwrightChromium();
  const found = find();
  if (found !== undefined) return found;
  if (!installByApt(['chromium'], 'the browser of the end-to-end tests')) {
    say('Fetching Chromium for the end-to-end tests …');
    const cli = path.join(root, 'node_modules', 'playwright-core', 'cli.js');
    spawnSync(node24, [cli, 'install', 'chromium'], {
      cwd: root,
      stdio: 'inherit',
      env: scriptEnvironment(),
    });
  }
  const installed = find();
  if (installed !== undefined) return installed;
  throw new SetupError(
    'The end-to-end tests need a Chromium, and none could be found or installed.',
    'install Chromium or Chrome, or set VI_SYNC_CHROMIUM to the path of one, and run `npm test` again.',
  );
}

/** On Linux: libsecret, a session bus and gnome-keyring, so that the keychain tests have a real keychain. */
export function ensureKeychain() {
  if (process.platform !== 'linux') return;
  const loads = () =>
    spawnSync(node24, ['-e', "require('keytar')"], { cwd: root, stdio: 'ignore' }).status === 0;
  const complete = () => loads() && has('dbus-run-session') && has('gnome-keyring-daemon');
  if (complete()) return;
  const packages = ['libsecret-1-0', 'gnome-keyring', 'dbus'];
  installByApt(packages, 'a keychain to test against');
  if (complete()) return;
  throw new SetupError(
    'The keychain tests need libsecret, dbus-run-session and gnome-keyring, and not all of them are there.',
    `install them (Debian and Ubuntu: sudo apt-get install ${packages.join(' ')}) and run \`npm test\` again.`,
  );
}
