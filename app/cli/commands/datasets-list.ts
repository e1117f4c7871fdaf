import type { Dataset } from '../../vi/datasets/dataset.ts';
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
import { formatCount } from '../format.ts';
import { DEFAULT_LIMIT, printListing } from '../listing.ts';
import { wholeNumber } from '../option-values.ts';
import type { Column } from '../table.ts';

interface ListDatasetsOptions extends ConnectionOptions {
  readonly limit: number;
  readonly pageToken?: string | undefined;
  readonly all?: true | undefined;
}

export const registerDatasetsList: RegisterCommand = (parent, run) => {
  parent
    .command('list')
    .summary('list the datasets of the organization')
    .description('Lists the datasets of the organization.')
    .option('--limit <n>', 'show at most this many', wholeNumber(1), DEFAULT_LIMIT)
    .option('--page-token <token>', 'go on where an earlier listing ended')
    .option('--all', 'show all, however many there are')
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync datasets list', 'Find the ID of a dataset'],
        ['vi-sync datasets list --all --json', 'All of them for a script'],
      ]),
    )
    .action((options) => run('datasets list', (context) => listDatasets(context, options)));
};

const columns: readonly Column<Dataset>[] = [
  { title: 'NAME', value: (dataset) => dataset.name },
  { title: 'TYPE', value: (dataset) => dataset.type ?? '–' },
  { title: 'ASSETS', align: 'right', value: (dataset) => countText(dataset.statistic.assetTotal) },
  { title: 'ANNOTATIONS', align: 'right', value: (dataset) => countText(dataset.statistic.annotationTotal) },
  { title: 'ID', value: (dataset) => dataset.datasetId },
];

function countText(count: number | undefined): string {
  return count === undefined ? '–' : formatCount(count);
}

function listDatasets(context: CommandContext, options: ListDatasetsOptions): Promise<Outcome> {
  const { signal } = context;
  return withClient(context, options, (client) =>
    printListing(
      context,
      { limit: options.all ? null : options.limit, pageToken: options.pageToken, noun: 'dataset' },
      columns,
      (pagination) => client.datasets.list({ pagination, signal }),
    ),
  );
}
