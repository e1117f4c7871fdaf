import { toCallError } from '../../app/call-error.ts';
import type { Hold, Problem } from '../../app/contract.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { formatOfMime, type ImageFormat } from '../../app/image/formats.ts';
import { emptyProblem, mislabelledProblem, truncatedProblem } from '../../app/image/problems.ts';
import { openKeychain } from '../../app/keychain.ts';
import type { LocalFile, RemoteFile, SyncedBase } from '../../app/manifest/observations.ts';
import { checkRoot } from '../../app/observe/root-guard.ts';
import { duplicateOf, holdProblem, nameCollision, placeTaken } from '../../app/plan/hold-words.ts';
import { proposedName } from '../../app/plan/names.ts';
import { failedTransfer, serviceProblem as mirrorProblem } from '../../app/transfer/transfer-failure.ts';
import { fileError } from '../../app/vi/file-error.ts';
import { httpError } from '../../app/vi/http-error.ts';
import { networkError } from '../../app/vi/network-error.ts';
import { settingsDamaged } from '../../app/workspace/app-settings-file.ts';
import { fileProblem } from '../../app/workspace/pull-job.ts';
import { serviceProblem as callProblem } from '../../app/workspace/service-problem.ts';
import { systemError } from '../world/system-error.ts';

/** Problems of scenes: what the app itself says, so that a window can say them in every language that it speaks. */

const host = 'api.vi.datature.com';

export const truncated = (path: string): Problem => truncatedProblem(path, format('image/jpeg'));
export const empty = emptyProblem;
/** A PNG that is named `.jpg`. */
export const mislabelled = (path: string): Problem =>
  mislabelledProblem(path, format('image/jpeg'), format('image/png'));

/** No service can be reached: what the mirrors say. */
const nameUnknown = networkError(systemError('ENOTFOUND', 'getaddrinfo', host), 'list the assets', host);
export const unreachable = mirrorProblem(nameUnknown);
/** The same as a pull says it. */
export const pullUnreachable = callProblem(nameUnknown);

export const wrongKey = callProblem(
  httpError(401, `Cannot read the organization: ${host} answered 401.`, { details: { host } }),
);
/** `message`: what the service says of the query. */
export const badQuery = (message: string): Problem =>
  callProblem(
    httpError(400, `Cannot list the assets: ${host} answered 400, "${message}".`, { details: { host } }),
  );

const noRoom = (path: string) => systemError('ENOSPC', 'write', path);
/** Of a download: what the mirror says. */
export const diskFull = (path: string): Problem => failedTransfer(noRoom(path), path).problem;
/** The same as a pull says it. */
export const pulledDiskFull = (path: string): Problem =>
  fileProblem(path, fileError(noRoom(path), path, 'write'));

export const damagedSettings = settingsDamaged('app.damaged-2026-11-27.json');

export const noKeychain = await problemOf(
  openKeychain({
    ask: async () => ({ ok: false, stage: 'call', message: 'Cannot autolaunch D-Bus without X11 $DISPLAY' }),
  }).get('northwind'),
);

/** The folder of a mirror on a card that nobody has put in. */
export async function folderMissing(folder: string): Promise<Problem> {
  const problem = await checkRoot(realDisk(), folder, null);
  if (problem === null) throw new Error(`“${folder}” of the scene is there.`);
  return problem;
}

/** What is said about a hold, from what the two sides of it show. */
export function problemOfHold(hold: Pick<Hold, 'reason' | 'path' | 'local' | 'remote'>): Problem {
  const { reason, path } = hold;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const remoteName = hold.remote?.name ?? name;
  switch (reason) {
    case 'name-collision':
      return nameCollision(path, remoteName, `aisle-09/${name}`, proposedName(path));
    case 'place-taken':
      return placeTaken(remoteName, path, proposedName(path));
    case 'duplicate':
      return duplicateOf(path, `aisle-09/${name}`);
    default:
      return holdProblem(reason, {
        local: localOf(hold),
        remote: remoteOf(hold),
        synced: baseOf(path, remoteName),
      });
  }
}

const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

function localOf({ path, local }: Pick<Hold, 'path' | 'local'>): LocalFile | null {
  if (local === null) return null;
  const { name, size, width, height } = local;
  const stamp = { size: size ?? 0, mtimeNs: 1n, ctimeNs: 1n, inode: 1n, birthtimeNs: 1n };
  const content = { sha256, crc32c: 1, otherHash: null };
  return { key: path, path, remoteName: name, stamp, content, mime: null, width, height, problem: null };
}

function remoteOf({ path, remote }: Pick<Hold, 'path' | 'remote'>): RemoteFile | null {
  if (remote === null) return null;
  const { assetId, name, size, annotations, changedAt, width, height } = remote;
  return {
    assetId,
    filename: name,
    size,
    hash: null,
    etag: '',
    annotations,
    contentsLastUpdated: changedAt,
    mime: null,
    width,
    height,
    customMetadata: {},
    target: { path, key: path },
    nameProblem: null,
    sha256,
  };
}

function baseOf(path: string, filename: string): SyncedBase {
  return {
    key: path,
    path,
    assetId: '',
    filename,
    local: { inode: 1n, birthtimeNs: 1n, size: 0, sha256 },
    remote: { size: 0, hash: null, contentsLastUpdated: null },
  };
}

function format(mime: string): ImageFormat {
  const format = formatOfMime(mime);
  if (format === undefined) throw new Error(`There is no format ${mime}.`);
  return format;
}

/** What a call is refused with, as data. */
async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(() => null, toCallError);
  if (error === null) throw new Error('The call of the scene was not refused.');
  return error;
}
