import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Clock } from './environment.ts';

/** Rows that go at once, with all that hangs on them: about a hundredth of a second. */
const rowsAtOnce = 250;
/** After each of them, others have the manifest for so many times as long. */
const pauseShare = 1;

export interface ClearingOptions {
  readonly manifest: Manifest;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Takes what was known of removed mirrors out of the manifest, beside everything else. What the end of an engine, or a kill, has left is
 * gone on with by the next one.
 */
export class Clearing {
  readonly #options: ClearingOptions;
  #isRunning = false;
  #running: Promise<void> | undefined;

  constructor(options: ClearingOptions) {
    this.#options = options;
  }

  /** A mirror is removed, or was by an earlier engine. A small one is gone when this returns. */
  begin(): void {
    if (!this.#isRunning) this.#running = this.#run();
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { manifest, clock, signal, log } = this.#options;
    this.#isRunning = true;
    try {
      for (;;) {
        const [mirror] = manifest.mirrors.removed();
        if (mirror === undefined || signal.aborted) return;
        const begun = clock.monotonic();
        if (manifest.removedMirrors.clear(mirror, rowsAtOnce)) continue;
        await clock.sleep(pauseShare * (clock.monotonic() - begun), signal);
      }
    } catch (error) {
      log.error('What was known of a removed mirror could not be cleared away', { error });
    } finally {
      this.#isRunning = false;
    }
  }
}
