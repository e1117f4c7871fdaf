export type HostStartErrorCode = 'renderer-missing' | 'port-taken' | 'cannot-listen';

/** Why the page could not be served, and what to do about it. */
export class HostStartError extends Error {
  override readonly name = 'HostStartError';
  readonly code: HostStartErrorCode;
  readonly suggestion: string;

  constructor(code: HostStartErrorCode, message: string, options: { suggestion: string; cause: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.suggestion = options.suggestion;
  }
}
