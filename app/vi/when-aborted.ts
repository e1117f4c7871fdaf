interface Entry {
  readonly act: () => void;
  at: number;
}

const entriesOf = new WeakMap<AbortSignal, Entry[]>();

/**
 * Calls `act` once the signal is aborted, and returns a function that takes this back. All that wait for one signal share one
 * listener: the links of a signal's own list hold on to each other, and to whatever they lead to, until the next full garbage
 * collection, so that of a signal that thousands of transfers listen to in turn none would be let go.
 */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  let entries = entriesOf.get(signal);
  if (entries === undefined) {
    const list: Entry[] = [];
    entries = list;
    entriesOf.set(signal, list);
    signal.addEventListener(
      'abort',
      () => {
        for (const entry of list.splice(0)) entry.act();
      },
      { once: true },
    );
  }
  const list = entries;
  const entry = { act, at: list.length };
  list.push(entry);
  return () => {
    if (list[entry.at] !== entry) return;
    const last = list.pop();
    if (last === undefined || last === entry) return;
    list[entry.at] = last;
    last.at = entry.at;
  };
}
