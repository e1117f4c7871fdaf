import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../app/host/open-engine.ts';
import { silentLog } from '../../app/log.ts';
import { dataFolder, engineOf, launch, poll, started } from './desktop-fixture.ts';

describe('the engine of the desktop app', () => {
  test('is started again when it has died; the window says so meanwhile, and goes on by itself', async () => {
    const dataDir = await dataFolder();
    const app = launch({ dataDir });
    await started(app);
    const page = await app.page();
    await page.evaluate(() => {
      location.hash = '#/settings';
    });
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const [first] = (await app.state()).engines;
    if (typeof first !== 'number') throw new Error('There is no engine.');
    process.kill(first, 'SIGKILL');
    const down = await app.until('the engine is gone', ({ engines }) => engines[0] === null);
    expect(down.tray?.toolTip).toMatch(/Starting…$|No mirrors yet$/);
    const up = await app.until('another one runs', ({ engines }) => typeof engines[1] === 'number');
    expect(up.windows[0]?.isGone).toBe(false);
    await started(app);
    // What is asked from now on is answered by the new one.
    const engine = await engineOf(dataDir);
    await engine.call('changeSettings', { trashDays: 3 });
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: 'Settings' }).click();
    await poll(() =>
      page
        .getByRole('combobox')
        .evaluateAll((all) =>
          all.map((each) => (each instanceof HTMLSelectElement ? each.value : each.textContent)).join('|'),
        ),
    ).toContain('3');
    const log = await fs.readFile(path.join(dataDir, 'logs', 'desktop.log'), 'utf8');
    expect(log).toMatch(/error \(engine\) The engine has ended .*"waitMs":500/);
    expect(await app.quit()).toBe(0);
  });

  test('that runs in another program already is shown as it is', async () => {
    const dataDir = await dataFolder();
    const other = await openEngine({ dataDir, log: silentLog, signal: new AbortController().signal });
    await other.call('changeSettings', { trashDays: 5 });
    const app = launch({ dataDir, args: ['--hidden'] });
    await started(app);
    expect((await app.state()).tray?.toolTip).toBe('Vi Sync: No mirrors yet');
    // When that one ends, the app’s own takes over.
    await other.close();
    await poll(async () => (await (await engineOf(dataDir)).call('settings', {})).trashDays).toBe(5);
    expect(await app.quit()).toBe(0);
  });

  test('that can’t start says why, once, and is tried again when a person wants that', async () => {
    const dataDir = await dataFolder();
    // A file is where its folder should be.
    await fs.writeFile(path.join(dataDir, 'sandbox'), '');
    const app = launch({ dataDir, args: ['--hidden'] });
    const told = await app.until('a dialog is shown', ({ dialogs }) => dialogs.length === 1);
    expect(told.dialogs[0]).toMatchObject({
      kind: 'message',
      options: { type: 'error', buttons: ['Try again', 'Quit Vi Sync'] },
    });
    await fs.rm(path.join(dataDir, 'sandbox'));
    await app.do({ do: 'answerDialog', answer: { response: 0 } });
    await started(app);
    expect(await app.quit()).toBe(0);
  });

  test('looks again after sleep, rests on battery where a person wants that, and keeps no secret in its logs', async () => {
    const dataDir = await dataFolder();
    await fs.writeFile(path.join(dataDir, 'app-settings.json'), JSON.stringify({ pauseOnBattery: true }));
    const folder = path.join(dataDir, 'pictures');
    await fs.mkdir(folder);
    const app = launch({ dataDir, args: ['--hidden'] });
    await started(app);
    const engine = await engineOf(dataDir);
    const { mirrorId } = await engine.call('addMirror', {
      folder,
      endpoint: 'http://127.0.0.1:1',
      organizationId: 'nobody',
      datasetId: 'none',
      go: true,
    });
    const mirror = async () =>
      (await engine.call('status', {})).mirrors.find((each) => each.mirrorId === mirrorId);
    await poll(async () => (await mirror())?.lastScanAt ?? null).not.toBeNull();
    const scanned = (await mirror())?.lastScanAt ?? 0;
    await app.do({ do: 'power', event: 'resume' });
    await poll(async () => (await mirror())?.lastScanAt ?? 0).toBeGreaterThan(scanned);
    await app.do({ do: 'power', event: 'on-battery' });
    await poll(async () => (await mirror())?.isPaused).toBe(true);
    await app.do({ do: 'power', event: 'on-ac' });
    await poll(async () => (await mirror())?.isPaused).toBe(false);

    const offers = (what: string) =>
      app.until(
        `the tray offers “${what}”`,
        ({ tray }) => tray?.menu.some(({ label }) => label === what) === true,
      );
    await offers('Pause all');
    await app.do({ do: 'clickMenu', in: 'tray', path: ['Pause all'] });
    await poll(async () => (await mirror())?.isPaused).toBe(true);
    await offers('Resume all');
    await app.do({ do: 'openUrl', url: 'vi-sync://dataset/dtvi_abcdefghijklmnop/x/y' });
    expect(await app.quit()).toBe(0);
    for (const name of await fs.readdir(path.join(dataDir, 'logs'))) {
      const file = path.join(dataDir, 'logs', name);
      expect(await fs.readFile(file, 'utf8')).not.toContain('dtvi_abc');
      if (process.platform !== 'win32') expect((await fs.stat(file)).mode & 0o077).toBe(0);
    }
  });

  test('ends with the system, cleanly', async () => {
    const app = launch({ dataDir: await dataFolder(), args: ['--hidden'] });
    await started(app);
    await app.do({ do: 'power', event: 'shutdown' });
    expect(await app.ended).toBe(0);
  });
});
