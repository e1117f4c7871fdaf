import { Option } from '@commander-js/extra-typings';
import { FailureMode, ResourceRetentionMode } from '../../vi/assets/enums.ts';
import type { AssetUploadResult } from '../../vi/assets/upload-result.ts';
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
import { CommandFailure, problemOf } from '../failure.ts';
import { formatCount, formatNumberOf } from '../format.ts';
import { collectMetadata, wholeNumber } from '../option-values.ts';
import type { Output } from '../output.ts';
import { startProgress } from '../progress.ts';

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
    .argument('<dataset>', 'dataset ID')
    .argument('<paths...>', 'files and folders')
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
  const result = await withClient(context, options, async (client) => {
    if (options.annotations === 'remove') {
      const { allowAnnotationLoss } = await import('../annotation-loss.ts');
      await allowAnnotationLoss(client, context, { datasetId, paths, yes: options.yes === true });
    }
    return uploadWith(client, context, datasetId, paths, options);
  });
  if (result.totalFiles === 0) {
    throw new CommandFailure({
      code: 'no-images',
      title: 'There is nothing to upload.',
      detail: `No image that the service takes was found (${formatNumberOf(result.skipped.length, 'other file')}).`,
      suggestion:
        'Name files or folders with JPEG, PNG, TIFF, BMP, WebP, HEIF, AVIF, JPEG 2000 or GIF images.',
    });
  }
  return describeUpload(result, datasetId);
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
    detail: `${formatCount(done.sent)} of ${formatNumberOf(done.total, 'file')} were uploaded; the service has confirmed ${formatCount(done.confirmed)} of them.`,
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
        const uploading = now.phase === 'uploading';
        progress.update({
          activity: uploading ? 'Uploading' : 'Processing',
          filesDone: uploading ? now.filesSent : now.filesSucceeded + now.filesFailed,
          filesTotal: now.filesTotal,
          bytesDone: uploading ? now.bytesSent : 0,
          bytesTotal: uploading ? now.bytesTotal : 0,
        });
      },
    });
  } finally {
    progress.stop();
  }
}

function describeUpload(result: AssetUploadResult, datasetId: string): Outcome {
  const { totalFailed, notAttempted, errors, totalSucceeded, totalPending } = result;
  const complete = totalFailed === 0 && notAttempted.length === 0 && errors.length === 0;
  const some = totalSucceeded + totalPending > 0;
  return {
    exitCode: complete ? ExitCode.DONE : some ? ExitCode.DONE_IN_PART : ExitCode.FAILED,
    document: {
      datasetId,
      totalFiles: result.totalFiles,
      totalSucceeded,
      totalFailed,
      totalPending,
      sessionIds: result.sessionIds,
      failures: result.failures.map(({ path, filename, code, message }) => ({
        path,
        filename,
        code,
        message,
      })),
      notAttempted,
      skipped: result.skipped,
      errors: errors.map(problemOf),
    },
    print: (output) => printUpload(output, result, datasetId, complete),
  };
}

function printUpload(output: Output, result: AssetUploadResult, datasetId: string, complete: boolean): void {
  const [first = '', ...rest] = result.summary().split('\n');
  output.line(first, complete ? 'good' : 'warning');
  for (const line of rest) output.line(line);
  if (result.totalPending > 0) {
    for (const sessionId of result.sessionIds) output.line(`vi-sync assets wait ${datasetId} ${sessionId}`);
  }
}
