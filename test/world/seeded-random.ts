import { createHash } from 'node:crypto';
import type { Randomness } from '../../app/engine/environment.ts';

/** Random numbers that are the same for the same seed. Forks have a stream of their own, so that one more draw here changes nothing there. */
export class SeededRandom implements Randomness {
  readonly #seed: string;
  readonly #state: Uint32Array;
  #ids = 0;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    const digest = createHash('sha256').update(this.#seed).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (at) => digest.readUInt32LE(at));
  }

  /** A stream of its own, whatever has been drawn from this one. */
  fork(label: string | number): SeededRandom {
    return new SeededRandom(`${this.#seed}/${label}`);
  }

  /** From 0 up to, but not including, 1. (sfc32) */
  fraction(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const result = (a + b + counter) | 0;
    this.#state[3] = counter + 1;
    this.#state[0] = b ^ (b >>> 9);
    this.#state[1] = (c + (c << 3)) | 0;
    this.#state[2] = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  }

  id(): string {
    this.#ids += 1;
    const text = Array.from({ length: 3 }, () => Math.floor(this.fraction() * 2 ** 32).toString(36));
    return `${text.join('')}-${this.#ids}`;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.fraction() * list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** Picks with weights, which need not sum up to anything. */
  weighted<T>(list: readonly (readonly [weight: number, item: T])[]): T {
    const total = list.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.fraction() * total;
    for (const [weight, item] of list) {
      left -= weight;
      if (left < 0) return item;
    }
    const last = list.at(-1);
    if (last === undefined) throw new RangeError('nothing to pick from');
    return last[1];
  }

  /** Many short times and few long ones, up to `most`. */
  skewed(most: number): number {
    return most * this.fraction() ** 3;
  }
}
