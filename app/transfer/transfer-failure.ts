import type { Problem } from '../contract.ts';
import { errorFacts } from '../error-facts.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { printable } from '../plan/names.ts';
import { ingestionErrorText } from '../vi/assets/ingestion-error-text.ts';
import {
  ViAuthenticationError,
  ViConfigurationError,
  ViDownloadError,
  ViError,
  ViNetworkError,
  ViNotFoundError,
  ViPermissionError,
  ViRateLimitError,
  ViResponseError,
  ViServerError,
  ViTimeoutError,
  ViUploadError,
} from '../vi/index.ts';
import type { PlaceBlockedError } from './safe-files.ts';

/** What became of a transfer that failed, and what to do next. */
export interface FailedTransfer {
  readonly problem: Problem;
  /** Milliseconds until the first further try; null: none, until the file, the asset or a person's wish changes. */
  readonly retryMs: number | null;
  /** True when the fault may well be the connection's or the service's as a whole: ask it before anything else is tried. */
  readonly isService: boolean;
  /** True for what ends only when a person does something about it, and then at once: it is tried for as long as it takes. */
  readonly isLasting?: boolean;
}

const second = 1000;
const minute = 60 * second;

/** What the service says of a file that it did not take → milliseconds until the file is uploaded again; null: not by itself. */
const codeRetries: Readonly<Record<string, number | null>> = {
  EALREADY: null,
  EBADMIME: null,
  EBADSIZE: 30 * second,
  ECORRUPT: 30 * second,
  ENOQUOTA: 60 * minute,
  ETIMEOUT: 10 * second,
  EUNKNOWN: minute,
  EOLDMETA: 30 * second,
  ERESNENT: null,
  EPROJECT: null,
  ENOASSET: minute,
  ESEQMETA: 30 * second,
};

const longestCode = 100;

/** Errors of the disk that pass by themselves, or when a person has made room → milliseconds until the next try. */
const diskRetries: Readonly<Record<string, number>> = {
  EBUSY: 5 * second,
  EIO: minute,
  EMFILE: 5 * second,
  ENFILE: 5 * second,
  // The folder has changed under it, or its disk was taken away.
  ENOENT: 5 * second,
  ETXTBSY: 5 * second,
};

/** Tries after which a failure that does not pass is left to a person. */
const mostTries = 6;
const longestRetryMs = 60 * minute;

/** Milliseconds until the next try, doubled with every one before; null when there have been enough. */
export function nextRetryMs(failed: FailedTransfer, tries: number): number | null {
  if (failed.retryMs === null) return null;
  if (tries >= mostTries && !failed.isService && failed.isLasting !== true) return null;
  return Math.min(longestRetryMs, failed.retryMs * 2 ** Math.min(tries - 1, 20));
}

/** A code of the service for one file of a session, in words. */
export function failedIngestion(path: string, code: string): FailedTransfer {
  // Codes are the service's own words, and may be anything.
  const name = printable(code.slice(0, longestCode));
  const { reason, suggestion } = ingestionErrorText(name);
  return {
    problem: {
      code: name,
      facts: { case: 'ingestion', path: printable(path), code: name },
      title: 'Not taken by the service',
      detail: `The service did not take “${printable(path)}”: ${reason} (${name}).`,
      suggestion,
    },
    retryMs: Object.hasOwn(codeRetries, name) ? (codeRetries[name] ?? null) : null,
    isService: false,
  };
}

/** Something is in the way of a folder that must be made, or a path leads out of the mirror's folder. */
export function placeBlocked(error: PlaceBlockedError, path: string): FailedTransfer {
  return {
    problem: {
      code: 'place-blocked',
      facts: { path: printable(path), place: printable(error.path) },
      title: 'Something is in the way',
      detail: `“${printable(path)}” can’t be put in its place: “${printable(error.path)}” is a file or a link where a folder must be.`,
      suggestion: 'Move it away, or rename it. It is tried again by itself.',
    },
    retryMs: 30 * second,
    isService: false,
  };
}

/** An error of a transfer in words. Errors that no transfer should have are passed on. */
export function failedTransfer(error: unknown, path: string): FailedTransfer {
  if (error instanceof ViError) return error.code === 'DiskFull' ? diskFull(path) : failedCall(error, path);
  const code = systemCode(error);
  if (code === null) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path);
  return {
    problem: {
      code: 'disk-error',
      facts: { path: printable(path), code },
      title: 'The disk refused it',
      detail: `“${printable(path)}” could not be written or moved (${code}).`,
      suggestion: 'Check the permissions of the folder, and that no other program holds the file.',
    },
    retryMs: diskRetries[code] ?? 10 * minute,
    isService: false,
  };
}

function diskFull(path: string): FailedTransfer {
  return {
    problem: {
      code: 'disk-full',
      facts: { path: printable(path) },
      title: 'The disk is full',
      detail: `There is no room for “${printable(path)}” on the disk of its folder.`,
      suggestion: 'Make room on the disk. It is tried again by itself.',
    },
    retryMs: minute,
    isService: false,
    isLasting: true,
  };
}

function failedCall(error: ViError, path: string): FailedTransfer {
  const title = titleOf(error);
  const problem = {
    code: error.code,
    facts: { ...errorFacts(error), file: printable(path) },
    title,
    detail: `“${printable(path)}”: ${error.message}`,
    suggestion: error.suggestion,
  };
  if (isServiceError(error)) {
    return { problem, retryMs: error.retryAfter ?? 5 * second, isService: true };
  }
  if ((error instanceof ViUploadError || error instanceof ViDownloadError) && error.isExpired) {
    return { problem, retryMs: second, isService: false };
  }
  if (error.code === 'FileChanged' || error.code === 'ContentMismatch') {
    return { problem, retryMs: 10 * second, isService: false };
  }
  if (error instanceof ViPermissionError || error.code === 'FileBusy') {
    return { problem, retryMs: minute, isService: false };
  }
  return { problem, retryMs: error.isRetryable ? 30 * second : null, isService: false };
}

/** Whether an error says more about the service, or the way to it, than about what was asked. */
export function isServiceError(error: unknown): boolean {
  return (
    error instanceof ViNetworkError ||
    error instanceof ViTimeoutError ||
    error instanceof ViServerError ||
    error instanceof ViRateLimitError ||
    error instanceof ViAuthenticationError ||
    error instanceof ViResponseError
  );
}

function titleOf(error: ViError): string {
  if (error instanceof ViConfigurationError) return 'Login needed';
  if (error instanceof ViAuthenticationError) return 'Not allowed';
  if (error instanceof ViNetworkError || error instanceof ViTimeoutError) return 'No connection';
  if (error instanceof ViServerError) return 'The service has a problem';
  if (error instanceof ViRateLimitError) return 'The service asks to wait';
  if (error instanceof ViResponseError) return 'The answer can’t be understood';
  if (error instanceof ViNotFoundError) return 'Not found';
  if (error instanceof ViDownloadError) return 'Could not be downloaded';
  if (error instanceof ViUploadError) return 'Could not be uploaded';
  return 'Did not work';
}

/** Why a mirror as a whole can't go on, from an error of a call that concerns no single file. */
export function serviceProblem(error: ViError): Problem {
  const { code, message, suggestion } = error;
  return { code, title: titleOf(error), detail: message, suggestion, facts: errorFacts(error) };
}
