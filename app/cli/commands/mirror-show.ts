import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { settingLines } from '../mirror-options.ts';
import { printMirror } from '../mirror-words.ts';

export const registerMirrorShow: RegisterCommand = (parent, run) => {
  parent
    .command('show')
    .summary('show one mirror and its settings')
    .description(
      'Shows one mirror: what it is doing, what waits for an answer, where its dataset is, what it has been told.',
    )
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync mirror show photos', 'The mirror of a folder'],
        ['vi-sync mirror show photos --json', 'Everything about it, for a script'],
      ]),
    )
    .action((mirror, options) => run('mirror show', (context) => showMirror(context, mirror, options)));
};

async function showMirror(
  context: CommandContext,
  text: string | undefined,
  options: EngineOptions,
): Promise<Outcome> {
  const { mirror, holds } = await withEngine(context, options, async (engine) => {
    const found = await findMirror(engine, text);
    const { counts } = await engine.call('holdCounts', { mirrorId: found.mirrorId });
    return { mirror: found, holds: counts };
  });
  return {
    document: { ...mirror, holds },
    print: (output) => {
      printMirror(output, mirror, holds);
      const lines = [
        ['ID', mirror.mirrorId],
        ['dataset', mirror.datasetId],
        ['organization', mirror.organizationId],
        ['service', mirror.sandbox ? `${mirror.endpoint} (sandbox)` : mirror.endpoint],
        ...settingLines(mirror.settings),
      ];
      for (const [name = '', value = ''] of lines) output.line(`  ${name.padEnd(14)}${value}`);
    },
  };
}
