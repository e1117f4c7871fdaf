import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { generate, peoplePrefix } from './generate.ts';
import { type History, historySchema } from './history.ts';
import { runHistory } from './run-history.ts';
import { shrink } from './shrink.ts';

const seedFolder = path.join(import.meta.dirname, 'seeds');
/** As many histories are tried as fit into this. Milliseconds. */
const mostMs = 25_000;
const mostMsWithPeople = 12_000;
const mostShrinkRuns = 60;

const names = (await fs.readdir(seedFolder)).filter((name) => name.endsWith('.json'));

describe('histories in which a promise was once broken', () => {
  test.for(names)('%s', { timeout: 60_000 }, async (name) => {
    const text = await fs.readFile(path.join(seedFolder, name), 'utf8');
    expect((await runHistory(historySchema.parse(JSON.parse(text)))).violations).toEqual([]);
  });
});

describe('random histories', () => {
  test.for([
    ['break no promise', '', mostMs],
    ['in which people have a say, and the power goes, break none', peoplePrefix, mostMsWithPeople],
  ] as const)('%s', { timeout: 240_000 }, async ([, prefix, most]) => {
    const end = performance.now() + most;
    for (let seed = 1; performance.now() < end; seed++) await expectKept(generate(`${prefix}test ${seed}`));
  });

  test('happen in the same way for the same seed', { timeout: 120_000 }, async () => {
    for (const seed of ['one', 'two', 'three', `${peoplePrefix}test 60`]) {
      const first = await runHistory(generate(seed));
      expect(await runHistory(generate(seed))).toEqual(first);
    }
  });
});

/** Fails with the smallest history that can be found, as it is kept in `seeds/`. */
async function expectKept(history: History): Promise<void> {
  const { violations } = await runHistory(history);
  const [first] = violations;
  if (first === undefined) return;
  const small = await shrink(history, first.rule, mostShrinkRuns);
  const seen = (await runHistory(small.history)).violations;
  throw new Error(
    `Seed “${history.seed}” breaks a promise:\n${JSON.stringify(violations.slice(0, 5), null, 2)}\n` +
      `and so does this, which belongs into test/property/seeds/ once it is understood:\n` +
      `${JSON.stringify(small.history)}\n${JSON.stringify(seen.slice(0, 5), null, 2)}`,
  );
}
