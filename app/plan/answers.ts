import type { Answer, AnswerKind, HoldReason } from '../contract.ts';
import type { Triple } from '../manifest/differences.ts';
import type { LocalFile, RemoteFile } from '../manifest/observations.ts';
import { assertNever } from './assert-never.ts';
import { versionText } from './content.ts';
import type { Decision, Policy } from './decision.ts';

/** An answer, with what it was given for. */
export interface BoundAnswer extends Answer {
  readonly fingerprint: string;
}

/** What a person sees of a file and an asset when they decide about them. */
export type Sides = Pick<Triple, 'local' | 'remote'>;

/**
 * What an answer is bound to: the content of the file, the version of the asset, and the number of its annotations. An answer to
 * anything else is void.
 */
export function holdFingerprint({ local, remote }: Sides): string {
  return `${localPart(local)} ${remotePart(remote)}`;
}

function localPart(local: LocalFile | null): string {
  return local === null ? '-' : (local.content?.sha256 ?? '?');
}

function remotePart(remote: RemoteFile | null): string {
  return remote === null ? '-' : `${remote.assetId}/${versionText(remote)}/${remote.annotations ?? '?'}`;
}

/** The answers that a hold can be given, in the order in which they are offered. */
export function allowedAnswers(
  reason: HoldReason,
  { local, remote }: Sides,
  { direction }: Pick<Policy, 'direction'>,
): readonly AnswerKind[] {
  const writesThere = direction !== 'pull';
  const writesHere = direction !== 'push';
  const answers: AnswerKind[] = [];
  // What can't be an asset (a broken image) is not made one by an answer.
  const isUploadable = local === null || local.problem === null;
  const isDownloadable = remote === null || remote.target !== null || local !== null;
  switch (reason) {
    case 'name-collision':
    case 'duplicate':
      if (writesThere && isUploadable) answers.push('keep-both');
      break;
    case 'place-taken':
      if (writesHere) answers.push('keep-both');
      break;
    case 'both-added':
    case 'both-changed':
    case 'overwrites-annotations':
      if (writesThere && isUploadable) answers.push('keep-mine');
      if (writesHere) answers.push('keep-theirs', 'keep-both');
      break;
    case 'deleted-here-changed-there':
    case 'changed-here-deleted-there':
    case 'deleted-here':
    case 'deleted-there':
    case 'many-deleted-here':
    case 'many-deleted-there':
      if (writesThere && isUploadable) answers.push('keep-mine');
      if (writesHere && isDownloadable) answers.push('keep-theirs');
      break;
    default:
      assertNever(reason);
  }
  return [...answers, 'skip'];
}

/** Whether `keep-mine` overwrites an asset that has, or may have, annotations: then it must say what becomes of them. */
export function needsRetention({ local, remote }: Sides): boolean {
  return local !== null && remote !== null && remote.annotations !== 0;
}

/** What is done on an answer that is allowed for the hold. */
export function answeredDecision(answer: Answer, { local, remote }: Sides): Decision {
  switch (answer.kind) {
    case 'skip':
      return { kind: 'leave', reason: 'skipped' };
    case 'keep-both':
      if (local !== null && remote !== null) return { kind: 'move-aside' };
      return local === null ? { kind: 'download', replace: false } : { kind: 'upload' };
    case 'keep-theirs':
      if (remote === null) return { kind: 'trash-local' };
      return { kind: 'download', replace: local !== null };
    case 'keep-mine':
      if (local === null) return { kind: 'delete-remote' };
      if (remote === null) return { kind: 'upload' };
      return {
        kind: 'overwrite',
        annotations: remote.annotations === 0 ? 'none' : (answer.annotations ?? 'KeepLinkedResource'),
      };
    default:
      return assertNever(answer.kind);
  }
}
