import { ExitCode } from './exit-code.ts';

/** Why a command's signal was aborted: a person or the system asked the process to end. */
export class Interruption extends Error {
  readonly exitCode: ExitCode;

  constructor(signal: InterruptSignal) {
    super(`Ended by ${signal}.`);
    this.name = 'Interruption';
    this.exitCode = exitCodes[signal];
  }
}

const INTERRUPT_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type InterruptSignal = (typeof INTERRUPT_SIGNALS)[number];

const exitCodes = {
  SIGINT: ExitCode.INTERRUPTED,
  SIGTERM: ExitCode.TERMINATED,
  SIGHUP: ExitCode.HUNG_UP,
} as const satisfies Record<InterruptSignal, ExitCode>;

/**
 * Turns the first Ctrl-C (or SIGTERM, or SIGHUP) into an aborted signal, so that a command can end in order and say what it did; the
 * second one ends the process at once.
 */
export function catchInterruptions(handlers: {
  /** Called with the first signal, before the abort. */
  readonly onFirst: (signal: InterruptSignal) => void;
  /** Called with the second, before the process ends. */
  readonly onSecond: () => void;
}): AbortSignal {
  const controller = new AbortController();
  const catchOne = (signal: InterruptSignal) => {
    if (controller.signal.aborted) {
      handlers.onSecond();
      process.exit(exitCodes[signal]);
    }
    handlers.onFirst(signal);
    controller.abort(new Interruption(signal));
  };
  // For as long as the process lives: a second Ctrl-C while it says its last words is no harm.
  for (const signal of INTERRUPT_SIGNALS) process.on(signal, () => catchOne(signal));
  return controller.signal;
}

/** Resolves when the signal is aborted: for commands that stay until then. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
