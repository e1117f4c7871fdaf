import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../../app/engine.ts';
import { picture } from '../engine/pictures.ts';
import { fill, World, type WorldFolder } from '../engine/world.ts';

interface Killable {
  readonly lines: string[];
  /** Ends it as a power cut would, as far as the process can tell. */
  kill(): Promise<void>;
  /** Waits for a line that it prints. */
  line(pattern: RegExp): Promise<void>;
}

function startEngine(world: World, folder: WorldFolder): Killable {
  const { endpoint, organizationId, secretKey } = world.sandbox;
  const options = {
    dataDir: path.join(world.dir, 'data'),
    folder: folder.root,
    datasetId: world.datasetId,
    endpoint,
    organizationId,
    secretKey,
  };
  const child: ChildProcess = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../engine/engine-process.ts')],
    {
      env: { ...process.env, VI_SYNC_TEST: JSON.stringify(options) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  if (child.stdout === null) throw new Error('the process has no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const wake of waiting) wake();
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  return {
    lines,
    kill,
    async line(pattern) {
      while (!lines.some((line) => pattern.test(line))) {
        await new Promise<void>((resolve, reject) => {
          waiting.add(resolve);
          ended.then(() => reject(new Error(`it ended: ${lines.join(' | ')}`)));
        });
      }
    },
  };
}

const many = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`${index % 3}/p${index}.png`, picture(5000 + index, 3000)]),
);

/** Filename → how often its bytes arrived whole. */
function countUploads(world: World): number {
  return world.sandbox.requests.upload;
}

test('killed while it uploads, again and again: every file goes up once, and all arrive', async () => {
  const world = await World.make({ switches: { fileProcessingMs: 5 } });
  const folder = await world.folder();
  await fill(folder, many);
  // Slow enough to be caught in the middle.
  world.sandbox.faults = [{ kind: 'delay', route: 'upload', ms: 60 }];
  for (const done of [1, 12, 8]) {
    const engine = startEngine(world, folder);
    await engine.line(new RegExp(`^\\w+ (${range(done, 60)}) `));
    await engine.kill();
  }
  world.sandbox.faults = [];
  const last = startEngine(world, folder);
  await last.line(/^settled$/);
  await last.kill();

  const assets = await world.assets();
  expect(assets.size).toBe(60);
  for (const [relative, content] of Object.entries(many)) {
    expect(assets.get(path.basename(relative))?.content).toEqual(content);
  }
  // A file that was on its way when the kill came is sent again only if it has not arrived; 16 can be on their way at once.
  expect(countUploads(world)).toBeLessThanOrEqual(60 + 3 * 16);
  expect(world.sandbox.dataRows().used).toBe(60 * 5);
});

test('killed while it downloads: no file is half there, and nothing is left over', async () => {
  const world = await World.make();
  const folder = await world.folder();
  for (const [relative, content] of Object.entries(many)) {
    await world.putAsset(path.basename(relative), content, { viSyncPath: relative });
  }
  world.sandbox.faults = [{ kind: 'delay', route: 'download', ms: 50 }];
  for (const done of [1, 12, 8]) {
    const engine = startEngine(world, folder);
    await engine.line(new RegExp(`^\\w+ \\d+ (${range(done, 60)})$`));
    await engine.kill();
    for (const relative of await folder.list()) expect(await folder.read(relative)).toEqual(many[relative]);
  }
  world.sandbox.faults = [];
  const last = startEngine(world, folder);
  await last.line(/^settled$/);
  await last.kill();
  expect(await folder.list()).toEqual(Object.keys(many).sort());
  for (const [relative, content] of Object.entries(many))
    expect(await folder.read(relative)).toEqual(content);
  expect(world.sandbox.requests.upload).toBe(0);
});

test('a second engine on the same data is refused while the first lives, and welcome once it is dead', async () => {
  const world = await World.make();
  const folder = await world.folder();
  const first = startEngine(world, folder);
  await first.line(/^settled$/);
  const dataDir = path.join(world.dir, 'data');
  await expect(createEngine({ dataDir })).rejects.toMatchObject({
    code: 'manifest-in-use',
    problem: { title: 'Vi Sync is already running' },
  });
  await first.kill();
  const second = await createEngine({ dataDir });
  expect((await second.call('status', {})).mirrors).toMatchObject([{ phase: 'stopped' }]);
  await second.close();
});

/** A pattern of the numbers from `from` to `to`. */
function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).join('|');
}
