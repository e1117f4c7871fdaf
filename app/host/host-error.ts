import type { Problem } from '../contract.ts';

export type HostStartErrorCode = 'renderer-missing' | 'port-taken' | 'cannot-listen';

/** The page could not be served. `problem` says why, and what a person can do. */
export class HostStartError extends Error {
  override readonly name = 'HostStartError';
  readonly code: HostStartErrorCode;
  readonly problem: Problem;

  constructor(code: HostStartErrorCode, detail: string, options: { suggestion: string; cause: unknown }) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.problem = { code, title: 'The page can’t be shown.', detail, suggestion: options.suggestion };
  }
}
