import { readFile, statfs } from 'node:fs/promises';
import type { Drive } from '../engine/environment.ts';
import { systemCode } from './file-stamp.ts';

/** Numbers by which Linux tells kinds of file systems (statfs(2)), of those that other computers can change too. */
const sharedByNumber: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x73757245, 'Coda'],
  [0x0bd00bd0, 'Lustre'],
  [0x786f4256, 'a folder of the host computer'],
  [0xbacbacbc, 'a folder of the host computer'],
]);

/** Programs serve these: most fetch from a network, some read a disk of this computer. */
const fuseNumber = 0x65735546;
/** Names, after `fuse.`, of those whose files nobody else changes. */
const localFuse: ReadonlySet<string> = new Set([
  'encfs',
  'gocryptfs',
  'cryfs',
  'bindfs',
  'mergerfs',
  'lxcfs',
]);

/**
 * What kind of disk a folder lies on. On such a drive the system reports no changes that other computers make. Windows tells none by
 * number, and resolves drive letters of the network to `\\server\share`; of macOS nothing is known.
 */
export async function driveOf(folder: string): Promise<Drive> {
  if (process.platform === 'win32') return windowsDrive(folder);
  if (process.platform !== 'linux') return ordinary;
  try {
    const { type } = await statfs(folder);
    if (type === fuseNumber) return fuseDrive(await mountedType(folder));
    const name = sharedByNumber.get(type >>> 0);
    return name === undefined ? ordinary : { isShared: true, name };
  } catch (error) {
    // A disk that can't be asked is no less watched than before; the scan says what is wrong with it.
    if (systemCode(error) === null) throw error;
    return ordinary;
  }
}

const ordinary: Drive = { isShared: false, name: null };

/** @param folder without links and letters of network drives in it */
export function windowsDrive(folder: string): Drive {
  return /^\\\\(?![.?]\\)|^\\\\\?\\UNC\\/i.test(folder) ? { isShared: true, name: 'SMB' } : ordinary;
}

/** @param type as the system lists it: `fuse.sshfs`, or `fuseblk` for a disk of this computer; null: not known */
export function fuseDrive(type: string | null): Drive {
  if (type === 'fuseblk') return ordinary;
  const name = type?.replace(/^fuse\./, '') ?? 'fuse';
  return localFuse.has(name) ? ordinary : { isShared: true, name };
}

async function mountedType(folder: string): Promise<string | null> {
  return typeInMounts(await readFile('/proc/self/mountinfo', 'utf8'), folder);
}

/** The type of the file system that a folder lies on, from `/proc/self/mountinfo` (proc(5)): of the last mount that is nearest above it. */
export function typeInMounts(mountinfo: string, folder: string): string | null {
  let nearest = '';
  let found: string | null = null;
  for (const line of mountinfo.split('\n')) {
    const [left, right] = line.split(' - ');
    const escaped = left?.split(' ')[4];
    const type = right?.split(' ')[0];
    if (escaped === undefined || type === undefined) continue;
    const mount = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const isAbove = mount === '/' || folder === mount || folder.startsWith(`${mount}/`);
    if (!isAbove || mount.length < nearest.length) continue;
    nearest = mount;
    found = type;
  }
  return found;
}
