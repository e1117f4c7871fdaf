import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { type Mirror, pictures, type World, type WorldFolder } from '../engine/world.ts';
import { pageTests, patient, rowOf } from './page-tests.ts';
import { type RealApp, realApp } from './real-app.ts';

const tests = pageTests({ pictures: 'served' });
const mine = (name: string): Buffer => picture(name.charCodeAt(0), 1200);
const theirs = (name: string): Buffer => picture(100 + name.charCodeAt(0), 1400);
const tags = { forklift: 2, pallet: 1 };

interface Pair {
  readonly app: RealApp;
  readonly mirror: Mirror;
  readonly folder: WorldFolder;
}

/** A mirror in sync, with an annotated asset for each file. */
async function annotatedPair(...names: string[]): Promise<Pair> {
  const app = await realApp();
  const { mirror, folder } = await app.mirror(pictures(...names));
  await mirror.sync();
  for (const name of names) app.world.sandbox.annotate(app.world.datasetId, name, tags);
  await mirror.sync();
  return { app, mirror, folder };
}

/** Another client of the service sends these files of its own. */
async function uploadElsewhere(world: World, names: readonly string[]): Promise<void> {
  const elsewhere = path.join(world.dir, 'elsewhere');
  await fs.mkdir(elsewhere, { recursive: true });
  for (const name of names) await fs.writeFile(path.join(elsewhere, name), theirs(name));
  const client = world.client();
  const result = await client.assets.upload({
    datasetId: world.datasetId,
    paths: elsewhere,
    onAssetOverwritten: 'KeepLinkedResource',
  });
  expect(result.totalSucceeded).toBe(names.length);
}

/** Annotated files that have changed on both sides since they were equal. */
async function conflicts(...names: string[]): Promise<Pair> {
  const pair = await annotatedPair(...names);
  const { app, mirror, folder } = pair;
  await app.engine.call('pause', { mirrorId: mirror.mirrorId });
  for (const name of names) await folder.write(name, mine(name));
  await uploadElsewhere(app.world, names);
  await app.engine.call('resume', { mirrorId: mirror.mirrorId });
  await mirror.sync();
  return pair;
}

const item = (page: Page, name: string) =>
  page.getByRole('tree', { name: 'Files that wait' }).getByRole('treeitem', { name: new RegExp(`^${name}`) });
const answer = (page: Page, name: RegExp) =>
  page.getByRole('region', { name: 'Your answer' }).getByRole('button', { name });

async function choose(page: Page, name: string, words: RegExp): Promise<void> {
  await item(page, name).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'forklift' }).getByText('2').waitFor();
  await answer(page, words).click();
}

async function assetsOf({ app }: Pair) {
  return Object.fromEntries(
    [...(await app.world.assets())].map(([name, { content, annotations }]) => [
      name,
      { content, annotations },
    ]),
  );
}

describe('a conflict with what another client sent to annotated assets', () => {
  it('answered each way leaves on the disk and at the service what the answer said', async () => {
    const pair = await conflicts('a.png', 'b.png', 'c.png', 'd.png', 'e.png');
    const { app, mirror, folder } = pair;
    const page = await tests.open(`${app.url}#/waiting`);
    await page.getByText('5 files wait for your answer · 15 annotations at stake').waitFor();
    await choose(page, 'a.png', /^Keep mine, keep/);
    await item(page, 'a.png').waitFor({ state: 'detached' });
    await choose(page, 'b.png', /^Keep mine, remove/);
    const lose = page.getByRole('dialog', { name: 'Lose 3 annotations?' });
    await lose.getByRole('button', { name: 'Replace and lose them' }).click();
    await item(page, 'b.png').waitFor({ state: 'detached' });
    await choose(page, 'c.png', /^Keep theirs/);
    await item(page, 'c.png').waitFor({ state: 'detached' });
    await choose(page, 'd.png', /^Keep both/);
    await item(page, 'd.png').waitFor({ state: 'detached' });
    await choose(page, 'e.png', /^Leave both/);
    await page.getByText('Nothing waits for you').waitFor();
    await mirror.sync();
    expect(Object.fromEntries(await contents(folder))).toEqual({
      'a.png': mine('a.png'),
      'b.png': mine('b.png'),
      'c.png': theirs('c.png'),
      'd.png': theirs('d.png'),
      'd-mine.png': mine('d.png'),
      'e.png': mine('e.png'),
    });
    expect(await assetsOf(pair)).toEqual({
      'a.png': { content: mine('a.png'), annotations: 3 },
      'b.png': { content: mine('b.png'), annotations: 0 },
      'c.png': { content: theirs('c.png'), annotations: 3 },
      'd.png': { content: theirs('d.png'), annotations: 3 },
      'd-mine.png': { content: mine('d.png'), annotations: 0 },
      'e.png': { content: theirs('e.png'), annotations: 3 },
    });
    // What had to give way on the disk can be had back, here.
    await page.goto(app.at('/trash'));
    await page.getByRole('checkbox', { name: 'Select c.png' }).waitFor();
    expect((await app.engine.call('trash', {})).items.map((each) => each.path)).toEqual(['c.png']);
    const picture = page.getByRole('row', { name: /c\.png/ }).locator('img');
    await expect
      .poll(
        () => picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
        patient,
      )
      .toBe(true);
  });
});

async function contents(folder: WorldFolder): Promise<[string, Buffer][]> {
  return Promise.all(
    (await folder.list()).map(async (name) => [name, await folder.read(name)] as [string, Buffer]),
  );
}

describe('a changed file of an annotated asset', () => {
  const modes = [
    { mode: 'Ask me', asks: true, annotations: 3 },
    { mode: 'Keep the annotations', asks: false, annotations: 3 },
    { mode: 'Remove the annotations', asks: false, annotations: 0 },
  ] as const;
  it.each(modes)('where its mirror says “$mode”', async ({ mode, asks, annotations }) => {
    const pair = await annotatedPair('a.png');
    const { app, mirror, folder } = pair;
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}/settings`);
    await page
      .getByRole('radiogroup', { name: 'When a changed file replaces an annotated image' })
      .getByRole('radio', { name: mode })
      .click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').first().waitFor();
    await folder.write('a.png', mine('a.png'));
    if (asks) {
      await page.getByRole('link', { name: /^Waiting for you 1 file/ }).click();
      await page.getByText('1 file waits for your answer · 3 annotations at stake').waitFor();
      expect((await assetsOf(pair))['a.png']?.content).toEqual(pictures('a.png')['a.png']);
      await choose(page, 'a.png', /^Keep mine, keep/);
      await page.getByText('Nothing waits for you').waitFor();
    }
    await expect
      .poll(async () => (await assetsOf(pair))['a.png'], patient)
      .toEqual({ content: mine('a.png'), annotations });
    await page.goto(app.at(`/mirror/${mirror.mirrorId}`));
    await rowOf(page, new RegExp(`^In sync a\\.png.* ${annotations}\\b`)).waitFor();
    expect(await folder.list()).toEqual(['a.png']);
  });
});

describe('two windows', () => {
  it('show the same: what is done in one is seen in the other', async () => {
    const { app, mirror, folder } = await annotatedPair('a.png');
    const page = await tests.open(`${app.url}#/overview`);
    const other = await page.context().newPage();
    await other.goto(app.at(`/mirror/${mirror.mirrorId}`));
    await rowOf(other, /In sync a\.png/).waitFor();
    await page.getByRole('article').getByRole('button', { name: 'Pause' }).click();
    await other.getByText('Nothing is transferred until it is resumed').waitFor();
    await folder.write('b.png', mine('b.png'));
    await rowOf(other, /Queued b\.png/).waitFor();
    await other.getByRole('button', { name: 'More for this mirror' }).click();
    await other.getByRole('menuitem', { name: 'Resume' }).click();
    await page.getByRole('article').getByRole('button', { name: 'Pause' }).waitFor();
    await page
      .getByText(/Uploaded.*b\.png/)
      .first()
      .waitFor();
    await page.goto(app.at(`/mirror/${mirror.mirrorId}/settings`));
    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the mirror' }).click();
    await other.getByText('This mirror is not there any more').waitFor();
    expect(await folder.list()).toEqual(['a.png', 'b.png']);
  });

  it('have one answer: it is gone in the other, which is told when it comes too late', async () => {
    const pair = await conflicts('a.png', 'b.png');
    const { app, mirror, folder } = pair;
    const page = await tests.open(`${app.url}#/waiting`);
    await item(page, 'b.png').waitFor();
    const other = await page.context().newPage();
    // A window that hears of things late, as on a slow connection.
    const late = { isHeld: false, kept: [] as (() => void)[] };
    await other.routeWebSocket(/\/engine$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        const pass = () => socket.send(message);
        if (late.isHeld && String(message).includes('"m":"events"')) late.kept.push(pass);
        else pass();
      });
    });
    await other.goto(app.at('/waiting'));
    await item(other, 'a.png').click();
    await choose(page, 'a.png', /^Keep theirs/);
    await item(other, 'a.png').waitFor({ state: 'detached' });
    await other.getByRole('link', { name: /^Waiting for you 1 file/ }).waitFor();
    await other.getByRole('heading', { name: 'b.png', exact: true }).waitFor();
    await answer(other, /^Keep mine, keep/)
      .and(other.locator(':enabled'))
      .waitFor();

    late.isHeld = true;
    await choose(page, 'b.png', /^Keep theirs/);
    await page.getByText('Nothing waits for you').waitFor();
    await mirror.sync();
    await answer(other, /^Keep mine, keep/).click();
    late.isHeld = false;
    for (const pass of late.kept) pass();
    await other.getByText('Nothing waits for you').waitFor();
    await other.getByText('b.png has been answered already').first().waitFor();
    expect(Object.fromEntries(await contents(folder))).toEqual({
      'a.png': theirs('a.png'),
      'b.png': theirs('b.png'),
    });
    expect(await assetsOf(pair)).toMatchObject({ 'b.png': { content: theirs('b.png'), annotations: 3 } });
  });
});

describe('a page that is loaded anew in the middle of a transfer', () => {
  it('goes on showing how far it is, and nothing is sent twice', async () => {
    const app = await realApp();
    app.world.sandbox.faults = [{ kind: 'delay', route: 'upload', ms: 400 }];
    await app.engine.call('changeSettings', { uploadsAtOnce: 2 });
    const names = Array.from({ length: 24 }, (_, index) => `p${index}.png`);
    const { mirror } = await app.mirror(pictures(...names));
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    const uploads = page.getByRole('region', { name: 'Uploads' });
    const done = async (): Promise<number> => {
      const text = await uploads.getByText(/\d+ of 24 files/).innerText();
      return Number(/(\d+) of 24 files/.exec(text)?.[1]);
    };
    await uploads.getByText(/[1-9]\d* of 24 files/).waitFor();
    const before = await done();
    await page.reload();
    const after = await done();
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after).toBeLessThan(24);
    app.world.sandbox.faults = [];
    await page
      .getByText(/In sync\s*checked/)
      .first()
      .waitFor();
    expect(app.world.sandbox.requests.upload).toBe(24);
    expect(app.world.sandbox.dataRows().used).toBe(24 * 5);
  });
});
