import type { Answer, CallResult, Hold, HoldReason } from '../contract.ts';
import type { Triple } from '../manifest/differences.ts';
import type { EntryRow, HeldQuery } from '../manifest/entry-table.ts';
import { keyOfItem } from '../manifest/entry-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import type { LocalFile, RemoteFile } from '../manifest/observations.ts';
import { baseNameOf } from '../manifest/path-key.ts';
import { allowedAnswers, holdFingerprint, needsRetention } from '../plan/answers.ts';
import type { Policy } from '../plan/decision.ts';
import { placeRemote } from '../plan/names.ts';
import { EngineError } from './engine-error.ts';
import type { Remote } from './environment.ts';

export interface HoldsContext {
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Something is to be decided anew. */
  readonly planAgain: () => void;
}

/** Holds answered in one transaction. */
const answersAtOnce = 1000;

/** How many holds of each reason each of these mirrors has. */
export function holdCounts(
  { entries }: Manifest,
  mirrors: readonly MirrorRecord[],
): CallResult<'holdCounts'>['counts'] {
  return mirrors.flatMap(({ id, mirrorId }) =>
    entries.holdCounts(id).map((count) => ({ ...count, mirrorId })),
  );
}

/** A page of what waits for a person. */
export function holdPage(context: HoldsContext, query: HeldQuery): CallResult<'holds'> {
  const { total, items } = context.manifest.entries.held(context.mirror.id, query);
  return { total, items: items.flatMap((entry) => holdOf(context, entry) ?? []) };
}

/**
 * One hold, with what the service says of its asset now.
 *
 * @throws the client's errors; the signal's reason
 */
export async function freshHold(
  context: HoldsContext,
  remote: Remote,
  item: string,
  signal: AbortSignal,
): Promise<CallResult<'hold'>> {
  const entry = context.manifest.entries.get(context.mirror.id, item);
  if (entry === null || entry.hold === null) return { hold: null, annotationsByTag: null };
  if (entry.assetId === null) return { hold: holdOf(context, entry), annotationsByTag: null };
  const isAsSeen = await refresh(context, remote, entry.assetId, signal);
  const hold = holdOf(context, entry);
  // What is asked is decided by the next plan; the fingerprint of what is so now shows that it has changed.
  const { annotationsByTag } = isAsSeen;
  return { hold, annotationsByTag };
}

/**
 * Records a person's answer to one hold.
 *
 * @throws EngineError `no-hold`, `changed-meanwhile`, `answer-not-allowed`, `annotations-undecided`; the client's errors
 */
export async function answerHold(
  context: HoldsContext,
  remote: Remote,
  { item, fingerprint, answer }: { item: string; fingerprint: string; answer: Answer },
  signal: AbortSignal,
): Promise<void> {
  const { manifest, mirror, now } = context;
  const entry = manifest.entries.get(mirror.id, item);
  if (entry === null || entry.hold === null) throw noHold();
  if (entry.assetId !== null) await refresh(context, remote, entry.assetId, signal);
  const sides = sidesOf(context, entry);
  if (holdFingerprint(sides) !== fingerprint) {
    context.planAgain();
    throw changedMeanwhile(entry.path);
  }
  if (!allowedAnswers(entry.hold.reason, sides, context.policy).includes(answer.kind))
    throw notAllowed(entry.path);
  if (answer.kind === 'keep-mine' && needsRetention(sides) && answer.annotations === undefined) {
    throw annotationsUndecided(entry.path);
  }
  manifest.transaction(() => record(context, entry, { ...answer, fingerprint }, now));
  context.planAgain();
}

/**
 * Records one answer for all holds of a reason.
 *
 * @throws EngineError `changed-meanwhile` when there are not as many as expected, or other annotations are at stake;
 * `annotations-undecided`
 */
export function answerAllHolds(
  context: HoldsContext,
  reason: HoldReason,
  answer: Answer,
  expected: { count: number; annotations: number; unknown: number },
): CallResult<'answerAll'> {
  const { manifest, mirror, now } = context;
  const seen = manifest.entries
    .holdCounts(mirror.id)
    .find((each) => each.reason === reason && !each.isOptional) ?? { count: 0, annotations: 0, unknown: 0 };
  if (
    seen.count !== expected.count ||
    seen.annotations !== expected.annotations ||
    seen.unknown !== expected.unknown
  ) {
    throw countsChanged(seen.count, expected.count);
  }
  let answered = 0;
  let left = 0;
  for (let offset = 0; ; offset += answersAtOnce) {
    const query = { reason, path: null, includeOptional: false, offset, limit: answersAtOnce };
    const { items } = manifest.entries.held(mirror.id, query);
    if (items.length === 0) break;
    manifest.transaction(() => {
      for (const entry of items) {
        const sides = sidesOf(context, entry);
        const isAllowed =
          entry.hold !== null &&
          entry.hold.fingerprint === holdFingerprint(sides) &&
          allowedAnswers(reason, sides, context.policy).includes(answer.kind);
        if (
          isAllowed &&
          answer.kind === 'keep-mine' &&
          needsRetention(sides) &&
          answer.annotations === undefined
        ) {
          throw annotationsUndecided(entry.path);
        }
        if (!isAllowed || entry.hold === null) {
          left += 1;
          continue;
        }
        record(context, entry, { ...answer, fingerprint: entry.hold.fingerprint }, now);
        answered += 1;
      }
    });
  }
  context.planAgain();
  return { answered, left };
}

function record(
  { manifest, mirror }: HoldsContext,
  { item }: EntryRow,
  answer: Answer & { fingerprint: string },
  at: number,
): void {
  manifest.answers.put(mirror.id, item, answer, at);
  const key = keyOfItem(item);
  if (key !== null) manifest.synced.unsettle(mirror.id, key);
}

/** Brings the manifest up to date with an asset, so that nobody decides on an old number of annotations. */
async function refresh(
  { manifest, mirror, planAgain }: HoldsContext,
  remote: Remote,
  assetId: string,
  signal: AbortSignal,
): Promise<{ annotationsByTag: Record<string, number> | null }> {
  const asset = await remote.get(assetId, signal);
  if (asset === null) {
    planAgain();
    return { annotationsByTag: null };
  }
  const known = manifest.remote.get(mirror.id, assetId);
  if (known === null || known.annotations !== asset.annotations || known.etag !== asset.etag) {
    manifest.remote.put(mirror.id, placeRemote(asset, mirror.foldsCase));
    planAgain();
  }
  return { annotationsByTag: { ...asset.annotationsByTag } };
}

function sidesOf({ manifest, mirror }: HoldsContext, entry: EntryRow): Triple {
  const key = keyOfItem(entry.item);
  return {
    local: key === null ? null : manifest.local.get(mirror.id, key),
    remote: entry.assetId === null ? null : manifest.remote.get(mirror.id, entry.assetId),
    synced: key === null ? null : manifest.synced.get(mirror.id, key),
  };
}

function holdOf(context: HoldsContext, entry: EntryRow): Hold | null {
  if (entry.hold === null || entry.problem === null) return null;
  const sides = sidesOf(context, entry);
  return {
    mirrorId: context.mirror.mirrorId,
    item: entry.item,
    path: entry.path,
    reason: entry.hold.reason,
    fingerprint: holdFingerprint(sides),
    isOptional: entry.state !== 'held',
    problem: entry.problem,
    local: sides.local === null ? null : localSide(sides.local),
    remote: sides.remote === null ? null : remoteSide(sides.remote),
    answers: [...allowedAnswers(entry.hold.reason, sides, context.policy)],
    needsRetention: needsRetention(sides),
  };
}

function localSide({ path, stamp, width, height, content }: LocalFile): NonNullable<Hold['local']> {
  return {
    name: baseNameOf(path),
    size: stamp.size,
    width,
    height,
    sha256: content?.sha256 ?? null,
    changedAt: Number(stamp.mtimeNs / 1_000_000n),
  };
}

function remoteSide(remote: RemoteFile): NonNullable<Hold['remote']> {
  const { filename, size, width, height, sha256, contentsLastUpdated, assetId, annotations } = remote;
  return {
    name: filename,
    size,
    width,
    height,
    sha256,
    changedAt: contentsLastUpdated,
    assetId,
    annotations,
  };
}

function noHold(): EngineError {
  return new EngineError({
    code: 'no-hold',
    title: 'Nothing to answer',
    detail: 'Nothing waits for an answer there any more.',
    suggestion: 'Look at the list of what waits again.',
  });
}

/** An answer to what is not as it was shown any more. */
export function changedMeanwhile(path: string): EngineError {
  return new EngineError({
    code: 'changed-meanwhile',
    facts: { case: 'file', path },
    title: 'Changed meanwhile',
    detail: `“${path}”, its asset or its annotations have changed since you were asked. Your answer has not been used.`,
    suggestion: 'Look at both sides again, and answer anew.',
  });
}

/** An answer to several at once, when they are not as many, or not with as much at stake, as were shown. */
export function countsChanged(now: number, expected: number): EngineError {
  return new EngineError({
    code: 'changed-meanwhile',
    facts: { case: now === expected ? 'annotations' : 'count', now, expected },
    title: 'Changed meanwhile',
    detail:
      now === expected
        ? 'Other annotations are at stake than when you were asked. Your answer has not been used.'
        : `${now} files wait for this answer now, and ${expected} did when you were asked. Your answer has not been used.`,
    suggestion: 'Look at the list again, and answer anew.',
  });
}

function notAllowed(path: string): EngineError {
  return new EngineError({
    code: 'answer-not-allowed',
    facts: { path },
    title: 'Not possible here',
    detail: `“${path}” can’t be answered so: the file can’t be uploaded as it is, or the mirror’s direction does not allow it.`,
    suggestion: 'Choose one of the answers that are offered.',
  });
}

function annotationsUndecided(path: string): EngineError {
  return new EngineError({
    code: 'annotations-undecided',
    facts: { path },
    title: 'What about the annotations?',
    detail: `The asset of “${path}” has, or may have, annotations. Overwriting it needs a word about them.`,
    suggestion: 'Say whether they are kept or removed.',
  });
}
