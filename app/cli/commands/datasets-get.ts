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
import { formatCount, formatTime } from '../format.ts';
import { idText } from '../option-values.ts';

export const registerDatasetsGet: RegisterCommand = (parent, run) => {
  parent
    .command('get')
    .summary('show one dataset')
    .description('Shows one dataset: its name, type, and how many assets and annotations it has.')
    .argument('<dataset>', 'dataset ID', idText)
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync datasets get abc123', 'Show a dataset'],
        ['vi-sync datasets get abc123 --json', 'Everything that the service says about it'],
      ]),
    )
    .action((dataset, options) => run('datasets get', (context) => getDataset(context, dataset, options)));
};

async function getDataset(
  context: CommandContext,
  datasetId: string,
  options: ConnectionOptions,
): Promise<Outcome> {
  const dataset = await withClient(context, options, (client) =>
    client.datasets.get({ datasetId, signal: context.signal }),
  );
  return {
    document: dataset,
    print: (output) => {
      for (const [label, value] of datasetLines(dataset)) output.line(`${label.padEnd(18)}${value}`);
    },
  };
}

function datasetLines(dataset: Dataset): [label: string, value: string][] {
  const { assetTotal, assetAnnotated, annotationTotal, tagsCount } = dataset.statistic;
  const count = (number: number | undefined) => (number === undefined ? 'unknown' : formatCount(number));
  const lines: [string, string][] = [
    ['Name', dataset.name],
    ['Dataset ID', dataset.datasetId],
    ['Organization ID', dataset.organizationId],
    ['Type', dataset.type ?? 'unknown'],
    ['Assets', count(assetTotal)],
    ['  annotated', count(assetAnnotated)],
    ['Annotations', count(annotationTotal)],
  ];
  if (dataset.createDate !== undefined) lines.push(['Created', formatTime(dataset.createDate)]);
  if (dataset.isLocked === true) lines.push(['Locked', 'yes']);
  if (dataset.description) lines.push(['Description', dataset.description]);
  for (const [tag, number] of Object.entries(tagsCount ?? {})) lines.push([`  tag ${tag}`, count(number)]);
  return lines;
}
