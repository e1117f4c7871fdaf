import { appFolders } from '../app-folders.ts';
import type { Log } from '../log.ts';
import { redactSecrets } from '../redact.ts';
import type { CommandContext, InterruptionReport, Outcome, Run } from './command.ts';
import { ExitCode } from './exit-code.ts';
import { CommandFailure, exitCodeOf, problemOf } from './failure.ts';
import { catchInterruptions, Interruption } from './interruption.ts';
import type { Output } from './output.ts';

const SHOW_CURSOR = '\x1b[?25h';

/** Makes the function that runs commands; `finished` gets the exit code of the one that ran. */
export function createRunner(options: {
  readonly output: Output;
  readonly verbose: boolean;
  readonly finished: (exitCode: ExitCode) => void;
}): Run {
  const { output, verbose, finished } = options;
  return async (name, command) => {
    const log = await openCommandLog(output, verbose);
    const startedAt = performance.now();
    log.info(`${name} begins`, { version: process.version, platform: process.platform });

    let describe: () => InterruptionReport = () => ({
      detail: 'It had not changed anything.',
      suggestion: 'Repeat the command.',
      facts: {},
    });
    const signal = catchInterruptions({
      onFirst: () => output.note('Ending … (Ctrl-C again ends at once)', 'warning'),
      onSecond: () => {
        if (output.isTerminal) output.stderr.write(SHOW_CURSOR);
      },
    });
    const context: CommandContext = {
      output,
      signal,
      log,
      describeInterruption: (next) => {
        describe = next;
      },
    };

    let exitCode: ExitCode;
    try {
      const outcome = await command(context);
      show(output, outcome);
      exitCode = outcome.exitCode ?? ExitCode.DONE;
    } catch (error) {
      const interruption = interruptionOf(error, signal);
      if (interruption === null) {
        exitCode = showFailure(output, log, error);
      } else {
        showInterruption(output, describe());
        exitCode = interruption.exitCode;
      }
    }
    log.info(`${name} ended`, { exitCode, ms: Math.round(performance.now() - startedAt) });
    finished(exitCode);
  };
}

async function openCommandLog(output: Output, verbose: boolean): Promise<Log> {
  const { openLog } = await import('../log.ts');
  return openLog({
    folder: appFolders().log,
    name: 'cli',
    level: verbose ? 'debug' : 'info',
    ...(verbose ? { onLine: (line) => output.note(line, 'dim') } : {}),
  });
}

function show(output: Output, outcome: Outcome): void {
  if (output.json) {
    if (outcome.document !== undefined) output.document(outcome.document);
  } else {
    outcome.print?.(output);
  }
}

/** Shows what was thrown, for a person on stderr and as a document with `--json`; returns its exit code. */
export function showFailure(output: Output, log: Log | null, error: unknown): ExitCode {
  const problem = problemOf(error);
  // A failure that the command foresaw needs no stack.
  if (error instanceof CommandFailure) log?.info('failed', { problem });
  else log?.error('failed', { error });
  const { code, title } = problem;
  const detail = redactSecrets(problem.detail);
  const suggestion = redactSecrets(problem.suggestion);
  if (output.json) {
    const document = { error: { code, title, detail, suggestion } };
    if (!output.endItems(document)) output.document(document);
  } else {
    output.note(`Error: ${title}`, 'bad');
    output.note(`  ${detail}`);
    output.note(`  What to do: ${suggestion}`);
  }
  return exitCodeOf(error);
}

function showInterruption(output: Output, report: InterruptionReport): void {
  const { detail, suggestion, facts } = report;
  if (output.json) {
    const error = { code: 'interrupted', title: 'Interrupted.', detail, suggestion };
    if (!output.endItems({ error, ...facts })) output.document({ error, ...facts });
  } else {
    output.note(`Interrupted: ${detail}`, 'warning');
    output.note(`  What to do: ${suggestion}`);
  }
}

function interruptionOf(error: unknown, signal: AbortSignal): Interruption | null {
  if (signal.aborted)
    return signal.reason instanceof Interruption ? signal.reason : new Interruption('SIGINT');
  // While a question is open the terminal hands Ctrl-C to it as a key, and it ends with this error instead of a signal.
  return error instanceof Error && error.name === 'ExitPromptError' ? new Interruption('SIGINT') : null;
}
