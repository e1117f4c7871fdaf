import { isDiskFull } from '../sandbox/disk-full.ts';
import { CommandFailure } from './failure.ts';

/** What kept a sandbox from starting, in words; anything else is returned as it is. `port` 0: any would have done. */
export function explainSandboxStart(error: unknown, port: number, dataDir: string): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'EADDRINUSE') {
    return new CommandFailure(
      {
        code: 'port-in-use',
        title: 'The port is in use.',
        detail: `Another program listens on port ${port} of 127.0.0.1.`,
        suggestion: 'Choose another one with --port, or leave --port out for any that is free.',
      },
      { cause: error },
    );
  }
  if (isDiskFull(error)) {
    return new CommandFailure(
      {
        code: 'sandbox-full',
        title: "The sandbox's disk is full.",
        detail: `There is no room left for ${dataDir}.`,
        suggestion: 'Free some space, or choose a folder on another disk.',
      },
      { cause: error },
    );
  }
  if (error.name !== 'SandboxDataError') return error;
  return new CommandFailure(
    {
      code: 'sandbox-data',
      title: "The sandbox's data folder can't be used.",
      detail: `${dataDir}: ${error.message}`,
      suggestion: 'End the other one, or choose another folder.',
    },
    { cause: error },
  );
}
