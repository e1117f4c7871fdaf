import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';

// Run by `npm test` where Electron's program is installed, and named in capitals where it is not: see build/test.mjs.
const root = path.resolve(import.meta.dirname, '../..');

async function launch(dataDir: string, args: readonly string[] = []): Promise<ElectronApplication> {
  const program: unknown = createRequire(import.meta.url)('electron');
  const app = await _electron.launch({
    executablePath: String(program),
    args: [root, ...args],
    env: { ...process.env, VI_SYNC_DATA: dataDir },
  });
  onTestFinished(() => app.close().catch(() => undefined));
  return app;
}

async function dataFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

describe('the true Electron', () => {
  test('shows the page under its own scheme, isolated, and the engine answers', async () => {
    const app = await launch(await dataFolder());
    const page = await app.firstWindow();
    await page.getByRole('button', { name: 'Try the sandbox' }).click();
    await page.getByRole('radio', { name: /Sample images/ }).waitFor();
    expect(page.url()).toMatch(/^app:\/\/vi-sync\/index\.html/);
    const seen = await page.evaluate(() => ({
      bridge: Object.keys((window as { viSync?: object }).viSync ?? {}),
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
      secure: window.isSecureContext,
    }));
    expect(seen).toEqual({ bridge: ['connect'], node: [], secure: true });
  });

  test('goes nowhere else, and opens no window', async () => {
    const app = await launch(await dataFolder());
    const page = await app.firstWindow();
    await page.getByRole('button', { name: 'Try the sandbox' }).waitFor();
    await page.evaluate(() => {
      window.open('https://example.com/');
      location.href = 'https://example.com/';
    });
    const fetched = await page.evaluate(() =>
      fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      ),
    );
    expect(fetched).toBe('refused');
    expect(app.windows()).toHaveLength(1);
    expect(page.url()).toMatch(/^app:\/\/vi-sync\//);
  });

  test('closing hides the window, a second start shows it again, and quitting ends all', async () => {
    const dataDir = await dataFolder();
    const app = await launch(dataDir);
    const page = await app.firstWindow();
    await page.getByRole('button', { name: 'Try the sandbox' }).waitFor();
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const visible = () =>
      app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        return window?.isVisible() === true && !window.isMinimized();
      });
    await expect.poll(visible).toBe(false);
    await app.evaluate(({ app }) => app.emit('second-instance', {}, ['vi-sync'], '/', { argv: ['vi-sync'] }));
    await expect.poll(visible).toBe(true);
    const ended = new Promise((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ app }) => app.quit());
    expect(await ended).toBe(0);
  });
});
