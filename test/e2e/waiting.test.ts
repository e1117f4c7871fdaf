import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { changedMeanwhile } from '../../app/engine/holds.ts';
import { AppDouble, hold } from '../host/app-double.ts';
import { appScene } from '../host/app-scenes.ts';
import { violations } from './axe.ts';
import { pageTests, patient } from './page-tests.ts';

const tests = pageTests();
const answers = (page: Page) => page.getByRole('region', { name: 'Your answer' });
const list = (page: Page) => page.getByRole('tree', { name: 'Files that wait' });

/** Two conflicts, of which the first has annotations, and a file that was deleted in the dataset. */
function someHolds(): AppDouble {
  const app = new AppDouble();
  const annotated = hold('both-changed', 'train/a.jpg', { needsRetention: true });
  const remote = annotated.remote === null ? null : { ...annotated.remote, annotations: 37, width: 800 };
  app.holds = [
    { ...annotated, remote },
    hold('both-changed', 'train/b.jpg'),
    hold('deleted-there', 'val/c.jpg', { remote: null, answers: ['keep-mine', 'keep-theirs', 'skip'] }),
  ];
  app.annotationsByTag.set('item-train/a.jpg', { forklift: 30, pallet: 7 });
  return app;
}

describe('what waits', () => {
  it('is grouped by kind, with both pictures, both sides and what is at stake', async () => {
    const app = someHolds();
    const page = await tests.show(app, { route: '/waiting' });
    await list(page)
      .getByRole('treeitem', { name: /^Changed on both sides 2 files/ })
      .waitFor();
    await list(page)
      .getByRole('treeitem', { name: /^Deleted in the dataset 1 file/ })
      .waitFor();
    await page.getByText('3 files wait for your answer · 37 annotations at stake').waitFor();
    const pictures = page.getByRole('group', { name: /Both pictures/ });
    const sources = await pictures
      .getByRole('img')
      .evaluateAll((images) => images.map((image) => image.getAttribute('src')));
    expect(sources[0]).toMatch(/^\.\/preview\/local\?mirror=mirror-1&path=train%2Fa\.jpg&size=1024/);
    expect(sources[1]).toMatch(/^\.\/preview\/asset\?.*&asset=asset-train%2Fa\.jpg&size=1024/);
    const stake = page.getByRole('region', { name: 'Annotations on the asset' });
    await stake.getByText('just checked with the service').waitFor();
    expect(await stake.getByRole('listitem').allInnerTexts()).toEqual(['forklift\n30', 'pallet\n7']);
    expect(await answers(page).innerText()).toMatch(/boxes and masks may no longer fit/);
    expect(await answers(page).innerText()).toMatch(/37 annotations will be lost/);
  });

  it('zooms and moves both pictures in step', async () => {
    const page = await tests.show(someHolds(), { route: '/waiting' });
    const pictures = page.getByRole('group', { name: /Both pictures/ });
    const transforms = () =>
      pictures
        .getByRole('img')
        .evaluateAll((images) => images.map((image) => getComputedStyle(image).transform));
    await pictures.focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(async () => (await transforms())[0], patient)
      .toMatch(/^matrix\(2\.25, 0, 0, 2\.25, [1-9]/);
    const [here, there] = await transforms();
    expect(there).toBe(here);
    await page.keyboard.press('0');
    await expect
      .poll(async () => new Set(await transforms()), patient)
      .toEqual(new Set(['matrix(1, 0, 0, 1, 0, 0)']));
  });

  it('is answered by keyboard alone, one after the other', async () => {
    const app = someHolds();
    const page = await tests.show(app, { route: '/waiting' });
    await page.getByText('just checked with the service').waitFor();
    await list(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: 'train/b.jpg' }).waitFor();
    await answers(page)
      .getByRole('button', { name: /^Keep theirs/ })
      .and(page.locator(':enabled'))
      .waitFor();
    await page.keyboard.press('2');
    await expect
      .poll(() => app.answered, patient)
      .toEqual([
        {
          mirrorId: 'mirror-1',
          item: 'item-train/b.jpg',
          fingerprint: 'print-train/b.jpg',
          answer: { kind: 'keep-theirs' },
        },
      ]);
    await page.getByText('Answered: Keep theirs').first().waitFor();
    // The next one is there, and the first again with one key.
    await page.getByRole('heading', { name: 'train/a.jpg' }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => app.holds.length, patient).toBe(2);
  });

  it('asks once more before annotations are lost, and does nothing on a no', async () => {
    const app = someHolds();
    const page = await tests.show(app, { route: '/waiting' });
    await answers(page)
      .getByRole('button', { name: /^Keep mine, remove/ })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Lose 37 annotations?' });
    await dialog.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count(), patient).toBe(0);
    expect(app.answered).toEqual([]);
    await answers(page)
      .getByRole('button', { name: /^Keep mine, remove/ })
      .click();
    await dialog.getByRole('button', { name: 'Replace and lose them' }).click();
    await expect
      .poll(() => app.answered.map(({ answer }) => answer), patient)
      .toEqual([{ kind: 'keep-mine', annotations: 'RemoveLinkedResource' }]);
  });

  it('that has changed meanwhile is refused in words, and shown as it is now', async () => {
    const app = someHolds();
    const page = await tests.show(app, { route: '/waiting' });
    await page.getByText('just checked with the service').waitFor();
    app.failures.set('answer', changedMeanwhile('train/a.jpg'));
    app.annotationsByTag.set('item-train/a.jpg', { forklift: 38 });
    await answers(page)
      .getByRole('button', { name: /^Keep mine, keep/ })
      .click();
    expect(await page.getByRole('alert').innerText()).toMatch(/Changed meanwhile.*answer anew/s);
    await page.getByRole('listitem').filter({ hasText: 'forklift' }).getByText('38').waitFor();
    await page.getByRole('heading', { name: 'train/a.jpg' }).waitFor();
  });

  it('can be taken back where the trash has the old version', async () => {
    const app = someHolds();
    const page = await tests.show(app, { route: '/waiting' });
    await answers(page)
      .getByRole('button', { name: /^Keep theirs/ })
      .click();
    await expect.poll(() => app.library.trash.length, patient).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('train/a.jpg is back').first().waitFor();
    expect(app.library.trash).toEqual([]);
  });

  it('is answered all at once, with the numbers that were shown', async () => {
    const app = someHolds();
    const page = await tests.show(app, { route: '/waiting' });
    await page.getByRole('button', { name: 'Answer all…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Answer all 2: Changed on both sides' });
    await dialog.getByText('37 annotations at stake').waitFor();
    const go = dialog.getByRole('button', { name: 'Answer 2 files' });
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByRole('radio', { name: 'Keep mine, remove the annotations' }).click();
    expect(await go.isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('checkbox', { name: 'I know that 37 annotations will be lost for good' }).click();
    await go.click();
    await expect
      .poll(() => app.answeredAll, patient)
      .toEqual([
        {
          mirrorId: 'mirror-1',
          reason: 'both-changed',
          answer: { kind: 'keep-mine', annotations: 'RemoveLinkedResource' },
          expected: { count: 2, annotations: 37, unknown: 0 },
        },
      ]);
    await page.getByText('2 files answered').first().waitFor();
    await page.getByRole('heading', { name: 'val/c.jpg' }).waitFor();
  });

  it('comes by itself when something new waits, and says so when nothing does', async () => {
    const app = new AppDouble();
    const page = await tests.show(app, { route: '/waiting' });
    await page.getByText('Nothing waits for you').waitFor();
    expect(await violations(page)).toEqual([]);
    app.holds = [hold('both-added', 'new.jpg')];
    app.changed();
    await page.getByRole('heading', { name: 'new.jpg' }).waitFor();
    await page.getByRole('link', { name: 'Waiting for you 1 file waits for you' }).waitFor();
  });

  it('keeps few rows in the page, however many wait', async () => {
    const app = new AppDouble();
    app.holds = Array.from({ length: 5_000 }, (_, index) =>
      hold('many-deleted-here', `${index}.jpg`, { local: null }),
    );
    const page = await tests.show(app, { route: '/waiting' });
    await list(page)
      .getByRole('treeitem', { name: /^0\.jpg/ })
      .waitFor();
    await list(page).focus();
    await page.keyboard.press('End');
    await page.getByRole('heading', { name: '4999.jpg' }).waitFor();
    expect(await list(page).getByRole('treeitem').count()).toBeLessThan(60);
  });

  it('has no fault that axe knows, and markup in names is text', async () => {
    const app = appScene('full', Date.now());
    const evil = '<img src=x onerror="window.pwned=1">.jpg';
    app.holds.unshift(
      hold('both-changed', evil, { problem: { code: 'x', title: evil, detail: evil, suggestion: evil } }),
    );
    app.annotationsByTag.set(`item-${evil}`, { [evil]: 3 });
    const page = await tests.show(app, { route: '/waiting' });
    await page.getByRole('heading', { name: evil }).waitFor();
    await page.getByText('just checked with the service').waitFor();
    await page.getByRole('listitem').filter({ hasText: evil }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
    expect(await page.locator('#root img:not([src^="./preview/"])').count()).toBe(0);
  });
});
