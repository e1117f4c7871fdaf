import pLimit from 'p-limit';
import { describe, expect, test } from 'vitest';
import { playMigration } from './migration-story.ts';
import { scenes } from './scenes.ts';
import { playStory, type StoryResult } from './story.ts';

/** A few of the kills of `npm run test:crash`, at the same moments each time as far as a real machine allows. */
const kills: Readonly<Record<string, number>> = {
  upload: 4,
  download: 3,
  overwrite: 4,
  replace: 3,
  deletion: 3,
  'keep-both': 3,
  scan: 2,
  restore: 1,
  rename: 1,
};
const seed = 7;
/** Each has an engine and a sandbox of its own. */
const storiesAtOnce = pLimit(2);

function expectKept({ broken, moments }: StoryResult, again: string): void {
  expect(broken, `${JSON.stringify(moments)}, again with: npm run test:crash -- --only ${again}`).toBeNull();
}

describe.concurrent('killed in the middle of', () => {
  test.for(scenes.map(({ scene }) => scene))('$name: no promise is broken', async (scene) => {
    const result = await storiesAtOnce(() => playStory(scene, seed, kills[scene.name] ?? 0));
    expectKept(result, `${scene.name}:${seed}`);
  });

  test('a migration: the manifest is whole, and nothing is transferred again', async () => {
    expectKept(await storiesAtOnce(() => playMigration(seed, 2)), `migration:${seed}`);
  });
});
