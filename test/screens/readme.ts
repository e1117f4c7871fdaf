/** Makes the README's pictures anew, of the app as `npm start` shows it, light and dark: `node test/screens/readme.ts`. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { type RunningApp, startApp } from '../../app/host/start.ts';
import { ViClient } from '../../app/vi/index.ts';
import { openBrowser } from '../e2e/browser.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/images');
/** Annotated assets of the sample, as they lie in the folder. */
const contested = ['harbour.avif', 'val/parking-102.avif'];

/** Changes annotated pictures in the folder, and the same ones in the dataset otherwise, as another person would. */
async function changeOnBothSides({ playground, folder }: RunningApp, elsewhere: string): Promise<void> {
  const { engine, mirrorId, datasetId, endpoint, organizationId, secretKey } = playground;
  await engine.call('pause', { mirrorId });
  for (const file of contested) {
    const picture = await readFile(path.join(folder, file));
    const named = path.join(elsewhere, path.basename(file));
    await writeFile(named, await sharp(picture).modulate({ brightness: 1.25 }).avif().toBuffer());
    await writeFile(
      path.join(folder, file),
      await sharp(picture).modulate({ saturation: 1.5 }).avif().toBuffer(),
    );
  }
  await using client = new ViClient({ endpoint, organizationId, secretKey, env: {} });
  await client.assets.upload({ datasetId, paths: elsewhere, onAssetOverwritten: 'KeepLinkedResource' });
  await engine.call('resume', { mirrorId });
  await engine.call('syncNow', { mirrorId });
  await engine.settled(mirrorId);
}

interface Picture {
  readonly name: string;
  readonly title: RegExp;
  readonly hash: (app: RunningApp) => string;
  readonly act: (page: Page) => Promise<void>;
}

const pictures: readonly Picture[] = [
  {
    name: 'mirror',
    title: /Sandbox/,
    hash: ({ playground }) => `#/mirror/${playground.mirrorId}`,
    act: async (page) => {
      await page.getByRole('gridcell', { name: 'harbour.avif' }).click();
      await page.getByRole('link', { name: 'Answer' }).waitFor();
    },
  },
  {
    name: 'waiting',
    title: /^Waiting/,
    hash: () => '#/waiting',
    act: async (page) => {
      await page.getByText('harbour.avif').first().click();
      await page.getByText('boat').waitFor();
    },
  },
  {
    name: 'dataset',
    title: /^Sample images$/,
    hash: ({ playground: { endpoint, organizationId, datasetId } }) =>
      `#/datasets/${[endpoint, organizationId, datasetId].map(encodeURIComponent).join('/')}`,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Sort by' }).selectOption('filename');
      await page.getByRole('option', { name: /^bolts-001/ }).waitFor();
      await page.getByRole('option', { name: /^harbour/ }).click();
    },
  },
];

async function photograph(browser: Browser, app: RunningApp, colorScheme: 'light' | 'dark'): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme,
    locale: 'en-US',
  });
  // The address with the token opens the session; the others follow in it.
  await page.goto(app.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  for (const { name, title, hash, act } of pictures) {
    const route = hash(app);
    await page.evaluate((route) => {
      location.hash = route;
    }, route);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await act(page);
    await page.mouse.move(0, 0);
    // Pictures of all formats are decoded one after the other.
    await page.waitForFunction(
      () => [...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0),
      null,
      { timeout: 120_000 },
    );
    await page.waitForTimeout(500);
    await sharp(await page.screenshot())
      .webp({ quality: 84, effort: 6 })
      .toFile(path.join(folder, `${name}-${colorScheme}.webp`));
  }
  await page.context().close();
}

const browser = await openBrowser();
const playgroundDir = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
const app = await startApp({ playgroundDir, port: 0 });
try {
  const { engine, mirrorId } = app.playground;
  await engine.settled(mirrorId);
  const elsewhere = path.join(playgroundDir, 'elsewhere');
  await mkdir(elsewhere);
  await changeOnBothSides(app, elsewhere);
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) await photograph(browser, app, colorScheme);
} finally {
  await browser.close();
  await app.close();
  await rm(playgroundDir, { recursive: true });
}
