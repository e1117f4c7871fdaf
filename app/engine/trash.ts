import path from 'node:path';
import type { CallResult, TrashedFile } from '../contract.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TrashRecord } from '../manifest/trash-table.ts';
import { PlaceBlockedError, type SafeFiles } from '../transfer/safe-files.ts';
import { failedTransfer, placeBlocked } from '../transfer/transfer-failure.ts';

export interface TrashContext {
  readonly manifest: Manifest;
  /** What changes the folder of the mirror with this number. */
  readonly filesOf: (mirror: number) => SafeFiles;
  /** A file has come into a mirror's folder. */
  readonly onRestored: (mirror: number, path: string) => void;
}

/** A page of what lies in the trash, the newest first. */
export function trashPage(
  { manifest }: TrashContext,
  mirror: number | null,
  { offset, limit }: { offset: number; limit: number },
): CallResult<'trash'> {
  const { total, bytes, items } = manifest.trash.page(mirror, offset, limit);
  return {
    total,
    bytes,
    items: items.map((record) => asTrashedFile(manifest, record)),
  };
}

/** One file in the trash; null: it is not there any more. */
export function trashedFile({ manifest }: TrashContext, id: number): TrashedFile | null {
  const record = manifest.trash.get(id);
  return record === null ? null : asTrashedFile(manifest, record);
}

function asTrashedFile(
  manifest: Manifest,
  { mirror: number, trashPath, ...record }: TrashRecord,
): TrashedFile {
  const { mirrorId, folder } = manifest.mirrors.get(number);
  return { ...record, mirrorId, trashPath: path.join(folder, trashPath) };
}

/** Puts files back into their folders. One that fails does not stop the others. */
export async function restoreFiles(
  context: TrashContext,
  ids: readonly number[],
): Promise<CallResult<'restore'>> {
  const result: CallResult<'restore'> = { restored: [], failed: [] };
  for (const id of ids) {
    const record = context.manifest.trash.get(id);
    if (record === null) {
      result.failed.push({ id, problem: notInTrash(id) });
      continue;
    }
    try {
      const place = await context.filesOf(record.mirror).restore(record);
      result.restored.push({ id, path: place });
      context.onRestored(record.mirror, place);
    } catch (error) {
      const { problem } =
        error instanceof PlaceBlockedError
          ? placeBlocked(error, record.path)
          : failedTransfer(error, record.path);
      result.failed.push({ id, problem });
    }
  }
  return result;
}

/** Removes files from a mirror's trash for good: those with these IDs, or all. */
export async function emptyTrash(
  context: TrashContext,
  mirror: number,
  ids: readonly number[] | null,
): Promise<CallResult<'emptyTrash'>> {
  if (ids !== null) {
    const records = ids.map((id) => context.manifest.trash.get(id));
    return purge(
      context,
      records.filter((record): record is TrashRecord => record?.mirror === mirror),
    );
  }
  return context.filesOf(mirror).purgeBefore(Number.MAX_SAFE_INTEGER);
}

async function purge(
  { filesOf }: TrashContext,
  records: readonly TrashRecord[],
): Promise<CallResult<'emptyTrash'>> {
  for (const record of records) await filesOf(record.mirror).purge(record);
  return { removed: records.length, bytes: records.reduce((sum, { size }) => sum + size, 0) };
}

function notInTrash(id: number) {
  return {
    code: 'not-in-trash',
    facts: { id },
    title: 'Not in the trash',
    detail: `Nothing with the number ${id} is in the trash any more.`,
    suggestion: 'Look at the list of the trash again.',
  };
}
