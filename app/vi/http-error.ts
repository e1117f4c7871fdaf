import {
  ViAuthenticationError,
  ViConflictError,
  type ViError,
  type ViErrorOptions,
  ViFileTooLargeError,
  ViNotFoundError,
  ViOperationError,
  ViRateLimitError,
  ViServerError,
  ViValidationError,
} from './errors.ts';

/** Of a status 507: the other side's disk is full, and another try would find it so too. */
export const noRoom = {
  code: 'InsufficientStorage',
  suggestion: 'Make room where the service keeps its files, then try again.',
  isRetryable: false,
} as const;

/** The error class of an HTTP status; source: VI-API, "Connection". `options` carries what the answer told. */
export function httpError(status: number, message: string, options: ViErrorOptions): ViError {
  const all = { ...options, status };
  switch (status) {
    case 400:
      return new ViValidationError(message, all);
    case 401:
      return new ViAuthenticationError(message, all);
    case 403:
      return new ViAuthenticationError(message, {
        ...all,
        code: 'PermissionDenied',
        suggestion:
          'The secret key is valid, but may not do this: check the organization ID and the rights of the key.',
      });
    case 404:
      return new ViNotFoundError(message, all);
    case 409:
      return new ViConflictError(message, all);
    case 413:
      return new ViFileTooLargeError(message, all);
    case 429:
      return new ViRateLimitError(message, all);
    default:
      if (status === 507) return new ViServerError(message, { ...all, ...noRoom });
      if (status >= 500) return new ViServerError(message, all);
      if (status >= 300 && status < 400) {
        return new ViOperationError(message, {
          ...all,
          code: 'UnexpectedRedirect',
          suggestion:
            'Set the endpoint to the address that the API really has; redirects are not followed with a secret key.',
        });
      }
      return new ViOperationError(message, { ...all, code: 'RequestRefused' });
  }
}

/**
 * A `Retry-After` header in milliseconds: seconds, or an HTTP date, which is read against the answer's own `Date`, so
 * that a clock that is off does not matter. Undefined when absent or unreadable.
 */
export function parseRetryAfter(
  value: string | undefined,
  date: string | undefined,
  now: number = Date.now(),
): number | undefined {
  if (value === undefined) return undefined;
  const trimmed = value.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  const until = Date.parse(trimmed);
  if (Number.isNaN(until)) return undefined;
  const from = date === undefined ? Number.NaN : Date.parse(date);
  return Math.max(0, until - (Number.isNaN(from) ? now : from));
}

/** The trace of `x-cloud-trace-context: TRACE/SPAN`. */
export function parseTraceId(value: string | undefined): string | undefined {
  const trace = value?.split('/')[0]?.trim();
  return trace === undefined || trace === '' ? undefined : trace;
}

/** A header that must occur once, as text. */
export function singleHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
