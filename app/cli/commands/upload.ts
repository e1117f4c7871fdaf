import { Option } from '@commander-js/extra-typings';
import type { UploadProgress } from '../../vi/assets/assets-options.ts';
import { FailureMode, ResourceRetentionMode } from '../../vi/assets/enums.ts';
import type { AssetUploadResult } from '../../vi/assets/upload-result.ts';
import type { ViClient } from '../../vi/client.ts';
import type { SortedFailures } from '../already-there.ts';
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
import { CommandFailure, problemOf } from '../failure.ts';
import { formatCount, formatNumberOf } from '../format.ts';
import { collectMetadata, eachOf, idText, pathText, wholeNumber } from '../option-values.ts';
import type { Output } from '../output.ts';
import { startProgress, type TransferState } from '../progress.ts';

interface UploadOptions extends ConnectionOptions {
  readonly wait: boolean;
  readonly annotations: 'keep' | 'remove';
  readonly failFast?: true | undefined;
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly timeout: number;
  readonly yes?: true | undefined;
}

export const registerUpload: RegisterCommand = (parent, run) => {
  parent
    .command('upload')
    .summary('upload images to a dataset')
    .description(
      'Uploads image files, and the images in folders and their subfolders, to a dataset. A dataset is flat: it has one asset of each ' +
        'filename, so two files of one name are refused before anything is sent. A file whose name the dataset has already is an ' +
        'overwrite; its annotations stay unless --annotations remove says otherwise.',
    )
    .argument('<dataset>', 'dataset ID', idText)
    .argument('<paths...>', 'files and folders', eachOf(pathText))
    .option(
      '--no-wait',
      "don't wait until the service has processed the files; prints the session to wait for",
    )
    .addOption(
      new Option('--annotations <mode>', 'what happens to the annotations of assets that are overwritten')
        .choices(['keep', 'remove'] as const)
        .default('keep' as const),
    )
    .option('--yes', "don't ask before annotations are removed")
    .option('--fail-fast', 'stop at the first file that fails, instead of going on with the others')
    .option('--metadata <name=value>', 'custom metadata for every file; can be repeated', collectMetadata)
    .option('--timeout <seconds>', 'how long to wait for the service', wholeNumber(1, 7 * 86_400), 1800)
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync upload abc123 photos/', 'Upload a folder'],
        ['vi-sync upload abc123 a.jpg b.png --metadata camera=front', 'Upload two files with metadata'],
        ['vi-sync upload abc123 photos/ --no-wait --json', 'Only send them, and have the session IDs'],
      ]),
    )
    .action((dataset, paths, options) =>
      run('upload', (context) => upload(context, dataset, paths, options)),
    );
};

async function upload(
  context: CommandContext,
  datasetId: string,
  paths: readonly string[],
  options: UploadOptions,
): Promise<Outcome> {
  return withClient(context, options, async (client) => {
    if (options.annotations === 'remove') {
      const { allowAnnotationLoss } = await import('../annotation-loss.ts');
      await allowAnnotationLoss(client, context, { datasetId, paths, yes: options.yes === true });
    }
    const result = await uploadWith(client, context, datasetId, paths, options);
    if (result.totalFiles === 0) {
      throw new CommandFailure({
        code: 'no-images',
        title: 'There is nothing to upload.',
        detail: `No image that the service takes was found (${formatNumberOf(result.totalSkipped, 'other file')}).`,
        suggestion:
          'Name files or folders with JPEG, PNG, TIFF, BMP, WebP, HEIF, AVIF, JPEG 2000 or GIF images.',
      });
    }
    const { sortOutFailures } = await import('../already-there.ts');
    const sorted = await sortOutFailures(client, datasetId, result.failures, context.signal);
    return describeUpload(result, sorted, datasetId);
  });
}

async function uploadWith(
  client: ViClient,
  context: CommandContext,
  datasetId: string,
  paths: readonly string[],
  options: UploadOptions,
): Promise<AssetUploadResult> {
  const done = { sent: 0, confirmed: 0, total: 0 };
  context.describeInterruption(() => ({
    detail: `${formatCount(done.sent)} of ${formatNumberOf(done.total, 'file')} uploaded, ${formatCount(done.confirmed)} of them confirmed by the service.`,
    suggestion: 'Repeat the command to upload the rest.',
    facts: { filesSent: done.sent, filesConfirmed: done.confirmed, filesTotal: done.total },
  }));
  const progress = await startProgress(context.output);
  try {
    return await client.assets.upload({
      datasetId,
      paths,
      waitUntilDone: options.wait,
      failureMode: options.failFast ? FailureMode.FAIL_AFTER_ONE : FailureMode.FAIL_AFTER_ALL,
      onAssetOverwritten:
        options.annotations === 'remove'
          ? ResourceRetentionMode.REMOVE_LINKED_RESOURCE
          : ResourceRetentionMode.KEEP_LINKED_RESOURCES,
      customMetadata: options.metadata,
      timeoutMs: options.timeout * 1000,
      signal: context.signal,
      onProgress: (now) => {
        done.sent = now.filesSent;
        done.confirmed = now.filesSucceeded;
        done.total = now.filesTotal;
        progress.update(transferState(now));
      },
    });
  } finally {
    progress.stop();
  }
}

function transferState(now: UploadProgress): TransferState {
  const { filesTotal, bytesTotal, bytesSent } = now;
  // A batch is read whole before its first byte is sent; with large files that takes a while.
  if (now.phase === 'uploading' && bytesSent === 0) {
    return { activity: 'Reading', filesDone: now.filesHashed, filesTotal, bytesDone: 0, bytesTotal: 0 };
  }
  if (now.phase === 'uploading') {
    return { activity: 'Uploading', filesDone: now.filesSent, filesTotal, bytesDone: bytesSent, bytesTotal };
  }
  const filesDone = now.filesSucceeded + now.filesFailed;
  return { activity: 'Processing', filesDone, filesTotal, bytesDone: 0, bytesTotal: 0 };
}

function describeUpload(result: AssetUploadResult, sorted: SortedFailures, datasetId: string): Outcome {
  const { totalNotAttempted, errors, totalSucceeded, totalPending } = result;
  const { alreadyThere, failures } = sorted;
  const complete = failures.length === 0 && totalNotAttempted === 0 && errors.length === 0;
  const some = totalSucceeded + totalPending + alreadyThere.length > 0;
  return {
    exitCode: complete ? ExitCode.DONE : some ? ExitCode.DONE_IN_PART : ExitCode.FAILED,
    // Made only for those who ask for it: it may name every file.
    get document() {
      return {
        datasetId,
        totalFiles: result.totalFiles,
        totalSucceeded,
        totalAlreadyThere: alreadyThere.length,
        totalFailed: failures.length,
        totalPending,
        sessionIds: result.sessionIds,
        alreadyThere,
        failures: failures.map(({ path, filename, code, message }) => ({ path, filename, code, message })),
        notAttempted: result.notAttempted,
        unconfirmed: result.unconfirmed,
        skipped: result.skipped,
        errors: errors.map(problemOf),
      };
    },
    print: (output) => printUpload(output, result, sorted, datasetId),
  };
}

const MOST_LINES = 20;

function printUpload(
  output: Output,
  result: AssetUploadResult,
  { alreadyThere, failures }: SortedFailures,
  datasetId: string,
): void {
  const { totalFiles, totalSucceeded, totalPending, totalNotAttempted, errors, sessionIds } = result;
  const complete = failures.length === 0 && totalNotAttempted === 0 && errors.length === 0;
  output.line(
    `Uploaded ${formatCount(totalSucceeded)} of ${formatNumberOf(totalFiles, 'file')}.`,
    complete ? 'good' : 'warning',
  );
  if (alreadyThere.length > 0) {
    output.line(
      `${formatNumberOf(alreadyThere.length, 'file')} in the dataset already, with the same content.`,
    );
  }
  if (failures.length > 0) {
    output.line(`${formatNumberOf(failures.length, 'file')} failed:`, 'bad');
    for (const { path, message } of failures.slice(0, MOST_LINES)) output.line(`  ${path}: ${message}`);
    if (failures.length > MOST_LINES) {
      output.line(`  … and ${formatCount(failures.length - MOST_LINES)} more; --json names all.`);
    }
  }
  if (totalNotAttempted > 0) {
    output.line(`${formatNumberOf(totalNotAttempted, 'file')} not sent, because the upload stopped.`);
  }
  const others = result.skipped.filter(({ reason }) => reason === 'unsupported-extension').length;
  const noFiles = result.totalSkipped - others;
  if (others > 0) {
    output.line(`${formatNumberOf(others, 'other file')} left out: no images that the service takes.`);
  }
  if (noFiles > 0) {
    output.line(
      `${formatCount(noFiles)} left out: no ${noFiles === 1 ? 'file' : 'files'}, but links to folders, pipes and the like.`,
    );
  }
  for (const error of errors.map(problemOf))
    output.line(`${error.title} ${error.detail} ${error.suggestion}`, 'bad');
  if (totalPending > 0) {
    output.line(`${formatNumberOf(totalPending, 'file')} sent, not confirmed yet. To wait for the service:`);
    for (const sessionId of sessionIds) output.line(`  vi-sync assets wait ${datasetId} ${sessionId}`);
  }
}
