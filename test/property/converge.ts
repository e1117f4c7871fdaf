import type { FileRow, MirrorPhase } from '../../app/contract.ts';
import { isMirroredPath } from '../../app/observe/ignore-rules.ts';
import { goodHints } from '../world/fake-watch.ts';
import type { FakeWorld } from '../world/fake-world.ts';
import { hashOf } from '../world/file-facts.ts';
import type { Machine } from '../world/machine.ts';
import type { ContentModel } from './content-model.ts';

const minute = 60_000;
const hour = 60 * minute;
const mostRounds = 12;
/** Longest that an engine may need to be settled, with all budgets and times of waiting. */
const mostMs = 3 * hour;

/** States in which a file or asset may stay for good. */
const lasting: ReadonlySet<string> = new Set([
  'in-sync',
  'held',
  'problem',
  'local-only',
  'remote-only',
  'differs',
]);

/** Problems that pass by themselves: none of them may be left when all is well. */
const passing: ReadonlySet<string> = new Set([
  'unreadable',
  'disk-error',
  'not-listed',
  'no-upload-url',
  'NetworkError',
  'Timeout',
  'ServerError',
  'RateLimitExceeded',
  'UrlExpired',
  'FileChanged',
  'FileNotFound',
  'ContentMismatch',
  'DownloadFailed',
  'UploadFailed',
  'DiskFull',
  'FileBusy',
  'FileAccessDenied',
  'FileFailed',
  'NoContents',
  'EUNKNOWN',
  'ECORRUPT',
  'EBADSIZE',
  'ETIMEOUT',
]);

/** Problems of assets that have no file. */
const withoutFile: ReadonlySet<string> = new Set([
  'place-taken',
  'deleted-here',
  'many-deleted-here',
  'deleted-here-changed-there',
]);

/**
 * Ends all trouble, lets everybody come to rest, and holds what engines say against what is so.
 *
 * @param options `listsAll`: there were changes that no listing of changes shows, so the daily whole listing is waited for
 */
export async function converge(
  world: FakeWorld,
  model: ContentModel,
  { listsAll }: { readonly listsAll: boolean },
): Promise<void> {
  heal(world, listsAll);
  for (const machine of world.machines) {
    model.paused(machine, false);
    if (machine.isPaused) await machine.pause(false);
  }
  if (!(await settle(world, model))) return;
  await stayIdle(world, model);
  for (const machine of world.machines) await compare(world, model, machine);
}

function heal(world: FakeWorld, listsAll: boolean): void {
  world.sessions.refusals.clear();
  for (const machine of world.machines) {
    const { remote, disk, volume, wall } = machine;
    machine.killAfter(Number.POSITIVE_INFINITY);
    machine.killAfterCommits(Number.POSITIVE_INFINITY);
    machine.onDeath = () => undefined;
    machine.forgetPowerCut();
    remote.faults.list = [];
    remote.faults.trouble = null;
    remote.faults.isOffline = false;
    disk.faults.list = [];
    disk.faults.trouble = null;
    disk.hints = goodHints;
    volume.mount(machine.root);
    // Days have passed: everything is listed whole once more.
    if (listsAll) wall.jump(100 * hour);
    machine.start();
  }
}

/**
 * A mirror that was begun while the folder's disk was away finds another folder in its place, or an empty one, when it looks after the disk is
 * back: it says what to do.
 */
async function followAdvice(machine: Machine): Promise<void> {
  const status = await machine.status();
  const code = status?.problem?.code;
  if (code === 'folder-other' || code === 'folder-empty') await machine.addAgain();
}

async function settle(world: FakeWorld, model: ContentModel): Promise<boolean> {
  const { clock, machines } = world;
  // Whoever is just being ended is started once more.
  await clock.run(10 * minute);
  for (const machine of machines) machine.start();
  await clock.run(minute);
  for (const machine of machines) await machine.syncNow();
  await clock.run(minute);
  for (const machine of machines) await clock.outcome(followAdvice(machine));
  let last = '';
  for (let round = 0; round < mostRounds; round++) {
    for (const machine of machines) {
      try {
        await world.settle(machine, mostMs);
      } catch (error) {
        model.broken('not-settled', `${machine.name}: ${await describe(machine, error)}`);
        return false;
      }
    }
    const activity = witness(world);
    await clock.run(5 * minute);
    last = activity.end().join(', ');
    if (last === '') return true;
  }
  model.broken('not-settled', `after ${mostRounds} rounds there still is: ${last}`);
  return false;
}

async function describe(machine: Machine, error: unknown): Promise<string> {
  const { phase, problem, counts } = (await machine.status()) ?? {};
  const states = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  const crash = machine.crashes.map(String).join('; ');
  return `${String(error)} (${phase} ${problem?.code} ${JSON.stringify(Object.fromEntries(states))} ${crash})`;
}

/** Notes whatever engines do beside looking. */
function witness(world: FakeWorld): { end(): string[] } {
  const seen = new Set<string>();
  const ends = world.machines.map((machine) => {
    const { remote, volume, name } = machine;
    const before = remote.witness.asked;
    remote.witness.asked = (call) => {
      before?.(call);
      if (call !== 'dataset' && call !== 'list') seen.add(`${name} asks ${call}`);
    };
    const stop = volume.listen((event) => {
      if (event.actor === 'engine') seen.add(`${name} touches ${event.path}`);
    });
    return () => {
      stop();
      if (before === undefined) delete remote.witness.asked;
      else remote.witness.asked = before;
    };
  });
  return {
    end() {
      for (const end of ends) end();
      return [...seen];
    },
  };
}

/** A settled world plans nothing, and asks for nothing but news. */
async function stayIdle(world: FakeWorld, model: ContentModel): Promise<void> {
  const activity = witness(world);
  // In an hour there is a whole scan too; that takes long, and does not for each history.
  await world.clock.run(world.random.fork('idle').chance(0.2) ? hour : 12 * minute);
  for (const what of activity.end()) model.broken('not-idle', what);
  for (const machine of world.machines) {
    // It may be just about to make a plan.
    let status = await machine.status();
    for (let looks = 0; looks < 5 && !isRestful(status?.phase); looks++) {
      await world.clock.run(700);
      status = await machine.status();
    }
    if (!isRestful(status?.phase)) {
      model.broken('not-idle', `${machine.name} is ${status?.phase}: ${status?.problem?.detail}`);
    }
  }
}

function isRestful(phase: MirrorPhase | undefined): boolean {
  return phase === 'in-sync' || phase === 'attention';
}

async function compare(world: FakeWorld, model: ContentModel, machine: Machine): Promise<void> {
  const rows = await machine.rows();
  const { volume, root, name } = machine;
  const files = new Map<string, Buffer>();
  for (const { path, node } of volume.files()) {
    const relative = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : '';
    if (isMirroredPath(relative)) files.set(relative, node.content);
  }
  const assets = new Map(world.service.assets().map((asset) => [asset.assetId, asset]));
  const wrong = (what: string) => model.broken('not-true', `${name}: ${what}`);

  for (const path of files.keys()) {
    const count = rows.filter((row) => row.path === path && isOfFile(row)).length;
    if (count !== 1) wrong(`${path} has ${count} rows: ${rowsOf(rows, path)}`);
  }
  for (const { assetId, filename } of assets.values()) {
    const count = rows.filter((row) => row.assetId === assetId).length;
    if (count !== 1) wrong(`the asset ${filename} has ${count} rows`);
  }
  for (const row of rows) {
    const { path, state, problem, assetId } = row;
    const file = files.get(path);
    const asset = assetId === null ? undefined : assets.get(assetId);
    const said = `${path} is ${state}${problem === null ? '' : `, ${problem.code}`}`;
    if (!lasting.has(state)) wrong(said);
    if (state !== 'in-sync' && problem === null) wrong(`${said}, and nobody says why`);
    if (problem !== null && passing.has(problem.code)) wrong(`${said}, though all is well`);
    if (file === undefined && asset === undefined) wrong(`${said}, and there is nothing`);
    if (assetId !== null && asset === undefined) wrong(`${said}, and its asset is gone`);
    if (state === 'in-sync' && (file === undefined || asset === undefined))
      wrong(`${said}, and one side has nothing`);
    if (file === undefined || asset === undefined) continue;
    const isSame = hashOf(file).sha256 === hashOf(asset.content).sha256;
    if (state === 'in-sync' && !isSame) wrong(`${said}, and file and asset differ`);
    if (state === 'held' && isSame && problem?.code.startsWith('both-') === true)
      wrong(`${said}, and both are the same`);
  }
}

/** Whether a row is of a file, and not of an asset that has no file in this place. */
function isOfFile({ state, problem }: FileRow): boolean {
  return state !== 'remote-only' && !withoutFile.has(problem?.code ?? '');
}

function rowsOf(rows: readonly FileRow[], path: string): string {
  return rows
    .filter((row) => row.path === path)
    .map(({ state, problem }) => `${state} ${problem?.code ?? ''}`)
    .join('; ');
}
