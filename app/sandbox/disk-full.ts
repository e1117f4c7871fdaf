/** The system's codes of a disk without room, and SQLite's. */
const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** How long after a word about the full disk the next one comes at the earliest, in milliseconds. */
const QUIET_MS = 60_000;

/** The sandbox's disk has no room: it answers what it knows, and takes nothing new. */
export class SandboxFullError extends Error {
  override readonly name = 'SandboxFullError';

  constructor(dataDir: string, options?: ErrorOptions) {
    super(`The disk of ${dataDir} is full: until there is room, uploads are refused.`, options);
  }
}

/** Whether a failure, or what caused it, is a disk without room. */
export function isDiskFull(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof SandboxFullError || ('code' in each && fullCodes.has(each.code))) return true;
  }
  return false;
}

/** Passes failures on. A full disk makes one of every request: of those, no more than one a minute, as a SandboxFullError. */
export function withoutFlood(
  onFailure: (error: unknown) => void,
  dataDir: string,
  clock: () => number = () => performance.now(),
): (error: unknown) => void {
  let quietUntil = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (!isDiskFull(error)) {
      onFailure(error);
      return;
    }
    if (clock() < quietUntil) return;
    quietUntil = clock() + QUIET_MS;
    onFailure(new SandboxFullError(dataDir, { cause: error }));
  };
}
