import { FakeWorld } from '../world/fake-world.ts';
import type { VolumeNames } from '../world/volume.ts';
import { ContentModel } from './content-model.ts';
import { converge } from './converge.ts';
import type { History } from './history.ts';
import { perform } from './perform.ts';
import type { Violation } from './violation.ts';

const namesOf: Record<History['machines'][number]['disk'], VolumeNames> = {
  linux: { foldsCase: false, forms: 'exact' },
  mac: { foldsCase: true, forms: 'any' },
  'old-mac': { foldsCase: true, forms: 'nfd' },
  folding: { foldsCase: true, forms: 'exact' },
};

const computers = ['ada', 'bob', 'eve'];

export interface Outcome {
  readonly violations: readonly Violation[];
  /** Virtual milliseconds, and steps of the world: the same for the same history. */
  readonly ms: number;
  readonly steps: number;
  readonly uploads: number;
}

/** Lets a history happen, ends all trouble, and tells which promises were broken. */
export async function runHistory(
  history: History,
  atEnd: (world: FakeWorld) => Promise<void> = async () => undefined,
): Promise<Outcome> {
  const { clockOffsetMs = 0 } = history.switches;
  const world = new FakeWorld({ seed: history.seed, switches: { ...history.switches, clockOffsetMs } });
  for (const [index, { disk, tickNs, settings = {}, planSize }] of history.machines.entries()) {
    world.machine(computers[index] ?? `computer-${index}`, {
      names: namesOf[disk],
      tickNs,
      settings,
      planSize,
    });
  }
  const model = new ContentModel(world);
  try {
    await happen(world, model, history);
    const listsAll = history.steps.some((step) => step.do === 'web-rename');
    await converge(world, model, { listsAll });
    await atEnd(world);
  } catch (error) {
    model.broken('crash', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  for (const { name, crashes } of world.machines) {
    for (const crash of crashes) model.broken('crash', `${name}: ${textOf(crash)}`);
  }
  const isAlone = history.machines.length === 1;
  const mayExceed = [...history.before, ...history.steps].some((step) => step.do === 'clock');
  if (isAlone && !mayExceed && world.sessions.refused > 0) {
    model.broken('budget-exceeded', `${world.sessions.refused} of ${world.sessions.created} sessions`);
  }
  for (const machine of world.machines) machine.kill();
  for (const machine of world.machines) machine.dispose();
  return {
    violations: model.violations,
    ms: Math.round(world.clock.steady),
    steps: world.clock.steps,
    uploads: world.sessions.sent.length,
  };
}

async function happen(world: FakeWorld, model: ContentModel, history: History): Promise<void> {
  const { networkTrouble, diskTrouble, hintTrouble } = history;
  for (const step of history.before) await perform(world, model, step);
  await world.clock.run(2000);
  for (const { remote, disk } of world.machines) {
    if (networkTrouble > 0) {
      remote.faults.trouble = {
        rate: networkTrouble,
        kinds: ['network', 'timeout', 'server', 'cut-listing', 'stale', 'truncate'],
      };
    }
    if (diskTrouble > 0) {
      disk.faults.trouble = { rate: diskTrouble, codes: ['EIO', 'EACCES', 'ENOSPC', 'EBUSY'] };
    }
    if (hintTrouble > 0) {
      disk.hints = {
        lost: hintTrouble / 2,
        late: hintTrouble,
        doubled: hintTrouble,
        blurred: hintTrouble / 4,
      };
    }
  }
  for (const machine of world.machines) machine.start();
  for (const step of history.steps) {
    await perform(world, model, step);
    await world.clock.run(step.thenMs);
  }
}

function textOf(crash: unknown): string {
  if (crash instanceof Error) return crash.stack ?? crash.message;
  if (typeof crash !== 'object' || crash === null) return String(crash);
  return Object.values(crash)
    .map((part) => (part instanceof Error ? part.stack : String(part)))
    .join(': ');
}
