import type { IngestionParts } from './file-ingestion.ts';
import { SessionRunner } from './session-runner.ts';

/**
 * Processes sessions behind the requests: each has a runner of its own from its creation (or the next start of the sandbox)
 * to its end. All state is in the database, so a kill at any moment repeats at most the look at a few files.
 */
export class Ingestion {
  readonly #parts: IngestionParts;
  readonly #runners = new Map<number, { readonly runner: SessionRunner; readonly done: Promise<void> }>();
  /** Why the last runner of a session gave up. */
  readonly #troubles = new Map<number, unknown>();
  readonly #stop = new AbortController();

  constructor(parts: IngestionParts) {
    this.#parts = parts;
  }

  /** Goes on with the sessions that were open when the sandbox ended. */
  resume(): void {
    for (const session of this.#parts.sessions.open()) this.wake(session);
  }

  /** Why a session stands still, once: it is tried again with the next wake. Whoever waits for it would wait in vain. */
  takeTrouble(session: number): unknown {
    const trouble = this.#troubles.get(session);
    this.#troubles.delete(session);
    return trouble;
  }

  /** Has a session look at what changed: it was made, or time passed. */
  wake(session: number): void {
    this.#runner(session)?.wake();
  }

  /** Says that an upload of a session's file begins; whoever says so tells how it ended. */
  receiving(session: number): { readonly arrived: (position: number) => void; readonly ended: () => void } {
    this.#runner(session)?.uploadBegins();
    return {
      arrived: (position) => this.#runner(session)?.arrived(position),
      ended: () => this.#runner(session)?.uploadEnds(),
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#runners.values()].map(({ done }) => done));
  }

  #runner(session: number): SessionRunner | undefined {
    if (this.#stop.signal.aborted) return undefined;
    const running = this.#runners.get(session);
    if (running !== undefined) return running.runner;
    this.#troubles.delete(session);
    const runner = new SessionRunner(this.#parts, session, this.#stop.signal);
    const done = runner
      .run()
      .catch((error: unknown) => {
        this.#troubles.set(session, error);
        this.#parts.onFailure(error);
      })
      .finally(() => this.#runners.delete(session));
    this.#runners.set(session, { runner, done });
    return runner;
  }
}
