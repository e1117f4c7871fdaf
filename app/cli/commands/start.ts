import path from 'node:path';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { untilAborted } from '../interruption.ts';
import { wholeNumber } from '../option-values.ts';
import { explainSandboxStart } from '../sandbox-failure.ts';

interface StartOptions {
  readonly playground?: string | undefined;
  readonly port?: number | undefined;
  readonly open?: boolean | undefined;
}

export const registerStart: RegisterCommand = (parent, run) => {
  parent
    .command('start')
    .summary('run the app on a sandbox, with a sample folder and a page')
    .description(
      'Runs the app without an account: a sandbox on this machine, a folder of sample images, a mirror that keeps the two in step, and a ' +
        'page that shows it. Prints the address of the page and the folder, then stays until Ctrl-C. The next start goes on where this one ended.',
    )
    .option(
      '--playground <folder>',
      "folder for the images, the sandbox and the manifest (default: playground in the app's data folder)",
    )
    .option(
      '--port <n>',
      'port of the page (default: the usual one, or a free one where that is taken)',
      wholeNumber(1, 65_535),
    )
    .option('--open', 'show the page in the browser')
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync start --open', 'Try the app, and look at it'],
        ['vi-sync start --playground ./playground', 'Keep everything in a folder of your own'],
      ]),
    )
    .action((options) => run('start', (context) => runStart(context, options)));
};

async function runStart(context: CommandContext, options: StartOptions): Promise<Outcome> {
  const { output, signal, log } = context;
  const [{ appFolders }, { startApp }] = await Promise.all([
    import('../../app-folders.ts'),
    import('../../host/start.ts'),
  ]);
  const playgroundDir = path.resolve(options.playground ?? path.join(appFolders().data, 'playground'));
  const app = await startApp({
    playgroundDir,
    ...(options.port === undefined ? {} : { port: options.port }),
    openBrowser: options.open === true,
    log,
  }).catch((error: unknown) => {
    throw explainSandboxStart(error, 0, playgroundDir);
  });
  try {
    const { url, folder, endpoint } = app;
    // Not as a note: the token in the address is what the person needs.
    output.verbatim(
      output.json
        ? `${JSON.stringify({ url, folder, endpoint }, null, 2)}\n`
        : [
            'Vi Sync runs on its sandbox: no account, nothing leaves this machine.',
            '',
            `  Page    ${url}`,
            `  Folder  ${folder}`,
            '',
            'Drop an image into the folder: it is in the dataset within seconds. Ctrl-C ends it.',
            '',
          ].join('\n'),
    );
    await untilAborted(signal);
  } finally {
    await app.close();
  }
  // Ctrl-C is how it is meant to end, so this is no interruption.
  output.note('Vi Sync has ended. The next start goes on from here.');
  return {};
}
