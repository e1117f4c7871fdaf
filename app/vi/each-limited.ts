/**
 * Runs `work` for every item, at most `limit` at once, in the order of the items. Holds no more promises than that, however
 * many items there are. The first error stops taking new items, and is thrown when the ones begun have ended.
 */
export async function eachLimited<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  let running = 0;
  let wake: (() => void) | undefined;
  const oneEnds = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  async function run(item: T): Promise<void> {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
    running--;
    wake?.();
  }
  try {
    // One item is asked for at a time: the questions that wait at an asynchronous iterator form a chain, and its links
    // hold on to each other, and to their items, until the next full garbage collection.
    for await (const item of items) {
      if (failures.length > 0) break;
      running++;
      void run(item);
      while (running >= limit && failures.length === 0) await oneEnds();
      if (failures.length > 0) break;
    }
  } catch (error) {
    failures.push(error);
  }
  while (running > 0) await oneEnds();
  if (failures.length > 0) throw failures[0];
}
