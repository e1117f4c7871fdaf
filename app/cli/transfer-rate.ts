/** A rate that follows changes within seconds and doesn't jump with every chunk. */
export interface TransferRate {
  /** Tells how much is done by now, in bytes since the beginning. */
  update(done: number): void;
  /** Bytes per second; 0 before anything moved. */
  readonly perSecond: number;
  /** Milliseconds until `total` is reached at this rate; null while that can't be said. */
  remainingMs(total: number): number | null;
}

const HALF_LIFE_MS = 4000;
const SHORTEST_SAMPLE_MS = 250;

/**
 * An exponentially weighted mean over time, with its start corrected: the first seconds count as they are, and aren't averaged with a
 * made-up zero.
 * @param now a clock in milliseconds that never goes back
 */
export function createTransferRate(now: () => number = () => performance.now()): TransferRate {
  let sampleStart = now();
  let sampleDone = 0;
  let done = 0;
  let mean = 0;
  let weight = 0;
  return {
    update(newDone) {
      done = newDone;
      const elapsed = now() - sampleStart;
      // Shorter samples are noise: a chunk that lands in a millisecond says nothing about the network.
      if (elapsed < SHORTEST_SAMPLE_MS) return;
      const fade = 0.5 ** (elapsed / HALF_LIFE_MS);
      // A retried file takes its bytes back; that is no negative speed.
      const sample = Math.max(0, ((newDone - sampleDone) / elapsed) * 1000);
      mean = mean * fade + sample * (1 - fade);
      weight = weight * fade + (1 - fade);
      sampleStart += elapsed;
      sampleDone = newDone;
    },
    get perSecond() {
      return weight === 0 ? 0 : mean / weight;
    },
    remainingMs(total) {
      if (done >= total) return 0;
      const perSecond = weight === 0 ? 0 : mean / weight;
      return perSecond < 1 ? null : ((total - done) / perSecond) * 1000;
    },
  };
}
