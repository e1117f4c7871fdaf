import type { Activity, CallResult, EngineApi, MirrorStatus, TransferProgress } from '../contract.ts';
import { orAborted } from '../or-aborted.ts';
import type { CommandContext } from './command.ts';
import { ExitCode } from './exit-code.ts';
import { formatDuration, formatNumberOf } from './format.ts';
import { shortId } from './mirror-argument.ts';
import {
  countsText,
  holdCountText,
  mirrorTitle,
  phaseStyle,
  phaseText,
  printProblem,
} from './mirror-words.ts';
import type { Output } from './output.ts';
import { startProgress, type TransferState } from './progress.ts';

/** What a sync has come to. */
export interface SyncResult {
  readonly mirror: MirrorStatus;
  /** Files by what was done with them meanwhile. */
  readonly done: Readonly<Record<'uploaded' | 'downloaded' | 'bound' | 'removed', number>>;
  readonly holds: CallResult<'holdCounts'>['counts'];
}

/** A service that stays away for longer than this is not waited for. Milliseconds. */
const longestOfflineMs = 30_000;

/** Looks at both sides of mirrors that run, and does what is to be done, until nothing is left that needs no person. */
export async function syncMirrors(
  engine: EngineApi,
  mirrors: readonly MirrorStatus[],
  context: CommandContext,
): Promise<SyncResult[]> {
  const before = await newestActivity(engine);
  const latest = new Map(mirrors.map((mirror) => [mirror.mirrorId, mirror]));
  context.describeInterruption(() => ({
    detail: `${doneText([...latest.values()])} What is done stays done.`,
    suggestion: 'vi-sync sync or vi-sync watch goes on from there.',
    facts: { mirrors: [...latest.values()] },
  }));
  const progress = await startProgress(context.output);
  const end = engine.on('mirrorChanged', (mirror) => {
    if (!latest.has(mirror.mirrorId)) return;
    latest.set(mirror.mirrorId, mirror);
    const state = transferState([...latest.values()]);
    if (state !== null) progress.update(state);
  });
  try {
    const settled = await Promise.all(
      mirrors.map(async ({ mirrorId }) => {
        await engine.call('syncNow', { mirrorId });
        return settledOrAway(engine, mirrorId, context.signal);
      }),
    );
    const results: SyncResult[] = [];
    for (const mirror of settled) {
      const { mirrorId } = mirror;
      const { counts } = await engine.call('holdCounts', { mirrorId });
      results.push({ mirror, done: await countDone(engine, mirrorId, before), holds: counts });
    }
    return results;
  } finally {
    end();
    progress.stop();
  }
}

/** Waits until nothing is left to be done without a person, or the service has been away for too long. */
export async function settledOrAway(
  engine: EngineApi,
  mirrorId: string,
  signal: AbortSignal,
): Promise<MirrorStatus> {
  const away = Promise.withResolvers<MirrorStatus>();
  let timer: NodeJS.Timeout | undefined;
  const end = engine.on('mirrorChanged', (mirror) => {
    if (mirror.mirrorId !== mirrorId) return;
    if (mirror.phase === 'offline') {
      timer ??= setTimeout(() => away.resolve(mirror), longestOfflineMs);
    } else {
      clearTimeout(timer);
      timer = undefined;
    }
  });
  try {
    return await orAborted(Promise.race([engine.call('settled', { mirrorId }), away.promise]), signal);
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** 0: in sync. 1: nothing could be done with any of them. 3: something is held, or has a problem. */
export function exitCodeOfSync(results: readonly SyncResult[]): ExitCode {
  if (results.every(({ mirror }) => mirror.phase === 'in-sync')) return ExitCode.DONE;
  return results.every(({ mirror }) => isBlocked(mirror)) ? ExitCode.FAILED : ExitCode.DONE_IN_PART;
}

/** The folder or the service can't be worked with. */
export function isBlocked({ phase, problem }: MirrorStatus): boolean {
  return problem !== null && (phase === 'attention' || phase === 'offline');
}

export function printSync(output: Output, { mirror, done, holds }: SyncResult): void {
  output.line(mirrorTitle(mirror), 'bold');
  const parts = [
    done.uploaded === 0 ? '' : `${formatNumberOf(done.uploaded, 'file')} uploaded`,
    done.downloaded === 0 ? '' : `${formatNumberOf(done.downloaded, 'file')} downloaded`,
    done.bound === 0 ? '' : `${formatNumberOf(done.bound, 'file')} matched with assets`,
    done.removed === 0
      ? ''
      : `${formatNumberOf(done.removed, 'file or asset', 'files and assets')} removed or moved aside`,
  ].filter((part) => part !== '');
  if (parts.length > 0) output.line(`  ${parts.join(', ')}`);
  output.line(`  ${phaseText(mirror)}; ${countsText(mirror)}`, phaseStyle(mirror));
  if (mirror.problem !== null) printProblem(output, mirror.problem, '  ');
  const waiting = holds.filter(({ isOptional }) => !isOptional);
  if (waiting.length > 0) {
    output.line(`  waits for an answer: ${waiting.map(holdCountText).join(', ')}`, 'warning');
    output.note(`vi-sync conflicts list ${shortId(mirror.mirrorId)} shows what waits for an answer.`);
  }
  if (mirror.counts.problem > 0) {
    output.note(`vi-sync files ${shortId(mirror.mirrorId)} --state problem shows what is wrong with files.`);
  }
  if (mirror.phase === 'paused')
    output.note(`vi-sync mirror resume ${shortId(mirror.mirrorId)} lets it go on.`);
}

/** The result of a sync as data. */
export function syncDocument({ mirror, done, holds }: SyncResult) {
  return { ...mirror, done, holds: holds.map(({ mirrorId: _mirror, ...hold }) => hold) };
}

async function newestActivity(engine: EngineApi): Promise<number> {
  const { items } = await engine.call('activity', { limit: 1 });
  return items[0]?.id ?? 0;
}

async function countDone(engine: EngineApi, mirrorId: string, after: number): Promise<SyncResult['done']> {
  const done = { uploaded: 0, downloaded: 0, bound: 0, removed: 0 };
  for (const { kind } of await activitiesAfter(engine, mirrorId, after)) {
    if (kind in done) done[kind as keyof typeof done] += 1;
  }
  return done;
}

/** The activities after one, the oldest first; of one mirror, or of all. */
export async function activitiesAfter(
  engine: EngineApi,
  mirrorId: string | null,
  after: number,
): Promise<Activity[]> {
  const found: Activity[] = [];
  for (let before: number | undefined; ; ) {
    const { items } = await engine.call('activity', {
      limit: 500,
      ...(mirrorId === null ? {} : { mirrorId }),
      ...(before === undefined ? {} : { before }),
    });
    const fresh = items.filter(({ id }) => id > after);
    found.push(...fresh);
    before = items.at(-1)?.id;
    if (fresh.length < items.length || before === undefined) return found.reverse();
  }
}

/** How far the transfers of all mirrors together are; null while there is nothing to tell. */
function transferState(mirrors: readonly MirrorStatus[]): TransferState | null {
  const sum = (value: (progress: TransferProgress) => number) =>
    mirrors.reduce((total, { upload, download }) => total + value(upload) + value(download), 0);
  const filesTotal = sum((progress) => progress.filesTotal);
  if (filesTotal === 0) return null;
  const next = mirrors.flatMap(({ nextSessionAt }) => nextSessionAt ?? []).sort((a, b) => a - b)[0];
  const waitMs = next === undefined ? 0 : next - Date.now();
  return {
    activity: waitMs > 1000 ? `Waiting ${formatDuration(waitMs)} for the next session` : 'Syncing',
    filesDone: sum((progress) => progress.filesDone),
    filesTotal,
    bytesDone: sum((progress) => progress.bytesDone),
    bytesTotal: sum((progress) => progress.bytesTotal),
  };
}

function doneText(mirrors: readonly MirrorStatus[]): string {
  const done = mirrors.reduce((sum, { upload, download }) => sum + upload.filesDone + download.filesDone, 0);
  return `${formatNumberOf(done, 'file')} transferred.`;
}
