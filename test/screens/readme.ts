/** Makes the README's picture anew, of the app as `npm start` shows it: `node test/screens/readme.ts`. */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { startApp } from '../../app/host/start.ts';
import { openBrowser } from '../e2e/browser.ts';
import { fixturePath, goodFixtures } from '../fixtures/index.ts';

const root = path.resolve(import.meta.dirname, '../..');
const browser = await openBrowser();
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
  await page.goto(`${app.url}#/mirror/${app.playground.mirrorId}`);
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
  await browser.close();
  await app.close();
  await rm(playgroundDir, { recursive: true });
}
