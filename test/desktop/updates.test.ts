import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeHttpExecutor } from 'builder-util';
import { configureRequestUrl, type DownloadOptions } from 'builder-util-runtime';
import electronUpdater, { type AppUpdater } from 'electron-updater';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { silentLog } from '../../app/log.ts';
import { hasUpdateFeed, Updates } from '../../main/updates.ts';

const current = '1.0.0';
const next = '1.1.0';

/** Downloads as electron-updater's own executor does, by Node's network instead of Electron's. */
class NodeExecutor extends NodeHttpExecutor {
  download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return options.cancellationToken.createPromise((resolve, reject, onCancel) => {
      const request: http.RequestOptions = { headers: options.headers ?? {} };
      configureRequestUrl(url, request);
      // Its type says null where none is given.
      const callback = (error?: unknown): void =>
        error instanceof Error ? reject(error) : resolve(destination);
      this.doDownload(request, { destination, options, onCancel, callback, responseHandler: null }, 0);
    });
  }
}

interface World {
  readonly updater: AppUpdater;
  readonly updates: Updates;
  /** Versions that were said to be ready. */
  readonly ready: string[];
  /** Ways to put one in place that were handed over. */
  readonly installs: (() => void)[];
  /** Paths that the server was asked for. */
  readonly asked: string[];
  /** The installed program. */
  readonly program: string;
  /** The app ends. */
  quit(): void;
}

/** The true updater of an AppImage, which asks a server of this test, and replaces a file of it. */
async function world(given: { staged?: number; user?: string; isDamaged?: boolean } = {}): Promise<World> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const program = path.join(folder, 'vi-sync.AppImage');
  await fs.writeFile(program, 'old');
  // What is put in place is run once, so that it can settle.
  const content = Buffer.from('#!/bin/sh\nexit 0\n');
  const sha512 = createHash('sha512').update(content).digest('base64');
  const feed = JSON.stringify({
    version: next,
    files: [{ url: 'vi-sync-new.AppImage', sha512, size: content.length }],
    ...(given.staged === undefined ? {} : { stagingPercentage: given.staged }),
  });
  const asked: string[] = [];
  const server = http.createServer(({ url = '' }, response) => {
    const file = new URL(url, 'http://server').pathname;
    asked.push(file);
    if (file.endsWith('.yml')) response.end(feed);
    else if (!file.endsWith('.AppImage')) response.writeHead(404).end();
    else response.end(given.isDamaged === true ? Buffer.from('#!/bin/sh\nexit 1\n') : content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (given.user !== undefined) await fs.writeFile(path.join(folder, '.updaterId'), given.user);

  let quit = (): void => undefined;
  const updater = new electronUpdater.AppImageUpdater(undefined, {
    version: current,
    name: 'vi-sync',
    isPackaged: true,
    appUpdateConfigPath: path.join(folder, 'app-update.yml'),
    userDataPath: folder,
    baseCachePath: path.join(folder, 'cache'),
    whenReady: () => Promise.resolve(),
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: (handler: (exitCode: number) => void) => {
      quit = () => handler(0);
    },
  });
  await fs.writeFile(path.join(folder, 'app-update.yml'), 'updaterCacheDirName: vi-sync-updater\n');
  updater.disableDifferentialDownload = true;
  // Electron's own network, of which there is none here.
  Reflect.set(updater, 'httpExecutor', new NodeExecutor());
  updater.setFeedURL({ provider: 'generic', url: `http://127.0.0.1:${port}` });
  vi.stubEnv('APPIMAGE', program);

  const ready: string[] = [];
  const installs: (() => void)[] = [];
  const updates = new Updates({
    log: silentLog,
    open: async () => updater,
    onReady: (version) => ready.push(version),
    leave: (install) => installs.push(install),
    onInstallFailed: () => undefined,
    firstCheckMs: 1,
    everyMs: 50,
  });
  onTestFinished(async () => {
    updates.close();
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { updater, updates, ready, installs, asked, program, quit: () => quit() };
}

const once = { timeout: 20_000 };
const checks = (asked: readonly string[]): number => asked.filter((file) => file.endsWith('.yml')).length;

describe.runIf(process.platform === 'linux')('new versions', () => {
  test('are found, fetched and checked, and put in place when the app ends', async () => {
    const { updates, ready, program, quit, installs } = await world();
    updates.follow('stable');
    await expect.poll(() => ready, once).toContain(next);
    expect(await fs.readFile(program, 'utf8')).toBe('old');
    quit();
    expect(await fs.readFile(program, 'utf8')).toContain('exit 0');
    expect(installs).toEqual([]);
  });

  test('are put in place at once by whoever restarts, after the app has ended its work', async () => {
    const { updates, updater, ready, installs, program } = await world();
    updates.follow('stable');
    await expect.poll(() => ready, once).toContain(next);
    const quitAndInstall = vi.spyOn(updater, 'quitAndInstall').mockImplementation(() => undefined);
    updates.install();
    updates.install();
    await expect.poll(() => installs.length, once).toBe(1);
    expect(quitAndInstall).not.toHaveBeenCalled();
    expect(await fs.readFile(program, 'utf8')).toBe('old');
    installs[0]?.();
    expect(quitAndInstall).toHaveBeenCalledExactlyOnceWith(true, true);
  });

  test('that are not what their release says are not taken', async () => {
    const { updates, ready, asked, program, quit } = await world({ isDamaged: true });
    updates.follow('stable');
    // Once it looks again, the first one has been refused.
    await expect.poll(() => checks(asked), once).toBeGreaterThan(1);
    expect(asked).toContain('/vi-sync-new.AppImage');
    expect(ready).toEqual([]);
    quit();
    expect(await fs.readFile(program, 'utf8')).toBe('old');
  });

  test.each([
    ['00000000-0000-4000-8000-0000e0000000', false],
    ['00000000-0000-4000-8000-000010000000', true],
  ])('come to some first: %s %s', async (user, isAmong) => {
    const { updates, ready, asked } = await world({ staged: 20, user });
    updates.follow('stable');
    if (isAmong) await expect.poll(() => ready, once).toContain(next);
    await expect.poll(() => checks(asked), once).toBeGreaterThan(2);
    expect(ready.length > 0).toBe(isAmong);
  });

  test('are not asked for when they are off, and not put in place when they were fetched before', async () => {
    const { updates, ready, asked, program, quit } = await world();
    updates.follow('stable');
    updates.follow('off');
    await sleep(150);
    expect(asked).toEqual([]);
    updates.follow('test');
    await expect.poll(() => ready, once).toContain(next);
    updates.follow('off');
    await sleep(150);
    const before = asked.length;
    await sleep(150);
    expect(asked).toHaveLength(before);
    quit();
    expect(await fs.readFile(program, 'utf8')).toBe('old');
  });

  test('that are test versions come only to whoever wants them', async () => {
    const { updates, updater, asked } = await world();
    updates.follow('stable');
    await expect.poll(() => checks(asked), once).toBeGreaterThan(0);
    expect(updater.allowPrerelease).toBe(false);
    updates.follow('test');
    await expect.poll(() => updater.allowPrerelease).toBe(true);
    expect(updater.allowDowngrade).toBe(false);
  });

  test('are looked for only by a build that knows where', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
    onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
    expect([hasUpdateFeed(undefined), hasUpdateFeed(folder)]).toEqual([false, false]);
    await fs.writeFile(path.join(folder, 'app-update.yml'), '');
    expect(hasUpdateFeed(folder)).toBe(true);
  });
});
