import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A real keychain for tests, apart from the person's own. */
export interface KeyringSession {
  /** The environment in which a process finds it. */
  readonly env: Readonly<Record<string, string>>;
  end(): Promise<void>;
}

/**
 * Starts a Secret Service of its own on Linux: a D-Bus session with a GNOME Keyring in a temporary home. macOS and Windows have a keychain
 * at all times; there the session is the person's own, and tests keep to an entry of their own by `VI_SYNC_DATA`.
 * @param home a folder that holds the keyring; a second session on the same one finds what the first stored
 * @throws Error that tells what to install where the programs are missing
 */
export async function startKeyringSession(options: {
  readonly unlocked: boolean;
  readonly home?: string;
}): Promise<KeyringSession> {
  if (process.platform !== 'linux') return { env: {}, end: async () => undefined };
  requirePrograms();
  const home = options.home ?? (await mkdtemp(path.join(os.tmpdir(), 'vi-sync-')));
  await mkdir(path.join(home, '.local', 'share', 'keyrings'), { recursive: true });
  const session = spawn(
    'dbus-run-session',
    [
      '--',
      'bash',
      '-c',
      // An empty line is the keyring's password. `cat` holds the session open until its stdin is closed.
      `${options.unlocked ? "printf '\\n' | gnome-keyring-daemon --unlock" : 'gnome-keyring-daemon --start'} --components=secrets >/dev/null && echo "bus=$DBUS_SESSION_BUS_ADDRESS" && exec cat >/dev/null`,
    ],
    { env: { PATH: process.env.PATH ?? '', HOME: home }, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const address = await readAddress(session);
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address, HOME: home },
    end: async () => {
      const ended = new Promise((resolve) => session.once('exit', resolve));
      session.stdin?.end();
      await ended;
      if (options.home === undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function requirePrograms(): void {
  const missing = ['dbus-run-session', 'gnome-keyring-daemon', 'bash'].filter(
    (program) => spawnSync('which', [program]).status !== 0,
  );
  if (missing.length === 0) return;
  throw new Error(
    `The tests of the keychain need ${missing.join(' and ')}. Install them, for example: sudo apt install dbus-daemon gnome-keyring libsecret-1-0`,
  );
}

function readAddress(session: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    session.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const address = /^bus=(.+)$/mu.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    session.once('error', reject);
    session.once('exit', (code) =>
      reject(
        new Error(
          `The keyring session ended early with code ${code}. Are dbus-daemon and gnome-keyring installed whole?`,
        ),
      ),
    );
  });
}
