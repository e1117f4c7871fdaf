import type { AssetQuery, Pace, ViClient } from '../vi/index.ts';
import type { PullJournal } from './journal.ts';
import type { PullFolder } from './pull-folder.ts';
import type { PullTally } from './pull-tally.ts';

/** What the parts of one pull share. */
export interface PullContext {
  readonly client: ViClient;
  readonly datasetId: string;
  readonly query: AssetQuery;
  readonly folder: PullFolder;
  readonly tally: PullTally;
  /** Null: nothing is learned that is not in the lock file already. */
  readonly journal: PullJournal | null;
  readonly isFrozen: boolean;
  readonly overwrite: boolean;
  /** Files that are fetched at once. */
  readonly concurrency: number;
  readonly pace: Pace | undefined;
  readonly signal: AbortSignal | undefined;
  /** SHA-256 of what earlier pulls have put at a path. */
  readonly pulledBefore: (path: string) => readonly string[];
}
