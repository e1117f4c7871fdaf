import type { EngineParts, Handlers } from './call-handlers.ts';
import { emptyTrash, restoreFiles, type TrashContext, trashedFile, trashPage } from './trash.ts';

type TrashCalls = Handlers<'trash' | 'trashedFile' | 'restore' | 'emptyTrash'>;

/** Calls about what lies in the trash of mirrors. */
export function trashCalls({ manifest, mirrors }: EngineParts): TrashCalls {
  const trash: TrashContext = {
    manifest,
    filesOf: (mirror) => mirrors.filesOf(mirror),
    onRestored: (mirror, path) => mirrors.lookAt(manifest.mirrors.get(mirror).mirrorId, path),
  };
  return {
    trash: ({ mirrorId, ...page }) => trashPage(trash, mirrors.numberOf(mirrorId), page),
    trashedFile: ({ id }) => ({ file: trashedFile(trash, id) }),
    restore: ({ ids }) => restoreFiles(trash, ids),
    emptyTrash: ({ mirrorId, ids }) => emptyTrash(trash, mirrors.record(mirrorId).id, ids ?? null),
  };
}
