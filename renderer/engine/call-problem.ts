import type { Problem } from '../../app/contract.ts';
import { CallFailed, ConnectionLost } from './remote-engine.ts';

/** What to show of a failed call; null when the connection is gone, which the banner tells already. */
export function problemOfCall(error: unknown): Problem | null {
  if (error instanceof CallFailed) return error.problem;
  if (error instanceof ConnectionLost) return null;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'page',
    facts: { message },
    title: 'Vi Sync did not answer as expected',
    detail: message,
    suggestion: 'Reload the page.',
  };
}
