import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { lookFirst } from '../first-sync.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT, shortId } from '../mirror-argument.ts';
import { mirrorTitle } from '../mirror-words.ts';
import { changesAnything, previewLines } from '../preview-lines.ts';

export const registerPreview: RegisterCommand = (parent, run) => {
  parent
    .command('preview')
    .summary('show what a sync would do and what it costs')
    .description(
      'Looks at both sides of a mirror and shows what a sync would do: files, bytes, data rows of your quota, sessions and their wait, and what ' +
        'would wait for an answer. Changes nothing, unless the mirror is being watched: then the changes are carried out as always.',
    )
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync preview photos', 'Look before you sync'],
        ['vi-sync preview photos --json', 'The numbers for a script'],
      ]),
    )
    .action((mirror, options) => run('preview', (context) => showPreview(context, mirror, options)));
};

async function showPreview(
  context: CommandContext,
  text: string | undefined,
  options: EngineOptions,
): Promise<Outcome> {
  const { mirror, preview } = await withEngine(context, options, async (engine) => {
    const { mirrorId } = await findMirror(engine, text);
    await engine.call('start', { mirrorId, looksOnly: true });
    await engine.call('syncNow', { mirrorId });
    return lookFirst(engine, mirrorId, context);
  });
  return {
    document: { ...preview, mirrorId: mirror.mirrorId },
    print: (output) => {
      output.line(mirrorTitle(mirror), 'bold');
      for (const line of previewLines(preview)) output.line(line);
      if (!mirror.isApproved)
        output.note(`vi-sync sync ${shortId(mirror.mirrorId)} asks for your go and carries it out.`);
      else if (changesAnything(preview))
        output.note(`vi-sync sync ${shortId(mirror.mirrorId)} carries it out.`);
    },
  };
}
