import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Host, startHost } from '../../app/host/host.ts';
import { type Playground, startPlayground } from '../../app/host/playground.ts';
import { keptSessionKey } from '../../app/host/session-key.ts';
import { ViClient } from '../../app/vi/index.ts';
import { Workspace } from '../../app/workspace/workspace.ts';
import { fixturePath } from '../fixtures/index.ts';
import { makeManyImages } from '../fixtures/many-images.ts';
import { openBrowser } from './browser.ts';
import { type OpenPage, openPage, rendererDir } from './page-fixture.ts';
import { servePictures } from './pictures.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

let dir: string;
let folder: string;
let playground: Playground;
let workspace: Workspace;
let host: Host;
let client: ViClient;
let opened: OpenPage | null;

async function start(port = 0): Promise<void> {
  playground = await startPlayground({ playgroundDir: dir, folder });
  workspace = await Workspace.open(playground);
  host = await startHost({
    app: workspace,
    rendererDir,
    port,
    sessionKey: await keptSessionKey(dir),
  });
  const { endpoint, organizationId, secretKey } = playground;
  client = new ViClient({ endpoint, organizationId, secretKey, env: {} });
}

async function stop(): Promise<void> {
  await client.close();
  await host.close();
  await workspace.close();
  await playground.close();
}

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  folder = path.join(dir, 'images');
  await mkdir(path.join(folder, 'train'), { recursive: true });
  await copyFile(fixturePath('good/scene.jpg'), path.join(folder, 'first.jpg'));
  await copyFile(fixturePath('hostile/truncated.png'), path.join(folder, 'train', 'broken.png'));
  opened = null;
  await start();
});
afterEach(async () => {
  await opened?.close();
  await stop();
  await rm(dir, { recursive: true });
});

async function show(): Promise<Page> {
  opened = await openPage(browser, `${host.url}#/mirror/${playground.mirrorId}`, {
    prepare: servePictures,
  });
  return opened.page;
}

const rowOf = (page: Page, name: RegExp) =>
  page.getByRole('grid', { name: 'Files' }).getByRole('row', { name });

/** The bytes that the service holds for a filename, or null. */
async function bytesInDataset(filename: string): Promise<Buffer | null> {
  const { datasetId } = playground;
  for await (const asset of client.assets.list({ datasetId, contents: true }).allItems()) {
    if (asset.filename !== filename) continue;
    const url = asset.contents?.asset?.url;
    if (url === undefined) throw new Error('The listing has no contents.');
    return Buffer.from(await (await fetch(url)).arrayBuffer());
  }
  return null;
}

describe('a mirror of a real folder, with the engine and the sandbox', () => {
  it('shows an image that was dropped into the folder, and has it in the dataset within 5 s', async () => {
    const page = await show();
    await rowOf(page, /In sync first\.jpg/).waitFor();
    await copyFile(fixturePath('good/scene.webp'), path.join(folder, 'train', 'dropped.webp'));
    const dropped = performance.now();
    const original = await readFile(fixturePath('good/scene.webp'));
    await expect
      .poll(() => bytesInDataset('dropped.webp'), { timeout: 5_000, interval: 100 })
      .toEqual(original);
    await rowOf(page, /In sync train\/dropped\.webp 626 B 64 × 48 0/).waitFor({
      timeout: 5_000 - (performance.now() - dropped),
    });
    await page.getByRole('link', { name: 'Overview' }).click();
    await page
      .getByText(/Uploaded.*dropped\.webp/)
      .first()
      .waitFor();
    expect(opened?.faults).toEqual([]);
  });

  it('explains a broken file, and heals when it is replaced', async () => {
    const page = await show();
    await rowOf(page, /Problem train\/broken\.png/).click();
    const details = page.getByRole('region', { name: 'Details' });
    expect(await details.innerText()).toMatch(/What to do: \S+/);
    await page.getByText('Needs attention').first().waitFor();
    await copyFile(fixturePath('good/scene.png'), path.join(folder, 'train', 'broken.png'));
    await rowOf(page, /In sync train\/broken\.png/).waitFor();
    await page
      .getByText(/In sync\s*checked/)
      .first()
      .waitFor();
    expect(await bytesInDataset('broken.png')).toEqual(await readFile(fixturePath('good/scene.png')));
  });

  it('fetches what another client uploaded, when asked to look', async () => {
    const page = await show();
    await rowOf(page, /In sync first\.jpg/).waitFor();
    const result = await client.assets.upload({
      datasetId: playground.datasetId,
      paths: [fixturePath('good/scene.gif')],
    });
    expect(result.totalSucceeded).toBe(1);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await rowOf(page, /In sync scene\.gif/).waitFor();
    expect(await readFile(path.join(folder, 'scene.gif'))).toEqual(
      await readFile(fixturePath('good/scene.gif')),
    );
  });

  it('goes on in an open page after a restart, and uploads nothing twice', async () => {
    const page = await show();
    await makeManyImages(folder, { count: 40 });
    await expect
      .poll(() => page.getByRole('grid', { name: 'Files' }).getAttribute('aria-rowcount'), {
        timeout: 15_000,
      })
      .toBe('43');
    await playground.engine.settled(playground.mirrorId);
    const before = await client.assets.list({
      datasetId: playground.datasetId,
      pagination: { pageSize: 100 },
    });
    const { port } = host;
    await stop();
    await page.getByText('The connection to Vi Sync is gone').waitFor();
    await copyFile(fixturePath('good/scene.bmp'), path.join(folder, 'a-closed.bmp'));
    await start(port);
    await rowOf(page, /In sync a-closed\.bmp/).waitFor();
    expect(await page.getByText('The connection to Vi Sync is gone').count()).toBe(0);
    const after = await client.assets.list({
      datasetId: playground.datasetId,
      pagination: { pageSize: 100 },
    });
    expect(after.items.filter(({ filename }) => filename !== 'a-closed.bmp').map(({ etag }) => etag)).toEqual(
      before.items.map(({ etag }) => etag),
    );
  });
});
