import { askToGoOn, canAsk } from '../ask.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { usageFailure } from '../failure.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { mirrorTitle } from '../mirror-words.ts';

interface RemoveOptions extends EngineOptions {
  readonly yes?: true | undefined;
}

export const registerMirrorRemove: RegisterCommand = (parent, run) => {
  parent
    .command('remove')
    .summary('forget a mirror')
    .description(
      'Forgets a mirror. The folder, the dataset and what lies in the trash stay as they are; what was known of both sides, and what you have ' +
        'answered, is forgotten. Asks first.',
    )
    .argument('<mirror>', MIRROR_ARGUMENT_TEXT)
    .option('--yes', "don't ask")
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([['vi-sync mirror remove photos', 'Mirror a folder no longer, after a question']]),
    )
    .action((mirror, options) => run('mirror remove', (context) => removeMirror(context, mirror, options)));
};

async function removeMirror(context: CommandContext, text: string, options: RemoveOptions): Promise<Outcome> {
  const { output } = context;
  if (options.yes !== true && (!canAsk() || output.json)) {
    throw usageFailure(
      'Removing a mirror needs an answer, and there is nobody to ask.',
      'Add --yes if you are sure. Folder and dataset stay as they are.',
    );
  }
  const mirror = await withEngine(context, options, async (engine) => {
    const found = await findMirror(engine, text);
    if (options.yes !== true) {
      const effect = `${mirrorTitle(found)} will be mirrored no longer. Folder and dataset stay as they are.`;
      await askToGoOn(context, effect, 'The mirror was not removed.');
    }
    await engine.call('removeMirror', { mirrorId: found.mirrorId });
    return found;
  });
  return {
    document: { removed: mirror.mirrorId, folder: mirror.folder, datasetId: mirror.datasetId },
    print: (result) => {
      result.line(`No longer mirrored: ${mirrorTitle(mirror)}`);
      result.note('Folder and dataset are as they were.');
    },
  };
}
