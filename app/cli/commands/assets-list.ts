import { Option } from '@commander-js/extra-typings';
import type { Asset } from '../../vi/assets/asset.ts';
import { SortCriterion, SortOrder } from '../../vi/assets/enums.ts';
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
import { usageFailure } from '../failure.ts';
import { formatBytes, formatCount } from '../format.ts';
import { DEFAULT_LIMIT, printListing } from '../listing.ts';
import { idText, wholeNumber } from '../option-values.ts';
import type { Column } from '../table.ts';

const SORTS = {
  filename: SortCriterion.FILENAME,
  size: SortCriterion.METADATA_FILE_SIZE,
  modified: SortCriterion.LAST_MODIFIED_CONTENTS,
  id: SortCriterion.ASSET_ID,
} as const;
type SortName = keyof typeof SORTS;

interface ListAssetsOptions extends ConnectionOptions {
  readonly sort?: SortName | undefined;
  readonly desc?: true | undefined;
  readonly query?: string | undefined;
  readonly filter?: string | undefined;
  readonly limit: number;
  readonly pageToken?: string | undefined;
  readonly all?: true | undefined;
}

export const registerAssetsList: RegisterCommand = (parent, run) => {
  parent
    .command('list')
    .summary('list the assets of a dataset')
    .description('Lists the assets of a dataset: filename, size, pixels, annotations, ID.')
    .argument('<dataset>', 'dataset ID', idText)
    .addOption(
      new Option('--sort <by>', "order of the list; without it, the service's own").choices([
        'filename',
        'size',
        'modified',
        'id',
      ] as const),
    )
    .option('--desc', 'the other way round: largest, newest, last first')
    .option('--query <query>', 'only assets whose custom metadata match, as the service understands it')
    .option('--filter <filter>', "only assets that match a filter, in the service's form (text or JSON)")
    .option('--limit <n>', 'show at most this many', wholeNumber(1), DEFAULT_LIMIT)
    .option('--page-token <token>', 'go on where an earlier listing ended')
    .option('--all', 'show all, however many there are')
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync assets list abc123 --sort size --desc --limit 10', 'The ten largest'],
        ['vi-sync assets list abc123 --query \'camera == "front"\'', 'Those of one camera'],
        ['vi-sync assets list abc123 --all --json > assets.json', 'All of them for a script'],
      ]),
    )
    .action((dataset, options) => run('assets list', (context) => listAssets(context, dataset, options)));
};

const columns: readonly Column<Asset>[] = [
  { title: 'FILENAME', value: (asset) => asset.filename },
  { title: 'SIZE', align: 'right', value: ({ metadata }) => known(metadata.fileSize, formatBytes) },
  { title: 'PIXELS', align: 'right', value: ({ metadata }) => pixels(metadata) },
  {
    title: 'ANNOTATIONS',
    align: 'right',
    value: ({ metadata }) => known(metadata.annotations?.total, formatCount),
  },
  { title: 'ID', value: (asset) => asset.assetId },
];

function known(number: number | undefined, format: (number: number) => string): string {
  return number === undefined ? '–' : format(number);
}

function pixels({ width, height }: Asset['metadata']): string {
  return width === undefined || height === undefined ? '–' : `${width}×${height}`;
}

async function listAssets(
  context: CommandContext,
  datasetId: string,
  options: ListAssetsOptions,
): Promise<Outcome> {
  const { sort, desc, query, filter } = options;
  if (desc && sort === undefined) {
    throw usageFailure('--desc needs an order to reverse.', 'Add --sort, for example --sort size.');
  }
  const sortBy =
    sort === undefined ? undefined : { criterion: SORTS[sort], order: desc ? SortOrder.DESC : SortOrder.ASC };
  return withClient(context, options, (client) =>
    printListing(
      context,
      { limit: options.all ? null : options.limit, pageToken: options.pageToken, noun: 'asset' },
      columns,
      (pagination) =>
        client.assets.list({
          datasetId,
          pagination,
          sortBy,
          metadataQuery: query,
          filter,
          signal: context.signal,
        }),
    ),
  );
}
