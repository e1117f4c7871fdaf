import { CommanderError } from '@commander-js/extra-typings';
import type { AnyCommand } from './command.ts';
import { ExitCode } from './exit-code.ts';
import { usageFailure } from './failure.ts';
import { Output } from './output.ts';
import { buildProgram } from './program.ts';
import { createRunner, showFailure } from './runner.ts';
import { refuseSecretArguments } from './secret-arguments.ts';

/** Runs the command line; resolves to the exit code once everything is written. Never throws for what a command throws. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  const output = new Output({
    stdout: process.stdout,
    stderr: process.stderr,
    // Known before the arguments are parsed: an error in them is a JSON document too.
    json: options.includes('--json'),
    env: process.env,
  });
  const exitCode = await parseAndRun(args, options.includes('--verbose'), output);
  await output.flush();
  return output.hasFailed && worked.has(exitCode) ? ExitCode.FAILED : exitCode;
}

/** Exit codes that would say that a result is there. */
const worked: ReadonlySet<ExitCode> = new Set([ExitCode.DONE, ExitCode.DONE_IN_PART]);

async function parseAndRun(args: readonly string[], verbose: boolean, output: Output): Promise<ExitCode> {
  const secret = refuseSecretArguments(args);
  if (secret !== null) return showFailure(output, null, secret);

  let exitCode: ExitCode = ExitCode.DONE;
  const run = createRunner({
    output,
    verbose,
    finished: (code) => {
      exitCode = code;
    },
  });
  const program = buildProgram(run, {
    out: (text) => output.verbatim(text),
    err: (text) => output.stderr.write(text),
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return showFailure(output, null, error);
    // Help and version come as errors too, with nothing wrong.
    if (error.exitCode === 0) return ExitCode.DONE;
    // No command was named; its help has been printed.
    if (error.code === 'commander.help' && !output.json) return ExitCode.WRONG_USAGE;
    return showFailure(output, null, usageError(error, program, args));
  }
}

function usageError(error: CommanderError, program: AnyCommand, args: readonly string[]): Error {
  const detail =
    error.code === 'commander.help' ? 'No command was named.' : error.message.replace(/^error: /u, '');
  const sentence = detail.replaceAll('\n', ' ').replace(/([^.?!)])$/u, '$1.');
  const name = commandNamed(program, args);
  return usageFailure(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`, `See ${name} --help.`);
}

/** The command that the arguments name, as far as they name one: its help is the one to read. */
function commandNamed(program: AnyCommand, args: readonly string[]): string {
  let command = program;
  let name = program.name();
  for (const arg of args) {
    const next = command.commands.find((each) => each.name() === arg);
    if (next === undefined) continue;
    command = next;
    name += ` ${next.name()}`;
  }
  return name;
}
