import type { ConflictKind, FrozenDifference, MappingReason, PullResult } from '../../pull/index.ts';
import type { ViClient } from '../../vi/client.ts';
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
import { problemOf, usageFailure } from '../failure.ts';
import { formatBytes, formatCount, formatNumberOf } from '../format.ts';
import { idText, pathText } from '../option-values.ts';
import type { Output } from '../output.ts';
import { printSome } from '../print-some.ts';
import { startProgress } from '../progress.ts';
import { registerPullDiff } from './pull-diff.ts';
import { registerPullVerify } from './pull-verify.ts';

interface PullCommandOptions extends ConnectionOptions {
  readonly query?: string | undefined;
  readonly filter?: string | undefined;
  readonly ruleQuery?: string | undefined;
  readonly strictQuery?: true | undefined;
  readonly frozen?: true | undefined;
  readonly overwrite?: true | undefined;
}

export const registerPull: RegisterCommand = (parent, run) => {
  const pullCommand = parent
    .command('pull')
    .usage('[options] <dataset> <folder>')
    .summary('pull a dataset into a folder, with a lock file')
    .description(
      'Pulls a dataset, or what a query of it gives, into a folder: folder structure restored, every file checked against its size and hash ' +
        'before it gets its name. Writes vi-sync.lock.json, which says what is in the folder: pull verify reads the files again, pull diff ' +
        'tells what has changed in the dataset since, and --frozen brings exactly what the lock file says. A pull that was ended or killed goes ' +
        'on when it is repeated. Files that differ are kept unless --overwrite is given (exit code 3); then their old versions are in ' +
        '.vi-sync/trash.',
    )
    .argument('<dataset>', 'dataset ID', idText)
    .argument('<folder>', 'folder to pull into', pathText)
    .option('--query <query>', 'only assets whose custom metadata match, as the service understands it')
    .option('--filter <filter>', "only assets that match a filter, in the service's form (text or JSON)")
    .option('--rule-query <query>', 'only assets that match a rule query, as the service understands it')
    .option('--strict-query', 'have the service compare strictly')
    .option('--frozen', 'reproduce the lock file, or say what differs from it; the lock file stays as it is')
    .option('--overwrite', 'replace files that differ; their old versions go to the trash')
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync pull abc123 data', 'Pull a dataset into the folder data'],
        ['vi-sync pull abc123 data --query \'camera == "front"\'', 'Some of it'],
        ['vi-sync pull abc123 data --frozen', 'On another machine: the same files, to the byte, or an error'],
        [
          'vi-sync pull verify data && vi-sync pull diff data',
          'Is it as it was pulled, and is that still the dataset?',
        ],
      ]),
    )
    // Options behind `verify` and `diff` are theirs.
    .enablePositionalOptions()
    .action((dataset, folder, options) => run('pull', (context) => pull(context, dataset, folder, options)));
  registerPullVerify(pullCommand, run);
  registerPullDiff(pullCommand, run);
};

async function pull(
  context: CommandContext,
  datasetId: string,
  folder: string,
  options: PullCommandOptions,
): Promise<Outcome> {
  const { query, filter, ruleQuery, strictQuery, frozen } = options;
  if (frozen && (query ?? filter ?? ruleQuery ?? strictQuery) !== undefined) {
    throw usageFailure(
      '--frozen takes no query: the lock file says which assets.',
      'Leave the query out, or --frozen.',
    );
  }
  const result = await withClient(context, options, (client) =>
    pullWith(client, context, datasetId, folder, options),
  );
  return describePull(result);
}

const ACTIVITIES = {
  listing: 'Listing',
  checking: 'Checking',
  fetching: 'Pulling',
  done: 'Pulling',
} as const;

async function pullWith(
  client: ViClient,
  context: CommandContext,
  datasetId: string,
  folder: string,
  options: PullCommandOptions,
): Promise<PullResult> {
  const { query, filter, ruleQuery, strictQuery, frozen, overwrite } = options;
  const done = { files: 0, total: 0, bytes: 0 };
  context.describeInterruption(() => ({
    detail: `${formatCount(done.files)} of ${formatNumberOf(done.total, 'file')} done (${formatBytes(done.bytes)} fetched). No unfinished file is among them.`,
    suggestion: 'Repeat the command to go on.',
    facts: { filesDone: done.files, filesTotal: done.total, bytesDone: done.bytes },
  }));
  const { pullDataset } = await import('../../pull/index.ts');
  const progress = await startProgress(context.output);
  try {
    return await pullDataset({
      client,
      datasetId,
      folder,
      query: { metadataQuery: query, filter, ruleQuery, strictQuery },
      frozen,
      overwrite,
      signal: context.signal,
      onProgress: ({ phase, filesDone, filesTotal, bytesDone, bytesTotal }) => {
        done.files = phase === 'checking' ? 0 : filesDone;
        done.total = filesTotal;
        done.bytes = bytesDone;
        progress.update({
          activity: ACTIVITIES[phase],
          filesDone,
          filesTotal,
          bytesDone,
          bytesTotal,
          totalsKnown: phase !== 'listing',
        });
      },
    });
  } finally {
    progress.stop();
  }
}

function describePull(result: PullResult): Outcome {
  const { totalPulled, totalSame, failures, stopped, ...facts } = result;
  const some = totalPulled + totalSame > 0;
  return {
    exitCode: result.complete ? ExitCode.DONE : some ? ExitCode.DONE_IN_PART : ExitCode.FAILED,
    document: {
      ...facts,
      totalPulled,
      totalSame,
      failures: failures.map(({ error: _, ...failure }) => failure),
      stopped: stopped === null ? null : problemOf(stopped),
    },
    print: (output) => printPull(output, result),
  };
}

const CONFLICTS: Readonly<Record<ConflictKind, string>> = {
  'changed-in-dataset': 'as it was pulled, but the dataset has another version by now',
  'changed-here': 'changed here since it was pulled',
  'other-file': 'another file, which no pull has put there',
  'no-file': 'a folder or a link is in its place, or on the way to it',
  busy: 'it was written to while it was pulled',
};

const DIFFERENCES: Readonly<Record<FrozenDifference['kind'], string>> = {
  gone: 'its asset is not in the dataset any more',
  changed: 'its asset has other content by now',
  renamed: 'its asset is called something else by now',
};

const MAPPINGS: Readonly<Record<MappingReason, string>> = {
  name: 'no disk, or not this one, can hold its name',
  path: 'the path that was left with it can’t be made here',
  taken: 'another asset has its place',
};

function printPull(output: Output, result: PullResult): void {
  const { complete, totalFiles, totalPulled, totalSame, totalBytes, totalUnverified, totalNotTried } = result;
  const { conflicts, failures, differences, mapped, replaced, leftOver, stopped } = result;
  output.line(
    `Pulled ${formatCount(totalPulled)} of ${formatNumberOf(totalFiles, result.frozen ? 'file' : 'asset')} (${formatBytes(totalBytes)}) to ${result.folder}.`,
    complete ? 'good' : 'warning',
  );
  if (totalSame > 0) output.line(`${formatNumberOf(totalSame, 'file')} there already, and the same.`);
  printSome(
    output,
    differences,
    `${formatNumberOf(differences.length, 'file')} can’t be reproduced:`,
    ({ path, kind, filenameNow }) =>
      `${path}: ${DIFFERENCES[kind]}${filenameNow === null ? '' : ` (${filenameNow})`}`,
  );
  printSome(
    output,
    conflicts,
    `${formatNumberOf(conflicts.length, 'file')} kept as they are, which differ:`,
    ({ path, kind }) => `${path}: ${CONFLICTS[kind]}`,
  );
  printSome(
    output,
    failures,
    `${formatNumberOf(failures.length, 'file')} failed:`,
    ({ path, message }) => `${path}: ${message}`,
  );
  printSome(
    output,
    mapped,
    `${formatNumberOf(mapped.length, 'file')} under another name or in another place than the asset says:`,
    ({ filename, path, reason }) => `${filename} as ${path}: ${MAPPINGS[reason]}`,
  );
  printSome(
    output,
    replaced,
    `${formatNumberOf(replaced.length, 'file')} replaced; the old versions are in the trash:`,
    ({ path, trashPath }) => `${path}: ${trashPath}`,
  );
  printSome(
    output,
    leftOver,
    `${formatNumberOf(leftOver.length, 'file')} of an earlier pull that the dataset does not have (any more), left as they are:`,
    (path) => path,
  );
  if (totalUnverified > 0) {
    output.line(
      `${formatNumberOf(totalUnverified, 'file')} could only be checked by size: the service gives no hash.`,
    );
  }
  if (stopped !== null) {
    output.line(`Stopped with ${formatNumberOf(totalNotTried, 'file')} not tried: ${stopped.message}`, 'bad');
    output.line(`  What to do: ${stopped.suggestion} Then repeat the command to go on.`);
  }
  if (conflicts.length > 0)
    output.note('--overwrite replaces files that differ, and keeps the old ones in the trash.');
  if (differences.length > 0) output.note('A pull without --frozen brings what the dataset has now.');
}
