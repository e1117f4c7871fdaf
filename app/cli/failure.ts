import type { Problem } from '../contract.ts';
import { ExitCode } from './exit-code.ts';

/** A command can't do what it was asked, for a reason that it can put in words. */
export class CommandFailure extends Error implements Problem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly suggestion: string;
  readonly exitCode: ExitCode;

  constructor(problem: Problem, options: { exitCode?: ExitCode; cause?: unknown } = {}) {
    super(
      `${problem.title} ${problem.detail}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'CommandFailure';
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.suggestion = problem.suggestion;
    this.exitCode = options.exitCode ?? ExitCode.FAILED;
  }
}

/** The command line is wrong, in a way that only shows once its parts are seen together. Exit code 2. */
export function usageFailure(detail: string, suggestion: string): CommandFailure {
  return new CommandFailure(
    { code: 'usage', title: 'The command line is not right.', detail, suggestion },
    { exitCode: ExitCode.WRONG_USAGE },
  );
}

/** Titles for the codes of the client's errors; their messages go into the detail. */
const TITLES: Readonly<Record<string, string>> = {
  ValidationFailed: 'The service did not accept the request.',
  AuthenticationFailed: 'The service did not accept the secret key.',
  PermissionDenied: 'The secret key does not permit this.',
  ResourceNotFound: 'The service does not have it.',
  ResourceConflict: 'It conflicts with what the service has.',
  FileTooLarge: 'A file is too large for the service.',
  RateLimitExceeded: 'The service asks to slow down.',
  ServerError: 'The service has a problem.',
  InsufficientStorage: 'The service has no room.',
  NetworkError: 'The service could not be reached.',
  Timeout: 'It took too long.',
  InvalidResponse: 'The answer makes no sense.',
  ConfigurationInvalid: 'The credentials are not complete.',
  FileAccessDenied: 'A file can not be accessed.',
  FileNotFound: 'A file or folder is not there.',
  DiskFull: 'The disk is full.',
  InvalidParameter: 'A value is not acceptable.',
  DuplicateFilename: 'Two files have the same name.',
  InvalidFileFormat: 'A file is not an image that the service takes.',
};

/** Codes with which the client refuses what it is asked, before it does anything. */
const refusedArguments = new Set(['InvalidParameter', 'DuplicateFilename']);

/** What went wrong, in words and as data, for anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (carriesProblem(error)) return error.problem;
  if (isProblem(error)) {
    const { code, title, detail, suggestion } = error;
    return { code, title, detail, suggestion };
  }
  if (isClientError(error)) {
    const facts = [
      error.status === undefined ? '' : `HTTP ${error.status}`,
      error.traceId === undefined ? '' : `trace ID ${error.traceId}`,
      error.page === undefined || error.page.pageToken === null
        ? ''
        : `page ${error.page.number}, to be resumed with --page-token ${error.page.pageToken}`,
    ].filter((fact) => fact !== '');
    return {
      code: error.code,
      title: TITLES[error.code] ?? 'It could not be done.',
      detail: facts.length === 0 ? error.message : `${error.message} (${facts.join('; ')})`,
      suggestion: error.suggestion,
    };
  }
  if (isSystemError(error)) {
    return {
      code: error.code,
      title: 'The system does not allow it.',
      detail: error.message,
      suggestion: 'Check the path or address that is named, its permissions, and what else uses it.',
    };
  }
  return {
    code: 'unexpected',
    title: 'Something went wrong that vi-sync did not expect.',
    detail: error instanceof Error ? error.message : String(error),
    suggestion: 'Repeat with --verbose for more, and report it with the log file if it stays.',
  };
}

/** The exit code for anything that was thrown. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandFailure) return error.exitCode;
  return isClientError(error) && refusedArguments.has(error.code) ? ExitCode.WRONG_USAGE : ExitCode.FAILED;
}

/** Told apart by their fields: loading the classes would load the client, and zod, for the sake of an error message. */
function isProblem(error: unknown): error is Error & Problem {
  return error instanceof Error && hasTexts(error, problemFields);
}

/** As the errors of engine and manifest do. */
function carriesProblem(error: unknown): error is Error & { readonly problem: Problem } {
  return error instanceof Error && hasTexts(Reflect.get(error, 'problem'), problemFields);
}

interface ClientErrorFields {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string;
  readonly status?: number;
  readonly traceId?: string;
  readonly page?: { readonly number: number; readonly pageToken: string | null };
}

function isClientError(error: unknown): error is Error & ClientErrorFields {
  return (
    error instanceof Error && hasTexts(error, ['code', 'message', 'suggestion']) && 'isRetryable' in error
  );
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && hasTexts(error, ['code', 'syscall']);
}

const problemFields = ['code', 'title', 'detail', 'suggestion'] as const;

function hasTexts(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'string')
  );
}
