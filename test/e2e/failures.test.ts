import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { canMount, mountDisk, resizeDisk, takeAway } from '../crash/volumes.ts';
import { picture } from '../engine/pictures.ts';
import { pictures } from '../engine/world.ts';
import { fixturePath } from '../fixtures/index.ts';
import { violations } from './axe.ts';
import { chip, pageTests, patient, rowOf } from './page-tests.ts';
import { type RealApp, realApp } from './real-app.ts';

const tests = pageTests({ pictures: 'served' });
/** Well formed, and nobody’s. */
const otherKey = `dtvi_${'x'.repeat(98)}`;

const notice = (page: Page, words: RegExp) =>
  page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: words }).first();
const syncNow = (page: Page) => page.getByRole('button', { name: 'Sync now' }).click();
const files = (app: RealApp): Promise<number> => app.world.assets().then((assets) => assets.size);

async function connect(page: Page, key: string): Promise<void> {
  await page.getByLabel('Secret key').fill(key);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

async function fillAccount(page: Page, { sandbox }: RealApp['world']): Promise<void> {
  await page.getByRole('button', { name: 'Another server' }).click();
  await page.getByLabel('Organization ID').fill(sandbox.organizationId);
  await page.getByLabel('Address of the service').fill(sandbox.endpoint);
}

describe('a key', () => {
  it('that is wrong is refused in words before anything is stored, and the right one after it is taken', async () => {
    const app = await realApp({ key: 'none' });
    const page = await tests.open(app.url);
    await fillAccount(page, app.world);
    const alert = page.getByRole('alert');
    await connect(page, 'my password');
    await alert.filter({ hasText: /dtvi_/ }).waitFor();
    await connect(page, otherKey);
    await alert.filter({ hasText: /The secret key was refused.*Copy the key again/s }).waitFor();
    await connect(page, app.world.sandbox.secretKey);
    await page.getByRole('heading', { level: 1, name: 'Add a mirror' }).waitFor();
    await page.getByRole('radio', { name: /^Test/ }).waitFor();
    expect(await page.content()).not.toContain(app.world.sandbox.secretKey);
  });

  it('that is revoked stops the mirror with a way to another one, and what was changed meanwhile follows', async () => {
    const app = await realApp({ key: 'keychain' });
    const { mirror, folder } = await app.mirror(pictures('a.png'));
    await mirror.sync();
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /In sync a\.png/).waitFor();
    await app.world.sandbox.close();
    await app.world.startService({ secretKey: otherKey });
    await folder.write('b.png', picture(7, 900));
    await syncNow(page);
    await notice(page, /Not allowed.*key/s).waitFor();
    await page.getByText('Needs attention').first().waitFor();
    await page.getByRole('link', { name: 'Look at the account' }).click();
    const account = page.getByRole('listitem').filter({ hasText: app.world.sandbox.organizationId });
    await account.getByText(/The secret key was refused/).waitFor();
    await account.getByRole('button', { name: 'Connect again…' }).click();
    await fillAccount(page, app.world);
    await connect(page, otherKey);
    await page.goto(app.at(`/mirror/${mirror.mirrorId}`));
    await rowOf(page, /In sync b\.png/).waitFor();
    expect(await files(app)).toBe(2);
    expect(app.world.sandbox.dataRows().used).toBe(10);
  });
});

describe('a service', () => {
  it('that is gone is said to be, and what was changed meanwhile follows when it is back', async () => {
    const app = await realApp();
    const { mirror, folder } = await app.mirror(pictures('a.png', 'b.png'));
    await mirror.sync();
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /In sync a\.png/).waitFor();
    await app.world.sandbox.close();
    await folder.write('c.png', picture(7, 900));
    await notice(page, /No connection.*nothing answers there/s).waitFor();
    await page.getByText('Offline').first().waitFor();
    await page.getByText('Changes are kept and sent when the service answers again').waitFor();
    await rowOf(page, /Queued c\.png/).waitFor();
    await page.getByText(/^Next try in \d:\d\d$/).waitFor();
    expect(await violations(page)).toEqual([]);
    await app.world.startService();
    await app.world.putAsset('d.png', picture(8, 900));
    await syncNow(page);
    await rowOf(page, /In sync c\.png/).waitFor();
    await rowOf(page, /In sync d\.png/).waitFor();
    expect(await page.getByText('No connection').count()).toBe(0);
    expect(await folder.read('d.png')).toEqual(picture(8, 900));
    expect(await files(app)).toBe(4);
  });

  it('that asks to wait is waited for, with a clock that says until when', async () => {
    const app = await realApp();
    const { mirror } = await app.mirror(pictures('a.png'));
    await mirror.sync();
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /In sync a\.png/).waitFor();
    app.world.sandbox.faults = [{ kind: 'status', route: 'datasets.get', status: 429, retryAfter: 90 }];
    await notice(page, /The service asks to wait/).waitFor();
    await page.getByText(/^Next try in 1:[0-3]\d$/).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page
      .getByRole('article')
      .getByText(/^Next try in 1:[0-3]\d$/)
      .waitFor();
    app.world.sandbox.faults = [];
    await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
    await page.getByRole('article').getByText('In sync', { exact: true }).waitFor();
    expect(await page.getByText(/^Next try in/).count()).toBe(0);
  });

  it('that gives no session before its time is obeyed, on a clock, and then has the file', async () => {
    const app = await realApp();
    const { mirror, folder } = await app.mirror(pictures('a.png'));
    await mirror.sync();
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /In sync a\.png/).waitFor();
    // Longer than the client waits for by itself.
    app.world.sandbox.faults = [
      { kind: 'status', route: 'sessions.create', status: 429, retryAfter: 11, times: 1 },
    ];
    await folder.write('b.png', picture(7, 900));
    await page.getByText(/^Next upload in 0:(0\d|1[01])$/).waitFor();
    await rowOf(page, /Queued b\.png/).waitFor();
    await rowOf(page, /In sync b\.png/).waitFor({ timeout: 30_000 });
    expect(await page.getByText(/^Next upload in/).count()).toBe(0);
    expect(app.world.sandbox.requests.upload).toBe(2);
  });
});

describe('a quota', () => {
  it('of data rows that is used up is told at its files, and the others are there', async () => {
    const app = await realApp({ limits: { dataRows: 10 } });
    const { mirror, folder } = await app.mirror(pictures('a.png', 'b.png', 'c.png'));
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    const refused = rowOf(page, /^Problem/);
    await refused.click();
    const details = page.getByRole('region', { name: 'Details' });
    await details
      .getByText(/quota of data rows is used up/)
      .first()
      .waitFor();
    await details.getByText(/Delete assets that are not needed.*or ask for a larger quota/).waitFor();
    await page.getByText('1 file has a problem').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('term').filter({ hasText: 'Data rows used' }).waitFor();
    await page.getByText(/Something needs your attention/).waitFor();
    expect(await files(app)).toBe(2);
    expect(await folder.list()).toHaveLength(3);
  });

  it('of sessions that is spent shows when the next upload begins, wherever somebody looks', async () => {
    const app = await realApp({ engine: { sessionBudget: { sessions: 1, windowMs: 600_000 } } });
    const { mirror, folder } = await app.mirror(pictures('a.png'));
    await mirror.sync();
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /In sync a\.png/).waitFor();
    await folder.write('b.png', picture(7, 900));
    await rowOf(page, /Queued b\.png/).waitFor();
    const clock = /^Next upload in (10:0[0-2]|9:\d\d)$/;
    await page.getByText(clock).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('article').getByText(clock).waitFor();
    await page.getByText('1 of 1 sessions used').waitFor();
    expect(app.world.sandbox.requests['sessions.create']).toBe(1);
  });
});

describe('a folder', () => {
  it('that is gone changes nothing in the dataset, and goes on where it was when it is back', async () => {
    const app = await realApp();
    const { mirror, folder } = await app.mirror(pictures('a.png', 'b.png'));
    await mirror.sync();
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /In sync a\.png/).waitFor();
    await fs.rename(folder.root, `${folder.root}-away`);
    await syncNow(page);
    await notice(
      page,
      /The folder is not there.*Nothing has been changed in the dataset.*move the folder back/s,
    ).waitFor();
    await page.getByText('Needs attention').first().waitFor();
    expect(await files(app)).toBe(2);
    await fs.rename(`${folder.root}-away`, folder.root);
    await syncNow(page);
    await page
      .getByText(/In sync\s*checked/)
      .first()
      .waitFor();
    expect(await page.getByText('The folder is not there').count()).toBe(0);
    expect([await files(app), app.world.sandbox.requests.upload]).toEqual([2, 2]);
  });

  it('whose disk is taken away is not taken for an empty one', async () => {
    if (!(await canMount('a disk that is taken away, in the window'))) return;
    const app = await realApp();
    const root = path.join(app.world.dir, 'disk');
    await mountDisk(root, 'size=8m');
    const { mirror, folder } = await app.mirror(pictures('a.png', 'b.png'), 'disk');
    await mirror.sync();
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /In sync a\.png/).waitFor();
    takeAway(folder.root);
    await syncNow(page);
    await notice(page, /The folder is empty.*as if its disk were not mounted.*Connect the disk/s).waitFor();
    expect(await rowOf(page, /a\.png/).count()).toBe(1);
    expect(await files(app)).toBe(2);
  });

  it('on a full disk says which files wait for room, and fetches them when there is some', async () => {
    if (!(await canMount('a full disk, in the window'))) return;
    const app = await realApp();
    await mountDisk(path.join(app.world.dir, 'disk'), 'size=1m');
    const large = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [`big-${index}.png`, picture(index, 300_000)]),
    );
    for (const [name, content] of Object.entries(large)) await app.world.putAsset(name, content);
    const { mirror, folder } = await app.mirror({}, 'disk');
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    await rowOf(page, /^Problem big.*The disk is full/)
      .first()
      .click();
    await page
      .getByRole('region', { name: 'Details' })
      .getByText(/Make room on the disk\. It is tried again by itself\./)
      .waitFor();
    await chip(page, /^Problem [1-5]$/).waitFor();
    resizeDisk(folder.root, 'size=8m');
    await syncNow(page);
    await page
      .getByText(/In sync\s*checked/)
      .first()
      .waitFor(patient);
    for (const [name, content] of Object.entries(large)) expect(await folder.read(name)).toEqual(content);
    expect(await files(app)).toBe(5);
  });
});

describe('a file that is no picture', () => {
  it('is explained, has a placeholder in the place of its picture, and keeps nothing else back', async () => {
    const app = await realApp();
    const { mirror, folder } = await app.mirror({
      'notes.jpg': await fs.readFile(fixturePath('hostile/page-named.jpg')),
      'scene.jpg': await fs.readFile(fixturePath('good/scene.jpg')),
    });
    tests.expectFaults(/status of 422/);
    const page = await tests.open(`${app.url}#/mirror/${mirror.mirrorId}`);
    const details = page.getByRole('region', { name: 'Details' });
    await rowOf(page, /In sync scene\.jpg/).click();
    const shown = details.getByRole('img', { name: 'Preview of scene.jpg' });
    await expect
      .poll(() => shown.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth), patient)
      .toBe(64);
    await rowOf(page, /Problem notes\.jpg/).click();
    await details.getByText('No preview').waitFor();
    await details.getByText(/What to do/).waitFor();
    await page.getByRole('radio', { name: 'Thumbnails' }).click();
    await expect.poll(() => page.locator('#root img').count(), patient).toBeGreaterThan(0);
    expect(await folder.list()).toEqual(['notes.jpg', 'scene.jpg']);
    expect(await files(app)).toBe(1);
  });
});
