import { ViError, ViOperationError, ViPermissionError } from './errors.ts';

const denied = new Set(['EACCES', 'EPERM', 'EROFS']);

const reasons: Readonly<
  Record<string, { code: string; text: string; suggestion: string | { read: string; write: string } }>
> = {
  ENOENT: { code: 'FileNotFound', text: 'it does not exist', suggestion: 'Check the path.' },
  ENOTDIR: {
    code: 'FileNotFound',
    text: 'a part of its path is not a folder',
    suggestion: 'Check the path.',
  },
  EISDIR: {
    code: 'NotAFile',
    text: 'it is a folder',
    suggestion: { read: 'Pass the path of a file.', write: 'Move the folder away, or give it another name.' },
  },
  ENOSPC: { code: 'DiskFull', text: 'the disk is full', suggestion: 'Free some space and try again.' },
  EDQUOT: {
    code: 'DiskFull',
    text: 'the disk quota is used up',
    suggestion: 'Free some space and try again.',
  },
  EMFILE: {
    code: 'TooManyOpenFiles',
    text: 'too many files are open',
    suggestion: 'Close other programs or raise the limit of open files.',
  },
  ENAMETOOLONG: { code: 'NameTooLong', text: 'its name is too long', suggestion: 'Use a shorter path.' },
  EBUSY: {
    code: 'FileBusy',
    text: 'another program is using it',
    suggestion: 'Close the other program and try again.',
  },
};

/** The typed error for a failed file operation; errors of the client pass unchanged. */
export function fileError(error: unknown, path: string, action: 'read' | 'write'): ViError {
  if (error instanceof ViError) return error;
  const errno =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const details = { path, errno };
  if (errno !== undefined && denied.has(errno)) {
    return new ViPermissionError(`Cannot ${action} ${path}: access is denied.`, { cause: error, details });
  }
  const reason = errno === undefined ? undefined : reasons[errno];
  if (reason !== undefined) {
    return new ViOperationError(`Cannot ${action} ${path}: ${reason.text}.`, {
      code: reason.code,
      suggestion: typeof reason.suggestion === 'string' ? reason.suggestion : reason.suggestion[action],
      cause: error,
      details,
    });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new ViOperationError(`Cannot ${action} ${path}: ${text}`, {
    code: 'FileFailed',
    suggestion: 'Check the file and its disk.',
    cause: error,
    details,
  });
}

/** Whether an error is of the system and has one of these codes, `ENOENT` or the like. */
export function hasErrno(error: unknown, ...codes: string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  );
}
