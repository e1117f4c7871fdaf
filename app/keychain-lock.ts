import { execFile } from 'node:child_process';

const service = 'org.freedesktop.secrets';
const place = '/org/freedesktop/secrets';
const secretService = 'org.freedesktop.Secret.Service';
const longestMs = 5_000;

/**
 * Whether a Secret Service holds an entry in a keyring that is locked. Its library says nothing of the sort: where nobody unlocks the keyring,
 * reading finds no entry and deleting deletes none, without an error. Attributes can be searched all the same. False where nobody can be asked.
 */
export async function isLockedAway(entry: {
  readonly service: string;
  readonly account: string;
}): Promise<boolean> {
  const byBusctl = await output('busctl', [
    ...['--user', '--', 'call', service, place, secretService, 'SearchItems'],
    ...['a{ss}', '2', 'service', entry.service, 'account', entry.account],
  ]);
  if (byBusctl !== null) return busctlNamesLocked(byBusctl);
  // Its commas can't be escaped.
  if (`${entry.service}${entry.account}`.includes(',')) return false;
  const byDbusSend = await output('dbus-send', [
    ...['--session', '--print-reply', `--dest=${service}`, place, `${secretService}.SearchItems`],
    `dict:string:string:service,${entry.service},account,${entry.account}`,
  ]);
  return byDbusSend !== null && dbusSendNamesLocked(byDbusSend);
}

/** `aoao 1 "/unlocked" 1 "/locked"` */
function busctlNamesLocked(text: string): boolean {
  const words = text.trim().split(/\s+/);
  const unlocked = Number(words[1]);
  return Number(words[2 + unlocked]) > 0;
}

/** Two arrays, each with a line for each object. */
function dbusSendNamesLocked(text: string): boolean {
  const [, , locked = ''] = text.split('array [');
  return locked.includes('object path');
}

/** What a program prints; null: it is not there, or has failed. */
function output(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: longestMs }, (error, stdout) =>
      resolve(error === null ? stdout : null),
    );
  });
}
