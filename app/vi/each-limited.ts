/**
 * Runs `work` for every item, at most `limit` at once, in the order of the items. Holds no more promises than that, however
 * many items there are. The first error stops taking new items, and is thrown when the ones begun have ended.
 */
export async function eachLimited<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const failures: unknown[] = [];
  let ended = false;
  async function lane(): Promise<void> {
    while (!ended) {
      try {
        const next = await iterator.next();
        if (next.done === true) {
          ended = true;
          return;
        }
        await work(next.value);
      } catch (error) {
        ended = true;
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: limit }, lane));
  if (failures.length > 0) {
    await iterator.return?.();
    throw failures[0];
  }
}
