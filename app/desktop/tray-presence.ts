import { execFile } from 'node:child_process';

/** Runs a program, and resolves with what it prints; null: it is not there, or has failed. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string | null>;

const watcher = 'org.kde.StatusNotifierWatcher';
const bus = 'org.freedesktop.DBus';

/**
 * Whether an icon in the tray would be seen. macOS and Windows have one; on Linux somebody must watch for icons, which on stock GNOME
 * nobody does. Where the session bus can't be asked, the desktop's name decides.
 */
export async function hasTray(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  run: RunProgram = runProgram,
): Promise<boolean> {
  if (platform !== 'linux') return true;
  const byBusctl = await run('busctl', [
    '--user',
    'call',
    bus,
    '/org/freedesktop/DBus',
    bus,
    'NameHasOwner',
    's',
    watcher,
  ]);
  const answer =
    byBusctl ??
    (await run('gdbus', [
      'call',
      '--session',
      '--dest',
      bus,
      '--object-path',
      '/org/freedesktop/DBus',
      '--method',
      `${bus}.NameHasOwner`,
      watcher,
    ]));
  if (answer !== null) return answer.includes('true');
  return !(env.XDG_CURRENT_DESKTOP ?? 'GNOME').toUpperCase().split(':').includes('GNOME');
}

const longestWaitMs = 3_000;

const runProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: longestWaitMs }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    );
  });
