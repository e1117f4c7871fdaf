import path from 'node:path';
import type { AppSettings, MirrorStatus, Pull } from '../contract.ts';
import { addresses } from './addresses.ts';
import type { ShellWords, SpokenWords } from './words.ts';

/** Something that a person is told outside of the window. A click leads to the address. */
export interface Notice {
  /** A newer one about the same takes the place of the older one. */
  readonly about: string;
  readonly title: string;
  readonly text: string;
  readonly address: string;
}

export interface NoticeFacts {
  readonly wanted: AppSettings['notifications'];
  readonly words: ShellWords;
  readonly spoken: SpokenWords;
  readonly formatCount: (n: number) => string;
}

/** What a person is told when a mirror changes: nothing that was so before is news. */
export function mirrorNotice(
  before: MirrorStatus,
  after: MirrorStatus,
  { wanted, words, spoken, formatCount }: NoticeFacts,
): Notice | null {
  const { mirrorId, folder } = after;
  const name = path.basename(folder) || folder;
  if (wanted.problems && after.problem !== null && after.problem.code !== before.problem?.code) {
    const { title, detail } = spoken.problem(after.problem);
    return {
      about: `problem ${mirrorId}`,
      title: `${name}: ${title}`,
      text: detail,
      address: addresses.mirror(mirrorId),
    };
  }
  const { held } = after.counts;
  if (wanted.holds && held > before.counts.held) {
    return {
      about: `holds ${mirrorId}`,
      title: words.noticeHolds(held, formatCount(held)),
      text: words.noticeHoldsText(name),
      address: addresses.waiting(mirrorId),
    };
  }
  // A round in which nothing was moved is nobody's news. When one is over, its numbers are still those of the round before.
  const moved = before.upload.filesDone + before.download.filesDone;
  const total = Math.max(moved, after.upload.filesDone + after.download.filesDone);
  if (wanted.finished && before.phase === 'syncing' && after.phase === 'in-sync' && total > 0) {
    return {
      about: `finished ${mirrorId}`,
      title: words.noticeFinished(name),
      text: words.noticeFinishedText(total, formatCount(total)),
      address: addresses.mirror(mirrorId),
    };
  }
  return null;
}

/** What a person is told when a pull ends. */
export function pullNotice(
  before: Pull | null,
  after: Pull,
  { wanted, words, spoken, formatCount }: NoticeFacts,
): Notice | null {
  if (before?.state !== 'running') return null;
  const about = `pull ${after.pullId}`;
  if (after.state === 'done' && wanted.finished) {
    return {
      about,
      title: words.noticePull(after.datasetName),
      text: words.noticeFinishedText(after.filesDone, formatCount(after.filesDone)),
      address: addresses.datasets,
    };
  }
  if (after.state === 'failed' && wanted.problems) {
    return {
      about,
      title: words.noticePullFailed(after.datasetName),
      text: after.problem === null ? '' : spoken.problem(after.problem).detail,
      address: addresses.datasets,
    };
  }
  return null;
}
