import type { Clock, Disk } from '../../app/engine/environment.ts';
import { Observer } from '../../app/engine/observer.ts';
import { realClock, realRandomness } from '../../app/engine/real-clock.ts';
import type { Timing } from '../../app/engine/timing.ts';
import type { Manifest } from '../../app/manifest/manifest.ts';
import type { MirrorRecord } from '../../app/manifest/mirror-table.ts';

/** Whole scans never come by themselves, unless a test is about them. */
const rare: Timing = { quietMs: 40, pollMs: 1e9, scanMs: 1e9, blindScanMs: 1e9, rewatchMs: 1e9 };

export interface ObservingOptions {
  readonly disk: Disk;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly timing?: Partial<Timing>;
  readonly clock?: Clock;
}

/** A clock whose time passes only when a test says so; the date is the real one. */
export function steppedClock(): Clock & { pass(ms: number): void } {
  let at = 0;
  return {
    now: () => realClock.now(),
    monotonic: () => at,
    sleep: (ms, signal) => realClock.sleep(ms, signal),
    pass: (ms) => {
      at += ms;
    },
  };
}

/** An observer at work: it looks whenever there is something to look at, as the loop of a mirror has it do. */
export class Observing {
  readonly observer: Observer;
  readonly #clock: Clock;
  readonly #abort = new AbortController();

  constructor({ disk, manifest, mirror, timing, clock = realClock }: ObservingOptions) {
    this.#clock = clock;
    this.observer = new Observer({
      environment: {
        disk,
        clock,
        random: realRandomness,
        connect: () => {
          throw new Error('an observer has no business with the service');
        },
      },
      manifest,
      mirror,
      timing: { ...rare, ...timing },
      signal: this.#abort.signal,
      onHint: () => undefined,
      provesDeletions: () => false,
      onRecorded: () => undefined,
    });
    this.observer.start();
  }

  /** Looks at what is due until the answer is yes. */
  async until(question: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!question()) {
      if (Date.now() > deadline) throw new Error(`${what} did not come: ${this.observer.problem?.code}`);
      if (this.observer.nextAt <= this.#clock.monotonic()) await this.observer.look();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.observer.close();
  }
}
