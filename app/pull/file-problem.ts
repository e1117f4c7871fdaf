import { systemCode } from '../observe/file-stamp.ts';
import { PlaceBlockedError } from '../transfer/safe-files.ts';
import { fileError } from '../vi/file-error.ts';
import { ViError, ViOperationError } from '../vi/index.ts';

/**
 * What went wrong with one file, in words.
 *
 * @throws the error itself when it is none of the service's and none of the disk's: then the fault is the program's
 */
export function fileProblem(error: unknown, file: string): ViError {
  if (error instanceof ViError) return error;
  if (error instanceof PlaceBlockedError) {
    return new ViOperationError(
      `Cannot write ${file}: “${error.path}” is in the way, which is a file or a link and no folder.`,
      { code: 'PlaceBlocked', suggestion: 'Move it away, or rename it.', cause: error },
    );
  }
  if (systemCode(error) === null) throw error;
  return fileError(error, file, 'write');
}
