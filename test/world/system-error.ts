import os from 'node:os';

/** An error as Node makes it of a failed system call. */
export function systemError(code: string, call: string, path: string, to?: string): NodeJS.ErrnoException {
  const entry = Object.entries(os.constants.errno).find(([name]) => name === code);
  const target = to === undefined ? '' : ` -> '${to}'`;
  return Object.assign(new Error(`${code}: ${call} '${path}'${target}`), {
    errno: -(entry?.[1] ?? 1),
    code,
    syscall: call,
    path,
  });
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
