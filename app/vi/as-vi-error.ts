import { ViError, ViOperationError } from './errors.ts';

/** Errors of the client pass; whatever else comes out of a library is wrapped, with itself as the cause. */
export function asViError(error: unknown): ViError {
  if (error instanceof ViError) return error;
  return new ViOperationError(error instanceof Error ? error.message : String(error), { cause: error });
}
