import { bytesOf, type ChangeOperation, type Operation } from './operation.ts';

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

export function addWork<O extends Operation>(work: Work<O>, operation: O, isUrgent: boolean): void {
  work.files += 1;
  work.bytes += bytesOf(operation);
  if (isUrgent && work.urgent.length < mostUrgent) work.urgent.push(operation);
  else if (work.operations.length < mostOperations) work.operations.push(operation);
}
