import type { QueuedKind } from '../manifest/queued-table.ts';
import { assertNever } from './assert-never.ts';
import type { ChangeOperation, Operation } from './operation.ts';

/** Operations of one kind: urgent ones, as many others as can be begun soon, and the size of the whole. */
export interface Work<O extends Operation> {
  readonly operations: O[];
  /** Those among all that somebody waits for; few. */
  readonly urgent: O[];
  files: number;
  bytes: number;
}

/** What is to be done. */
export interface Plan {
  readonly upload: Work<Extract<Operation, { kind: 'upload' }>>;
  readonly download: Work<Extract<Operation, { kind: 'download' }>>;
  readonly compare: Work<Extract<Operation, { kind: 'compare' }>>;
  readonly change: Work<ChangeOperation>;
  /** Uploads that replace the content of an asset. */
  overwrites: number;
  /** Files that go to the trash, and assets that are deleted. */
  trashed: number;
  deleted: number;
  /** Files that were found to be equal to their assets, or known again after a rename: done with this plan itself. */
  bound: number;
}

/** As many operations as one ingestion session takes; the others are planned again when these are done. */
export const mostOperations = 5000;
const mostUrgent = 20;

export function emptyPlan(): Plan {
  const none = () => ({ operations: [], urgent: [], files: 0, bytes: 0 });
  return {
    upload: none(),
    download: none(),
    compare: none(),
    change: none(),
    overwrites: 0,
    trashed: 0,
    deleted: 0,
    bound: 0,
  };
}

/** Adds an operation to those that can be begun soon, if there is room for it. */
export function addOperation<O extends Operation>(
  work: Work<O>,
  operation: O,
  { isUrgent, most }: { readonly isUrgent: boolean; readonly most: number },
): void {
  if (isUrgent && work.urgent.length < mostUrgent) work.urgent.push(operation);
  else if (work.operations.length < most) work.operations.push(operation);
}

/** How an operation is counted. */
export function kindOf(operation: Operation): QueuedKind {
  switch (operation.kind) {
    case 'upload':
      return operation.replaces === null ? 'upload' : 'overwrite';
    case 'trash-local':
      return 'trash';
    case 'delete-remote':
      return 'delete';
    case 'download':
    case 'compare':
    case 'move-aside':
      return operation.kind;
    default:
      return assertNever(operation);
  }
}

/** The part of a plan that work of a kind is in. */
export function workOf(plan: Plan, kind: QueuedKind): Work<Operation> {
  switch (kind) {
    case 'upload':
    case 'overwrite':
      return plan.upload;
    case 'download':
    case 'compare':
      return plan[kind];
    case 'trash':
    case 'delete':
    case 'move-aside':
      return plan.change;
    default:
      return assertNever(kind);
  }
}

/** Counts work into the size of the whole. */
export function countWork(
  plan: Plan,
  { kind, files, bytes }: { readonly kind: QueuedKind; readonly files: number; readonly bytes: number },
): void {
  const work = workOf(plan, kind);
  work.files += files;
  work.bytes += bytes;
  if (kind === 'overwrite') plan.overwrites += files;
  else if (kind === 'trash') plan.trashed += files;
  else if (kind === 'delete') plan.deleted += files;
}
