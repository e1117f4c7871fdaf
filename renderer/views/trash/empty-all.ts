import type { CallResult, TrashedFile } from '../../../app/contract.ts';
import type { RemoteEngine } from '../../engine/remote-engine.ts';

/** As many as one call takes. */
const most = 500;

/** Deletes files of the trash for good. They may be of several mirrors. */
export async function removeFiles(
  engine: RemoteEngine,
  files: readonly TrashedFile[],
): Promise<CallResult<'emptyTrash'>> {
  const done = { removed: 0, bytes: 0 };
  for (const [mirrorId, ofMirror] of Map.groupBy(files, ({ mirrorId }) => mirrorId)) {
    for (let start = 0; start < ofMirror.length; start += most) {
      const ids = ofMirror.slice(start, start + most).map(({ id }) => id);
      const { removed, bytes } = await engine.call('emptyTrash', { mirrorId, ids });
      done.removed += removed;
      done.bytes += bytes;
    }
  }
  return done;
}

/**
 * Deletes for good what lay in the trash of a mirror (null: of all) at a time, milliseconds since the epoch: what came later was not
 * spoken of.
 */
export async function emptyAll(
  engine: RemoteEngine,
  mirrorId: string | null,
  until: number,
): Promise<CallResult<'emptyTrash'>> {
  const ofMirror = mirrorId === null ? {} : { mirrorId };
  const done = { removed: 0, bytes: 0 };
  let offset = 0;
  for (;;) {
    const { items } = await engine.call('trash', { ...ofMirror, offset, limit: most });
    if (items.length === 0) return done;
    const { removed, bytes } = await removeFiles(
      engine,
      items.filter(({ at }) => at <= until),
    );
    done.removed += removed;
    done.bytes += bytes;
    // Those that stay are passed over.
    offset += items.length - removed;
  }
}
