// `npm run test:mutations`: breaks each promise on purpose, in a copy of the sources, and sees that a test fails.
// `npm run test:mutations -- trash` tries only those with that word in their name.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { type Mutation, mutations } from './mutations.ts';

const root = path.resolve(import.meta.dirname, '../..');
const copied = [
  'app',
  'renderer',
  'test',
  'build',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** Copies what tests need; `node_modules` and what is built are shared. */
async function copySources(target: string): Promise<void> {
  for (const name of copied) await fs.cp(path.join(root, name), path.join(target, name), { recursive: true });
  for (const name of ['node_modules', 'out'])
    await fs.symlink(path.join(root, name), path.join(target, name));
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** What a run of tests says about a mutation. */
interface Verdict {
  readonly kind: 'noticed' | 'missed' | 'slow';
  /** The test that has failed. */
  readonly by: string;
}

/** Whether a test notices. One that only takes too long says nothing yet on a busy machine: `slow`. */
async function judge(target: string, tests: readonly string[]): Promise<Verdict> {
  const report = path.join(target, 'report.json');
  await fs.rm(report, { force: true });
  const reporter = ['--reporter=json', `--outputFile=${report}`];
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--passWithNoTests=false', ...reporter, ...tests],
    { cwd: target, stdio: 'ignore', env: process.env },
  );
  if (status === 0) return { kind: 'missed', by: '' };
  const { testResults } = reportSchema.parse(JSON.parse(await fs.readFile(report, 'utf8')));
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter((each) => each.status === 'failed'),
  );
  const isSlow = ({ failureMessages }: (typeof failed)[number]) =>
    failureMessages?.every((message) => message.includes('timed out')) === true;
  const telling = failed.find((each) => !isSlow(each));
  if (telling !== undefined) return { kind: 'noticed', by: telling.fullName };
  if (failed[0] !== undefined) return { kind: 'slow', by: failed[0].fullName };
  // A file that can't even be loaded.
  return { kind: 'noticed', by: testResults.find(({ message }) => message !== '')?.message ?? 'no test' };
}

async function mutate(target: string, { file, find, replace }: Mutation): Promise<() => Promise<void>> {
  const place = path.join(target, file);
  const source = await fs.readFile(place, 'utf8');
  await fs.writeFile(
    place,
    source.replace(find, () => replace),
  );
  return () => fs.writeFile(place, source);
}

const wanted = process.argv.slice(2).join(' ').toLowerCase();
const chosen = mutations.filter(({ name }) => name.toLowerCase().includes(wanted));
const target = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-mutations-'));
let missed = 0;
try {
  await copySources(target);
  for (const mutation of chosen) {
    const begin = performance.now();
    const restore = await mutate(target, mutation);
    let verdict = await judge(target, mutation.tests);
    await restore();
    // Something waits for ever, or the machine is busy: without the mutation the same tests tell which.
    if (verdict.kind === 'slow' && (await judge(target, mutation.tests)).kind === 'missed')
      verdict = { kind: 'noticed', by: `it hangs: ${verdict.by}` };
    if (verdict.kind !== 'noticed') missed += 1;
    const time = ((performance.now() - begin) / 1000).toFixed(0);
    const kind = verdict.kind === 'noticed' ? 'noticed' : verdict.kind.toUpperCase();
    process.stdout.write(
      `${kind.padEnd(7)} ${time.padStart(4)} s  ${mutation.name}\n${''.padEnd(16)}${verdict.by.split('\n')[0]}\n`,
    );
  }
} finally {
  await fs.rm(target, { recursive: true, force: true });
}
process.stdout.write(`${chosen.length - missed} of ${chosen.length} broken promises were noticed.\n`);
process.exitCode = missed === 0 ? 0 : 1;
