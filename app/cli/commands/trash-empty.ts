import { askToGoOn, canAsk } from '../ask.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { usageFailure } from '../failure.ts';
import { formatBytes, formatNumberOf } from '../format.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { parseNumbers } from './trash-restore.ts';

interface EmptyOptions extends EngineOptions {
  readonly yes?: true | undefined;
}

export const registerTrashEmpty: RegisterCommand = (parent, run) => {
  parent
    .command('empty')
    .summary('remove files from the trash for good')
    .description(
      "Removes files from a mirror's trash for good: all of them, or those whose numbers are given. Asks first. Without a terminal to ask on, --yes is needed.",
    )
    .argument('<mirror>', MIRROR_ARGUMENT_TEXT)
    .argument('[numbers...]', 'numbers that vi-sync trash list shows (default: all)')
    .option('--yes', "don't ask")
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync trash empty photos', 'Remove all, after a question'],
        ['vi-sync trash empty photos 12 --yes', 'Remove one without one'],
      ]),
    )
    .action((mirror, numbers, options) =>
      run('trash empty', (context) => emptyTrash(context, mirror, numbers, options)),
    );
};

async function emptyTrash(
  context: CommandContext,
  text: string,
  numbers: readonly string[],
  options: EmptyOptions,
): Promise<Outcome> {
  const { output } = context;
  const ids = parseNumbers(numbers);
  if (ids.length > 500) throw usageFailure('More than 500 numbers at once.', 'Name fewer of them.');
  if (options.yes !== true && (!canAsk() || output.json)) {
    throw usageFailure(
      'Removing files for good needs an answer, and there is nobody to ask.',
      'Add --yes if you are sure.',
    );
  }
  const result = await withEngine(context, options, async (engine) => {
    const mirror = await findMirror(engine, text);
    const { mirrorId } = mirror;
    if (options.yes !== true) {
      const { total } = await engine.call('trash', { mirrorId, limit: 1 });
      const files = formatNumberOf(ids.length === 0 ? total : ids.length, 'file');
      const effect = `${files} will be removed from the trash of ${mirror.folder}, for good.`;
      await askToGoOn(context, effect, 'Nothing was removed.');
    }
    return engine.call('emptyTrash', { mirrorId, ...(ids.length === 0 ? {} : { ids }) });
  });
  return {
    document: result,
    print: (printed) => {
      printed.line(
        `${formatNumberOf(result.removed, 'file')} removed for good (${formatBytes(result.bytes)}).`,
      );
    },
  };
}
