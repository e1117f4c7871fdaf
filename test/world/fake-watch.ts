import type { Problem } from '../../app/contract.ts';
import type { Watch, WatchOptions } from '../../app/engine/environment.ts';
import type { Incarnation } from './incarnation.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Volume } from './volume.ts';

/** How badly a watcher may serve. Parts of all hints, 0 to 1. */
export interface HintTrouble {
  readonly lost: number;
  readonly late: number;
  readonly doubled: number;
  /** Hints that say no more than "somewhere in the folder". */
  readonly blurred: number;
}

export const goodHints: HintTrouble = { lost: 0, late: 0, doubled: 0, blurred: 0 };

const latestMs = 20_000;
/** As many milliseconds pass before a new watcher has looked around. */
const readyMs = 30;

export interface FakeWatchParts {
  readonly volume: Volume;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly incarnation: Incarnation;
  readonly trouble: () => HintTrouble;
}

/** Hands on hints as a real watcher does, gathered until all is quiet; and as badly as it may. */
export class FakeWatch implements Watch {
  readonly #parts: FakeWatchParts;
  readonly #options: WatchOptions;
  readonly #stop: () => void;
  #hints = new Set<string>();
  #quiet: (() => void) | undefined;
  #longest: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: FakeWatchParts, options: WatchOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#stop = parts.volume.listen((event) => {
      if (event.kind === 'touched') this.#happened(event.path);
    });
    parts.clock.after(readyMs, () => {
      if (this.#isOver) return;
      options.onReady();
      this.#hint('');
    });
  }

  async close(): Promise<void> {
    this.#end();
  }

  /** The system can't watch any more. */
  fail(problem: Problem): void {
    if (this.#isOver) return;
    this.#end();
    this.#options.onFailure(problem);
  }

  get #isOver(): boolean {
    return this.#isClosed || this.#parts.incarnation.isDead;
  }

  #end(): void {
    this.#isClosed = true;
    this.#stop();
    this.#quiet?.();
    this.#longest?.();
  }

  #happened(path: string): void {
    const relative = this.#relative(path);
    if (relative === null) return;
    const { random, clock } = this.#parts;
    const { lost, late, doubled, blurred } = this.#parts.trouble();
    if (random.chance(lost)) return;
    const hint = random.chance(blurred) ? '' : relative;
    if (random.chance(late)) clock.after(random.skewed(latestMs), () => this.#hint(hint));
    else this.#hint(hint);
    if (random.chance(doubled)) clock.after(random.skewed(latestMs), () => this.#hint(hint));
  }

  /** Null: outside of the folder, or nothing that anybody watches. */
  #relative(path: string): string | null {
    const { folder } = this.#options;
    if (path === folder) return '';
    if (!path.startsWith(`${folder}/`)) return null;
    const relative = path.slice(folder.length + 1);
    return this.#options.isWatched(relative, 'unknown') ? relative : null;
  }

  #hint(path: string): void {
    if (this.#isOver) return;
    const { clock } = this.#parts;
    this.#hints.add(path);
    this.#quiet?.();
    this.#quiet = clock.after(this.#options.quietMs, () => this.#handOn());
    this.#longest ??= clock.after(this.#options.longestMs, () => this.#handOn());
  }

  #handOn(): void {
    this.#quiet?.();
    this.#longest?.();
    this.#quiet = undefined;
    this.#longest = undefined;
    if (this.#hints.size === 0 || this.#isOver) return;
    const hints = this.#hints;
    this.#hints = new Set();
    this.#options.onHints(hints);
  }
}
