/** An answer that is an error: status, words, and headers that go with it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** As the official client names the kind of error. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = codes[status] ?? (status >= 500 ? 'ServerError' : 'ValidationFailed');
    this.headers = options.headers ?? {};
  }
}

const codes: Readonly<Record<number, string>> = {
  400: 'ValidationFailed',
  401: 'AuthenticationFailed',
  403: 'PermissionDenied',
  404: 'ResourceNotFound',
  409: 'ResourceConflict',
  413: 'FileTooLarge',
  429: 'RateLimitExceeded',
  507: 'InsufficientStorage',
};
