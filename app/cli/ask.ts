import { createInterface } from 'node:readline';
import type { CommandContext } from './command.ts';
import { CommandFailure } from './failure.ts';

/** True when there is a person to ask: the prompts stand on stderr, so that stdout stays free for results. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks for a secret without showing what is typed. */
export async function askSecret(message: string, signal: AbortSignal): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  return password({ message, mask: false, toggleMask: false }, { signal, output: process.stderr });
}

/** Asks for a text. */
export async function askText(message: string, signal: AbortSignal): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return input({ message, required: true }, { signal, output: process.stderr });
}

/** Asks yes or no; no is what Enter alone means. */
export async function askYes(message: string, signal: AbortSignal): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts');
  return confirm({ message, default: false }, { signal, output: process.stderr });
}

/**
 * Tells what is about to happen, and asks whether to go on: what is told may be long, and a question must not be.
 *
 * @throws CommandFailure `declined`, with this title, when the answer is no
 */
export async function askToGoOn(
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
  effect: string,
  declinedTitle: string,
): Promise<void> {
  output.note(effect, 'warning');
  if (await askYes('Go on?', signal)) return;
  throw new CommandFailure({
    code: 'declined',
    title: declinedTitle,
    detail: 'The answer was no.',
    suggestion: 'Repeat the command to be asked again.',
  });
}

/** A secret key has about a hundred characters; a line that goes on far beyond that is some other file. */
const LONGEST_LINE = 4096;

/**
 * The first line of stdin, for a secret that another program hands over.
 * @throws CommandFailure when stdin is empty, or no text
 */
export async function readLineFromStdin(what: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, signal });
  try {
    for await (const line of lines) {
      signal.throwIfAborted();
      if (line.length > LONGEST_LINE) break;
      if (line.trim() !== '') return line.trim();
    }
  } finally {
    lines.close();
    process.stdin.destroy();
  }
  signal.throwIfAborted();
  throw new CommandFailure({
    code: 'nothing-on-stdin',
    title: `No ${what} was given.`,
    detail: `stdin is not a terminal, so the ${what} is read from its first line, and there was none that fits.`,
    suggestion: `Hand the ${what} over on stdin, use --from-env, or run the command in a terminal to be asked for it.`,
  });
}
