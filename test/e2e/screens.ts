/** Takes pictures of the page in each state, theme and size into `screens/`: `node test/e2e/screens.ts [scene…]`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { startHost } from '../../app/host/host.ts';
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
  for (const name of wanted) await photograph(browser, name);
} finally {
  await browser.close();
}

async function photograph(browser: Browser, name: SceneName): Promise<void> {
  const host = await startHost({
    engine: scene(name, Date.now()),
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
