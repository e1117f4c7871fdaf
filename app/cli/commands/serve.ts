import path from 'node:path';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions } from '../engine-session.ts';
import { untilAborted } from '../interruption.ts';
import { wholeNumber } from '../option-values.ts';

interface ServeOptions extends EngineOptions {
  readonly port?: number | undefined;
  readonly open?: boolean | undefined;
}

export const registerServe: RegisterCommand = (parent, run) => {
  parent
    .command('serve')
    .summary('run your mirrors, and show the app as a page')
    .description(
      'Runs all mirrors, as watch does, and shows the app as a page on this computer: accounts, mirrors, what waits for an answer, datasets and ' +
        'pulls. Prints the address of the page, then stays until Ctrl-C. Only you can open it: the address has a token. When the mirrors run in ' +
        'another process already, the page shows those.',
    )
    .option(
      '--port <n>',
      'port of the page (default: the usual one, or a free one where that is taken)',
      wholeNumber(1, 65_535),
    )
    .option('--open', 'show the page in the browser')
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync serve --open', 'Use the app in your browser'],
        ['vi-sync serve --port 9000', 'Always under the same address'],
      ]),
    )
    .action((options) => run('serve', (context) => runServe(context, options)));
};

async function runServe(context: CommandContext, { data, port, open }: ServeOptions): Promise<Outcome> {
  const { output, signal, log } = context;
  const [{ appFolders }, { serve }] = await Promise.all([
    import('../../app-folders.ts'),
    import('../../host/serve.ts'),
  ]);
  const folders = appFolders();
  const dataDir = data === undefined ? folders.data : path.resolve(data);
  const served = await serve({
    dataDir,
    cacheDir: data === undefined ? folders.cache : path.join(dataDir, 'cache'),
    logFile: path.join(folders.log, 'cli.log'),
    ...(port === undefined ? {} : { port }),
    openBrowser: open === true,
    log,
    signal,
  });
  try {
    const { url, runsMirrors } = served;
    // Not as a note: the token in the address is what the person needs.
    output.verbatim(
      output.json
        ? `${JSON.stringify({ url, dataDir, runsMirrors }, null, 2)}\n`
        : [
            runsMirrors ? 'Vi Sync runs.' : 'Vi Sync runs in another process; this page shows it.',
            '',
            `  Page  ${url}`,
            '',
            'Open it in a browser of this computer. Ctrl-C ends it.',
            '',
          ].join('\n'),
    );
    await untilAborted(signal);
  } finally {
    await served.close();
  }
  // Ctrl-C is how it is meant to end, so this is no interruption.
  output.note('Vi Sync has ended.');
  return {};
}
