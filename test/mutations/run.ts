// `npm run test:mutations`: breaks each promise on purpose, in a copy of the sources, and sees that a test fails.
// `npm run test:mutations -- trash` tries only those with that word in their name.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
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

/** True when a test notices. */
function isNoticed(target: string, tests: readonly string[]): boolean {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--passWithNoTests=false', ...tests],
    { cwd: target, stdio: 'ignore', env: process.env },
  );
  return status !== 0;
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
    const noticed = isNoticed(target, mutation.tests);
    await restore();
    if (!noticed) missed += 1;
    const time = ((performance.now() - begin) / 1000).toFixed(0);
    process.stdout.write(`${noticed ? 'noticed' : 'MISSED '} ${time.padStart(4)} s  ${mutation.name}\n`);
  }
} finally {
  await fs.rm(target, { recursive: true, force: true });
}
process.stdout.write(`${chosen.length - missed} of ${chosen.length} broken promises were noticed.\n`);
process.exitCode = missed === 0 ? 0 : 1;
