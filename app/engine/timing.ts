/** How often the engine looks, and how long it waits. Milliseconds. */
export interface Timing {
  /** How long a file must have been left alone to count as saved. */
  readonly quietMs: number;
  /** Between two listings of what has changed in the dataset. */
  readonly pollMs: number;
  /** Between two whole scans while the watcher works. */
  readonly scanMs: number;
  /** Between two whole scans when it does not; more if a scan takes long. */
  readonly blindScanMs: number;
  /** After a watcher has failed, until it is tried again. */
  readonly rewatchMs: number;
}

export const defaultTiming: Timing = {
  quietMs: 500,
  pollMs: 20_000,
  scanMs: 60 * 60_000,
  blindScanMs: 15_000,
  rewatchMs: 10 * 60_000,
};
