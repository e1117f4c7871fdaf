/** One line of the benchmark table: ours beside a yardstick of the same run. */
export interface BenchResult {
  /** What was done: “upload 3,000 files of 50 KiB”. */
  readonly work: string;
  /** Our figure, with its unit. */
  readonly ours: string;
  /** The yardstick, with its figure and unit. */
  readonly yardstick: string;
  /** Ours by the yardstick's, of times or of rates as `target` says. */
  readonly ratio: number;
  /** What was to be reached: “≤ 1.3 × its time”. */
  readonly target: string;
  readonly met: boolean;
}

/** The pieces of a bench by name, each of which can be run alone. A line comes as soon as it has been measured. */
export type BenchParts = ReadonlyMap<string, () => AsyncIterable<BenchResult>>;
