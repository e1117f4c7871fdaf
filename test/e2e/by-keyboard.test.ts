import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { fill, pictures } from '../engine/world.ts';
import { tabTo } from './keyboard.ts';
import { pageTests, patient, rowOf } from './page-tests.ts';
import { realApp } from './real-app.ts';

const tests = pageTests({ pictures: 'served' });

async function press(target: ReturnType<Page['locator']>, key = 'Enter'): Promise<void> {
  await target.and(target.page().locator(':enabled, a')).waitFor();
  await tabTo(target);
  await target.page().keyboard.press(key);
}

async function type(target: ReturnType<Page['locator']>, text: string): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.type(text);
}

it('from a key to a mirror in sync', async () => {
  const app = await realApp({ key: 'none' });
  const folder = await app.world.folder();
  await fill(folder, pictures('a.png', 'b.png'));
  await app.world.putAsset('c.png', picture(9, 800));
  const page = await tests.open(app.url);
  await page.getByRole('heading', { name: 'Keep your images and your datasets in step' }).waitFor();
  await press(page.getByRole('button', { name: 'Another server' }));
  const { endpoint, organizationId, secretKey } = app.world.sandbox;
  // The new field has come between: the form is gone through from its beginning.
  await type(page.getByLabel('Address of the service'), endpoint);
  await type(page.getByLabel('Secret key'), secretKey);
  await type(page.getByLabel('Organization ID'), organizationId);
  await page.keyboard.press('Enter');
  await press(page.getByRole('radio', { name: /^Test/ }), 'Space');
  await type(page.getByRole('textbox', { name: 'Folder' }), folder.root);
  await press(page.getByRole('button', { name: 'Look at the plan' }));
  await page.getByText('10 data rows').waitFor();
  await press(page.getByRole('button', { name: 'Start the sync' }));
  for (const name of ['a', 'b', 'c']) await rowOf(page, new RegExp(`In sync ${name}\\.png`)).waitFor();
  expect(await folder.list()).toEqual(['a.png', 'b.png', 'c.png']);
  expect((await app.world.assets()).size).toBe(3);
});

it('to the answer of a conflict that loses annotations, and back from one', async () => {
  const app = await realApp();
  const { mirror, folder } = await app.mirror(pictures('a.png', 'b.png'));
  await mirror.sync();
  for (const name of ['a.png', 'b.png']) app.world.sandbox.annotate(app.world.datasetId, name, { cat: 2 });
  await mirror.sync();
  await folder.write('a.png', picture(70, 900));
  await folder.write('b.png', picture(71, 900));
  await mirror.sync();
  const page = await tests.open(`${app.url}#/overview`);
  await press(page.getByRole('article').getByRole('link', { name: 'Answer' }));
  const answer = page.getByRole('region', { name: 'Your answer' }).getByRole('button');
  const list = page.getByRole('tree', { name: 'Files that wait' });
  await page.getByRole('heading', { name: 'a.png', exact: true }).waitFor();
  await press(answer.filter({ hasText: /^Keep mine, remove/ }));
  await page.getByRole('dialog', { name: 'Lose 2 annotations?' }).waitFor();
  await press(page.getByRole('button', { name: 'Replace and lose them' }));
  await page.getByRole('heading', { name: 'b.png', exact: true }).waitFor();
  await tabTo(list);
  await answer
    .filter({ hasText: /^Keep theirs/ })
    .and(page.locator(':enabled'))
    .waitFor();
  const number = await answer.filter({ hasText: /^Keep theirs/ }).getAttribute('aria-keyshortcuts');
  await page.keyboard.press(number ?? '');
  await page.getByText('Nothing waits for you').waitFor();
  await expect
    .poll(async () => (await app.world.assets()).get('a.png'), patient)
    .toMatchObject({ content: picture(70, 900), annotations: 0 });
  await expect
    .poll(() => folder.has('b.png', pictures('a.png', 'b.png')['b.png'] ?? Buffer.alloc(0)), patient)
    .toBe(true);
  expect((await app.world.assets()).get('b.png')?.annotations).toBe(2);
});

it('to a dataset in a folder', async () => {
  const app = await realApp();
  const files = pictures('a.png', 'b.png', 'c.png');
  for (const [name, content] of Object.entries(files)) await app.world.putAsset(name, content);
  const page = await tests.open(`${app.url}#/overview`);
  await press(page.getByRole('link', { name: 'Datasets' }));
  await press(page.getByRole('link', { name: /^Test/ }));
  await press(page.getByRole('button', { name: 'Pull…' }));
  const dialog = page.getByRole('dialog', { name: 'Pull Test' });
  const target = path.join(app.world.dir, 'pulled');
  await type(dialog.getByRole('textbox', { name: 'Folder' }), target);
  await press(dialog.getByRole('button', { name: 'Start the pull' }));
  const card = page.getByRole('article', { name: `Test → ${target}` });
  await card.getByText(/All 3 files are in the folder/).waitFor();
  for (const [name, content] of Object.entries(files))
    expect(await fs.readFile(path.join(target, name))).toEqual(content);
  await press(card.getByRole('button', { name: 'Dismiss' }));
  await card.waitFor({ state: 'detached' });
});
