import type { AssetStore } from './asset-store.ts';
import type { BlobStore } from './blob-store.ts';
import { type ContentCheck, checkContent, type SeenContent } from './content-check.ts';
import { type DatasetStore, dataRowsOf } from './dataset-store.ts';
import type { FaultBook } from './faults.ts';
import { IngestionCode, RetentionMode } from './ingestion-codes.ts';
import type { SessionFileRow, SessionRow, SessionStore } from './session-store.ts';
import type { SandboxSwitches } from './switches.ts';

/** What ingestion works with. */
export interface IngestionParts {
  readonly sessions: SessionStore;
  readonly assets: AssetStore;
  readonly datasets: DatasetStore;
  readonly blobs: BlobStore;
  readonly seen: SeenContent;
  /** Looked at anew for each file: they change while the sandbox runs. */
  readonly switches: SandboxSwitches;
  readonly faults: FaultBook;
  readonly dataRowLimit: number;
  readonly now: () => number;
  /** Told of what goes wrong inside: a session would otherwise hang without a word. */
  readonly onFailure: (error: unknown) => void;
}

/** Whether the bytes that came for a file are what was declared, and an image. */
export async function checkFile(
  { blobs, seen, faults, onFailure }: IngestionParts,
  file: SessionFileRow,
): Promise<ContentCheck> {
  const fault = faults.ingestionCode(file.filename);
  if (fault !== undefined) return { ok: false, code: fault };
  const blob = file.blobId === null ? undefined : blobs.find(file.blobId);
  if (blob === undefined) return { ok: false, code: IngestionCode.EUNKNOWN };
  if (blob.size !== file.size) return { ok: false, code: IngestionCode.EBADSIZE };
  if (file.crc32c !== null && blob.crc32c !== file.crc32c) return { ok: false, code: IngestionCode.ECORRUPT };
  try {
    return await (seen.take(blob.blobId) ?? checkContent(blobs.path(blob.blobId), file));
  } catch (error) {
    onFailure(error);
    return { ok: false, code: IngestionCode.EUNKNOWN };
  }
}

/** Makes an asset of a file that passed its check, or says why not. Within a transaction. */
export function ingestFile(
  { assets, datasets, blobs, switches, dataRowLimit }: IngestionParts,
  session: SessionRow,
  file: SessionFileRow,
  check: ContentCheck & { readonly ok: true },
): IngestionCode | null {
  const blob = file.blobId === null ? undefined : blobs.find(file.blobId);
  if (blob === undefined) return IngestionCode.EUNKNOWN;
  const existing = assets.current(session.dataset, file.filename);
  if (existing === undefined) {
    if (datasets.dataRows() + dataRowsOf(1, 0) > dataRowLimit) return IngestionCode.ENOQUOTA;
  } else {
    const identical = blobs.find(existing.blobId)?.sha256 === blob.sha256;
    const what = identical ? switches.identicalBytes : switches.existingFilename;
    if (what === 'EALREADY') return IngestionCode.EALREADY;
  }
  const { filename, kind, mime, customMetadata } = file;
  const { width, height, frames } = check;
  assets.put(
    session.dataset,
    { filename, kind, mime, customMetadata, width, height, frames, blob },
    {
      keepTags: session.retentionMode === RetentionMode.KEEP_LINKED_RESOURCES,
      newAssetId: switches.overwrittenAssetId === 'new',
      listingDelayMs: switches.listingDelayMs,
    },
  );
  return null;
}
