import path from 'node:path';
import type { FakeWorld } from '../world/fake-world.ts';
import type { Machine } from '../world/machine.ts';
import type { ContentModel } from './content-model.ts';
import { contentOf } from './contents.ts';
import type { Step } from './history.ts';
import { performOfPeople } from './perform-people.ts';

/** How long a writer takes between the two halves of a file. Milliseconds. */
const slowWriteMs = 700;

const watchProblem = {
  code: 'watch-failed',
  title: 'Changes are found later than usual',
  detail: 'The system can’t watch.',
  suggestion: 'Nothing is lost.',
};

/** Does what a step says. What a person tries in vain (a file that is not there, a folder in the way) is left undone. */
export async function perform(world: FakeWorld, model: ContentModel, step: Step): Promise<void> {
  const { service, sessions, clock } = world;
  switch (step.do) {
    case 'web-put':
      await service.put(
        step.name,
        contentOf(step.content),
        step.path === null ? undefined : { viSyncPath: step.path },
      );
      return;
    case 'web-delete': {
      const asset = service.current(step.name);
      if (asset !== undefined) service.delete(asset.assetId, { kind: 'web' });
      return;
    }
    case 'web-annotate':
      service.annotate(step.name, step.count);
      return;
    case 'web-rename':
      service.rename(step.from, step.to);
      return;
    case 'refuse':
      sessions.refusals.set(step.name, step.code);
      clock.after(step.forMs, () => sessions.refusals.delete(step.name));
      return;
    case 'wait':
      return;
    default: {
      const machine = world.machines[step.m % world.machines.length];
      if (machine !== undefined) await performOn(world, model, machine, step);
    }
  }
}

async function performOn(world: FakeWorld, model: ContentModel, machine: Machine, step: Step): Promise<void> {
  const { clock } = world;
  const { remote, disk } = machine;
  switch (step.do) {
    case 'kill':
      machine.onDeath = () => clock.after(step.downMs, () => machine.start());
      if (step.at === 'wait') machine.killAfter(step.after);
      else machine.killAfterCommits(step.after);
      return;
    case 'restart':
      machine.onDeath = () => clock.after(step.downMs, () => machine.start());
      machine.end();
      return;
    case 'offline':
      remote.faults.isOffline = true;
      clock.after(step.forMs, () => {
        remote.faults.isOffline = false;
      });
      return;
    case 'service-fault':
      remote.faults.list = [
        ...remote.faults.list,
        { kind: step.kind, when: step.when, skip: step.skip, times: step.times },
      ];
      return;
    case 'disk-fault':
      disk.faults.list = [...disk.faults.list, { code: step.code, path: step.path, times: step.times }];
      return;
    case 'unmount':
      machine.volume.unmount(machine.root, step.leaves);
      clock.after(step.forMs, () => machine.volume.mount(machine.root));
      return;
    case 'clock':
      machine.wall.jump(step.ms);
      return;
    case 'watch-fails':
      disk.failWatches(watchProblem);
      return;
    case 'sync-now':
      return machine.syncNow();
    case 'pause':
    case 'tell':
    case 'answer':
    case 'answer-all':
    case 'restore':
    case 'power-cut':
      return performOfPeople(world, model, machine, step);
    default:
      attempt(() => edit(world, machine, step));
  }
}

function attempt(what: () => void): void {
  try {
    what();
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error)) throw error;
  }
}

/** What a person does in the folder. */
function edit(world: FakeWorld, machine: Machine, step: Step): void {
  const { volume } = machine;
  const at = (relative: string) => machine.path(relative);
  // Nobody works in a folder whose disk is not there.
  if (volume.isAway(machine.root)) return;
  const makeWay = (relative: string) => volume.makeFolder(path.dirname(at(relative)));
  switch (step.do) {
    case 'write':
      makeWay(step.path);
      write(world, machine, step);
      return;
    case 'touch':
      volume.setTimes(at(step.path), machine.wall.now());
      return;
    case 'delete':
      if (volume.find(at(step.path))?.kind === 'file') volume.remove(at(step.path));
      return;
    case 'rename':
      makeWay(step.to);
      volume.rename(at(step.from), at(step.to));
      return;
    case 'swap': {
      const between = at('between.tmp');
      volume.rename(at(step.from), between);
      attempt(() => volume.rename(at(step.to), at(step.from)));
      volume.rename(between, at(step.to));
      return;
    }
    case 'copy': {
      const content = volume.read(at(step.from));
      makeWay(step.to);
      volume.write(at(step.to), content);
      return;
    }
    case 'delete-folder':
      for (const file of [...volume.files()]) {
        if (file.path.startsWith(`${at(step.path)}/`)) volume.remove(file.path);
      }
  }
}

function write({ clock }: FakeWorld, machine: Machine, step: Step & { do: 'write' }): void {
  const { volume } = machine;
  const file = machine.path(step.path);
  const content = contentOf(step.content);
  switch (step.how) {
    case 'whole':
      volume.write(file, content);
      return;
    case 'slow':
      volume.write(file, content.subarray(0, Math.floor(content.length / 2)));
      clock.after(slowWriteMs, () => {
        if (!volume.isAway(machine.root)) attempt(() => volume.write(file, content));
      });
      return;
    case 'atomic': {
      const temporary = `${file}.tmp`;
      volume.write(temporary, content);
      volume.rename(temporary, file);
    }
  }
}
