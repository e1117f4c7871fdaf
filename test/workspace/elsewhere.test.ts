import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openConnections } from '../../app/accounts/connections.ts';
import { openEngine } from '../../app/host/open-engine.ts';
import { serve } from '../../app/host/serve.ts';
import { silentLog } from '../../app/log.ts';
import { startSandbox } from '../../app/sandbox/sandbox.ts';
import { Workspace } from '../../app/workspace/workspace.ts';
import { picture } from '../engine/pictures.ts';
import { openFront } from '../host/front-fixture.ts';
import { pullEnded, TestKeychain } from './workspace-world.ts';

// Engines with their real timing, and two of them at once.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** Everything of a person with a key in the keychain, and nothing that runs yet. */
async function person() {
  const dir = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-')));
  const sandbox = await startSandbox({
    dataDir: path.join(dir, 'sandbox'),
    switches: { sessionBudget: null },
  });
  const { datasetId } = sandbox.createDataset({ name: 'Shelves', datasetId: 'shelves' });
  const { endpoint, organizationId, secretKey } = sandbox;
  const keychain = new TestKeychain();
  const rendererDir = path.join(dir, 'renderer');
  await fs.mkdir(rendererDir);
  await fs.writeFile(path.join(rendererDir, 'index.html'), '<!doctype html><title>page</title>');
  const closing: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const close of closing.reverse()) await close();
    await sandbox.close();
    await fs.rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }, 60_000);
  const images = path.join(dir, 'images');
  await fs.mkdir(images);
  await fs.writeFile(path.join(images, 'a.png'), picture(1));
  return {
    dir,
    dataDir: path.join(dir, 'data'),
    images,
    rendererDir,
    keychain,
    secretKey,
    place: { endpoint, organizationId },
    datasetId,
    log: silentLog,
    signal: new AbortController().signal,
    closeLater: (close: () => Promise<void>) => closing.push(close),
  };
}

type Person = Awaited<ReturnType<typeof person>>;

function served(given: Person) {
  const { dataDir, dir, rendererDir, log, signal, keychain } = given;
  return serve({
    dataDir,
    cacheDir: path.join(dir, 'cache'),
    rendererDir,
    port: 0,
    log,
    signal,
    connections: { env: {}, keychain },
  });
}

/** The page's own end, signed in by the address that was printed. */
async function front(url: string) {
  const entry = await fetch(url, { redirect: 'manual' });
  const cookie = entry.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { port } = new URL(url);
  const opened = await openFront({ host: { port: Number(port) }, cookie });
  return { ...opened, cookie, port };
}

test('vi-sync serve runs a person’s mirrors, logs in by the page, and goes on at the next start', async () => {
  const given = await person();
  const { place, secretKey, datasetId, images } = given;
  const first = await served(given);
  expect(first.runsMirrors).toBe(true);
  const page = await front(first.url);
  const { engine: app } = page;
  expect((await app.call('accounts', {})).items).toEqual([]);
  await app.call('connectAccount', { ...place, secretKey });
  const { mirrorId } = await app.call('addMirror', { ...place, datasetId, folder: images, go: true });
  expect(await app.call('settled', { mirrorId })).toMatchObject({ phase: 'in-sync' });
  const query = new URLSearchParams({ mirror: mirrorId, path: 'a.png', size: '128' });
  const picture = await fetch(`http://127.0.0.1:${page.port}/preview/local?${query}`, {
    headers: { cookie: page.cookie },
  });
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
  app.close();
  await first.close();

  const second = await served(given);
  const again = await front(second.url);
  expect((await again.engine.call('accounts', {})).items).toMatchObject([{ ...place, source: 'keychain' }]);
  expect(await again.engine.call('settled', { mirrorId })).toMatchObject({ phase: 'in-sync' });
  again.engine.close();
  await second.close();
});

test('the page of another process shows the mirrors that run elsewhere, and runs them when that ends', async () => {
  const given = await person();
  const { place, secretKey, datasetId, images, dataDir, log, signal, keychain } = given;
  const connections = openConnections({ env: {}, keychain });
  given.closeLater(() => connections.close());
  const watching = await openEngine({ dataDir, log, signal, connections });
  expect(watching.isOwn).toBe(true);
  const { mirrorId } = await watching.call('addMirror', { ...place, datasetId, folder: images, go: true });

  const page = await served(given);
  given.closeLater(() => page.close());
  expect(page.runsMirrors).toBe(false);
  const { engine: app } = await front(page.url);
  given.closeLater(async () => app.close());
  // The other process has no key, until the page logs in: they share the keychain.
  const problemOf = async () => (await app.call('status', {})).mirrors[0]?.problem?.code ?? null;
  const until = (code: string | null): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        problemOf().then((now) => {
          if (now !== code) return;
          end();
          resolve();
        }, reject);
      };
      const end = app.on('mirrorChanged', check);
      check();
    });
  await until('not-logged-in');
  await app.call('connectAccount', { ...place, secretKey });
  await until(null);
  expect(await app.call('settled', { mirrorId })).toMatchObject({ phase: 'in-sync' });
  // What needs no engine works beside it.
  const folder = path.join(given.dir, 'pulled');
  const { pullId } = await app.call('startPull', { ...place, datasetId, folder });
  expect(await pullEnded(app, pullId)).toMatchObject({ state: 'done', result: { filesPulled: 1 } });
  // The other one forgets its key as well.
  await app.call('disconnectAccount', place);
  await until('not-logged-in');
  await app.call('connectAccount', { ...place, secretKey });
  await until(null);

  await watching.close();
  await fs.writeFile(path.join(images, 'b.png'), picture(2));
  // Nobody asks for anything: the process of the page has taken over by itself.
  await new Promise<void>((resolve) => {
    const end = app.on('activityAdded', ({ kind, path: file }) => {
      if (kind !== 'uploaded' || file !== 'b.png') return;
      end();
      resolve();
    });
  });
  expect((await app.call('dataset', { ...place, datasetId })).dataset?.assetTotal).toBe(2);
});

test('a proxy that can’t be used any more is told by the page, and no reason not to start', async () => {
  const given = await person();
  await fs.mkdir(given.dataDir);
  await fs.writeFile(
    path.join(given.dataDir, 'app-settings.json'),
    JSON.stringify({ theme: 'dark', extraCaFile: path.join(given.dir, 'gone.pem') }),
  );
  const page = await served(given);
  const { engine: app } = await front(page.url);
  expect((await app.call('about', {})).problems).toMatchObject([{ code: 'ca-file-unusable' }]);
  expect(await app.call('appSettings', {})).toMatchObject({ theme: 'dark' });
  app.close();
  await page.close();
});

test('a workspace that is closed ends what it has begun, and leaves the engine alone', async () => {
  const given = await person();
  const { place, secretKey, datasetId, dataDir, log, signal, keychain } = given;
  const connections = openConnections({ env: {}, keychain });
  given.closeLater(() => connections.close());
  const engine = await openEngine({ dataDir, log, signal, connections });
  given.closeLater(() => engine.close());
  const app = await Workspace.open({ engine, connections, dataDir });
  await app.call('connectAccount', { ...place, secretKey });
  const folder = path.join(given.dir, 'pulled');
  await app.call('startPull', { ...place, datasetId, folder });
  await app.close();
  expect((await engine.call('status', {})).mirrors).toEqual([]);
});
