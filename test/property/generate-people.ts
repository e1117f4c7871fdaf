import type { MirrorSettingsChange } from '../../app/contract.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import type { History, Step } from './history.ts';

const second = 1000;
const minute = 60 * second;

/**
 * Adds to a history what people say to the app: settings, pauses, answers to holds; and power cuts. What is in it already stays as it is,
 * in its order.
 */
export function withPeople(history: History): History {
  const random = new SeededRandom(`people ${history.seed}`);
  const machines = history.machines.map((machine) => {
    const settings = random.chance(0.6) ? settingsFor(random) : {};
    return Object.keys(settings).length === 0 ? machine : { ...machine, settings };
  });
  const steps = [...history.steps];
  const more = random.whole(2, 14);
  for (let index = 0; index < more; index++) {
    const step = { ...word(random, machines.length), thenMs: pauseAfter(random) };
    steps.splice(random.whole(0, steps.length), 0, step);
  }
  // What has come of all that is answered too, some of it.
  const late = random.chance(0.6) ? random.whole(1, 8) : 0;
  for (let index = 0; index < late; index++) {
    const m = random.whole(0, machines.length - 1);
    if (index === 0) steps.push({ do: 'wait', thenMs: 3 * minute });
    steps.push({ ...answer(random, m), thenMs: Math.round(random.fraction() * 2 * minute) });
  }
  return { ...history, machines, steps };
}

type Plain<S> = S extends unknown ? Omit<S, 'thenMs'> : never;

function pauseAfter(random: SeededRandom): number {
  return Math.round(
    random.weighted([
      [30, random.fraction() * 3 * second],
      [50, random.fraction() * 60 * second],
      [10, random.fraction() * 5 * minute],
    ]),
  );
}

function settingsFor(random: SeededRandom): MirrorSettingsChange {
  const settings: MirrorSettingsChange = {};
  if (random.chance(0.35)) settings.direction = random.pick(['push', 'pull']);
  if (random.chance(0.6)) settings.deletePolicy = random.pick(['ask', 'propagate', 'propagate']);
  if (random.chance(0.4))
    settings.retentionMode = random.pick(['KeepLinkedResource', 'RemoveLinkedResource']);
  if (random.chance(0.2)) settings.duplicates = 'upload';
  return settings;
}

function otherSettings(random: SeededRandom): MirrorSettingsChange {
  return random.weighted<MirrorSettingsChange>([
    [4, { direction: random.pick(['two-way', 'two-way', 'push', 'pull']) }],
    [4, { deletePolicy: random.pick(['keep', 'ask', 'propagate']) }],
    [3, { retentionMode: random.pick([null, 'ask', 'KeepLinkedResource', 'RemoveLinkedResource']) }],
    [2, { duplicates: random.pick(['leave', 'upload']) }],
  ]);
}

function answer(random: SeededRandom, m: number): Plain<Step> {
  const given = {
    m,
    hold: random.whole(0, 30),
    answer: random.whole(0, 11),
    annotations: random.pick(['KeepLinkedResource', 'RemoveLinkedResource', null] as const) ?? undefined,
    afterMs: random.chance(0.5) ? 0 : Math.round(random.skewed(40 * second)),
  };
  return random.chance(0.8) ? { do: 'answer', ...given } : { do: 'answer-all', ...given };
}

function word(random: SeededRandom, machines: number): Plain<Step> {
  const m = random.whole(0, machines - 1);
  return random.weighted<Plain<Step>>([
    [40, answer(random, m)],
    [16, { do: 'pause', m, all: random.chance(0.3), forMs: Math.round(random.skewed(8 * minute)) }],
    [14, { do: 'tell', m, settings: otherSettings(random) }],
    [6, { do: 'restore', m, file: random.whole(0, 10) }],
    [
      12,
      {
        do: 'power-cut',
        m,
        after: Math.floor(random.skewed(300)),
        lostMs: Math.round(random.skewed(30 * second)),
        downMs: 20 * second + Math.round(random.skewed(5 * minute)),
      },
    ],
  ]);
}
