import { describe, expect, it } from 'vitest';
import { appScene } from '../host/app-scenes.ts';
import { doubleMirrorId, row } from '../host/engine-double.ts';
import { violations } from './axe.ts';
import { pageTests, patient } from './page-tests.ts';

const tests = pageTests();

describe('the activity', () => {
  it('is told by day, filtered and searched, with each way back', async () => {
    const now = new Date().setHours(13, 0, 0, 0);
    const app = appScene('full', now);
    const [first] = app.library.trash;
    if (first === undefined) throw new Error('The scene has an empty trash.');
    app.library.trash = [{ ...first, path: 'aisle-01/IMG_2000.jpg', at: now - 2 * 60_000 }];
    const page = await tests.show(app, { route: '/activity' });
    const list = page.getByRole('group', { name: 'Activity' });
    await list.getByText('46 files uploaded').waitFor();
    expect(await violations(page)).toEqual([]);
    const renewed = list.getByRole('listitem').filter({ hasText: 'the old one is in the trash' });
    await renewed.getByRole('link', { name: 'In the trash' }).waitFor();
    await list.getByRole('button', { name: 'Show all 46' }).click();
    await list.getByRole('link', { name: /aisle-0\d\/IMG_2010\.jpg/ }).waitFor();
    await page.getByRole('radio', { name: 'Problems' }).click();
    await expect.poll(() => list.getByText('files uploaded').count(), patient).toBe(0);
    await list.getByText('no connection to api.vi.datature.com').waitFor();
    await page.getByRole('radio', { name: 'All' }).click();
    await page.getByRole('textbox', { name: 'Search activity' }).fill('cut short');
    await expect.poll(() => list.getByRole('listitem').count(), patient).toBe(1);
    app.rows = [row('aisle-08/IMG_2031.jpg')];
    await list.getByRole('link', { name: 'Look at it' }).click();
    await page
      .getByRole('region', { name: 'Details' })
      .getByRole('heading', { name: 'IMG_2031.jpg' })
      .waitFor();
  });

  it('puts what happens meanwhile on top, and moves nothing while a person reads', async () => {
    const app = appScene('full', Date.now());
    app.activities = Array.from({ length: 450 }, (_, index) => ({
      id: 450 - index,
      at: Date.now() - index * 60_000,
      mirrorId: doubleMirrorId,
      kind: 'problem' as const,
      path: `${index}.jpg`,
      message: `${index}.jpg is damaged.`,
    }));
    const page = await tests.show(app, { route: '/activity' });
    const list = page.getByRole('group', { name: 'Activity' });
    await list.getByText('0.jpg is damaged.', { exact: true }).waitFor();
    app.add({ at: Date.now(), kind: 'problem', path: 'new-1.jpg', message: 'new-1.jpg is damaged.' });
    await list.getByText('new-1.jpg is damaged.').waitFor();
    await list.evaluate((element) => element.scrollTo(0, 900));
    const read = list.getByText('20.jpg is damaged.', { exact: true });
    const before = await read.boundingBox();
    app.activities = app.activities.map((activity) => activity);
    app.emit('activityAdded', { ...newest(app.activities), id: 452 });
    app.activities.unshift({ ...newest(app.activities), id: 452, message: 'new-2.jpg is damaged.' });
    await page.getByRole('button', { name: '1 new entry' }).waitFor();
    expect(await read.boundingBox()).toEqual(before);
    await page.getByRole('button', { name: '1 new entry' }).click();
    await list.getByText('new-2.jpg is damaged.').waitFor();
    await list.getByRole('button', { name: 'Load older' }).click();
    await list.getByText('399.jpg is damaged.', { exact: true }).waitFor();
  });

  it('that is empty says what will be here', async () => {
    const app = appScene('empty', Date.now());
    const page = await tests.show(app, { route: '/activity' });
    await page.getByRole('heading', { name: 'Nothing has happened yet' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

function newest<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error('There is none.');
  return first;
}
