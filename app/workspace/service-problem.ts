import type { Problem } from '../contract.ts';
import { errorFacts } from '../error-facts.ts';
import {
  ViAuthenticationError,
  ViConfigurationError,
  ViError,
  ViNetworkError,
  ViNotFoundError,
  ViRateLimitError,
  ViServerError,
  ViTimeoutError,
  ViValidationError,
} from '../vi/index.ts';
import { WorkspaceError } from './workspace-error.ts';

/** What the service, or the way to it, has against a call, in words. */
export function serviceProblem(error: ViError): Problem {
  const facts = errorFacts(error);
  return {
    code: error.code,
    // A person has asked, and can be told how long to wait.
    facts: 'waitSeconds' in facts ? { ...facts, case: 'wait' } : facts,
    title: titleOf(error),
    detail: error.message,
    suggestion: suggestionOf(error),
  };
}

/** Waits for an answer of the service. @throws WorkspaceError in place of the client's errors */
export async function askService<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ViError) throw new WorkspaceError(serviceProblem(error), { cause: error });
    throw error;
  }
}

function titleOf(error: ViError): string {
  if (error instanceof ViAuthenticationError)
    return error.status === 403 ? 'Not allowed with this key' : 'The secret key was refused';
  if (error instanceof ViConfigurationError) return 'No account for this';
  if (error instanceof ViNotFoundError) return 'The service has no such thing';
  if (error instanceof ViRateLimitError) return 'The service asks to wait';
  if (error instanceof ViNetworkError) return 'The service can’t be reached';
  if (error instanceof ViTimeoutError) return 'The service does not answer';
  if (error instanceof ViServerError) return 'The service has a fault';
  if (error instanceof ViValidationError) return 'The service did not understand that';
  return 'That did not work';
}

function suggestionOf(error: ViError): string {
  if (error instanceof ViAuthenticationError && error.status !== 403)
    return 'Copy the key again from the organization’s settings, and check that it belongs to this organization. It may have been revoked.';
  if (error instanceof ViConfigurationError && error.code === 'not-logged-in')
    return 'Connect the account of this organization.';
  if (error instanceof ViConfigurationError && error.code === 'other-organization')
    return 'Connect the account of this organization. Its key takes the place of the one that is stored.';
  if (error instanceof ViRateLimitError && error.retryAfter !== undefined)
    return `Try again in ${Math.max(1, Math.ceil(error.retryAfter / 1000))} seconds.`;
  return error.suggestion;
}
