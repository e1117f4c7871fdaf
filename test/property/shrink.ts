import type { History, Step } from './history.ts';
import { runHistory } from './run-history.ts';
import type { Rule } from './violation.ts';

/** A smaller history in which the same promise is broken. */
export interface Shrunk {
  readonly history: History;
  readonly runs: number;
}

/**
 * Leaves out of a history whatever is not needed to break a promise: steps, computers, switches, troubles, pauses.
 *
 * @param mostRuns histories that are tried at most
 */
export async function shrink(history: History, rule: Rule, mostRuns = 400): Promise<Shrunk> {
  let best = history;
  let runs = 0;
  const isStillBroken = async (candidate: History): Promise<boolean> => {
    if (runs >= mostRuns) return false;
    runs += 1;
    const { violations } = await runHistory(candidate);
    return violations.some((violation) => violation.rule === rule);
  };
  for (;;) {
    const before = best;
    for (const list of ['steps', 'before'] as const) best = await withoutSteps(best, list, isStillBroken);
    for (const change of simplerSettings(best)) {
      const candidate = { ...best, ...change };
      if (await isStillBroken(candidate)) best = candidate;
    }
    best = await withShorterPauses(best, isStillBroken);
    if (best === before || runs >= mostRuns) return { history: best, runs };
  }
}

type Test = (candidate: History) => Promise<boolean>;

/** Leaves out steps: many at once first, then one by one. */
async function withoutSteps(history: History, list: 'steps' | 'before', test: Test): Promise<History> {
  let best = history;
  for (let size = Math.ceil(best[list].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best[list].length; ) {
      const candidate = { ...best, [list]: best[list].toSpliced(at, size) };
      if (await test(candidate)) best = candidate;
      else at += size;
    }
  }
  return best;
}

function* simplerSettings(history: History): Generator<Partial<History>> {
  if (history.machines.length > 1) yield { machines: history.machines.slice(0, 1) };
  if (history.networkTrouble > 0) yield { networkTrouble: 0 };
  if (history.diskTrouble > 0) yield { diskTrouble: 0 };
  if (history.hintTrouble > 0) yield { hintTrouble: 0 };
  for (const name of Object.keys(history.switches)) {
    yield {
      switches: Object.fromEntries(Object.entries(history.switches).filter(([each]) => each !== name)),
    };
  }
  for (const [index, machine] of history.machines.entries()) {
    const { disk, tickNs, settings = {}, planSize } = machine;
    if (disk !== 'linux') yield { machines: history.machines.with(index, { ...machine, disk: 'linux' }) };
    if (planSize !== undefined)
      yield { machines: history.machines.with(index, { ...machine, planSize: undefined }) };
    if (tickNs !== 1) yield { machines: history.machines.with(index, { ...machine, tickNs: 1 }) };
    for (const name of Object.keys(settings)) {
      const less = Object.fromEntries(Object.entries(settings).filter(([each]) => each !== name));
      yield { machines: history.machines.with(index, { ...machine, settings: less }) };
    }
  }
}

async function withShorterPauses(history: History, test: Test): Promise<History> {
  let best = history;
  for (let index = 0; index < best.steps.length; index++) {
    for (const thenMs of [0, 100, 3000, 60_000]) {
      const step: Step | undefined = best.steps[index];
      if (step === undefined || step.thenMs <= thenMs) break;
      const candidate = { ...best, steps: best.steps.with(index, { ...step, thenMs }) };
      if (await test(candidate)) {
        best = candidate;
        break;
      }
    }
  }
  return best;
}
