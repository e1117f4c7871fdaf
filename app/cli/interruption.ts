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

export type InterruptSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

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
}): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const catchOne = (signal: InterruptSignal) => {
    if (controller.signal.aborted) {
      handlers.onSecond();
      process.exit(exitCodes[signal]);
    }
    handlers.onFirst(signal);
    controller.abort(new Interruption(signal));
  };
  const signals = Object.keys(exitCodes) as InterruptSignal[];
  for (const signal of signals) process.on(signal, catchOne);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, catchOne);
    },
  };
}
