import type { Answer, AnswerKind, Hold, HoldReason } from '../contract.ts';
import { formatBytes, formatNumberOf, formatTime } from './format.ts';
import { annotationsText } from './mirror-words.ts';

/** What `--keep` is followed by. */
export const keepWords = ['mine', 'theirs', 'both', 'skip'] as const;
export type KeepWord = (typeof keepWords)[number];

const kinds = {
  mine: 'keep-mine',
  theirs: 'keep-theirs',
  both: 'keep-both',
  skip: 'skip',
} as const satisfies Record<KeepWord, AnswerKind>;

export interface AnswerOptions {
  readonly keep: KeepWord;
  readonly annotations?: 'keep' | 'remove' | undefined;
}

export function answerOf({ keep, annotations }: AnswerOptions): Answer {
  return {
    kind: kinds[keep],
    ...(annotations === undefined
      ? {}
      : { annotations: annotations === 'keep' ? 'KeepLinkedResource' : 'RemoveLinkedResource' }),
  };
}

/** An answer as it is given on the command line: `--keep mine --annotations keep|remove`. */
export function answerText(kind: AnswerKind, needsRetention: boolean): string {
  switch (kind) {
    case 'keep-mine':
      return `--keep mine${needsRetention ? ' --annotations keep|remove' : ''}`;
    case 'keep-theirs':
      return '--keep theirs';
    case 'keep-both':
      return '--keep both';
    case 'skip':
      return '--keep skip';
  }
}

/** Reasons for which `keep-mine` deletes the asset. */
const deletesAsset: ReadonlySet<HoldReason> = new Set([
  'deleted-here',
  'deleted-here-changed-there',
  'many-deleted-here',
]);

/** What would be lost for good by an answer: annotations, by as many assets; null: nothing that can't be had back. */
export function annotationLoss(
  reason: HoldReason,
  answer: Answer,
  stake: { readonly annotations: number; readonly unknown: number },
): string | null {
  if (answer.kind !== 'keep-mine') return null;
  if (!deletesAsset.has(reason) && answer.annotations !== 'RemoveLinkedResource') return null;
  return annotationsText(stake.annotations, stake.unknown);
}

/** What an answer does, to so many files: the beginning of a sentence, or of a question. */
export function effectText(reason: HoldReason, { kind, annotations }: Answer, count: number): string {
  const files = formatNumberOf(count, 'file');
  switch (kind) {
    case 'skip':
      return `Leave ${files} alone until either side changes`;
    case 'keep-both':
      return `Keep both sides of ${files}, one of them under another name`;
    case 'keep-theirs':
      return `Take the dataset’s side of ${files}; what is replaced here goes to the trash`;
    case 'keep-mine': {
      if (deletesAsset.has(reason)) return `Delete ${formatNumberOf(count, 'asset')} for good, as here`;
      const fate =
        annotations === undefined
          ? ''
          : annotations === 'KeepLinkedResource'
            ? '; annotations stay'
            : '; annotations are removed';
      return `Take the folder’s side of ${files}${fate}`;
    }
  }
}

/** One side in a few words: `1.2 MB, 800 × 600`; `gone` when there is nothing. */
export function sideText(side: Hold['local'] | Hold['remote']): string {
  if (side === null) return 'gone';
  const parts = [
    side.size === null ? '' : formatBytes(side.size),
    side.width === null || side.height === null ? '' : `${side.width} × ${side.height}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'there' : parts.join(', ');
}

/** A hold with both of its sides, in lines. */
export function holdLines(hold: Hold, annotationsByTag: Readonly<Record<string, number>> | null): string[] {
  const { local, remote } = hold;
  const changed = (at: number | null | undefined) =>
    at === null || at === undefined ? '' : `, changed ${formatTime(at)}`;
  const lines = [
    `Here     ${sideText(local)}${changed(local?.changedAt)}`,
    `There    ${sideText(remote)}${changed(remote?.changedAt)}`,
  ];
  if (remote !== null) {
    const known = remote.annotations === null ? null : formatNumberOf(remote.annotations, 'annotation');
    const tags = Object.entries(annotationsByTag ?? {}).map(([tag, count]) => `${tag} ${count}`);
    lines.push(
      `         ${known ?? 'an unknown number of annotations'}${tags.length === 0 ? '' : `: ${tags.join(', ')}`}`,
    );
  }
  for (const [index, kind] of hold.answers.entries()) {
    lines.push(`${index === 0 ? 'Answers' : ''.padEnd(7)}  ${answerText(kind, hold.needsRetention)}`);
  }
  return lines;
}
