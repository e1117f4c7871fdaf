import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { usageFailure } from '../failure.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import {
  deletionsOption,
  directionOption,
  duplicatesOption,
  type MirrorSettingOptions,
  retentionOption,
  settingLines,
  settingsChangeOf,
} from '../mirror-options.ts';
import { mirrorTitle } from '../mirror-words.ts';

interface ChangeOptions extends EngineOptions, MirrorSettingOptions {}

export const registerMirrorChange: RegisterCommand = (parent, run) => {
  parent
    .command('change')
    .summary('change what a mirror has been told')
    .description(
      'Changes what a mirror has been told. What is left out stays as it is; everything is decided anew.',
    )
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .addOption(directionOption())
    .addOption(deletionsOption())
    .addOption(retentionOption())
    .addOption(duplicatesOption())
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync mirror change photos --deletions ask', 'Be asked about the asset when a file is deleted'],
        ['vi-sync mirror change photos --direction pull --retention default', 'Two settings at once'],
      ]),
    )
    .action((mirror, options) => run('mirror change', (context) => changeMirror(context, mirror, options)));
};

async function changeMirror(
  context: CommandContext,
  text: string | undefined,
  options: ChangeOptions,
): Promise<Outcome> {
  const settings = settingsChangeOf(options);
  if (Object.keys(settings).length === 0) {
    throw usageFailure(
      'There is nothing to change.',
      'Name at least one setting: see vi-sync mirror change --help.',
    );
  }
  const mirror = await withEngine(context, options, async (engine) => {
    const { mirrorId } = await findMirror(engine, text);
    await engine.call('changeMirror', { mirrorId, settings });
    return findMirror(engine, mirrorId);
  });
  return {
    document: mirror,
    print: (output) => {
      output.line(mirrorTitle(mirror), 'bold');
      for (const [name, value] of settingLines(mirror.settings)) {
        output.line(`  ${name.padEnd(14)}${value}`);
      }
    },
  };
}
