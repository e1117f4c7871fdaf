import path from 'node:path';
import type { EngineApi, MirrorStatus, Preview } from '../../contract.ts';
import { exitCodeOfSync, printSync, type SyncResult, syncDocument, syncMirrors } from '../carry-out.ts';
import {
  type CommandContext,
  type ConnectionOptions,
  ENDPOINT_OPTION,
  examplesText,
  ORGANIZATION_OPTION,
  type Outcome,
  type RegisterCommand,
} from '../command.ts';
import { findCredentials, retryNotes, withCredentials } from '../connection.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { ExitCode } from '../exit-code.ts';
import { askForGo, lookFirst } from '../first-sync.ts';
import { shortId } from '../mirror-argument.ts';
import {
  deletionsOption,
  directionOption,
  duplicatesOption,
  type MirrorSettingOptions,
  retentionOption,
  settingsChangeOf,
} from '../mirror-options.ts';
import { mirrorTitle } from '../mirror-words.ts';
import { idText, pathText } from '../option-values.ts';

interface AddOptions extends EngineOptions, ConnectionOptions, MirrorSettingOptions {
  readonly yes?: true | undefined;
}

export const registerMirrorAdd: RegisterCommand = (parent, run) => {
  parent
    .command('add')
    .summary('mirror a folder to a dataset')
    .description(
      'Mirrors a folder to a dataset. Looks at both sides first, shows what the first sync would do and what it costs, and asks whether to ' +
        'carry it out. Without a terminal and without --yes the mirror waits: vi-sync sync --yes carries it out.',
    )
    .argument('<folder>', 'folder of images', pathText)
    .argument('<dataset>', 'dataset ID', idText)
    .addOption(directionOption())
    .addOption(deletionsOption())
    .addOption(retentionOption())
    .addOption(duplicatesOption())
    .option('--yes', "don't ask, carry the first sync out")
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync mirror add photos abc123', 'Keep a folder and a dataset in step, after a look'],
        ['vi-sync mirror add photos abc123 --direction push', 'Never write to the folder'],
        ['vi-sync mirror add photos abc123 --yes --json', 'From a script'],
      ]),
    )
    .action((folder, dataset, options) =>
      run('mirror add', (context) => addMirror(context, folder, dataset, options)),
    );
};

async function addMirror(
  context: CommandContext,
  folder: string,
  dataset: string,
  options: AddOptions,
): Promise<Outcome> {
  context.describeInterruption(() => ({
    detail: 'The mirror had not been added.',
    suggestion: 'Repeat the command.',
    facts: {},
  }));
  const credentials = await findCredentials(context, options);
  const { organizationId, endpoint } = credentials;
  // A mistyped dataset is told before there is a mirror of it.
  const { datasetId } = await withCredentials(
    credentials,
    (client) => client.datasets.get({ datasetId: dataset, signal: context.signal }),
    retryNotes(context),
  );
  return withEngine(
    context,
    options,
    async (engine) => {
      const { mirrorId } = await engine.call('addMirror', {
        folder: path.resolve(folder),
        endpoint,
        organizationId,
        datasetId,
        settings: settingsChangeOf(options),
      });
      await engine.call('start', { mirrorId });
      return begin(engine, mirrorId, context, options.yes === true);
    },
    { makesData: true },
  );
}

async function begin(
  engine: EngineApi,
  mirrorId: string,
  context: CommandContext,
  yes: boolean,
): Promise<Outcome> {
  context.describeInterruption(() => ({
    detail: 'The mirror has been added, and waits for your go.',
    suggestion: `Run vi-sync sync ${shortId(mirrorId)} to go on.`,
    facts: { mirrorId },
  }));
  const previewed = await lookFirst(engine, mirrorId, context);
  const { mirror, preview } = previewed;
  // Added a second time: its first sync has been agreed to already.
  const hasGo = mirror.isApproved || (await askForGo(previewed, context, yes));
  if (!hasGo) return describeWaiting(mirror, preview);
  await engine.call('go', { mirrorId });
  const results = await syncMirrors(engine, [mirror], context);
  return describeBegun(results, preview);
}

function describeWaiting(mirror: MirrorStatus, preview: Preview): Outcome {
  return {
    document: { ...mirror, preview, isSynced: false },
    print: (output) => {
      output.line(`Added ${mirrorTitle(mirror)}`, 'good');
      output.line(`  ID ${mirror.mirrorId}`);
      output.note(
        `Nothing has been changed yet. vi-sync sync ${shortId(mirror.mirrorId)} --yes carries the first sync out; vi-sync watch stays and keeps both in step after that.`,
      );
    },
  };
}

function describeBegun(results: readonly SyncResult[], preview: Preview): Outcome {
  const exitCode = exitCodeOfSync(results);
  const [result] = results;
  return {
    // The mirror is there, whatever became of its first sync.
    exitCode: exitCode === ExitCode.FAILED ? ExitCode.DONE_IN_PART : exitCode,
    document: result === undefined ? {} : { ...syncDocument(result), preview, isSynced: true },
    print: (output) => {
      for (const each of results) printSync(output, each);
      output.note('vi-sync watch stays and keeps both in step.');
    },
  };
}
