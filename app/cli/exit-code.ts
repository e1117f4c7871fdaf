/** What the process's exit code says. A script can rely on these. */
export const ExitCode = {
  DONE: 0,
  FAILED: 1,
  /** The command line itself is wrong; nothing was done. */
  WRONG_USAGE: 2,
  /** Some of it was done, some of it failed; the output says which. */
  DONE_IN_PART: 3,
  /** Ended by SIGHUP: the terminal was closed. */
  HUNG_UP: 129,
  /** Ended by Ctrl-C. */
  INTERRUPTED: 130,
  /** Ended by SIGTERM. */
  TERMINATED: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
