import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContentCheck } from './content-check.ts';
import { checkFile, type IngestionParts, ingestFile } from './file-ingestion.ts';
import { FailureMode, IngestionCode } from './ingestion-codes.ts';
import type { SessionFileRow, SessionRow } from './session-store.ts';

/** Files looked at together, and settled in one transaction. */
const BATCH = 32;
/** While uploads run, arrivals within this time are processed together: a commit for each would slow them down. */
const GATHER_MS = 20;
/** How often a session that waits looks at the clock, which tests set forward by hand. */
const LONGEST_WAIT_MS = 500;

/**
 * Takes one session to its end.
 *
 * A `FailAfterOne` session fails at its first error. Files that were ingested before stay, files whose turn had not come are
 * abandoned: neither succeeded nor errored, and named in no event. A `FailAfterAll` session deals with every file.
 */
export class SessionRunner {
  readonly #parts: IngestionParts;
  readonly #id: number;
  readonly #stop: AbortSignal;
  readonly #bell = new Bell();
  /** Places of the files that arrived and are not settled, in the order of their arrival. */
  readonly #arrived: Set<number>;
  /** Uploads that are being received: the session waits for them even past its deadline. */
  #receiving = 0;

  constructor(parts: IngestionParts, id: number, stop: AbortSignal) {
    this.#parts = parts;
    this.#id = id;
    this.#stop = stop;
    const uploaded = parts.sessions.filesIn(id, 'uploaded');
    this.#arrived = new Set(uploaded.map(({ position }) => position));
  }

  wake(): void {
    this.#bell.ring();
  }

  uploadBegins(): void {
    this.#receiving++;
  }

  /** A PUT can come again after its answer was lost: for a file that is settled, nothing is left to do. */
  arrived(position: number): void {
    if (this.#parts.sessions.file(this.#id, position)?.state === 'uploaded') this.#arrived.add(position);
  }

  uploadEnds(): void {
    this.#receiving--;
    this.wake();
  }

  async run(): Promise<void> {
    const { sessions, now, switches } = this.#parts;
    while (!this.#stop.aborted) {
      const session = sessions.byRow(this.#id);
      if (session === undefined || session.state !== 'open') return;
      const batch = this.#nextFiles(session);
      if (batch.length > 0) {
        await this.#process(session, batch);
        continue;
      }
      const settled = session.succeeded + session.errored;
      const earliestEnd = session.createdAt + switches.sessionMinimumMs;
      if (settled === session.total && now() >= earliestEnd) {
        const failed = session.errored > 0 && switches.failAfterAllWithErrors === 'FailedReach';
        sessions.inTransaction(() => sessions.end(session, failed ? 'failed' : 'finished'));
        return;
      }
      if (settled < session.total && this.#isPast(session)) {
        this.#timeOut(session);
        continue;
      }
      const due = settled === session.total ? earliestEnd : session.deadline;
      await this.#bell.wait(Math.min(LONGEST_WAIT_MS, Math.max(1, due - now())), this.#stop);
      if (this.#receiving > 0) await pass(GATHER_MS, this.#stop);
    }
  }

  /** Whether nothing more will come. */
  #isPast(session: SessionRow): boolean {
    return this.#parts.now() >= session.deadline && this.#receiving === 0;
  }

  /** The files whose turn it is. */
  #nextFiles(session: SessionRow): SessionFileRow[] {
    const { sessions, switches } = this.#parts;
    const order = switches.finishOrder;
    const positions = [...this.#arrived];
    if (order !== 'arrival') {
      const missing = session.total - session.succeeded - session.errored - positions.length;
      if (missing > 0 && !this.#isPast(session)) return [];
      const rank = ranks[order];
      positions.sort((first, second) => (rank(this.#id, first) < rank(this.#id, second) ? -1 : 1));
    }
    return positions
      .slice(0, switches.fileProcessingMs > 0 ? 1 : BATCH)
      .map((position) => sessions.file(this.#id, position))
      .filter((file) => file !== undefined);
  }

  async #process(session: SessionRow, batch: readonly SessionFileRow[]): Promise<void> {
    const { sessions, switches, blobs } = this.#parts;
    if (switches.fileProcessingMs > 0) await pass(switches.fileProcessingMs, this.#stop);
    const checks = await Promise.all(batch.map((file) => checkFile(this.#parts, file)));
    // Stopped in the middle: the next start does it again.
    if (this.#stop.aborted) return;
    sessions.inTransaction(() => {
      for (const [index, file] of batch.entries()) {
        const check = checks[index];
        // New bytes may have come while we looked at the old ones: then it is their turn next.
        const unchanged = sessions.file(file.session, file.position)?.blobId === file.blobId;
        if (check === undefined || !unchanged) continue;
        if (this.#settle(session, file, check)) return;
      }
    });
    await blobs.sweep();
  }

  /** Ends a file; whether that ended the session. */
  #settle(session: SessionRow, file: SessionFileRow, check: ContentCheck): boolean {
    const { sessions } = this.#parts;
    const code = check.ok ? ingestFile(this.#parts, session, file, check) : check.code;
    sessions.settle(file, code);
    this.#arrived.delete(file.position);
    if (code === null || session.failureMode !== FailureMode.FAIL_AFTER_ONE) return false;
    sessions.end(session, 'failed');
    return true;
  }

  #timeOut(session: SessionRow): void {
    const { sessions } = this.#parts;
    sessions.inTransaction(() => {
      for (const file of sessions.filesIn(session.id, 'waiting')) {
        if (this.#settle(session, file, { ok: false, code: IngestionCode.ETIMEOUT })) return;
      }
    });
  }
}

const ranks = {
  listed: (_session: number, position: number) => position,
  reversed: (_session: number, position: number) => -position,
  /** The same at every run, yet without a pattern. */
  shuffled: (session: number, position: number) => hash('sha256', `${session}/${position}`),
} as const;

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
