import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { DatasetAddress } from '../../app/engine/environment.ts';
import { viRemote } from '../../app/engine/vi-remote.ts';
import { createEngine } from '../../app/engine.ts';
import { picture } from '../engine/pictures.ts';
import { fill, World, type WorldFolder } from '../engine/world.ts';

interface Killable {
  readonly lines: string[];
  /** Ends it as a power cut would, as far as the process can tell. */
  kill(): Promise<void>;
  /** Waits for a line that it prints. */
  line(pattern: RegExp): Promise<void>;
  /** Waits until something is so; fails when the engine has nothing left to do before it is. */
  until(isSo: () => boolean, what: string): Promise<void>;
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
    async until(isSo, what) {
      while (!isSo()) {
        if (child.exitCode !== null || lines.includes('settled')) {
          throw new Error(`${what} did not come: ${lines.join(' | ')}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
  };
}

const many = Object.fromEntries(
  Array.from({ length: 150 }, (_, index) => [`${index % 3}/p${index}.png`, picture(5000 + index, 3000)]),
);
const count = Object.keys(many).length;

/**
 * Starts an engine and kills it as soon as the service has had so many more requests of a kind; again for each number. Told by the
 * service's own count: an engine's progress comes some files later.
 */
async function killAfter(
  world: World,
  folder: WorldFolder,
  route: 'upload' | 'download',
  requests: readonly number[],
): Promise<void> {
  // Slow enough to be caught in the middle.
  world.sandbox.faults = [{ kind: 'delay', route, ms: 60 }];
  for (const more of requests) {
    const before = world.sandbox.requests[route];
    const engine = startEngine(world, folder);
    await engine.until(() => world.sandbox.requests[route] >= before + more, `${more} requests`);
    await engine.kill();
    for (const relative of await folder.list()) expect(await folder.read(relative)).toEqual(many[relative]);
  }
  world.sandbox.faults = [];
}

test('killed while it uploads, again and again: every file goes up once, and all arrive', async () => {
  const world = await World.make({ switches: { fileProcessingMs: 5 } });
  const folder = await world.folder();
  await fill(folder, many);
  await killAfter(world, folder, 'upload', [1, 20, 10]);
  const last = startEngine(world, folder);
  await last.line(/^settled$/);
  await last.kill();

  const assets = await world.assets();
  expect(assets.size).toBe(count);
  for (const [relative, content] of Object.entries(many)) {
    expect(assets.get(path.basename(relative))?.content).toEqual(content);
  }
  // A file that was on its way when the kill came is sent again only if it has not arrived; 16 can be on their way at once.
  expect(world.sandbox.requests.upload).toBeLessThanOrEqual(count + 3 * 16);
  expect(world.sandbox.dataRows().used).toBe(count * 5);
});

test('killed while it downloads: no file is half there, and nothing is left over', async () => {
  const world = await World.make();
  const folder = await world.folder();
  for (const [relative, content] of Object.entries(many)) {
    await world.putAsset(path.basename(relative), content, { viSyncPath: relative });
  }
  await killAfter(world, folder, 'download', [1, 20, 10]);
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
  const connect = ({ datasetId }: DatasetAddress) => viRemote(world.client(), datasetId);
  await expect(createEngine({ dataDir, connect })).rejects.toMatchObject({
    code: 'manifest-in-use',
    problem: { title: 'Vi Sync is already running' },
  });
  await first.kill();
  const second = await createEngine({ dataDir, connect });
  expect((await second.call('status', {})).mirrors).toMatchObject([{ phase: 'stopped' }]);
  await second.close();
});
