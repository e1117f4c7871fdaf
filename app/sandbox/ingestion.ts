import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AssetStore } from './asset-store.ts';
import type { BlobStore } from './blob-store.ts';
import { type ContentCheck, checkContent } from './content-check.ts';
import { type DatasetStore, dataRowsOf } from './dataset-store.ts';
import type { FaultBook } from './faults.ts';
import { FailureMode, IngestionCode, RetentionMode } from './ingestion-codes.ts';
import type { SessionFileRow, SessionRow, SessionStore } from './session-store.ts';
import type { SandboxSwitches } from './switches.ts';

/** Files looked at together, and settled in one transaction. */
const BATCH = 32;
/** Arrivals within this time are processed together: a commit for each would slow down the uploads that still run. */
const GATHER_MS = 20;
/** How often a session that waits looks at the clock, which tests set forward by hand. */
const LONGEST_WAIT_MS = 500;

export interface IngestionParts {
  readonly sessions: SessionStore;
  readonly assets: AssetStore;
  readonly datasets: DatasetStore;
  readonly blobs: BlobStore;
  /** Looked at anew for each file: they change while the sandbox runs. */
  readonly switches: SandboxSwitches;
  readonly faults: FaultBook;
  readonly dataRowLimit: number;
  readonly now: () => number;
  /** Told of what goes wrong inside: a session would otherwise hang without a word. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Processes sessions behind the requests: each has a runner of its own from its creation (or the next start of the sandbox)
 * to its end. All state is in the database, so a kill at any moment repeats at most the look at a few files.
 *
 * A `FailAfterOne` session fails at its first error. Files that were ingested before stay, files whose turn had not come are
 * abandoned: neither succeeded nor errored, and named in no event. A `FailAfterAll` session deals with every file.
 */
export class Ingestion {
  readonly #parts: IngestionParts;
  readonly #runners = new Map<number, { readonly bell: Bell; readonly done: Promise<void> }>();
  /** Uploads that are being received, by session: their session waits for them even past its deadline. */
  readonly #receiving = new Map<number, number>();
  readonly #stop = new AbortController();

  constructor(parts: IngestionParts) {
    this.#parts = parts;
  }

  /** Goes on with the sessions that were open when the sandbox ended. */
  resume(): void {
    for (const session of this.#parts.sessions.open()) this.wake(session);
  }

  /** Has a session look at what changed: a file arrived, or time passed. */
  wake(session: number): void {
    if (this.#stop.signal.aborted) return;
    const running = this.#runners.get(session);
    if (running !== undefined) {
      running.bell.ring();
      return;
    }
    const bell = new Bell();
    const done = this.#run(session, bell)
      .catch(this.#parts.onFailure)
      .finally(() => this.#runners.delete(session));
    this.#runners.set(session, { bell, done });
  }

  /** Says that an upload of the session has begun; the function that comes back says that it has ended. */
  receiving(session: number): () => void {
    this.#receiving.set(session, (this.#receiving.get(session) ?? 0) + 1);
    return () => {
      const left = (this.#receiving.get(session) ?? 1) - 1;
      if (left > 0) this.#receiving.set(session, left);
      else this.#receiving.delete(session);
      this.wake(session);
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#runners.values()].map(({ done }) => done));
  }

  async #run(id: number, bell: Bell): Promise<void> {
    const { sessions, now } = this.#parts;
    while (!this.#stop.signal.aborted) {
      const session = sessions.byRow(id);
      if (session === undefined || session.state !== 'open') return;
      const { switches } = this.#parts;
      const batch = this.#nextFiles(session, switches);
      if (batch.length > 0) {
        await this.#process(session, batch, switches);
        continue;
      }
      const settled = session.succeeded + session.errored;
      const earliestEnd = session.createdAt + switches.sessionMinimumMs;
      if (settled === session.total && now() >= earliestEnd) {
        sessions.inTransaction(() => sessions.end(session, endOf(session, switches)));
        return;
      }
      if (settled < session.total && now() >= session.deadline && !this.#receiving.has(id)) {
        this.#timeOut(session);
        continue;
      }
      const due = settled === session.total ? earliestEnd : session.deadline;
      await bell.wait(Math.min(LONGEST_WAIT_MS, Math.max(1, due - now())), this.#stop.signal);
      await this.#sleep(GATHER_MS);
    }
  }

  /** The files whose turn it is. */
  #nextFiles(session: SessionRow, switches: SandboxSwitches): SessionFileRow[] {
    const { sessions, now } = this.#parts;
    const count = switches.fileProcessingMs > 0 ? 1 : BATCH;
    if (switches.finishOrder === 'arrival') return sessions.filesIn(session.id, 'uploaded', count);
    const missing = sessions.filesIn(session.id, 'waiting', 1).length > 0;
    if (missing && (now() < session.deadline || this.#receiving.has(session.id))) return [];
    const rank = ranks[switches.finishOrder];
    return sessions
      .filesIn(session.id, 'uploaded', session.total)
      .sort((first, second) => (rank(first) < rank(second) ? -1 : 1))
      .slice(0, count);
  }

  async #process(
    session: SessionRow,
    batch: readonly SessionFileRow[],
    switches: SandboxSwitches,
  ): Promise<void> {
    if (switches.fileProcessingMs > 0) {
      await this.#sleep(switches.fileProcessingMs);
      // Stopped in the middle: the next start does it again.
      if (this.#stop.signal.aborted) return;
    }
    const checks = await Promise.all(batch.map((file) => this.#check(file)));
    if (this.#stop.signal.aborted) return;
    const { sessions } = this.#parts;
    sessions.inTransaction(() => {
      for (const [index, file] of batch.entries()) {
        const check = checks[index];
        // New bytes may have come while we looked at the old ones: then it is their turn next.
        const current = sessions.file(file.session, file.position);
        if (check === undefined || current?.blobId !== file.blobId) continue;
        const code = check.ok ? this.#ingest(session, file, check, switches) : check.code;
        sessions.settle(file, code);
        if (code !== null && session.failureMode === FailureMode.FAIL_AFTER_ONE) {
          sessions.end(session, 'failed');
          return;
        }
      }
    });
    await this.#parts.blobs.sweep();
  }

  async #check(file: SessionFileRow): Promise<ContentCheck> {
    const { blobs, faults } = this.#parts;
    const fault = faults.ingestionCode(file.filename);
    if (fault !== undefined) return { ok: false, code: fault };
    const blob = file.blobId === null ? undefined : blobs.find(file.blobId);
    if (blob === undefined) return { ok: false, code: IngestionCode.EUNKNOWN };
    if (blob.size !== file.size) return { ok: false, code: IngestionCode.EBADSIZE };
    if (file.crc32c !== null && blob.crc32c !== file.crc32c)
      return { ok: false, code: IngestionCode.ECORRUPT };
    try {
      return await checkContent(blobs.path(blob.blobId), file);
    } catch (error) {
      this.#parts.onFailure(error);
      return { ok: false, code: IngestionCode.EUNKNOWN };
    }
  }

  /** Makes an asset of a file, or says why not. */
  #ingest(
    session: SessionRow,
    file: SessionFileRow,
    check: ContentCheck & { readonly ok: true },
    switches: SandboxSwitches,
  ): IngestionCode | null {
    const { assets, datasets, blobs } = this.#parts;
    const blob = file.blobId === null ? undefined : blobs.find(file.blobId);
    if (blob === undefined) return IngestionCode.EUNKNOWN;
    const existing = assets.current(session.dataset, file.filename);
    if (existing === undefined) {
      if (datasets.dataRows() + dataRowsOf(1, 0) > this.#parts.dataRowLimit) return IngestionCode.ENOQUOTA;
    } else {
      const identical = blobs.find(existing.blobId)?.sha256 === blob.sha256;
      if ((identical ? switches.identicalBytes : switches.existingFilename) === 'EALREADY') {
        return IngestionCode.EALREADY;
      }
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

  #sleep(milliseconds: number): Promise<void> {
    return pass(milliseconds, this.#stop.signal);
  }

  #timeOut(session: SessionRow): void {
    const { sessions } = this.#parts;
    sessions.inTransaction(() => {
      for (const file of sessions.filesIn(session.id, 'waiting', session.total)) {
        sessions.settle(file, IngestionCode.ETIMEOUT);
        if (session.failureMode === FailureMode.FAIL_AFTER_ONE) {
          sessions.end(session, 'failed');
          return;
        }
      }
    });
  }
}

/** Wakes a runner that waits; rung while it works, it wakes the next wait at once. */
class Bell {
  #rung = Promise.withResolvers<void>();

  ring(): void {
    this.#rung.resolve();
  }

  async wait(milliseconds: number, stop: AbortSignal): Promise<void> {
    const heard = new AbortController();
    const signal = AbortSignal.any([heard.signal, stop]);
    await Promise.race([this.#rung.promise, pass(milliseconds, signal)]);
    heard.abort();
    this.#rung = Promise.withResolvers();
  }
}

/** Waits; the signal ends it early, and is no error. */
async function pass(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

function endOf(session: SessionRow, switches: SandboxSwitches): 'finished' | 'failed' {
  return session.errored > 0 && switches.failAfterAllWithErrors === 'FailedReach' ? 'failed' : 'finished';
}

const ranks = {
  listed: (file: SessionFileRow) => file.position,
  reversed: (file: SessionFileRow) => -file.position,
  /** The same at every run, yet without a pattern. */
  shuffled: (file: SessionFileRow) => hash('sha256', `${file.session}/${file.position}`),
} as const;
