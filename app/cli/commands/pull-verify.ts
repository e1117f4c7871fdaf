import type { VerifyResult } from '../../pull/index.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { formatCount, formatNumberOf } from '../format.ts';
import type { Output } from '../output.ts';
import { printSome } from '../print-some.ts';
import { startProgress } from '../progress.ts';

export const registerPullVerify: RegisterCommand = (parent, run) => {
  parent
    .command('verify')
    .summary('compare a pulled folder with its lock file')
    .description(
      'Reads every file of a pulled folder and compares it with the lock file: what is missing, changed, or not from the dataset. Asks no ' +
        'service and changes nothing. Exit code 0 when the folder is as it was pulled, 3 when something differs, 1 when nothing is as it was.',
    )
    .argument('<folder>', 'folder of an earlier pull')
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync pull verify data', 'Is the folder as it was pulled?'],
        ['vi-sync pull verify data --json', 'What is not, for a script'],
      ]),
    )
    .action((folder) => run('pull verify', (context) => verify(context, folder)));
};

async function verify(context: CommandContext, folder: string): Promise<Outcome> {
  const done = { files: 0, total: 0 };
  context.describeInterruption(() => ({
    detail: `${formatCount(done.files)} of ${formatNumberOf(done.total, 'file')} read.`,
    suggestion: 'Repeat the command.',
    facts: { filesDone: done.files, filesTotal: done.total },
  }));
  const { verifyPull } = await import('../../pull/index.ts');
  const progress = await startProgress(context.output);
  try {
    const result = await verifyPull({
      folder,
      signal: context.signal,
      onProgress: (state) => {
        done.files = state.filesDone;
        done.total = state.filesTotal;
        progress.update({ activity: 'Verifying', ...state });
      },
    });
    return {
      exitCode: exitCodeOf(result),
      document: result,
      print: (output) => printVerified(output, result),
    };
  } finally {
    progress.stop();
  }
}

function exitCodeOf({ isSame, totalSame, totalFiles }: VerifyResult): ExitCode {
  if (isSame) return ExitCode.DONE;
  return totalSame > 0 || totalFiles === 0 ? ExitCode.DONE_IN_PART : ExitCode.FAILED;
}

function printVerified(output: Output, result: VerifyResult): void {
  const { isSame, totalSame, totalFiles, missing, changed, noFile, unreadable, extra } = result;
  output.line(
    `${formatCount(totalSame)} of ${formatNumberOf(totalFiles, 'file')} as they were pulled.`,
    isSame ? 'good' : 'warning',
  );
  const lists = [
    [missing, 'missing'],
    [changed, 'changed'],
    [noFile, 'not there, but a folder or a link in its place, or on the way to it'],
    [extra, 'not from the dataset'],
  ] as const;
  for (const [paths, what] of lists) {
    printSome(output, paths, `${formatNumberOf(paths.length, 'file')} ${what}:`, (path) => path);
  }
  printSome(
    output,
    unreadable,
    `${formatNumberOf(unreadable.length, 'file')} can’t be read:`,
    ({ path, message }) => `${path}: ${message}`,
  );
}
