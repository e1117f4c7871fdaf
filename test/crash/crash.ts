// `npm run test:crash`: kills the engine at 200 moments of its work, and looks each time whether all promises are kept.
// `npm run test:crash -- --kills 50 --seed 7`: fewer, or other moments. `-- --only upload:7003`: one story again.
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { playMigration } from './migration-story.ts';
import { type Scene, scenes } from './scenes.ts';
import { playStory, type StoryResult } from './story.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'at-once': { type: 'string', default: '2' },
  },
});

/** Kills of one story, one after the other: some states only a second kill reaches. */
const killsOfStory = 3;
const migration = 'migration';
const migrationShare = 5;

const play = (name: string, seed: number): Promise<StoryResult> => {
  if (name === migration) return playMigration(seed, killsOfStory);
  return playStory(sceneOf(name), seed, killsOfStory);
};

function sceneOf(name: string): Scene {
  const found = scenes.find(({ scene }) => scene.name === name);
  if (found === undefined)
    throw new Error(
      `There is no scene “${name}”. There are: ${scenes.map(({ scene }) => scene.name).join(', ')}.`,
    );
  return found.scene;
}

let kills = 0;
let failures = 0;

/** Plays stories of a scene until it has had its kills. */
async function playAll(name: string, wanted: number, seed: number): Promise<void> {
  let had = 0;
  for (let number = seed * 1000; had < wanted; number++) {
    const result = await play(name, number);
    had += result.kills;
    kills += result.kills;
    const { broken, moments } = result;
    if (broken === null) {
      process.stdout.write(`${name}:${number} ${result.kills} kills, all promises kept\n`);
    } else {
      failures += 1;
      process.stdout.write(
        `${name}:${number} BROKEN ${broken.message}\n  moments ${JSON.stringify(moments)}\n  again with: npm run test:crash -- --only ${name}:${number}\n`,
      );
    }
  }
}

if (values.only !== undefined) {
  const [name = '', number = '1000'] = values.only.split(':');
  const { broken, moments, kills: had } = await play(name, Number(number));
  process.stdout.write(
    `${JSON.stringify(moments)}\n${had} kills, ${broken === null ? 'all promises kept' : broken.stack}\n`,
  );
  process.exitCode = broken === null ? 0 : 1;
} else {
  const all = [
    ...scenes.map(({ scene, share }) => ({ name: scene.name, share })),
    { name: migration, share: migrationShare },
  ];
  const shares = all.reduce((sum, { share }) => sum + share, 0);
  const limit = pLimit(Number(values['at-once']));
  const started = performance.now();
  await Promise.all(
    all.map(({ name, share }) =>
      limit(() => playAll(name, Math.ceil((Number(values.kills) * share) / shares), Number(values.seed))),
    ),
  );
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`\n${kills} kills in ${seconds} s, ${failures} stories with a broken promise\n`);
  process.exitCode = failures === 0 ? 0 : 1;
}
