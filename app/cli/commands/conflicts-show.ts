import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { CommandFailure } from '../failure.ts';
import { findHold, HOLD_ARGUMENT_TEXT } from '../hold-argument.ts';
import { holdLines } from '../hold-words.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';

export const registerConflictsShow: RegisterCommand = (parent, run) => {
  parent
    .command('show')
    .summary('show what is at stake')
    .description(
      'Shows one question with both sides, the annotations that its asset has at this moment, and what can be answered.',
    )
    .argument('<mirror>', MIRROR_ARGUMENT_TEXT)
    .argument('<path>', HOLD_ARGUMENT_TEXT)
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([['vi-sync conflicts show photos train/a.jpg', 'Look before you answer']]),
    )
    .action((mirror, path, options) =>
      run('conflicts show', (context) => showConflict(context, mirror, path, options)),
    );
};

async function showConflict(
  context: CommandContext,
  mirrorText: string,
  path: string,
  options: EngineOptions,
): Promise<Outcome> {
  const { hold, annotationsByTag } = await withEngine(context, options, async (engine) => {
    const mirror = await findMirror(engine, mirrorText);
    const { item } = await findHold(engine, mirror, path);
    return engine.call('hold', { mirrorId: mirror.mirrorId, item });
  });
  if (hold === null) throw new CommandFailure(goneMeanwhile);
  return {
    document: { ...hold, annotationsByTag },
    print: (output) => {
      output.line(hold.path, 'bold');
      output.line(
        `${hold.problem.title} (${hold.reason})${hold.isOptional ? ', left alone without an answer' : ''}`,
        'warning',
      );
      output.line(hold.problem.detail);
      for (const line of holdLines(hold, annotationsByTag)) output.line(`  ${line}`);
      output.line(hold.problem.suggestion);
    },
  };
}

const goneMeanwhile = {
  code: 'no-hold',
  title: 'Nothing to answer there any more.',
  detail: 'Either side has changed meanwhile.',
  suggestion: 'Look at vi-sync conflicts list again.',
};
