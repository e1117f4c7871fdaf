import type { FileDetail, FileRow } from '../contract.ts';
import type { EntryRow } from '../manifest/entry-table.ts';
import { keyOfItem } from '../manifest/entry-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { LocalFile, RemoteFile } from '../manifest/observations.ts';
import { baseNameOf } from '../manifest/path-key.ts';

/** How much of a file's history is shown. */
const mostActivities = 50;

/** A line of the list of files. @param progress part of its bytes that have moved; null when it does not move */
export function fileRow(entry: EntryRow, progress: number | null): FileRow {
  const { path, state, size, mime, width, height, key, assetId, annotations, problem, changedAt } = entry;
  return {
    path,
    name: baseNameOf(path),
    state,
    size,
    mime,
    width,
    height,
    isOnDisk: key !== null,
    assetId,
    annotations,
    progress,
    problem,
    changedAt,
  };
}

/** Everything that the three trees say about one file, and what has happened to it. @param mirror its number */
export function fileDetail(manifest: Manifest, mirror: number, entry: EntryRow, row: FileRow): FileDetail {
  const key = keyOfItem(entry.item);
  const local = key === null ? null : manifest.local.get(mirror, key);
  const synced = key === null ? null : manifest.synced.get(mirror, key);
  const remote = entry.assetId === null ? null : manifest.remote.get(mirror, entry.assetId);
  return {
    row,
    local: local === null ? null : localSide(local),
    remote: remote === null ? null : remoteSide(remote),
    synced: synced === null ? null : { sha256: synced.local.sha256, size: synced.local.size },
    history: manifest.activity.newest(mostActivities, { mirror, path: entry.path }),
  };
}

function localSide({ path, stamp, mime, width, height, content }: LocalFile): FileDetail['local'] {
  return {
    name: baseNameOf(path),
    size: stamp.size,
    mime,
    width,
    height,
    sha256: content?.sha256 ?? null,
    changedAt: Number(stamp.mtimeNs / 1_000_000n),
  };
}

function remoteSide(remote: RemoteFile): FileDetail['remote'] {
  const { filename, size, mime, width, height, sha256, contentsLastUpdated, assetId, annotations } = remote;
  return {
    name: filename,
    size,
    mime,
    width,
    height,
    sha256,
    changedAt: contentsLastUpdated,
    assetId,
    annotations,
    hash: remote.hash === null ? null : { ...remote.hash },
    customMetadata: { ...remote.customMetadata },
  };
}
