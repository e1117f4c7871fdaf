/**
 * Takes pictures of the page in each state, theme and size into `screens/`: `node test/e2e/screens.ts [scene…]`.
 * `node test/e2e/screens.ts readme` makes the README's picture anew, of the app as `npm start` shows it.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { startHost } from '../../app/host/host.ts';
import { startApp } from '../../app/host/start.ts';
import { fixturePath, goodFixtures } from '../fixtures/index.ts';
import { type SceneName, scene, sceneNames } from '../host/scenes.ts';
import { openBrowser } from './browser.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'screens');
const viewports = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];

const { positionals } = parseArgs({ allowPositionals: true });
const wanted = sceneNames.filter((name) => positionals.length === 0 || positionals.includes(name));
await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  if (positionals.includes('readme')) await photographForReadme(browser);
  for (const name of wanted) await photograph(browser, name);
} finally {
  await browser.close();
}

async function photograph(browser: Browser, name: SceneName): Promise<void> {
  const host = await startHost({
    app: scene(name, Date.now()),
    rendererDir: path.join(root, 'out/renderer'),
  });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const viewport of viewports) {
        const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB' });
        const page = await context.newPage();
        await page.goto(host.url);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForTimeout(300);
        if (name === 'failing') await page.getByRole('gridcell', { name: 'The image is cut off' }).click();
        if (name === 'full')
          await page.locator('[role=grid]').evaluate((grid) => grid.scrollTo(0, 1_234_567));
        await page.waitForTimeout(200);
        const file = `${name}-${colorScheme}-${viewport.width}.png`;
        await page.screenshot({ path: path.join(folder, file) });
        await context.close();
      }
    }
  } finally {
    await host.close();
  }
}

async function photographForReadme(browser: Browser): Promise<void> {
  const playgroundDir = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const app = await startApp({ playgroundDir, port: 0 });
  try {
    const { engine, mirrorId, folder } = app.playground;
    await engine.settled(mirrorId);
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      locale: 'en-US',
    });
    await page.goto(app.url);
    // Times beside the activities that differ tell more than one moment.
    await page.waitForTimeout(25_000);
    for (const { file } of goodFixtures) {
      await copyFile(fixturePath(file), path.join(folder, 'val', `dock 4 ${path.basename(file)}`));
    }
    await page.getByRole('button', { name: /^In sync 4\d/ }).waitFor();
    await engine.settled(mirrorId);
    await page.getByRole('gridcell', { name: 'Cut short' }).click();
    await page.mouse.move(0, 0);
    await page.waitForTimeout(3_000);
    const file = path.join(root, 'docs/images/mirror.png');
    await mkdir(path.dirname(file), { recursive: true });
    await sharp(await page.screenshot())
      .png({ palette: true, quality: 95, effort: 10 })
      .toFile(file);
  } finally {
    await app.close();
    await rm(playgroundDir, { recursive: true });
  }
}
