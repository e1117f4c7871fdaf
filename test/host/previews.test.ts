import * as fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Host, startHost } from '../../app/host/host.ts';
import { silentLog } from '../../app/log.ts';
import { ViClient } from '../../app/vi/index.ts';
import { Previews } from '../../app/workspace/previews.ts';
import { fixturePath } from '../fixtures/index.ts';
import { type WorkspaceWorld, workspaceWorld } from '../workspace/workspace-world.ts';

// Real engines and services: they take their time on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let world: WorkspaceWorld;
let host: Host;
let previews: Previews;
let cookie: string;
let mirrorId: string;
let root: string;
let closeWorld = async (): Promise<void> => undefined;

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A raw request: the path goes out as it is given. */
function get(target: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = host;
  return new Promise((resolve, reject) => {
    const request = http.get(
      {
        host: '127.0.0.1',
        port,
        path: target,
        agent: false,
        headers: { host: `127.0.0.1:${port}`, cookie, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on('error', reject);
  });
}

const local = (file: string, size: number | string = 128, mirror = mirrorId) =>
  `/preview/local?${new URLSearchParams({ mirror, path: file, size: String(size) })}`;
const asset = (assetId: string, more: Record<string, string> = {}) =>
  `/preview/asset?${new URLSearchParams({
    endpoint: world.place.endpoint,
    organization: world.place.organizationId,
    dataset: world.datasetId,
    asset: assetId,
    size: '512',
    ...more,
  })}`;

async function start(
  options: { readonly mostBytes?: number; readonly cacheDir?: string } = {},
): Promise<void> {
  const { engine, connections, app, dir } = world;
  const rendererDir = await world.folder('renderer');
  await fs.writeFile(path.join(rendererDir, 'index.html'), '<!doctype html>');
  previews = new Previews({
    engine,
    connections,
    cacheDir: path.join(dir, 'cache'),
    log: silentLog,
    ...options,
  });
  host = await startHost({ app, previews, rendererDir });
  const entry = await get(new URL(host.url).pathname + new URL(host.url).search, { cookie: '' });
  cookie = entry.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

async function stop(): Promise<void> {
  await host.close();
  await previews.close();
}

beforeAll(async () => {
  cookie = '';
  world = await workspaceWorld({ hasSandbox: true }, (close) => {
    closeWorld = close;
  });
  root = await world.folder('images');
  await fs.mkdir(path.join(root, 'train'));
  for (const name of ['scene.jpg', 'scene.heic', 'scene.jp2', 'scene.bmp', 'scene.avif'])
    await fs.copyFile(fixturePath(`good/${name}`), path.join(root, 'train', name));
  await fs.mkdir(path.join(root, 'moved'));
  await fs.copyFile(fixturePath('good/scene.jpeg'), path.join(root, 'moved', 'scene.jpeg'));
  await fs.copyFile(fixturePath('good/scene.tiff'), path.join(root, 'changed.tiff'));
  await fs.copyFile(fixturePath('hostile/svg-named.jpg'), path.join(root, 'svg.jpg'));
  await fs.copyFile(fixturePath('hostile/page-named.jpg'), path.join(root, 'page.jpg'));
  await fs.copyFile(fixturePath('good/scene.png'), path.join(root, '<img src=x onerror=alert(1)>.png'));
  await fs.writeFile(path.join(root, 'notes.txt'), 'nobody’s business');
  await fs.copyFile(fixturePath('good/scene.png'), path.join(world.dir, 'outside.png'));
  await fs.symlink(path.join(world.dir, 'outside.png'), path.join(root, 'link.png'));
  const { app, place, datasetId } = world;
  ({ mirrorId } = await app.call('addMirror', { ...place, datasetId, folder: root, go: true }));
  await app.call('settled', { mirrorId });
  await start();
});
afterAll(async () => {
  await stop();
  await closeWorld();
});
afterEach(() => {
  world.sandbox.faults = [];
});

describe('a preview of a file', () => {
  test.each(['scene.jpg', 'scene.heic', 'scene.jp2', 'scene.bmp', 'scene.avif'])(
    '%s is WebP, and inert',
    async (name) => {
      const { status, headers, body } = await get(local(`train/${name}`));
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'image/webp',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, no-cache',
      });
      const { format, width = 0, height = 0 } = await sharp(body).metadata();
      expect(format).toBe('webp');
      expect(Math.max(width, height)).toBeLessThanOrEqual(128);
    },
  );

  test('is asked for again only when the file is another', async () => {
    const file = path.join(root, 'changed.tiff');
    const { headers } = await get(local('changed.tiff'));
    const etag = headers.etag ?? '';
    const again = await get(local('changed.tiff'), { 'if-none-match': etag });
    expect([again.status, again.body.length, again.headers['content-security-policy']]).toEqual([
      304,
      0,
      "default-src 'none'; sandbox",
    ]);
    await fs.writeFile(file, await sharp(file).negate().tiff().toBuffer());
    const changed = await get(local('changed.tiff'), { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
  });

  test('is kept on the disk, over a restart, and never larger than its limit', async () => {
    const cacheDir = path.join(world.dir, 'small-cache');
    const folder = path.join(cacheDir, 'previews');
    await stop();
    await start({ cacheDir });
    const first = await get(local('train/scene.heic', 512));
    expect(await fs.readdir(folder)).toHaveLength(1);
    await stop();
    // What is kept is what is sent: nothing is decoded again.
    const [name = ''] = await fs.readdir(folder);
    await fs.writeFile(path.join(folder, name), 'kept');
    await fs.writeFile(path.join(folder, 'left-by-a-kill.new'), '');
    await start({ cacheDir, mostBytes: first.body.length });
    expect((await get(local('train/scene.heic', 512))).body.toString()).toBe('kept');
    for (const size of [128, 512]) await get(local('train/scene.jpg', size));
    await get(local('train/scene.bmp', 512));
    const sizes = await Promise.all(
      (await fs.readdir(folder)).map(async (each) => (await fs.stat(path.join(folder, each))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(first.body.length);
    expect((await fs.readdir(folder)).filter((each) => !each.endsWith('.webp'))).toEqual([]);
    await stop();
    await start();
  });

  test('comes also when nothing can be kept', async () => {
    const cacheDir = path.join(world.dir, 'no-folder');
    await fs.writeFile(cacheDir, 'in the way');
    await stop();
    await start({ cacheDir });
    expect((await get(local('train/scene.jpg'))).status).toBe(200);
    await stop();
    await start();
  });

  test.each(['svg.jpg', 'page.jpg'])('%s is refused as what it is, and not sent', async (name) => {
    const { status, headers, body } = await get(local(name));
    expect(status).toBe(422);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(body.toString()).not.toMatch(/<svg|<script|<html/i);
  });

  test('with markup in its name is a picture like any other', async () => {
    const { status, headers } = await get(local('<img src=x onerror=alert(1)>.png'));
    expect([status, headers['content-type']]).toEqual([200, 'image/webp']);
    const none = await get(local('<script>alert(1)</script>.png'));
    expect([none.status, none.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(none.body.toString()).not.toContain('<script>');
  });

  test.each([
    '../outside.png',
    'train/../../outside.png',
    '..\\outside.png',
    './train/scene.jpg',
    '/etc/hostname',
    'link.png',
    'notes.txt',
    'train',
    '.',
    '..',
    '.vi-sync',
    'train/scene.jpg\0.png',
    '%2e%2e/outside.png',
  ])('at “%s” is not there', async (file) => {
    expect((await get(local(file))).status).toBe(404);
  });

  test('is not there behind a folder that has become a link to elsewhere', async () => {
    const elsewhere = path.join(world.dir, 'elsewhere');
    expect((await get(local('moved/scene.jpeg'))).status).toBe(200);
    await fs.rename(path.join(root, 'moved'), elsewhere);
    await fs.symlink(elsewhere, path.join(root, 'moved'));
    expect((await get(local('moved/scene.jpeg'))).status).toBe(404);
  });

  test('of an unknown mirror is not there, and one of no size is not understood', async () => {
    expect((await get(local('train/scene.jpg', 128, 'none'))).status).toBe(404);
    for (const size of ['', '0', '-1', '5000', 'x', '1e9'])
      expect((await get(local('train/scene.jpg', size))).status, size).toBe(400);
    expect((await get('/preview/local')).status).toBe(400);
    expect((await get('/preview/')).status).toBe(404);
  });

  test('is for the page alone', async () => {
    const target = local('train/scene.jpg');
    expect((await get(target, { cookie: '' })).status).toBe(401);
    expect((await get(target, { cookie: `${cookie}x` })).status).toBe(401);
    expect((await get(target, { host: `evil.example:${host.port}` })).status).toBe(403);
    expect((await get(target, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await get(asset('any'), { cookie: '' })).status).toBe(401);
  });
});

describe('a preview of an asset', () => {
  async function assetId(filename: string): Promise<string> {
    const { app, place, datasetId } = world;
    const { items } = await app.call('datasetAssets', { ...place, datasetId, search: filename });
    return items[0]?.assetId ?? '';
  }

  test('is fetched by the app and sent as WebP, small ones by the service’s own thumbnail', async () => {
    const id = await assetId('scene.heic');
    const { requests } = world.sandbox;
    const before = { ...requests };
    const large = await get(asset(id));
    expect([large.status, large.headers['content-type']]).toEqual([200, 'image/webp']);
    expect(requests.download).toBe(before.download + 1);
    const small = await get(asset(id, { size: '128' }));
    expect(small.status).toBe(200);
    expect(requests).toMatchObject({ download: before.download + 1, thumbnail: before.thumbnail + 1 });
    expect(JSON.stringify(large.headers)).not.toContain('signature');
    expect(await fs.readdir(path.join(world.dir, 'cache', 'fetched-assets'))).toEqual([]);
  });

  test('is not asked of the service again while its version is the same', async () => {
    const id = await assetId('scene.jpg');
    const { requests } = world.sandbox;
    const first = await get(asset(id, { v: '1' }));
    expect(first.headers['cache-control']).toBe('private, max-age=86400, immutable');
    const before = { ...requests };
    expect((await get(asset(id, { v: '1' }))).body.equals(first.body)).toBe(true);
    expect(requests).toEqual(before);
    await get(asset(id, { v: '2' }));
    expect(requests.download).toBe(before.download + 1);
  });

  test('whose content is no picture is refused, and no part of it is sent', async () => {
    const { assetId: id } = await world.sandbox.addAsset(world.datasetId, {
      filename: 'evil.jpg',
      content: {
        bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      },
    });
    const { status, body, headers } = await get(asset(id));
    expect([status, headers['content-type']]).toEqual([422, 'text/plain; charset=utf-8']);
    expect(body.toString()).not.toContain('<svg');
  });

  test('that is not there, or of a service that fails, says so', async () => {
    expect((await get(asset('none'))).status).toBe(404);
    const id = await assetId('scene.jpg');
    expect((await get(asset(id, { organization: 'other' }))).status).toBe(502);
    world.sandbox.faults = [{ kind: 'status', status: 403, route: 'download', when: 'before' }];
    expect((await get(asset(id))).status).toBe(502);
    expect((await get('/preview/asset?asset=x&size=128')).status).toBe(400);
  });
});

describe('a preview of a file in the trash', () => {
  const trashed = (id: number | string, size: number | string = 128) =>
    `/preview/trash?${new URLSearchParams({ id: String(id), size: String(size) })}`;

  /** Another client replaces the asset of a file, so that the file comes into the trash. */
  async function throwAway(name: string): Promise<{ readonly id: number; readonly trashPath: string }> {
    const elsewhere = await world.folder('replaced');
    const changed = await sharp(path.join(root, 'train', name))
      .negate()
      .toBuffer();
    await fs.writeFile(path.join(elsewhere, name), changed);
    const { secretKey, organizationId, endpoint } = world.sandbox;
    const client = new ViClient({ secretKey, organizationId, endpoint, env: {} });
    try {
      const { totalSucceeded } = await client.assets.upload({
        datasetId: world.datasetId,
        paths: [path.join(elsewhere, name)],
        onAssetOverwritten: 'KeepLinkedResource',
      });
      expect(totalSucceeded).toBe(1);
    } finally {
      await client.close();
    }
    await world.engine.call('verify', { mirrorId });
    const { items } = await world.engine.call('trash', { mirrorId });
    const found = items.find((file) => file.path === `train/${name}`);
    if (found === undefined) throw new Error(`${name} is not in the trash.`);
    return found;
  }

  test('is the one that was there, as WebP and inert, for the page alone', async () => {
    const before = await get(local('train/scene.jpg'));
    const { id } = await throwAway('scene.jpg');
    const { status, headers, body } = await get(trashed(id));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'image/webp',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
    });
    expect(body.equals(before.body)).toBe(true);
    expect((await get(local('train/scene.jpg'))).body.equals(before.body)).toBe(false);
    expect((await get(trashed(id), { cookie: '' })).status).toBe(401);
    expect((await get(trashed(id), { origin: 'https://evil.example' })).status).toBe(403);
  });

  test('is there for what the trash has a record of, and no longer than that', async () => {
    const { id } = await throwAway('scene.avif');
    await fs.copyFile(fixturePath('good/scene.png'), path.join(root, '.vi-sync/trash/unrecorded.png'));
    for (const other of [id + 1000, 0]) expect((await get(trashed(other))).status, `${other}`).toBe(404);
    for (const wrong of ['', 'x', '-1', '1.5', '../unrecorded.png', '1e99', `${id}\0`])
      expect((await get(trashed(wrong))).status, wrong).toBe(400);
    expect((await get(trashed(id, 5000))).status).toBe(400);
    expect((await get(trashed(id))).status).toBe(200);
    await world.engine.call('restore', { ids: [id] });
    expect((await get(trashed(id))).status).toBe(404);
  });

  test('is not there where a link leads elsewhere, nor sent when it is no picture', async () => {
    const { id, trashPath } = await throwAway('scene.jpg');
    const trash = path.join(root, '.vi-sync/trash');
    const kept = await fs.readFile(trashPath);
    await fs.rm(trashPath);
    await fs.symlink(path.join(world.dir, 'outside.png'), trashPath);
    expect((await get(trashed(id))).status).toBe(404);
    await fs.rm(trashPath);
    await fs.symlink(path.join(root, 'changed.tiff'), trashPath);
    expect((await get(trashed(id))).status).toBe(404);
    await fs.rm(trashPath);
    await fs.copyFile(fixturePath('hostile/svg-named.jpg'), trashPath);
    const { status, body } = await get(trashed(id));
    expect(status).toBe(422);
    expect(body.toString()).not.toContain('<svg');
    await fs.writeFile(trashPath, kept);
    expect((await get(trashed(id))).status).toBe(200);
    // The whole trash is elsewhere now, with the same files in it.
    await fs.rename(trash, path.join(world.dir, 'trash-elsewhere'));
    await fs.symlink(path.join(world.dir, 'trash-elsewhere'), trash);
    expect((await get(trashed(id))).status).toBe(404);
    await fs.rm(trash);
    await fs.rename(path.join(world.dir, 'trash-elsewhere'), trash);
    expect((await get(trashed(id))).status).toBe(200);
  });
});

test('the whole app is served over the WebSocket, to its own page alone', async () => {
  const open = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}/engine`, { headers });
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('open', () => {
        socket.close();
        resolve(101);
      });
    });
  const origin = `http://127.0.0.1:${host.port}`;
  expect(await open({ cookie, origin })).toBe(101);
  expect(await open({ cookie, origin: 'https://evil.example' })).toBe(403);
  expect(await open({ cookie })).toBe(403);
  expect(await open({ origin })).toBe(401);
});
