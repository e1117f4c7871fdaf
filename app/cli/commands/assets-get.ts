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
import { idText } from '../option-values.ts';

interface GetAssetOptions extends ConnectionOptions {
  readonly contents?: true | undefined;
}

export const registerAssetsGet: RegisterCommand = (parent, run) => {
  parent
    .command('get')
    .summary('show one asset')
    .description('Shows one asset of a dataset.')
    .argument('<dataset>', 'dataset ID', idText)
    .argument('<asset>', 'asset ID', idText)
    .option(
      '--contents',
      'add download links; whoever has one can fetch the file until the link expires, without a key',
    )
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync assets get abc123 xyz789', 'Show an asset'],
        ['vi-sync assets get abc123 xyz789 --json', 'Everything that the service says about it'],
      ]),
    )
    .action((dataset, asset, options) =>
      run('assets get', (context) => getAsset(context, dataset, asset, options)),
    );
};

async function getAsset(
  context: CommandContext,
  datasetId: string,
  assetId: string,
  options: GetAssetOptions,
): Promise<Outcome> {
  const { contents = false } = options;
  const asset = await withClient(context, options, (client) =>
    client.assets.get({ datasetId, assetId, contents, signal: context.signal }),
  );
  return {
    document: asset,
    print: (output) => {
      for (const line of asset.info().split('\n')) output.line(line);
      for (const [name, link] of Object.entries(asset.contents ?? {})) {
        if (link !== undefined) output.line(`  ${`Link (${name}):`.padEnd(16)} ${link.url}`);
      }
    },
  };
}
