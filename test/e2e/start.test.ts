import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptSessionKey } from '../../app/host/session-key.ts';
import { type RunningApp, startApp } from '../../app/host/start.ts';
import { sampleManifest } from '../../app/sandbox/sample/sample-manifest.ts';
import { rendererDir } from './page-fixture.ts';

let playgroundDir: string;
const running: RunningApp[] = [];
beforeEach(async () => {
  playgroundDir = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
});
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
  await rm(playgroundDir, { recursive: true });
});

async function start(port?: number): Promise<RunningApp> {
  const app = await startApp({ playgroundDir, rendererDir, ...(port === undefined ? {} : { port }) });
  running.push(app);
  return app;
}

async function close(app: RunningApp): Promise<void> {
  running.splice(running.indexOf(app), 1);
  await app.close();
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const images = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.vi-sync'))
    .map(({ name }) => name);

/** The files of the sample folder, and those that its dataset had before. */
const everything = sampleManifest.total + sampleManifest.assets.length;

describe('the start of the app', () => {
  it('makes the sample folder, mirrors it to a dataset, and serves the page', async () => {
    const app = await start(0);
    expect(app.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    expect(app.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const cookie = await signIn(app.url);
    const page = await fetch(new URL('/', app.url), { headers: { cookie } });
    expect(await page.text()).toContain('<title>Vi Sync</title>');

    const { engine, mirrorId } = app.playground;
    const status = await engine.settled(mirrorId);
    expect(status.sandbox).toBe(true);
    expect(status.datasetName).toBe('Sample images');
    expect(status.fileTotal).toBe(everything);
    expect(await images(app.folder)).toHaveLength(everything);
    const broken = await engine.call('files', { mirrorId, state: 'problem' });
    for (const { path } of sampleManifest.files.filter(({ problem }) => problem !== null)) {
      expect(broken.items.map((item) => item.path)).toContain(path);
    }
  });

  it('goes on where the last one ended: the mirror, the cookie, and what a person deleted', async () => {
    const first = await start(0);
    const port = Number(new URL(first.url).port);
    const cookie = await signIn(first.url);
    await first.playground.engine.settled(first.playground.mirrorId);
    const { mirrorId, folder } = first.playground;
    await close(first);
    const gone = sampleManifest.files.find(({ problem }) => problem !== null);
    await rm(path.join(folder, gone?.path ?? ''));

    const second = await start(port);
    expect(second.playground.mirrorId).toBe(mirrorId);
    expect(await images(folder)).toHaveLength(everything - 1);
    expect((await fetch(new URL('/session', second.url), { headers: { cookie } })).status).toBe(204);
    expect(new URL(second.url).search).not.toBe(new URL(first.url).search);
    const status = await second.playground.engine.settled(mirrorId);
    expect(status.upload.filesTotal).toBe(0);
  });

  it('takes another port for the page when the usual one is taken', async () => {
    const squatter = net.createServer();
    await new Promise<void>((resolve) =>
      squatter.once('error', () => resolve()).listen(8436, '127.0.0.1', resolve),
    );
    try {
      const app = await start();
      expect(new URL(app.url).port).not.toBe('8436');
      await signIn(app.url);
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it('refuses a second app on the same playground, and leaves the first one alone', async () => {
    const app = await start(0);
    await expect(start(0)).rejects.toThrow();
    await signIn(app.url);
    expect((await app.playground.engine.call('status', {})).mirrors).toHaveLength(1);
  });

  it('closes what it had started when the page can’t be served', async () => {
    await expect(startApp({ playgroundDir, rendererDir: '/nowhere', port: 0 })).rejects.toMatchObject({
      code: 'renderer-missing',
    });
    // Sandbox and manifest are free again.
    await start(0);
  });
});

describe('the kept session key', () => {
  it('is the same at each start, and only its owner can read it', async () => {
    const key = await keptSessionKey(playgroundDir);
    expect(key).toHaveLength(32);
    expect(await keptSessionKey(playgroundDir)).toEqual(key);
    const { mode } = await stat(path.join(playgroundDir, 'page-session.key'));
    if (process.platform !== 'win32') expect(mode & 0o077).toBe(0);
  });
});
