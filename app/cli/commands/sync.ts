import type { EngineApi, MirrorStatus } from '../../contract.ts';
import { exitCodeOfSync, printSync, type SyncResult, syncDocument, syncMirrors } from '../carry-out.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { askForGo, lookFirst } from '../first-sync.ts';
import { findMirrors, MIRROR_ARGUMENT_TEXT, shortId } from '../mirror-argument.ts';

interface SyncOptions extends EngineOptions {
  readonly all?: true | undefined;
  readonly yes?: true | undefined;
}

export const registerSync: RegisterCommand = (parent, run) => {
  parent
    .command('sync')
    .summary('bring folder and dataset in step once')
    .description(
      'Looks at both sides of a mirror, does what is to be done, and ends when nothing is left that needs no answer. A first sync shows what ' +
        'it would do and asks for your go. Exit code 3 when something waits for an answer or has a problem, 1 when nothing could be done.',
    )
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .option('--all', 'all mirrors')
    .option('--yes', "don't ask, carry first syncs out")
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync sync photos', 'Bring one folder in step'],
        ['vi-sync sync --all --json', 'Everything, told to a script'],
        ['vi-sync sync photos --yes', 'Give the go for a first sync'],
      ]),
    )
    .action((mirror, options) => run('sync', (context) => sync(context, mirror, options)));
};

async function sync(
  context: CommandContext,
  text: string | undefined,
  options: SyncOptions,
): Promise<Outcome> {
  const results = await withEngine(context, options, async (engine) => {
    const mirrors = await findMirrors(engine, text, options.all === true);
    for (const { mirrorId } of mirrors) await engine.call('start', { mirrorId });
    for (const mirror of mirrors) {
      if (!mirror.isApproved) await getGo(engine, mirror, context, options.yes === true);
    }
    return syncMirrors(engine, mirrors, context);
  });
  return describeSync(results);
}

async function getGo(
  engine: EngineApi,
  { mirrorId }: MirrorStatus,
  context: CommandContext,
  yes: boolean,
): Promise<void> {
  const previewed = await lookFirst(engine, mirrorId, context);
  if (await askForGo(previewed, context, yes)) await engine.call('go', { mirrorId });
}

function describeSync(results: readonly SyncResult[]): Outcome {
  return {
    exitCode: exitCodeOfSync(results),
    document: { mirrors: results.map(syncDocument) },
    print: (output) => {
      for (const result of results) {
        printSync(output, result);
        const { phase, isApproved, mirrorId } = result.mirror;
        if (phase === 'preview' && !isApproved) {
          output.note(
            `Nothing has been changed. vi-sync sync ${shortId(mirrorId)} --yes carries the first sync out.`,
          );
        }
      }
    },
  };
}
