import * as fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrations } from '../../app/manifest/migrations.ts';
import { picture } from '../engine/pictures.ts';
import { fill, World } from '../engine/world.ts';
import { Dice } from './dice.ts';
import { BrokenPromise } from './evidence.ts';
import { makeOld, versionOf } from './killed-manifest.ts';
import { RunningEngine } from './running-engine.ts';
import type { StoryResult } from './story.ts';

/** The longest that a migration of {@link makeOld}'s manifest is let run before the kill. Milliseconds. */
const longestMs = 500;

/**
 * An old manifest is migrated by an engine that is killed in the middle of it, again and again from the beginning; each time the next
 * engine finds a whole manifest of one version or another, brings it up to date, and uploads nothing.
 */
export async function playMigration(seed: number, kills: number): Promise<StoryResult> {
  const dice = new Dice(seed);
  const closing: (() => Promise<void>)[] = [];
  const world = await World.make({}, (close) => {
    closing.push(close);
  });
  const moments: { by: 'migration'; delayMs: number }[] = [];
  let killed = 0;
  try {
    const folder = await world.folder();
    await fill(
      folder,
      Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`${index % 2}/m-${index}.png`, picture(index, 500)]),
      ),
    );
    const dataDir = path.join(world.dir, 'data');
    const run = async () => {
      const engine = new RunningEngine(world, folder);
      closing.push(() => engine.kill());
      const settled = await engine.settled();
      if (settled?.status.phase !== 'in-sync')
        throw new BrokenPromise(`(d) the phase is ${settled?.status.phase ?? 'none'}`);
      await engine.end();
    };
    await run();
    makeOld(dataDir);
    const old = path.join(world.dir, 'old-data');
    await fs.cp(dataDir, old, { recursive: true });
    const before = { ...world.sandbox.requests };

    for (let kill = 0; kill < kills; kill++) {
      await fs.rm(dataDir, { recursive: true });
      await fs.cp(old, dataDir, { recursive: true });
      const delayMs = dice.whole(0, longestMs);
      moments.push({ by: 'migration', delayMs });
      const engine = new RunningEngine(world, folder);
      closing.push(() => engine.kill());
      await engine.said('opening');
      await sleep(delayMs);
      const wasDone = engine.settledCount > 0;
      await engine.kill();
      if (!wasDone) killed += 1;
      const version = versionOf(dataDir);
      if (version < 1 || version > migrations.length)
        throw new BrokenPromise(`(d) the manifest has version ${version}`);
      await run();
      const { upload, download, 'sessions.create': sessions } = world.sandbox.requests;
      if (upload !== before.upload || download !== before.download || sessions !== before['sessions.create'])
        throw new BrokenPromise('(c) something was transferred again');
    }
    return { kills: killed, moments, broken: null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const broken =
      error instanceof BrokenPromise ? error : new BrokenPromise(error.message, { cause: error });
    return { kills: killed, moments, broken };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
