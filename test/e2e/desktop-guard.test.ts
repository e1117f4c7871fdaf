import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { outDir } from '../electron-double/launch.ts';
import { fixturePath } from '../fixtures/index.ts';
import { dataFolder, engineOf, launch, mirrorOnce, poll, sandboxPlace, started } from './desktop-fixture.ts';

const own = { url: 'app://vi-sync/index.html', isTop: true };

describe('the desktop app’s window', () => {
  test('is sandboxed, isolated and under a strict policy, and has nothing of Electron but the way to the engine', async () => {
    const app = launch({ dataDir: await dataFolder() });
    await started(app);
    const page = await app.page();
    const { windows, privileged } = await app.state();
    expect(windows).toHaveLength(1);
    expect(windows[0]?.options.webPreferences).toEqual({
      preload: path.join(outDir, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    expect(windows[0]?.url).toMatch(/^app:\/\/vi-sync\/index\.html/);
    expect(privileged).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    expect(Object.keys((privileged[0] as { privileges: object }).privileges).sort()).toEqual([
      'codeCache',
      'secure',
      'standard',
      'stream',
      'supportFetchAPI',
    ]);

    const policies = await page.evaluate(async () => {
      const answers = await Promise.all(
        ['./index.html', './theme.js', './nothing.js', './preview/local?mirror=x&path=y&size=128'].map(
          (url) => fetch(url),
        ),
      );
      return answers.map((answer) => answer.headers.get('content-security-policy') ?? '');
    });
    for (const policy of policies.slice(0, 3)) {
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|wss?:/);
    }
    expect(policies[3]).toBe("default-src 'none'; sandbox");

    const seen = await page.evaluate(() => ({
      bridge: Object.keys((window as { viSync?: object }).viSync ?? {}),
      isFrozen: Object.isFrozen((window as { viSync?: object }).viSync),
      node: ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter((name) => name in window),
    }));
    expect(seen).toEqual({ bridge: ['connect'], isFrozen: true, node: [] });
    expect(await app.quit()).toBe(0);
  });

  test('goes nowhere else, opens no window, loads nothing from elsewhere, is allowed nothing and keeps no download', async () => {
    const app = launch({ dataDir: await dataFolder() });
    await started(app);
    const page = await app.page();
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'https://example.com/away';
    });
    await app.until('leaving is refused', () => true);
    await page.evaluate(() => {
      location.href = './assets/../theme.js';
    });
    await page.evaluate(() => void window.open('https://example.com/popup'));
    await page.evaluate(() => void window.open('https://vi.datature.com/docs'));
    await page.evaluate(() => void window.open('file:///etc/passwd'));
    const { notes } = await app.until(
      'the browser is asked',
      ({ notes }) => (notes.openedExternal ?? []).length > 0,
    );
    expect(notes.openedExternal).toEqual(['https://vi.datature.com/docs']);
    expect(notes.popups).toBeUndefined();
    expect(page.url()).toBe(before);

    const reached = await page.evaluate(async () => {
      const outcomes = await Promise.allSettled([
        fetch('https://example.com/x'),
        fetch('http://127.0.0.1:1/'),
        new Promise((_resolve, reject) => {
          const frame = document.createElement('iframe');
          frame.src = 'https://example.com/';
          document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
            reject(effectiveDirective),
          );
          document.body.append(frame);
        }),
      ]);
      return outcomes.map(({ status }) => status);
    });
    expect(reached).toEqual(['rejected', 'rejected', 'rejected']);

    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = './index.html';
      link.download = 'page.html';
      link.click();
    });
    expect(await app.do({ do: 'attachWebview' })).toBe(true);
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'fileSystem',
      'openExternal',
      'clipboard-read',
    ]) {
      expect(await app.do({ do: 'permission', permission, url: `${own.url}#/x` })).toEqual({
        isGranted: false,
        isChecked: false,
        device: false,
      });
    }
    // Buttons that copy work, in the app’s own page alone.
    const copying = { do: 'permission', permission: 'clipboard-sanitized-write' } as const;
    expect(await app.do({ ...copying, url: own.url })).toMatchObject({ isGranted: true, isChecked: true });
    expect(await app.do({ ...copying, url: 'https://example.com/' })).toMatchObject({
      isGranted: false,
      isChecked: false,
    });
    const state = await app.state();
    expect(state.notes.leaks).toBeUndefined();
    expect(state.notes.downloads).toBeUndefined();
    expect(await app.quit()).toBe(0);
  });

  test('shows pictures of a mirror’s files, and of no other file of the computer', async () => {
    const dataDir = await dataFolder();
    const folder = path.join(dataDir, 'pictures');
    await fs.mkdir(folder);
    await fs.copyFile(fixturePath('good/scene.png'), path.join(folder, 'seen.png'));
    await fs.copyFile(fixturePath('good/scene.png'), path.join(dataDir, 'secret.png'));
    const app = launch({ dataDir });
    await started(app);
    const page = await app.page();
    const engine = await engineOf(dataDir);
    const { mirrorId } = await engine.call('addMirror', {
      folder,
      ...(await sandboxPlace(app)),
      datasetId: 'sample',
      sandbox: true,
      settings: { direction: 'push' },
      go: true,
    });
    await mirrorOnce(engine, ({ counts }) => counts['in-sync'] === 1);
    const answers = await page.evaluate(
      (mirror) =>
        Promise.all(
          ['seen.png', '../secret.png', '/etc/hostname', 'other.png', ''].map(async (file) => {
            const answer = await fetch(
              `./preview/local?${new URLSearchParams({ mirror, path: file, size: '128' })}`,
            );
            return [answer.status, answer.headers.get('content-type')?.split(';')[0]];
          }),
        ),
      mirrorId,
    );
    expect(answers).toEqual([
      [200, 'image/webp'],
      [404, 'text/plain'],
      [404, 'text/plain'],
      [404, 'text/plain'],
      [400, 'text/plain'],
    ]);
    expect(await page.evaluate(async () => (await fetch('./index.html', { method: 'POST' })).status)).toBe(
      405,
    );
    expect(await page.evaluate(async () => (await fetch('./../main/main.js')).status)).toBe(404);
    expect(await app.quit()).toBe(0);
  });
});

describe('messages of a page', () => {
  test('are taken from the app’s own page alone, in their form alone, over channels that there are', async () => {
    const dataDir = await dataFolder();
    const app = launch({ dataDir });
    await started(app);
    await app.page();
    const engine = await engineOf(dataDir);
    const change = JSON.stringify({ t: 'q', i: 'x', m: 'call', a: ['changeSettings', { trashDays: 7 }] });
    // A connection of the test’s own, beside the page’s.
    const number = 500;
    const send = (message: {
      frame: typeof own | null;
      sender?: 'foreign';
      channel?: string;
      args?: unknown[];
    }) => app.do({ do: 'ipc', channel: 'engine:post', args: [number, change], ...message });
    await send({ frame: own, channel: 'engine:open', args: [number] });
    const isUntouched = async () => (await engine.call('settings', {})).trashDays !== 7;

    await send({ frame: { url: 'https://example.com/', isTop: true } });
    await send({ frame: { url: 'app://other/index.html', isTop: true } });
    await send({ frame: { url: 'app://vi-sync.example.com/index.html', isTop: true } });
    await send({ frame: { ...own, isTop: false } });
    await send({ frame: own, sender: 'foreign' });
    await send({ frame: null });
    const malformed = [
      [],
      [number],
      [String(number), change],
      [number, change, 2],
      [-1, change],
      [number, { text: change }],
      [1.5, change],
      [number, 'x'.repeat(1_100_000)],
    ];
    for (const args of malformed) await send({ frame: own, args });
    await send({ frame: own, args: [999, change] });
    await send({ frame: own, channel: 'engine:start' });
    await send({ frame: own, channel: 'shell:openExternal', args: ['https://example.com/'] });
    expect((await app.state()).notes.unheard).toEqual(['engine:start', 'shell:openExternal']);
    // The engine itself refuses what is not of the contract, and closes the connection at what is no message at all.
    await send({
      frame: own,
      args: [number, JSON.stringify({ t: 'q', i: 'y', m: 'call', a: ['nothing', {}] })],
    });
    await send({
      frame: own,
      args: [
        number,
        JSON.stringify({ t: 'q', i: 'z', m: 'call', a: ['changeSettings', { trashDays: 'x' }] }),
      ],
    });
    expect(await isUntouched()).toBe(true);
    const log = await fs.readFile(path.join(dataDir, 'logs', 'desktop.log'), 'utf8');
    expect(log.match(/A message of a foreign page was refused/g)).toHaveLength(6);
    expect(log.match(/A message of an unknown form was refused/g)).toHaveLength(8);

    // The very same message of the page itself is done: what was refused above was refused for its sender and form.
    await send({ frame: own });
    await poll(isUntouched).toBe(false);
    expect(await app.quit()).toBe(0);
  });
});
