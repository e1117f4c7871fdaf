import type { CallResult } from '../../contract.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { ExitCode } from '../exit-code.ts';
import { usageFailure } from '../failure.ts';
import { wholeNumber } from '../option-values.ts';

export const registerTrashRestore: RegisterCommand = (parent, run) => {
  parent
    .command('restore')
    .summary('put files back from the trash')
    .description(
      'Puts files from the trash back into their folder, under another name where theirs is taken. Exit code 3 when some could not be.',
    )
    .argument('<numbers...>', 'numbers that vi-sync trash list shows')
    .option(...DATA_OPTION)
    .addHelpText('after', examplesText([['vi-sync trash restore 12 15', 'Have two files back']]))
    .action((numbers, options) => run('trash restore', (context) => restore(context, numbers, options)));
};

/** The engine takes so many at once. */
const mostAtOnce = 500;

/** Numbers of the trash from the command line. */
export function parseNumbers(texts: readonly string[]): number[] {
  const parse = wholeNumber(1);
  return [...new Set(texts)].map((text) => {
    try {
      return parse(text);
    } catch (error) {
      throw usageFailure(
        `“${text}” is no number of a file in the trash.`,
        `vi-sync trash list shows the numbers. ${error instanceof Error ? error.message : ''}`.trimEnd(),
      );
    }
  });
}

async function restore(
  context: CommandContext,
  numbers: readonly string[],
  options: EngineOptions,
): Promise<Outcome> {
  const ids = parseNumbers(numbers);
  const result: CallResult<'restore'> = { restored: [], failed: [] };
  await withEngine(context, options, async (engine) => {
    for (let start = 0; start < ids.length; start += mostAtOnce) {
      const { restored, failed } = await engine.call('restore', {
        ids: ids.slice(start, start + mostAtOnce),
      });
      result.restored.push(...restored);
      result.failed.push(...failed);
    }
  });
  const { restored, failed } = result;
  return {
    exitCode:
      failed.length === 0 ? ExitCode.DONE : restored.length === 0 ? ExitCode.FAILED : ExitCode.DONE_IN_PART,
    document: result,
    print: (output) => {
      for (const { id, path } of restored) output.line(`${id}: put back as ${path}`, 'good');
      for (const { id, problem } of failed) {
        output.line(`${id}: ${problem.title}. ${problem.detail} ${problem.suggestion}`, 'bad');
      }
    },
  };
}
