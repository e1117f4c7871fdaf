import type { Problem } from '../../contract.ts';
import type { Asset } from '../../vi/assets/asset.ts';
import type { ViClient } from '../../vi/client.ts';
import { askYes, canAsk } from '../ask.ts';
import {
  type CommandContext,
  type ConnectionOptions,
  ENDPOINT_OPTION,
  examplesText,
  ORGANIZATION_OPTION,
  type Outcome,
  type RegisterCommand,
} from '../command.ts';
import { withClient } from '../connection.ts';
import { ExitCode } from '../exit-code.ts';
import { CommandFailure, problemOf, usageFailure } from '../failure.ts';
import { formatNumberOf } from '../format.ts';
import { eachOf, idText } from '../option-values.ts';

interface DeleteOptions extends ConnectionOptions {
  readonly yes?: true | undefined;
}

export const registerAssetsDelete: RegisterCommand = (parent, run) => {
  parent
    .command('delete')
    .summary('delete assets, and their annotations with them')
    .description(
      'Deletes assets of a dataset, and their annotations with them, for good. Asks first, and says how many annotations would be ' +
        'lost. Without a terminal to ask on, --yes is needed.',
    )
    .argument('<dataset>', 'dataset ID', idText)
    .argument('<assets...>', 'asset IDs', eachOf(idText))
    .option('--yes', "don't ask")
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync assets delete abc123 xyz789', 'Delete one asset after a question'],
        ['vi-sync assets delete abc123 xyz788 xyz789 --yes', 'Delete two without one'],
      ]),
    )
    .action((dataset, assets, options) =>
      run('assets delete', (context) => deleteAssets(context, dataset, [...new Set(assets)], options)),
    );
};

interface Deletion {
  readonly deleted: { assetId: string; filename: string; annotations: number | null }[];
  readonly failed: { assetId: string; error: Problem }[];
}

async function deleteAssets(
  context: CommandContext,
  datasetId: string,
  assetIds: readonly string[],
  options: DeleteOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  if (!options.yes && (!canAsk() || output.json)) {
    throw usageFailure(
      'Deleting needs an answer, and there is nobody to ask.',
      'Add --yes if you are sure. The annotations of the assets are lost with them.',
    );
  }
  const deletion: Deletion = { deleted: [], failed: [] };
  context.describeInterruption(() => ({
    detail: `${deletion.deleted.length} of ${formatNumberOf(assetIds.length, 'asset')} deleted.`,
    suggestion: 'Repeat the command to delete the rest.',
    facts: { ...deletion },
  }));
  await withClient(context, options, async (client) => {
    const assets: Asset[] = [];
    for (const assetId of assetIds) {
      await orFailed(deletion, assetId, signal, async () => {
        assets.push(await client.assets.get({ datasetId, assetId, signal }));
      });
    }
    if (assets.length > 0 && !options.yes) await askFirst(assets, signal);
    for (const asset of assets) {
      await orFailed(deletion, asset.assetId, signal, () =>
        deleteOne(client, asset, options, signal, deletion),
      );
    }
  });
  return describeDeletion(deletion);
}

async function orFailed(
  deletion: Deletion,
  assetId: string,
  signal: AbortSignal,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (signal.aborted) throw error;
    deletion.failed.push({ assetId, error: problemOf(error) });
  }
}

async function askFirst(assets: readonly Asset[], signal: AbortSignal): Promise<void> {
  const { sanitize } = await import('../sanitize.ts');
  const [first] = assets;
  const what =
    assets.length === 1 && first !== undefined
      ? `“${sanitize(first.filename)}”`
      : formatNumberOf(assets.length, 'asset');
  const answer = await askYes(`Delete ${what} and ${annotationsAtStake(assets)}, for good?`, signal);
  if (!answer) {
    throw new CommandFailure({
      code: 'declined',
      title: 'Nothing was deleted.',
      detail: 'The answer was no.',
      suggestion: 'Repeat the command to be asked again.',
    });
  }
}

function annotationsAtStake(assets: readonly Asset[]): string {
  const unknown = assets.some((asset) => asset.metadata.annotations === undefined);
  const count = assets.reduce((sum, asset) => sum + (asset.metadata.annotations?.total ?? 0), 0);
  if (unknown) return count === 0 ? 'an unknown number of annotations' : `at least ${count} annotations`;
  return count === 0 ? 'no annotations' : formatNumberOf(count, 'annotation');
}

async function deleteOne(
  client: ViClient,
  asset: Asset,
  options: DeleteOptions,
  signal: AbortSignal,
  deletion: Deletion,
): Promise<void> {
  const { assetId, datasetId, filename } = asset;
  const annotations = asset.metadata.annotations?.total ?? null;
  if (!options.yes) {
    // The answer was given for the number that was shown; somebody may have gone on annotating meanwhile.
    const now = (await client.assets.get({ datasetId, assetId, signal })).metadata.annotations?.total ?? null;
    if (now !== annotations) {
      throw new CommandFailure({
        code: 'annotations-changed',
        title: 'Its annotations have changed.',
        detail: `“${filename}” had ${annotations ?? 'an unknown number of'} annotations when you were asked, and has ${now ?? 'an unknown number'} now. It was not deleted.`,
        suggestion: 'Repeat the command to decide again.',
      });
    }
  }
  await client.assets.delete({ datasetId, assetId, signal });
  deletion.deleted.push({ assetId, filename, annotations });
}

function describeDeletion({ deleted, failed }: Deletion): Outcome {
  const exitCode =
    failed.length === 0 ? ExitCode.DONE : deleted.length > 0 ? ExitCode.DONE_IN_PART : ExitCode.FAILED;
  return {
    exitCode,
    document: { deleted, failed },
    print: (output) => {
      for (const { filename, assetId, annotations } of deleted) {
        const lost = annotations ? ` with ${formatNumberOf(annotations, 'annotation')}` : '';
        output.line(`Deleted ${filename} (${assetId})${lost}.`, 'good');
      }
      for (const { assetId, error } of failed) {
        output.note(`Not deleted: ${assetId}. ${error.title} ${error.detail} ${error.suggestion}`, 'bad');
      }
    },
  };
}
