import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defaultBudgetLimit } from '../../app/transfer/session-budget.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { Answers, type Rule } from './answers.ts';
import { adopt } from './children.ts';
import { Editor } from './editor.ts';
import { type Dataset, differences, verifiedOf } from './judge.ts';
import { Ledger } from './ledger.ts';
import { ServiceDoors } from './service-door.ts';
import { Side } from './side.ts';
import { ThirdHand } from './third-hand.ts';
import { type Station, verdictOn } from './verdict.ts';

export interface PairOptions {
  readonly seed: string;
  /** How long people work. */
  readonly ms: number;
  /** As many sessions as one likes, and looks that come more often: see `quick-settings.ts`. */
  readonly isQuick: boolean;
  /** Told what happens, for a person who waits. */
  readonly say: (text: string) => void;
  /** Everything is left where it is; otherwise it is removed unless something is wrong. */
  readonly keep?: boolean;
}

export interface PairReport {
  readonly lines: readonly string[];
  /** Promises that are broken. None: all is well. */
  readonly broken: readonly string[];
}

const readySchema = z.object({
  endpoint: z.string(),
  organizationId: z.string(),
  secretKey: z.string(),
  datasetId: z.string(),
});
const addedSchema = z.object({ mirrorId: z.string() });

/** Longest that both may take to come to rest after the last edit, with waits for the session budget. Milliseconds. */
const longestEndMs = 25 * 60_000;

/**
 * Two folders, mirrored two-way to one dataset by two `vi-sync watch`, while two people work in them and a third one on the dataset; and
 * now and then a watch is killed. Then everybody stops, everything is answered, and all must be the same everywhere.
 */
export async function playPair(options: PairOptions): Promise<PairReport> {
  const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-pair-'));
  const closing: (() => unknown)[] = [];
  let isWell = false;
  try {
    const report = await new Pair(options, dir, closing).play();
    isWell = report.broken.length === 0;
    return isWell ? report : { ...report, lines: [...report.lines, `everything is in ${dir}`] };
  } finally {
    for (const close of closing.reverse()) await close();
    if (isWell && options.keep !== true) await fs.rm(dir, { recursive: true, force: true });
  }
}

class Pair {
  readonly #options: PairOptions;
  readonly #dir: string;
  readonly #closing: (() => unknown)[];
  readonly #random: SeededRandom;
  readonly #ledger: Ledger;
  readonly #broken: string[] = [];
  readonly #rule: Rule;

  constructor(options: PairOptions, dir: string, closing: (() => unknown)[]) {
    this.#options = options;
    this.#dir = dir;
    this.#closing = closing;
    this.#random = new SeededRandom(`pair ${options.seed}`);
    this.#ledger = new Ledger(this.#random.whole(1, 2 ** 30));
    this.#rule = this.#random.pick(['any', 'theirs', 'both', 'mine'] as const);
  }

  async play(): Promise<PairReport> {
    const { say, ms } = this.#options;
    const service = await this.#startService();
    const doors = new ServiceDoors(service.endpoint);
    this.#closing.push(() => doors.close());
    const third = new ThirdHand({
      dir: this.#dir,
      credentials: { ...service, endpoint: await doors.open('third') },
      datasetId: service.datasetId,
      random: this.#random.fork('third'),
      ledger: this.#ledger,
    });
    this.#closing.push(() => third.close());
    await third.begin(4);
    const stations = await Promise.all([
      this.#station('a', service, doors),
      this.#station('b', service, doors),
    ]);

    const begun = performance.now();
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ms);
    say(`editing for ${Math.round(ms / 1000)} s`);
    await Promise.all([
      ...stations.map(({ side, editor }) => this.#edit(side, editor, stop.signal)),
      this.#workOnDataset(third, stop.signal),
      this.#killNowAndThen(stations, stop.signal),
      this.#answerNowAndThen(stations, stop.signal),
    ]);
    clearTimeout(timer);
    for (const { editor } of stations) await editor.finish();
    const edited = performance.now();
    say('nobody edits any more');
    const dataset = await this.#settle(stations, third, doors);
    const settled = performance.now();
    const rest = await this.#expectRest(doors);
    const isQuick = this.#options.isQuick;
    const verdict = await verdictOn({ stations, third, doors, dataset, ledger: this.#ledger, isQuick });
    this.#broken.push(...verdict.broken);
    for (const { side } of stations) await side.stop();
    for (const { side } of stations) {
      this.#broken.push(...side.problems.map((problem) => `${side.hand}: ${problem}`));
      this.#broken.push(...(await side.loggedErrors()).map((line) => `${side.hand} has logged: ${line}`));
    }
    const lines = [
      `seed ${this.#options.seed}: edited for ${seconds(edited - begun)}, settled after ${seconds(settled - edited)}, then at rest for ${seconds(rest)}`,
      `in the end everything was answered with “${this.#rule}”; the dataset has ${dataset.size} assets`,
      ...verdict.lines,
    ];
    return { lines, broken: this.#broken };
  }

  async #startService(): Promise<z.output<typeof readySchema>> {
    const script = path.join(import.meta.dirname, 'sandbox-process.ts');
    const sessions = this.#options.isQuick ? 0 : 3 * defaultBudgetLimit.sessions;
    const args = [script, path.join(this.#dir, 'service'), String(sessions)];
    const child: ChildProcess = adopt(
      spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const gone = once(child, 'exit');
    this.#closing.push(async () => {
      child.kill('SIGKILL');
      await gone;
    });
    if (child.stdout === null) throw new Error('the process has no output');
    const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
    return readySchema.parse(JSON.parse(String(line)));
  }

  async #station(
    hand: 'a' | 'b',
    service: z.output<typeof readySchema>,
    doors: ServiceDoors,
  ): Promise<Station> {
    const endpoint = await doors.open(hand);
    const dir = path.join(this.#dir, hand);
    const side = new Side({
      hand,
      dir,
      credentials: { ...service, endpoint },
      isQuick: this.#options.isQuick,
    });
    this.#closing.push(() => side.kill());
    await fs.mkdir(side.root, { recursive: true });
    const random = this.#random.fork(hand);
    const editor = new Editor({
      hand,
      root: side.root,
      otherRoot: path.join(this.#dir, hand === 'a' ? 'b' : 'a', 'folder'),
      random: random.fork('editor'),
      ledger: this.#ledger,
    });
    editor.begin(6);
    await side.watch();
    const told = [
      ...['--deletions', random.pick(['propagate', 'propagate', 'ask', 'keep'])],
      ...['--duplicates', random.pick(['leave', 'upload'])],
      ...['--retention', random.pick(['ask', 'keep'])],
    ];
    const place = [side.root, service.datasetId];
    const document = await side.tryCli([], 'mirror', 'add', ...place, '--yes', ...told);
    const { mirrorId } = addedSchema.parse(document);
    const answers = new Answers(side, mirrorId, random.fork('answers'), this.#ledger);
    return { side, editor, answers, mirrorId, told: told.join(' ') };
  }

  async #edit(side: Side, editor: Editor, signal: AbortSignal): Promise<void> {
    const random = this.#random.fork(`pace ${side.hand}`);
    while (!signal.aborted) {
      editor.step();
      // Mostly one after the other; at times many at once; at times none for a while.
      const wait = random.weighted([
        [20, random.whole(0, 40)],
        [60, random.whole(200, 1500)],
        [20, random.whole(1500, 5000)],
      ]);
      await pause(wait, signal);
    }
  }

  async #workOnDataset(third: ThirdHand, signal: AbortSignal): Promise<void> {
    const { isQuick } = this.#options;
    const random = this.#random.fork('pace third');
    for (;;) {
      // Uploads of others are spent of the same budget: few of them.
      await pause(isQuick ? random.whole(800, 3000) : random.whole(15_000, 45_000), signal);
      if (signal.aborted) return;
      await third.step();
    }
  }

  async #killNowAndThen(stations: readonly Station[], signal: AbortSignal): Promise<void> {
    const random = this.#random.fork('kills');
    const { ms } = this.#options;
    for (;;) {
      await pause(random.whole(Math.min(3000, ms / 5), Math.min(40_000, ms / 2)), signal);
      if (signal.aborted) return;
      const { side } = random.pick(stations);
      await side.kill();
      await sleep(random.skewed(4000));
      await side.watch();
    }
  }

  async #answerNowAndThen(stations: readonly Station[], signal: AbortSignal): Promise<void> {
    const random = this.#random.fork('answers');
    const { ms } = this.#options;
    for (;;) {
      await pause(random.whole(ms / 60, ms / 20), signal);
      if (signal.aborted) return;
      const { side, answers, mirrorId } = random.pick(stations);
      if (!side.isWatching) continue;
      if (random.chance(0.8)) {
        await answers.some();
        continue;
      }
      await side.tryCli([], 'mirror', 'pause', mirrorId);
      await pause(random.whole(500, 4000), signal);
      await side.tryCli([], 'mirror', 'resume', mirrorId);
    }
  }

  /** Everything is answered until both sides have nothing left to do, and both are the dataset. */
  async #settle(stations: readonly Station[], third: ThirdHand, doors: ServiceDoors): Promise<Dataset> {
    const { say } = this.#options;
    const deadline = performance.now() + longestEndMs;
    let left: string[] = [];
    for (let round = 1; performance.now() < deadline; round++) {
      let asked = 0;
      const deeds = doors.deeds;
      await Promise.all(stations.map(({ side, mirrorId }) => side.tryCli([], 'sync', mirrorId)));
      // One after the other: what the one has answered may be what the other is asked.
      for (const { answers } of stations) asked += await answers.everything(this.#rule);
      say(`round ${round}: ${asked} answered, ${doors.deeds - deeds} deeds`);
      // What the one has done is news for the other.
      if (asked > 0 || doors.deeds > deeds) continue;
      left = [];
      const dataset = await third.contents();
      const verified = await Promise.all(
        stations.map(({ side, mirrorId }) => side.tryCli([], 'verify', mirrorId)),
      );
      const given = new Set(stations.flatMap(({ editor }) => [...editor.givenNames]));
      for (const [index, { side }] of stations.entries())
        left.push(...differences(side, given, verifiedOf(verified[index]), dataset));
      if (left.length === 0 || round > 12) {
        this.#broken.push(...left.map((what) => `not the same everywhere: ${what}`));
        return dataset;
      }
      say(left.join('\n'));
    }
    this.#broken.push(`not settled after ${seconds(longestEndMs)}`, ...left);
    return third.contents();
  }

  /** A settled world is left alone. */
  async #expectRest(doors: ServiceDoors): Promise<number> {
    const ms = this.#options.isQuick ? 2000 : 30_000;
    const before = doors.deeds;
    await sleep(ms);
    if (doors.deeds > before) this.#broken.push(`at rest, and all the same ${doors.deeds - before} deeds`);
    return ms;
  }
}

/** Waits, but not beyond the end. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
