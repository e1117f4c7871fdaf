/** A page of a list in the engine. */
export interface Page<T> {
  readonly total: number;
  readonly items: readonly T[];
}

/** The most that the engine gives at once. */
const largestPage = 500;

/** The pages of a list, as they are fetched: a list of any length needs the memory of one page. */
export async function* eachPage<T>(
  fetch: (place: { offset: number; limit: number }) => Promise<Page<T>>,
  signal: AbortSignal,
): AsyncGenerator<readonly T[]> {
  for (let offset = 0; ; ) {
    signal.throwIfAborted();
    const { items, total } = await fetch({ offset, limit: largestPage });
    if (items.length > 0) yield items;
    offset += items.length;
    if (items.length === 0 || offset >= total) return;
  }
}
