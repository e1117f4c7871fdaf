import type { Difference, PullDiff } from '../../pull/index.ts';
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
import { formatBytes, formatCount } from '../format.ts';
import type { Output } from '../output.ts';
import { startProgress } from '../progress.ts';

export const registerPullDiff: RegisterCommand = (parent, run) => {
  parent
    .command('diff')
    .summary('compare a lock file with the dataset, or with another lock file')
    .description(
      'Tells what has been added to, removed from, changed and renamed in a dataset since a folder was pulled, or between two lock files. ' +
        'Fetches nothing. Exit code 0 when nothing differs, 3 when something does.',
    )
    .argument('<folder>', 'folder of an earlier pull, or a lock file')
    .argument('[other]', 'another folder or lock file, the newer one; the dataset as it is now when left out')
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync pull diff data', 'What would a pull bring?'],
        ['vi-sync pull diff before.lock.json data', 'What has the last pull brought?'],
        ['vi-sync pull diff data --json', 'The same for a script'],
      ]),
    )
    .action((folder, other, options) => run('pull diff', (context) => diff(context, folder, other, options)));
};

async function diff(
  context: CommandContext,
  folder: string,
  other: string | undefined,
  options: ConnectionOptions,
): Promise<Outcome> {
  const { diffDataset, diffLocks, readLock } = await import('../../pull/index.ts');
  const lock = await readLock(folder);
  if (other !== undefined) return describeDiff(diffLocks(lock, await readLock(other)));
  const progress = await startProgress(context.output);
  try {
    const found = await withClient(context, options, (client) =>
      diffDataset({
        client,
        lock,
        signal: context.signal,
        onListed: (count) =>
          progress.update({
            activity: 'Listing',
            filesDone: 0,
            filesTotal: count,
            bytesDone: 0,
            bytesTotal: 0,
            totalsKnown: false,
          }),
      }),
    );
    return describeDiff(found);
  } finally {
    progress.stop();
  }
}

function describeDiff(found: PullDiff): Outcome {
  return {
    exitCode: found.differences.length === 0 ? ExitCode.DONE : ExitCode.DONE_IN_PART,
    document: found,
    print: (output) => printDiff(output, found),
  };
}

function printDiff(output: Output, { differences, totalSame }: PullDiff): void {
  const counts = { added: 0, removed: 0, changed: 0, renamed: 0, recreated: 0 };
  for (const difference of differences) {
    counts[difference.kind] += 1;
    output.line(lineOf(difference));
  }
  const parts = Object.entries(counts).flatMap(([kind, count]) =>
    count === 0 ? [] : [`${formatCount(count)} ${kind}`],
  );
  const same = `${formatCount(totalSame)} the same`;
  output.line(parts.length === 0 ? `Nothing differs: ${same}.` : `${parts.join(', ')}; ${same}.`, 'bold');
}

function lineOf(difference: Difference): string {
  switch (difference.kind) {
    case 'added':
      return `+ ${difference.after.path}`;
    case 'removed':
      return `- ${difference.before.path}`;
    case 'changed':
      return `~ ${namesOf(difference)} (${sizeOf(difference.before)} → ${sizeOf(difference.after)})`;
    case 'renamed':
      return `> ${namesOf(difference)}`;
    case 'recreated':
      return `= ${difference.after.path} (a new asset with the same name and content)`;
  }
}

function namesOf({
  before,
  after,
}: Extract<Difference, { kind: 'changed' | 'renamed' | 'recreated' }>): string {
  if (before.path !== after.path) return `${before.path} → ${after.path}`;
  if (before.filename !== after.filename) return `${after.path}: ${before.filename} → ${after.filename}`;
  return after.path;
}

function sizeOf({ size }: { readonly size: number | null }): string {
  return size === null ? 'unknown size' : formatBytes(size);
}
