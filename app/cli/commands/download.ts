import type { AssetDownloadResult } from '../../vi/assets/download-result.ts';
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
import { formatBytes, formatCount, formatNumberOf } from '../format.ts';
import { idText, pathText } from '../option-values.ts';
import type { Output } from '../output.ts';
import { printSome } from '../print-some.ts';
import { startProgress } from '../progress.ts';

interface DownloadOptions extends ConnectionOptions {
  readonly overwrite?: true | undefined;
  readonly query?: string | undefined;
  readonly filter?: string | undefined;
}

export const registerDownload: RegisterCommand = (parent, run) => {
  parent
    .command('download')
    .summary('download the assets of a dataset')
    .description(
      'Downloads the assets of a dataset to <folder>/<dataset>/. Every file is checked against its size and hash and appears only once ' +
        'it is whole. Files that are there and the same are not fetched again; files that differ are kept unless --overwrite is given ' +
        '(exit code 3).',
    )
    .argument('<dataset>', 'dataset ID', idText)
    .argument('[folder]', 'folder to save to', pathText, '.')
    .option('--overwrite', 'replace files that differ from their asset')
    .option('--query <query>', 'only assets whose custom metadata match, as the service understands it')
    .option('--filter <filter>', "only assets that match a filter, in the service's form (text or JSON)")
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync download abc123 images', 'Download a dataset to images/abc123/'],
        ['vi-sync download abc123 images --overwrite', 'Make what is there equal to the dataset'],
        ['vi-sync download abc123 --query \'camera == "front"\' --json', 'Some of it, told to a script'],
      ]),
    )
    .action((dataset, folder, options) =>
      run('download', (context) => download(context, dataset, folder, options)),
    );
};

async function download(
  context: CommandContext,
  datasetId: string,
  saveDir: string,
  options: DownloadOptions,
): Promise<Outcome> {
  const result = await withClient(context, options, (client) =>
    downloadWith(client, context, datasetId, saveDir, options),
  );
  return describeDownload(result);
}

async function downloadWith(
  client: ViClient,
  context: CommandContext,
  datasetId: string,
  saveDir: string,
  options: DownloadOptions,
): Promise<AssetDownloadResult> {
  const { overwrite = false, query, filter } = options;
  const done = { files: 0, total: 0, bytes: 0 };
  context.describeInterruption(() => ({
    detail: `${formatCount(done.files)} of ${formatNumberOf(done.total, 'file')} done (${formatBytes(done.bytes)}). No partial file was left behind.`,
    suggestion: 'Repeat the command to fetch the rest.',
    facts: { filesDone: done.files, filesTotal: done.total, bytesDone: done.bytes },
  }));
  const progress = await startProgress(context.output);
  try {
    return await client.assets.download({
      datasetId,
      saveDir,
      overwrite,
      metadataQuery: query,
      filter,
      signal: context.signal,
      onProgress: ({ filesDone, filesTotal, bytesDone, bytesTotal, listed }) => {
        done.files = filesDone;
        done.total = filesTotal;
        done.bytes = bytesDone;
        progress.update({
          activity: 'Downloading',
          filesDone,
          filesTotal,
          bytesDone,
          bytesTotal,
          totalsKnown: listed,
        });
      },
    });
  } finally {
    progress.stop();
  }
}

function describeDownload(result: AssetDownloadResult): Outcome {
  const { totalFiles, totalFailed, totalKept } = result;
  const complete = totalFailed === 0 && totalKept === 0;
  return {
    exitCode: complete ? ExitCode.DONE : totalFailed < totalFiles ? ExitCode.DONE_IN_PART : ExitCode.FAILED,
    // Made only for those who ask for it: it may name every file.
    get document() {
      return {
        folder: result.folder,
        totalFiles,
        totalDownloaded: result.totalDownloaded,
        totalSkipped: result.totalSkipped,
        totalKept,
        totalFailed,
        totalBytes: result.totalBytes,
        kept: result.kept,
        failures: result.failures.map(({ assetId, filename, path, code, message }) => ({
          assetId,
          filename,
          path,
          code,
          message,
        })),
        renamed: result.renamed,
        unverified: result.unverified,
      };
    },
    print: (output) => printDownload(output, result, complete),
  };
}

function printDownload(output: Output, result: AssetDownloadResult, complete: boolean): void {
  const { totalFiles, totalDownloaded, totalBytes, totalSkipped, totalUnverified, kept, failures, renamed } =
    result;
  output.line(
    `Downloaded ${formatCount(totalDownloaded)} of ${formatNumberOf(totalFiles, 'asset')} (${formatBytes(totalBytes)}) to ${result.folder}.`,
    complete ? 'good' : 'warning',
  );
  if (totalSkipped > 0) output.line(`${formatNumberOf(totalSkipped, 'file')} there already, and the same.`);
  printSome(
    output,
    kept,
    `${formatNumberOf(kept.length, 'file')} there already with other content, and kept:`,
    (file) => file.path,
  );
  // One cause for all of them, and one line.
  const withoutRoom = failures.filter(({ code }) => code === 'DiskFull');
  if (withoutRoom.length > 0) {
    output.line(
      `${formatNumberOf(withoutRoom.length, 'asset')} not written: the disk of ${result.folder} is full. Free some space and repeat the command.`,
      'bad',
    );
  }
  const failed = failures.filter(({ code }) => code !== 'DiskFull');
  printSome(
    output,
    failed,
    `${formatNumberOf(failed.length, 'asset')} failed:`,
    (failure) => `${failure.filename}: ${failure.message}`,
  );
  printSome(
    output,
    renamed,
    `${formatNumberOf(renamed.length, 'file')} saved under another name, which this disk can hold:`,
    (file) => `${file.filename} as ${file.savedAs}`,
  );
  if (totalUnverified > 0) {
    output.line(
      `${formatNumberOf(totalUnverified, 'file')} could only be checked by size: the service gives no hash.`,
    );
  }
  if (kept.length > 0) output.note('--overwrite replaces files that differ.');
}
