import type { CallResult, FileState, MirrorStatus, Problem } from '../contract.ts';
import { formatCount, formatDuration, formatNumberOf, formatTime } from './format.ts';
import type { LineStyle, Output } from './output.ts';

type HoldCounts = CallResult<'holdCounts'>['counts'];

const phaseWords = {
  starting: 'starting',
  scanning: 'looking at the folder',
  preview: 'waiting for a go',
  paused: 'paused',
  syncing: 'syncing',
  'in-sync': 'in sync',
  attention: 'needs attention',
  offline: 'offline',
  stopped: 'not running',
} as const satisfies Record<MirrorStatus['phase'], string>;

/** States of files, in words. */
export const stateWords: Readonly<Record<FileState, string>> = {
  'in-sync': 'in sync',
  waiting: 'waiting',
  uploading: 'uploading',
  processing: 'being processed',
  downloading: 'downloading',
  'local-only': 'only here',
  'remote-only': 'only in the dataset',
  differs: 'left different',
  held: 'held',
  problem: 'with a problem',
  ignored: 'left out',
};

const arrows = { 'two-way': '↔', push: '→', pull: '←' } as const;

/** A mirror in one line: `/home/ada/photos ↔ Shelves`. */
export function mirrorTitle({ folder, datasetName, settings }: MirrorStatus): string {
  return `${folder} ${arrows[settings.direction]} ${datasetName}`;
}

/** What a mirror is doing, in a word or two. */
export function phaseText(mirror: MirrorStatus): string {
  if (mirror.phase === 'preview' && mirror.isApproved) return 'only looking';
  if (mirror.phase === 'stopped' && !mirror.isApproved) return 'not running, waiting for a go';
  if (mirror.phase === 'stopped' && mirror.isPaused) return 'not running, paused';
  return phaseWords[mirror.phase];
}

/** Green is for what a scan and a listing have proved, and for nothing else. */
export function phaseStyle({ phase, problem }: MirrorStatus): LineStyle {
  if (phase === 'in-sync') return 'good';
  if (problem !== null) return 'bad';
  return phase === 'attention' || phase === 'offline' || phase === 'preview' ? 'warning' : 'plain';
}

/** `1,234 files: 1,230 in sync, 4 held`. */
export function countsText({ counts, fileTotal }: MirrorStatus): string {
  const parts = Object.entries(counts).flatMap(([state, count]) =>
    count === 0 ? [] : [`${formatCount(count)} ${stateWords[state as FileState]}`],
  );
  const total = formatNumberOf(fileTotal, 'file');
  return parts.length === 0 ? total : `${total}: ${parts.join(', ')}`;
}

/** `12 both-changed with 37 annotations`. */
export function holdCountText({ reason, count, annotations, unknown }: HoldCounts[number]): string {
  const stake = annotationsText(annotations, unknown);
  return `${formatCount(count)} ${reason}${stake === null ? '' : ` with ${stake}`}`;
}

/** `37 annotations`; null when there are none. `unknown`: assets of which the service tells no number. */
export function annotationsText(annotations: number, unknown: number): string | null {
  if (unknown > 0 && annotations === 0) return 'an unknown number of annotations';
  if (unknown > 0) return `at least ${formatNumberOf(annotations, 'annotation')}`;
  return annotations === 0 ? null : formatNumberOf(annotations, 'annotation');
}

/** Prints a mirror with all that a person may want to know, or do, about it. */
export function printMirror(
  output: Output,
  mirror: MirrorStatus,
  holds: HoldCounts,
  now: number = Date.now(),
): void {
  output.line(mirrorTitle(mirror), 'bold');
  output.line(`  ${phaseText(mirror)}`, phaseStyle(mirror));
  output.line(`  ${countsText(mirror)}`);
  if (mirror.problem !== null) printProblem(output, mirror.problem, '  ');
  const waiting = holds.filter(({ isOptional }) => !isOptional);
  if (waiting.length > 0) {
    output.line(`  waits for an answer: ${waiting.map(holdCountText).join(', ')}`, 'warning');
  }
  for (const [what, progress] of [
    ['uploads', mirror.upload],
    ['downloads', mirror.download],
  ] as const) {
    if (progress.filesDone < progress.filesTotal) {
      output.line(
        `  ${what}: ${formatCount(progress.filesDone)} of ${formatNumberOf(progress.filesTotal, 'file')}`,
      );
    }
  }
  const nextTry = nextTryText(mirror, now);
  if (nextTry !== null) output.line(`  ${nextTry}`);
  if (mirror.nextSessionAt !== null && mirror.nextSessionAt > now) {
    output.line(`  next upload session in ${formatDuration(mirror.nextSessionAt - now)}`);
  }
  output.line(
    `  folder looked at ${whenText(mirror.lastScanAt)}, dataset ${whenText(mirror.lastListingAt)}`,
    'dim',
  );
}

/** When a mirror asks its service again that can't be worked with; null: it waits for no such time. */
export function nextTryText({ phase, retryAt }: MirrorStatus, now: number = Date.now()): string | null {
  const waits = phase !== 'paused' && phase !== 'stopped' && retryAt !== null && retryAt > now;
  return waits ? `next try in ${formatDuration(retryAt - now)}` : null;
}

/** Prints why something can't go on, and what to do. */
export function printProblem(output: Output, problem: Problem, indent = ''): void {
  output.line(`${indent}${problem.title}: ${problem.detail}`, 'bad');
  output.line(`${indent}What to do: ${problem.suggestion}`);
}

function whenText(at: number | null): string {
  return at === null ? 'never' : formatTime(at);
}
