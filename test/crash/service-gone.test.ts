import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { viRemote } from '../../app/engine/vi-remote.ts';
import { createEngine } from '../../app/engine.ts';
import { ViClient } from '../../app/vi/index.ts';
import { picture } from '../engine/pictures.ts';
import { fill, Mirror, quickTiming, World } from '../engine/world.ts';

const readySchema = z.object({
  endpoint: z.string(),
  organizationId: z.string(),
  secretKey: z.string(),
  datasetId: z.string(),
  port: z.number(),
});
type Service = z.output<typeof readySchema> & { kill(): Promise<void> };

/** A sandbox in a process of its own, always at the same port once it has one. */
async function startService(dataDir: string, port = 0): Promise<Service> {
  const script = path.join(import.meta.dirname, 'service-process.ts');
  const child: ChildProcess = spawn(process.execPath, [script, dataDir, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  if (child.stdout === null) throw new Error('the process has no output');
  const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
  return { ...readySchema.parse(JSON.parse(String(line))), kill };
}

const named = (name: string, count: number, seed: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${name}-${index}.png`,
      picture(seed + index, index % 5 === 0 ? 700_000 : 3000),
    ]),
  );

test('the service is killed in the middle of a session, and comes back: it is told as such, and all arrive, each as one asset', async () => {
  const world = await World.make();
  const folder = await world.folder();
  const files = named('up', 60, 100);
  await fill(folder, files);
  const dataDir = path.join(world.dir, 'service');
  let service = await startService(dataDir);
  const { endpoint, organizationId, secretKey, datasetId, port } = service;
  const retry = { tries: 2, baseMs: 20, capMs: 100 };
  const client = new ViClient({ endpoint, organizationId, secretKey, env: {}, retry });
  const engine = await createEngine({
    dataDir: path.join(world.dir, 'data'),
    timing: quickTiming,
    connect: (address) => viRemote(client, address.datasetId),
  });
  onTestFinished(async () => {
    await engine.close();
    await client.close();
  });
  const place = { folder: folder.root, endpoint, organizationId, datasetId };
  const mirrorId = await engine.addMirror({ ...place, sandbox: true, go: true });
  const mirror = new Mirror(engine, mirrorId);

  for (const share of [0.1, 0.5]) {
    await mirror.until(({ counts }) => counts['in-sync'] >= 60 * share, `${share} of the files`);
    await service.kill();
    await mirror.until(({ phase }) => phase === 'offline', 'the outage');
    expect((await mirror.status()).problem).toMatchObject({ title: 'No connection' });
    expect((await mirror.status()).problem?.suggestion).not.toBe('');
    // What changes meanwhile is seen all the same.
    const name = `meanwhile-${share}.png`;
    files[name] = picture(share * 1000, 3000);
    await folder.write(name, files[name]);
    await mirror.until(async () => (await mirror.files()).some((file) => file.path === name), 'the change');
    service = await startService(dataDir, port);
    await engine.call('syncNow', { mirrorId });
  }
  await mirror.until(
    ({ phase, counts }) => phase === 'in-sync' && counts['in-sync'] === 62,
    'the rest',
    60_000,
  );

  const assets = new Map<string, number | undefined>();
  for await (const { filename, metadata } of client.assets.list({ datasetId }).allItems())
    assets.set(filename, metadata.fileSize);
  expect([...assets.keys()].sort()).toEqual(Object.keys(files).sort());
  for (const [name, content] of Object.entries(files)) {
    expect(assets.get(name)).toBe(content.length);
    expect(await folder.read(name)).toEqual(content);
  }
  expect(await fs.readdir(path.join(folder.root, '.vi-sync'))).not.toContain('trash');
});

test('the service refuses connections in the middle of downloads, and comes back', async () => {
  const world = await World.make();
  const folder = await world.folder();
  const files = named('down', 30, 500);
  for (const [name, content] of Object.entries(files)) await world.putAsset(name, content);
  world.sandbox.faults = [{ kind: 'delay', route: 'download', ms: 60 }];
  const mirror = await world.mirror(folder);
  await mirror.until(({ counts }) => counts['in-sync'] > 0, 'the first');
  world.sandbox.faults = [{ kind: 'reset', when: 'before' }];
  await mirror.until(({ phase }) => phase === 'offline', 'the outage');
  for (const name of await folder.list()) expect(await folder.read(name)).toEqual(files[name]);
  world.sandbox.faults = [];
  await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
  await mirror.until(({ phase, counts }) => phase === 'in-sync' && counts['in-sync'] === 30, 'the rest');
  for (const [name, content] of Object.entries(files)) expect(await folder.read(name)).toEqual(content);
  expect(await fs.readdir(path.join(folder.root, '.vi-sync/tmp'))).toEqual([]);
});
