import { ingestionErrorText } from '../../vi/assets/ingestion-error-text.ts';
import { type AssetIngestionSession, sessionState } from '../../vi/assets/ingestion-session.ts';
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
import { formatNumberOf } from '../format.ts';
import { idText, wholeNumber } from '../option-values.ts';
import { startProgress } from '../progress.ts';

interface WaitOptions extends ConnectionOptions {
  readonly timeout: number;
}

export const registerAssetsWait: RegisterCommand = (parent, run) => {
  parent
    .command('wait')
    .summary('wait until an upload is processed')
    .description(
      'Waits until the service has processed an ingestion session, which vi-sync upload --no-wait names. Exit code 3 when it took ' +
        'some of the files, 1 when it took none.',
    )
    .argument('<dataset>', 'dataset ID', idText)
    .argument('<session>', 'ingestion session ID', idText)
    .option('--timeout <seconds>', 'how long to wait', wholeNumber(1, 7 * 86_400), 1800)
    .option(...ORGANIZATION_OPTION)
    .option(...ENDPOINT_OPTION)
    .addHelpText(
      'after',
      examplesText([['vi-sync assets wait abc123 session42 --timeout 600', 'Wait ten minutes at most']]),
    )
    .action((dataset, session, options) =>
      run('assets wait', (context) => waitForSession(context, dataset, session, options)),
    );
};

async function waitForSession(
  context: CommandContext,
  datasetId: string,
  assetIngestionSessionId: string,
  options: WaitOptions,
): Promise<Outcome> {
  context.describeInterruption(() => ({
    detail: 'The service goes on processing the session.',
    suggestion: 'Repeat the command to wait again.',
    facts: {},
  }));
  const session = await withClient(context, options, async (client) => {
    const progress = await startProgress(context.output);
    try {
      return await client.assets.waitUntilDone({
        datasetId,
        assetIngestionSessionId,
        timeoutMs: options.timeout * 1000,
        signal: context.signal,
        onProgress: ({ status }) => {
          const { total, succeeded, errored } = status.progressCount;
          progress.update({
            activity: 'Processing',
            filesDone: succeeded + errored,
            filesTotal: total,
            bytesDone: 0,
            bytesTotal: 0,
          });
        },
      });
    } finally {
      progress.stop();
    }
  });
  return describeSession(session);
}

function describeSession(session: AssetIngestionSession): Outcome {
  const { total, succeeded, errored } = session.status.progressCount;
  const failures = session.status.events.flatMap((event) =>
    event.kind === 'Error' ? Object.entries(event.files) : [],
  );
  const failed = sessionState(session) === 'failed' || errored > 0;
  return {
    exitCode: !failed ? ExitCode.DONE : succeeded > 0 ? ExitCode.DONE_IN_PART : ExitCode.FAILED,
    document: { ...session, state: sessionState(session) },
    print: (output) => {
      output.line(
        `${succeeded} of ${formatNumberOf(total, 'file')} processed${errored > 0 ? `, ${errored} not accepted` : ''}.`,
        failed ? 'warning' : 'good',
      );
      for (const [filename, code] of failures) {
        const { reason, suggestion } = ingestionErrorText(code);
        output.line(`  ${filename}: ${reason} (${code}). ${suggestion}`);
      }
    },
  };
}
