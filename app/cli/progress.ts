import type { SingleBar } from 'cli-progress';
import { formatBytes, formatCount, formatDuration } from './format.ts';
import type { Output } from './output.ts';
import { createTransferRate } from './transfer-rate.ts';

/** How far a transfer is. */
export interface TransferState {
  /** What is going on, a word or two: `Uploading`, `Processing`. */
  readonly activity: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** False while the totals still grow: then neither per cent nor time left can be said. Default: true. */
  readonly totalsKnown?: boolean;
}

/** Shows how far a transfer is: a bar on a terminal, a line now and then elsewhere. Always on stderr. */
export interface Progress {
  update(state: TransferState): void;
  /** Takes the bar away; nothing is shown afterwards. */
  stop(): void;
}

const TICK_MS = 1000;
const LINE_EVERY_MS = 5000;
const BAR_REDRAWS_PER_SECOND = 8;

/** @param now a clock in milliseconds that never goes back */
export async function startProgress(
  output: Output,
  now: () => number = () => performance.now(),
): Promise<Progress> {
  const progress = await (output.isTerminal ? startBar(output, now) : startLines(output, now));
  let last: TransferState | null = null;
  // While nothing moves nothing is reported, and the rate has to fall all the same.
  const ticker = setInterval(() => {
    if (last !== null) progress.update(last);
  }, TICK_MS).unref();
  return {
    update(state) {
      last = state;
      progress.update(state);
    },
    stop() {
      clearInterval(ticker);
      progress.stop();
    },
  };
}

/** The text of a state: `90 of 200 files · 3.1 MB of 15 MB · 1.2 MB/s · 9 s left`. */
export function describeState(
  state: TransferState,
  rate: { perSecond: number; remainingMs(total: number): number | null },
): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal, totalsKnown = true } = state;
  const more = totalsKnown ? '' : ' so far';
  const parts = [`${formatCount(filesDone)} of ${formatCount(filesTotal)} files${more}`];
  if (bytesTotal > 0) parts.push(`${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`);
  if (rate.perSecond >= 1 && bytesDone < bytesTotal) {
    parts.push(`${formatBytes(rate.perSecond)}/s`);
    const remainingMs = totalsKnown ? rate.remainingMs(bytesTotal) : null;
    if (remainingMs !== null) parts.push(`${formatDuration(remainingMs)} left`);
  }
  return parts.join(' · ');
}

function startLines(output: Output, now: () => number): Progress {
  const rate = createTransferRate(now);
  let printedAt = Number.NEGATIVE_INFINITY;
  let printed = '';
  let last: TransferState | null = null;
  const print = (state: TransferState) => {
    const line = `${state.activity}: ${describeState(state, rate)}`;
    if (line === printed) return;
    output.note(line);
    printed = line;
    printedAt = now();
  };
  return {
    update(state) {
      rate.update(state.bytesDone);
      const changed = last?.activity !== state.activity;
      last = state;
      if (changed || now() - printedAt >= LINE_EVERY_MS) print(state);
    },
    stop() {
      if (last !== null) print(last);
      last = null;
    },
  };
}

async function startBar(output: Output, now: () => number): Promise<Progress> {
  const { MultiBar } = (await import('cli-progress')).default;
  const rate = createTransferRate(now);
  const bars = new MultiBar({
    format: '{activity} {bar} {percent}  {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: Math.max(10, Math.min(30, output.columns - 80)),
    fps: BAR_REDRAWS_PER_SECOND,
    hideCursor: true,
    clearOnComplete: true,
    // Interruptions are ours: the library would end the bar on its own and leave the command running.
    gracefulExit: false,
    emptyOnZero: true,
    stream: output.stderr,
  });
  let bar: SingleBar | null = null;
  let stopped = false;
  output.setLastLine({ printAbove: (text) => bars.log(text) });
  return {
    update(state) {
      if (stopped) return;
      rate.update(state.bytesDone);
      const known = state.totalsKnown !== false && state.filesTotal > 0;
      // Files count where there are no bytes to count, as while the service processes them.
      const [done, total] =
        state.bytesTotal > 0 ? [state.bytesDone, state.bytesTotal] : [state.filesDone, state.filesTotal];
      const part = known && total > 0 ? Math.min(1, done / total) : 0;
      const payload = {
        activity: state.activity,
        percent: known ? `${Math.floor(part * 100)} %`.padStart(5) : '  … %',
        text: describeState(state, rate),
      };
      if (bar === null) bar = bars.create(1000, Math.floor(part * 1000), payload);
      else bar.update(Math.floor(part * 1000), payload);
    },
    stop() {
      if (stopped) return;
      stopped = true;
      output.setLastLine(null);
      bars.stop();
    },
  };
}
