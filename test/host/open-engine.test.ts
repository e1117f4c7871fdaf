import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { MirrorStatus } from '../../app/contract.ts';
import { type OpenedEngine, openEngine } from '../../app/host/open-engine.ts';
import { silentLog } from '../../app/log.ts';
import { fill, pictures, World } from '../engine/world.ts';

/** A data folder with a mirror of two pictures. */
interface Scene {
  readonly world: World;
  readonly dataDir: string;
  readonly mirrorId: string;
  open(options?: { ownOnly?: boolean; signal?: AbortSignal }): Promise<OpenedEngine>;
}

async function scene(): Promise<Scene> {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'b.png'));
  const engine = await world.engine();
  const { mirrorId } = await engine.call('addMirror', { ...world.address(), folder: folder.root, go: true });
  await engine.close();
  vi.stubEnv('DATATURE_VI_SECRET_KEY', world.sandbox.secretKey);
  vi.stubEnv('DATATURE_VI_ORGANIZATION_ID', world.sandbox.organizationId);
  vi.stubEnv('DATATURE_VI_API_ENDPOINT', world.sandbox.endpoint);
  onTestFinished(() => void vi.unstubAllEnvs());
  const dataDir = path.join(world.dir, 'data');
  return {
    world,
    dataDir,
    mirrorId,
    async open(options = {}) {
      const signal = new AbortController().signal;
      const opened = await openEngine({ dataDir, log: silentLog, signal, ...options });
      onTestFinished(() => opened.close());
      return opened;
    },
  };
}

async function statusOf(engine: OpenedEngine): Promise<MirrorStatus> {
  const [mirror] = (await engine.call('status', {})).mirrors;
  if (mirror === undefined) throw new Error('there is no mirror');
  return mirror;
}

describe('the engine of a data folder', () => {
  test('runs here when nobody else has it, and nothing is started by opening it', async () => {
    const { open, world } = await scene();
    const engine = await open();
    expect(engine.isOwn).toBe(true);
    expect((await statusOf(engine)).phase).toBe('stopped');
    expect(world.sandbox.requests['assets.list']).toBe(0);
  });

  test('is spoken to when another one has it, and does what it is told', async () => {
    const { open, mirrorId, world } = await scene();
    await open();
    const other = await open();
    expect(other.isOwn).toBe(false);
    await other.call('start', { mirrorId });
    expect(await other.call('settled', { mirrorId })).toMatchObject({ phase: 'in-sync', fileTotal: 2 });
    expect((await world.assets()).size).toBe(2);
  });

  test('is refused in words to who must have it alone', async () => {
    const { open } = await scene();
    await open();
    await expect(open({ ownOnly: true })).rejects.toMatchObject({ code: 'manifest-in-use' });
  });

  test('is waited for while somebody has it who can’t be spoken to, until the waiting is ended', async () => {
    const { open, world } = await scene();
    // Holds the manifest, and does not listen.
    const mute = await world.engine();
    const waiting = new AbortController();
    const opening = open({ signal: waiting.signal });
    waiting.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    const later = open();
    await mute.close();
    expect((await later).isOwn).toBe(true);
  });

  test('goes on here when the process that had it ends, with what was started and listened to', async () => {
    const { open, mirrorId, world } = await scene();
    const first = await open();
    const second = await open();
    const phases: string[] = [];
    second.on('mirrorChanged', ({ phase }) => phases.push(phase));
    await second.call('start', { mirrorId });
    await second.call('settled', { mirrorId });
    await world.putAsset('c.png', pictures('c.png')['c.png'] ?? new Uint8Array());
    await first.close();
    phases.length = 0;
    await second.call('syncNow', { mirrorId });
    expect(await second.call('settled', { mirrorId })).toMatchObject({ phase: 'in-sync' });
    expect(second.isOwn).toBe(true);
    await vi.waitUntil(() => phases.includes('in-sync'));
  });

  test('is found again by several calls that have lost it at once', async () => {
    const { open, mirrorId } = await scene();
    const first = await open();
    const second = await open();
    const third = await open();
    for (const engine of [second, third]) await engine.call('start', { mirrorId });
    const settled = [second, third, second].map((engine) => engine.call('settled', { mirrorId }));
    await first.close();
    for (const status of await Promise.all([
      ...settled,
      ...[second, third].map((engine) => statusOf(engine)),
    ])) {
      expect(status.mirrorId).toBe(mirrorId);
    }
    expect([second.isOwn, third.isOwn].filter((isOwn) => isOwn)).toHaveLength(1);
  });

  test('does not make a call twice that must not be', async () => {
    const { open, mirrorId } = await scene();
    const first = await open();
    const second = await open();
    await first.close();
    await expect(second.call('removeMirror', { mirrorId })).rejects.toMatchObject({
      problem: { code: 'engine-lost' },
    });
    expect((await statusOf(second)).mirrorId).toBe(mirrorId);
  });
});

test('killed by force, the one that had it leaves it to the next, socket and all', async () => {
  const { dataDir, open } = await scene();
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { openEngine } = await import(${JSON.stringify(new URL('../../app/host/open-engine.ts', import.meta.url).href)});
       const { silentLog } = await import(${JSON.stringify(new URL('../../app/log.ts', import.meta.url).href)});
       await openEngine({ dataDir: ${JSON.stringify(dataDir)}, log: silentLog, signal: new AbortController().signal });
       console.log('open');
       setInterval(() => undefined, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const client = await open();
  expect(client.isOwn).toBe(false);
  child.kill('SIGKILL');
  await ended;
  if (process.platform !== 'win32') {
    expect(await fs.readdir(path.join(dataDir, 'run'))).toEqual(['engine.sock']);
  }
  const next = await open();
  expect(next.isOwn).toBe(true);
  // The client of the dead one finds the next.
  expect((await statusOf(client)).phase).toBe('stopped');
});
