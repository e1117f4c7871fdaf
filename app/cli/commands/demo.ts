import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { FileRow } from '../../contract.ts';
import type { Playground } from '../../host/playground.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import { formatDuration, formatNumberOf } from '../format.ts';
import { explainSandboxStart } from '../sandbox-failure.ts';

interface DemoOptions {
  readonly keep?: string | undefined;
}

export const registerDemo: RegisterCommand = (parent, run) => {
  parent
    .command('demo')
    .summary('mirror a sample folder to a sandbox once, and print what was done')
    .description(
      'Makes a folder of sample images and a dataset in a sandbox on this machine, brings the two in step, compares every file with its ' +
        'asset, prints the counts and ends. Everything is made in a temporary folder and removed again.',
    )
    .option('--keep <folder>', 'do it in this folder, and leave everything there')
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync demo', 'See a mirror at work'],
        ['vi-sync demo --keep ./demo', 'Look at the folder afterwards'],
      ]),
    )
    .action((options) => run('demo', (context) => runDemo(context, options)));
};

async function runDemo(context: CommandContext, { keep }: DemoOptions): Promise<Outcome> {
  if (keep !== undefined) return mirrorOnce(context, path.resolve(keep));
  const temporary = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-demo-'));
  try {
    return await mirrorOnce(context, temporary);
  } finally {
    await fs.rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function mirrorOnce({ output, signal, log }: CommandContext, place: string): Promise<Outcome> {
  const { startPlayground } = await import('../../host/playground.ts');
  const startedAt = Date.now();
  output.note(`Making a sample folder and a sandbox in ${place} …`);
  const playground = await startPlayground({ playgroundDir: place, log }).catch((error: unknown) => {
    throw explainSandboxStart(error, 0, place);
  });
  const end = () => void playground.close();
  try {
    output.note('Bringing the two in step …');
    signal.addEventListener('abort', end, { once: true });
    await playground.engine.settled(playground.mirrorId);
    signal.throwIfAborted();
    const proof = await prove(playground, startedAt);
    const ms = Date.now() - startedAt;
    return {
      exitCode: proof.equal === proof.assets && proof.open === 0 ? ExitCode.DONE : ExitCode.FAILED,
      document: { folder: playground.folder, ...proof, ms },
      print: () => {
        output.line(`Folder   ${formatNumberOf(proof.files, 'file')}`);
        output.line(`         ${formatNumberOf(proof.uploaded, 'file')} uploaded`);
        output.line(
          `         ${formatNumberOf(proof.downloaded, 'file')} downloaded: only the dataset had them`,
        );
        output.line(`         ${formatNumberOf(proof.problems.length, 'file')} left out:`);
        for (const { path: file, title } of proof.problems)
          output.line(`           ${file}: ${title}`, 'warning');
        output.line(
          `Dataset  ${formatNumberOf(proof.assets, 'asset')}, ${proof.equal} equal to its file by SHA-256`,
        );
        output.line(
          proof.equal === proof.assets && proof.open === 0
            ? `In step after ${formatDuration(ms)}.`
            : 'NOT in step: this is a bug, please report it.',
          proof.equal === proof.assets && proof.open === 0 ? 'good' : 'bad',
        );
      },
    };
  } finally {
    signal.removeEventListener('abort', end);
    await playground.close();
  }
}

/** What there is on both sides, counted anew from disk and service rather than from what the engine says of itself. */
interface Proof {
  /** Image files in the folder. */
  readonly files: number;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly assets: number;
  /** Assets whose content is that of their file. */
  readonly equal: number;
  /** Files that are neither in step nor explained by a problem. */
  readonly open: number;
  readonly problems: readonly {
    readonly path: string;
    readonly title: string;
    readonly suggestion: string;
  }[];
}

async function prove(
  { engine, client, mirrorId, folder, datasetId }: Playground,
  startedAt: number,
): Promise<Proof> {
  const { hashFile } = await import('../../vi/file-hash.ts');
  const rows = await allRows(engine, mirrorId);
  const rowOf = new Map(rows.map((row) => [row.assetId, row]));
  let assets = 0;
  let equal = 0;
  for await (const asset of client.assets.list({ datasetId, pagination: { pageSize: 1000 } }).allItems()) {
    assets += 1;
    const row = rowOf.get(asset.assetId);
    if (row === undefined) continue;
    const { sha256 } = await hashFile(path.join(folder, row.path));
    if (sha256 === asset.metadata.hash?.contents) equal += 1;
  }
  const { items: activities } = await engine.call('activity', { limit: 500 });
  // The folder of `--keep` may have been through a demo before.
  const own = activities.filter(({ at }) => at >= startedAt);
  const count = (kind: string) => own.filter((activity) => activity.kind === kind).length;
  const problems = rows.flatMap(({ path: file, state, problem }) =>
    state === 'problem' && problem !== null
      ? [{ path: file, title: problem.title, suggestion: problem.suggestion }]
      : [],
  );
  return {
    files: rows.filter(({ state }) => state !== 'remote-only').length,
    uploaded: count('uploaded'),
    downloaded: count('downloaded'),
    assets,
    equal,
    open: rows.filter(({ state }) => state !== 'in-sync').length - problems.length,
    problems,
  };
}

async function allRows(engine: Playground['engine'], mirrorId: string): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for (;;) {
    const { total, items } = await engine.call('files', { mirrorId, offset: rows.length, limit: 500 });
    rows.push(...items);
    if (items.length === 0 || rows.length >= total) return rows;
  }
}
