import * as fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteName } from '../../app/sandbox/faults.ts';
import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { World } from '../engine/world.ts';
import { Dice } from './dice.ts';
import {
  BrokenPromise,
  countUnarrived,
  expectConverged,
  expectNothingLost,
  linkName,
  surroundings,
} from './evidence.ts';
import { killMoments, type SelfKill } from './kill-switch.ts';
import { uploadsBegun } from './killed-manifest.ts';
import { RunningEngine, type RunOptions } from './running-engine.ts';
import type { Scene } from './scenes.ts';

/** When an engine is killed: from outside, so long after the n-th request of a kind; or by itself, at its n-th call. */
export type Moment =
  | { readonly by: 'requests'; readonly route: RouteName; readonly count: number; readonly delayMs: number }
  | { readonly by: 'calls'; readonly self: SelfKill }
  /** So long after it began to open its manifest. */
  | { readonly by: 'migration'; readonly delayMs: number };

export interface StoryResult {
  /** Kills that came before the engine was done. */
  readonly kills: number;
  /** The moments at which it was to be killed, and what is broken; null: nothing is. */
  readonly moments: readonly Moment[];
  readonly broken: BrokenPromise | null;
}

/** What the service does not publish about itself. */
const settings: readonly [Partial<SandboxSwitches>, ...Partial<SandboxSwitches>[]] = [
  {},
  {},
  { listingDelayMs: 400 },
  { overwrittenAssetId: 'new' },
  { fileProcessingMs: 4, finishOrder: 'shuffled' },
  { hashAlgorithm: 'md5', hashEncoding: 'base64' },
  { hashAlgorithm: 'none' },
];

/**
 * Plays a scene, with an engine that is killed up to `kills` times at moments of the dice's choice, and then once more to its end.
 * Checks after each kill that nothing is lost, and in the end that all is as it should be.
 */
export async function playStory(scene: Scene, seed: number, kills: number): Promise<StoryResult> {
  const dice = new Dice(seed);
  const closing: (() => unknown)[] = [];
  const world = await World.make({ switches: dice.pick(settings) }, (close) => {
    closing.push(close);
  });
  const moments: Moment[] = [];
  let killed = 0;
  let begun = 0;
  try {
    const folder = await world.folder();
    await fs.mkdir(path.join(world.dir, 'outside'));
    await fs.writeFile(path.join(world.dir, 'outside/a.png'), 'not yours');
    const expectation = await scene.prepare(world, folder, dice);
    await fs.symlink(path.join(world.dir, 'outside'), path.join(folder.root, linkName));
    const around = await surroundings(world, folder);
    const uploadsBefore = world.sandbox.requests.upload;
    const { settings: told = {}, answers = {}, restores = false, isImpatient = false } = scene;
    const options: RunOptions = { settings: told, answers, restores, isImpatient };

    for (let run = 0; run < kills; run++) {
      const moment = chooseMoment(scene, dice, run);
      moments.push(moment);
      world.sandbox.faults = [
        { kind: 'delay', route: scene.requests.map(({ route }) => route), ms: dice.whole(0, 25) },
      ];
      const isKilled = await runUntil(
        world,
        moment,
        () => new RunningEngine(world, folder, withKill(options, moment)),
      );
      world.sandbox.faults = [];
      await expectNothingLost(world, folder, expectation);
      if (!isKilled) break;
      killed += 1;
      begun += await countUnarrived(world, uploadsBegun(path.join(world.dir, 'data')));
    }

    const last = new RunningEngine(world, folder, options);
    closing.push(() => last.kill());
    const settled = await last.settled();
    if (settled === null) throw new BrokenPromise('(d) the last engine ended by itself');
    const sent = {
      uploads: world.sandbox.requests.upload - uploadsBefore,
      mostUploads: expectation.uploads + begun,
    };
    await expectConverged(world, folder, expectation, settled, sent);
    await expectAtRest(world, last);
    await last.end();
    if ((await surroundings(world, folder)) !== around)
      throw new BrokenPromise('(f) something outside of the folder has changed');
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

/** A world where all is done stays as it is, even when everything is read and listed anew. */
async function expectAtRest(world: World, engine: RunningEngine): Promise<void> {
  const { upload, 'sessions.create': sessions, 'assets.delete': deletions } = world.sandbox.requests;
  engine.order('verify');
  if ((await engine.settled(1)) === null) throw new BrokenPromise('(d) the engine ended while it verified');
  const now = world.sandbox.requests;
  if (now.upload !== upload || now['sessions.create'] !== sessions || now['assets.delete'] !== deletions) {
    throw new BrokenPromise('(d) all was done, and something was sent all the same');
  }
}

function chooseMoment({ requests, calls }: Scene, dice: Dice, run: number): Moment {
  // What the runs before have done is not done again.
  const share = run === 0 ? 1 : 0.6;
  const upTo = (count: number) => dice.whole(1, Math.max(1, Math.floor(share * count)));
  if (dice.fraction() < 0.4) {
    const { route, count } = dice.pick(requests);
    return { by: 'requests', route, count: upTo(count), delayMs: dice.whole(0, 80) };
  }
  const moment = dice.pick(killMoments);
  return { by: 'calls', self: { call: upTo(calls), moment, delayMs: dice.whole(0, 20) } };
}

function withKill(options: RunOptions, moment: Moment): RunOptions {
  return moment.by === 'calls' ? { ...options, kill: moment.self } : options;
}

/** Runs an engine until it is killed; false: it was done before that. */
async function runUntil(world: World, moment: Moment, start: () => RunningEngine): Promise<boolean> {
  const { requests } = world.sandbox;
  const before = moment.by === 'requests' ? requests[moment.route] : 0;
  const engine = start();
  const isOver = () => engine.hasEnded || engine.settledCount > 0;
  await engine.until(
    () => isOver() || (moment.by === 'requests' && requests[moment.route] >= before + moment.count),
    'the moment of the kill',
  );
  if (moment.by === 'requests' && !isOver()) await sleep(moment.delayMs);
  const wasDone = engine.settledCount > 0;
  await engine.kill();
  return !wasDone;
}
