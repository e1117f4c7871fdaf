import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Option } from '@commander-js/extra-typings';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { withCredentials } from '../connection.ts';
import { CommandFailure } from '../failure.ts';
import { formatCount, formatNumberOf } from '../format.ts';
import { untilAborted } from '../interruption.ts';
import { wholeNumber } from '../option-values.ts';
import { startProgress } from '../progress.ts';
import { explainSandboxStart } from '../sandbox-failure.ts';

type Shell = 'sh' | 'powershell' | 'cmd';

interface SandboxOptions {
  readonly data?: string | undefined;
  readonly port: number;
  readonly seed?: string | undefined;
  readonly shell: Shell;
}

/** What a sandbox that has nothing begins with. */
const FIRST_DATASET = { name: 'Images', datasetId: 'images' } as const;

const MOST_NAMES = 10;

export const registerSandbox: RegisterCommand = (parent, run) => {
  parent
    .command('sandbox')
    .summary('run a Vi server on this machine, to try things out')
    .description(
      'Runs a server on this machine that speaks the Vi API, so that everything can be tried out without an account. Prints its endpoint, ' +
        'organization and key as lines that can be pasted into a terminal, then stays until Ctrl-C. It listens on 127.0.0.1 only, ' +
        'and its key is good for nothing else. What is uploaded is kept for the next time. Where there is no dataset yet and none is seeded, ' +
        'it begins with an empty one, images.',
    )
    .option('--data <folder>', "folder to keep its data in (default: sandbox in the app's data folder)")
    .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option(
      '--seed <folder>',
      'fill a dataset with the images of a folder first; it is named after the folder',
    )
    .addOption(
      new Option('--shell <shell>', 'for which shell the lines are printed')
        .choices(['sh', 'powershell', 'cmd'] as const)
        .default(process.platform === 'win32' ? ('powershell' as const) : ('sh' as const)),
    )
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync sandbox --data my-sandbox --port 8912', 'Run a sandbox, always at the same place'],
        ['vi-sync sandbox --seed photos', 'Begin with the images of a folder'],
        ['vi-sync sandbox --shell powershell', 'Lines for PowerShell'],
      ]),
    )
    .action((options) => run('sandbox', (context) => runSandbox(context, options)));
};

async function runSandbox(context: CommandContext, options: SandboxOptions): Promise<Outcome> {
  const { output, signal, log } = context;
  const { appFolders } = await import('../../app-folders.ts');
  const { startSandbox } = await import('../../sandbox/sandbox.ts');
  const { SandboxFullError } = await import('../../sandbox/disk-full.ts');
  const dataDir = path.resolve(options.data ?? path.join(appFolders().data, 'sandbox'));
  const seedFolder = options.seed === undefined ? null : path.resolve(options.seed);
  if (seedFolder !== null) await requireFolder(seedFolder);
  const sandbox = await startSandbox({
    dataDir,
    port: options.port,
    onFailure: (error) => {
      log.error('the sandbox failed', { error });
      if (error instanceof SandboxFullError) output.note(error.message, 'bad');
    },
  }).catch((error: unknown) => {
    throw explainSandboxStart(error, options.port, dataDir);
  });
  try {
    const seeded = seedFolder === null ? null : await seed(context, sandbox, seedFolder);
    const datasetIds = await datasetsOf(context, sandbox);
    const datasetId = seeded ?? datasetIds[0] ?? null;
    const { endpoint, organizationId, secretKey } = sandbox;
    output.verbatim(
      output.json
        ? `${JSON.stringify({ endpoint, organizationId, secretKey, datasetId, dataDir }, null, 2)}\n`
        : environmentLines(sandbox, options.shell),
    );
    output.note(`The sandbox runs at ${endpoint} and keeps its data in ${dataDir}. Ctrl-C ends it.`);
    output.note(
      `${datasetIds.length === 1 ? 'Its dataset' : 'Its datasets'}: ${someOf(datasetIds)}. To fill it: vi-sync upload ${datasetId} <folder>`,
    );
    await untilAborted(signal);
  } finally {
    await sandbox.close();
  }
  // Ctrl-C is how it is meant to end, so this is no interruption.
  output.note('The sandbox has ended. Its data is kept.');
  return {};
}

/** The IDs of its datasets, the oldest first. Without any there is nothing to try out: then one is made. */
async function datasetsOf({ signal }: CommandContext, sandbox: Sandbox): Promise<string[]> {
  const ids = await withCredentials(sandbox, async (client) => {
    const found: string[] = [];
    for await (const { datasetId } of client.datasets
      .list({ pagination: { pageSize: 1000 }, signal })
      .allItems())
      found.push(datasetId);
    return found;
  });
  if (ids.length > 0) return ids;
  return [sandbox.createDataset(FIRST_DATASET).datasetId];
}

function someOf(names: readonly string[]): string {
  const first = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${first} and ${formatCount(names.length - MOST_NAMES)} more` : first;
}

function environmentLines(sandbox: Sandbox, shell: Shell): string {
  const variables: readonly [name: string, value: string][] = [
    ['DATATURE_VI_API_ENDPOINT', sandbox.endpoint],
    ['DATATURE_VI_ORGANIZATION_ID', sandbox.organizationId],
    ['DATATURE_VI_SECRET_KEY', sandbox.secretKey],
  ];
  // The values are a URL, an ID and a key: letters, digits and a few signs that no shell minds.
  const line = ([name, value]: readonly [string, string]) => {
    switch (shell) {
      case 'sh':
        return `export ${name}='${value}'\n`;
      case 'powershell':
        return `$env:${name} = '${value}'\n`;
      case 'cmd':
        return `set ${name}=${value}\n`;
    }
  };
  return variables.map(line).join('');
}

/**
 * Puts the images of a folder into the dataset of its name, unless there is one with assets already: seeding anew at every start
 * would bring back what was deleted. Returns the dataset's ID.
 */
async function seed(context: CommandContext, sandbox: Sandbox, folder: string): Promise<string> {
  const { output, signal } = context;
  const name = path.basename(folder);
  const datasetId = datasetIdFor(name);
  if (await needsSeed(context, sandbox, datasetId, name)) {
    const { seedDataset } = await import('../../sandbox/sandbox.ts');
    const progress = await startProgress(output);
    let count = 0;
    const counting: Sandbox = {
      ...sandbox,
      addAsset: async (dataset, asset) => {
        signal.throwIfAborted();
        const added = await sandbox.addAsset(dataset, asset);
        count += 1;
        progress.update({
          activity: 'Seeding',
          filesDone: count,
          filesTotal: count,
          bytesDone: 0,
          bytesTotal: 0,
          totalsKnown: false,
        });
        return added;
      },
    };
    try {
      const { skipped } = await seedDataset(counting, datasetId, folder);
      progress.stop();
      for (const { path: file, reason } of skipped) output.note(`Left out: ${file}. ${reason}`, 'warning');
    } finally {
      progress.stop();
    }
    output.note(`Dataset ${datasetId} has ${formatNumberOf(count, 'image')} of ${folder}.`);
  } else {
    output.note(`Dataset ${datasetId} is there from before; nothing was added.`);
  }
  return datasetId;
}

/** Before anything is made: a mistyped path must not leave a sandbox behind. */
async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found?.isDirectory() === true) return;
  throw new CommandFailure({
    code: 'seed-folder',
    title: 'The folder to begin with is not there.',
    detail: found === null ? `${folder} does not exist.` : `${folder} is a file.`,
    suggestion: 'Check the path after --seed.',
  });
}

async function needsSeed(
  { signal }: CommandContext,
  sandbox: Sandbox,
  datasetId: string,
  name: string,
): Promise<boolean> {
  const { ViNotFoundError } = await import('../../vi/errors.ts');
  return withCredentials(sandbox, async (client) => {
    try {
      const { statistic } = await client.datasets.get({ datasetId, signal });
      return statistic.assetTotal === 0;
    } catch (error) {
      if (!(error instanceof ViNotFoundError)) throw error;
      sandbox.createDataset({ name, datasetId });
      return true;
    }
  });
}

/** An ID in the form that datasets have (letters, digits, hyphens), as near to the folder's name as that allows. */
function datasetIdFor(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-zA-Z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 64);
  return id === '' ? 'seed' : id;
}
