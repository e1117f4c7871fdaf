/**
 * Every error of the client. All extend {@link ViError}; the class says what kind of thing went wrong, `code` says it to
 * a machine, `message` and `suggestion` say it to a person. No error ever holds the secret key.
 */

/** The page of a listing that an error happened on, so that the listing can be resumed from it. */
export interface FailedPage {
  /** 1 for the first page that this listing asked for. */
  readonly number: number;
  /** The page's token: pass it as `pagination.pageToken` to go on from here. Null for a first page without one. */
  readonly pageToken: string | null;
}

export interface ViErrorOptions {
  readonly code?: string | undefined;
  /** HTTP status, when a response caused the error. */
  readonly status?: number | undefined;
  /** What a person can do about it, in one or two sentences. */
  readonly suggestion?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** How long the service asked to wait before another try, in milliseconds. */
  readonly retryAfter?: number | undefined;
  readonly traceId?: string | undefined;
  readonly isRetryable?: boolean | undefined;
  readonly cause?: unknown;
}

/** Names the page that an error happened on, in `page` and in the message, and keeps the error's class. */
export let attachPage: <E extends ViError>(error: E, page: FailedPage) => E;

/** Base of every error that the client throws, other than the reason of an aborted signal, which is thrown as it is. */
export abstract class ViError extends Error {
  /** Stable name of the problem, e.g. `RateLimitExceeded`. */
  readonly code: string;
  /** HTTP status, when a response caused the error. */
  readonly status: number | undefined;
  /** What a person can do about it. */
  readonly suggestion: string;
  /** Facts beside the message: the path, the dataset, the server's own error body. Never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
  /** How long the service asked to wait before another try, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** The service's trace of the request (`x-cloud-trace-context`), to quote to its support. */
  readonly traceId: string | undefined;
  /** True when the same call may well succeed later. The client has already retried it as far as its policy goes. */
  readonly isRetryable: boolean;
  #page: FailedPage | undefined;

  constructor(message: string, defaults: ErrorDefaults, options: ViErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? defaults.code;
    this.status = options.status;
    this.suggestion = options.suggestion ?? defaults.suggestion;
    this.details = options.details ?? {};
    this.retryAfter = options.retryAfter;
    this.traceId = options.traceId;
    this.isRetryable = options.isRetryable ?? defaults.isRetryable;
  }

  /** Set when a page of a listing failed. */
  get page(): FailedPage | undefined {
    return this.#page;
  }

  static {
    attachPage = (error, page) => {
      if (error.#page === undefined) {
        const token = page.pageToken === null ? 'no token' : `token ${page.pageToken}`;
        error.#page = page;
        error.message = `Page ${page.number} of the listing (${token}) failed: ${error.message}`;
      }
      return error;
    };
  }

  /** The error as data, for logs and `JSON.stringify`; without cause and stack. */
  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      suggestion: this.suggestion,
      status: this.status,
      retryAfter: this.retryAfter,
      traceId: this.traceId,
      isRetryable: this.isRetryable,
      page: this.page,
      details: this.details,
    };
  }
}

interface ErrorDefaults {
  readonly code: string;
  readonly suggestion: string;
  readonly isRetryable: boolean;
}

/** 400: the service did not accept what was asked. */
export class ViValidationError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'ValidationFailed',
        suggestion: 'Check the values that were passed; the message names the one that was not accepted.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** 401 (`AuthenticationFailed`) and 403 (`PermissionDenied`). */
export class ViAuthenticationError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'AuthenticationFailed',
        suggestion: 'Check the secret key and the organization ID, and that the key has not been revoked.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** 404: no such dataset, asset, session or organization. */
export class ViNotFoundError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'ResourceNotFound',
        suggestion: 'Check the ID, and that it belongs to the organization of the secret key.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** 409: what was asked conflicts with the state at the service. */
export class ViConflictError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'ResourceConflict',
        suggestion: 'Fetch the current state and decide again; something else has changed it.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** 413: the file is larger than the service takes. */
export class ViFileTooLargeError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'FileTooLarge',
        suggestion: 'Make the file smaller, or ask the service for a higher limit.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** 429: too many requests, or the budget of ingestion sessions is spent. */
export class ViRateLimitError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'RateLimitExceeded',
        suggestion: 'Wait and try again; about 10 ingestion sessions can be created in 10 minutes.',
        isRetryable: true,
      },
      options,
    );
  }
}

/** 5xx: the service has a problem of its own. */
export class ViServerError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'ServerError',
        suggestion:
          'The service has a problem. Try again later; if it stays, quote the trace ID to its support.',
        isRetryable: true,
      },
      options,
    );
  }
}

/** The service could not be reached, or the connection broke. */
export class ViNetworkError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'NetworkError',
        suggestion: 'Check the network connection, a proxy or firewall, and the endpoint.',
        isRetryable: true,
      },
      options,
    );
  }
}

/** A request, or waiting for something, took longer than its time limit. */
export class ViTimeoutError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'Timeout',
        suggestion: 'Try again, or allow more time.',
        isRetryable: true,
      },
      options,
    );
  }
}

/** Adds to an error of a signed URL whether it failed because the URL is too old. */
export interface TransferErrorOptions extends ViErrorOptions {
  readonly isExpired?: boolean | undefined;
}

/** The bytes of a file could not be sent, or the service did not take the file. */
export class ViUploadError extends ViError {
  /** True when the signed URL is too old: a new ingestion session gives new URLs. */
  readonly isExpired: boolean;

  constructor(message: string, options?: TransferErrorOptions) {
    super(
      message,
      {
        code: 'UploadFailed',
        suggestion: 'Try to upload the file again.',
        isRetryable: false,
      },
      options,
    );
    this.isExpired = options?.isExpired ?? false;
  }
}

/** The bytes of an asset could not be fetched, or are not what the service said they are. */
export class ViDownloadError extends ViError {
  /** True when the signed URL is too old: get the asset with `contents` again for a new one. */
  readonly isExpired: boolean;

  constructor(message: string, options?: TransferErrorOptions) {
    super(
      message,
      {
        code: 'DownloadFailed',
        suggestion: 'Try to download the asset again.',
        isRetryable: false,
      },
      options,
    );
    this.isExpired = options?.isExpired ?? false;
  }
}

/** An operation could not be carried out, for a reason that no other class names. */
export class ViOperationError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'OperationFailed',
        suggestion: 'Check the endpoint, and whether a newer version of this client exists.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** The service answered with something that its API does not allow: no JSON, a field that must be there missing. */
export class ViResponseError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'InvalidResponse',
        suggestion:
          'Check that the endpoint is a Vi API and that no proxy or login page answers in its place.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** Credentials or endpoint are missing or malformed. */
export class ViConfigurationError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'ConfigurationInvalid',
        suggestion: 'Set DATATURE_VI_SECRET_KEY and DATATURE_VI_ORGANIZATION_ID, or pass them to the client.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** This computer does not let the client read or write a file. */
export class ViPermissionError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'FileAccessDenied',
        suggestion: 'Check the permissions of the file and its folder.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** A parameter of a call is not acceptable; nothing was sent. */
export class ViInvalidParameterError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'InvalidParameter',
        suggestion: 'Correct the parameter that the message names.',
        isRetryable: false,
      },
      options,
    );
  }
}

/** A file is no image that the service takes: unsupported extension, other content, or empty; nothing was sent of it. */
export class ViInvalidFileFormatError extends ViError {
  constructor(message: string, options?: ViErrorOptions) {
    super(
      message,
      {
        code: 'InvalidFileFormat',
        suggestion:
          'Use JPEG, PNG, TIFF, BMP, WebP, HEIF, AVIF, JPEG 2000 or GIF, with the extension of the format.',
        isRetryable: false,
      },
      options,
    );
  }
}
