import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { AppDouble } from '../host/app-double.ts';
import { appScene } from '../host/app-scenes.ts';
import { asset } from '../host/library-double.ts';
import { violations } from './axe.ts';
import { tabTo } from './keyboard.ts';
import { pageTests, patient } from './page-tests.ts';

const tests = pageTests();
const datasetId = '0198f0c2-7a1b-4c3d-9e0f-000000000000';
const route = `/datasets/https%3A%2F%2Fapi.vi.datature.com/northwind/${datasetId}`;
const assets = (page: Page) => page.getByRole('listbox', { name: 'Assets' });

/** A dataset of 130 assets, of which the first two have annotations. */
function library(): AppDouble {
  const app = appScene('full', Date.now());
  app.library.pulls = [];
  app.library.assets = [
    asset('a.jpg', { annotations: 3, annotationsByTag: { forklift: 2, pallet: 1 } }),
    asset('b.jpg', { annotations: 1, annotationsByTag: { forklift: 1 } }),
    ...Array.from({ length: 128 }, (_, index) =>
      asset(`c-${String(index).padStart(3, '0')}.jpg`, {
        customMetadata: { camera: index % 2 === 0 ? 'front' : 'rear' },
      }),
    ),
  ];
  return app;
}

describe('the datasets', () => {
  it('are listed by account, found by name, and lead to their assets', async () => {
    const page = await tests.show(library(), { route: '/datasets' });
    const list = page.getByRole('list', { name: 'Datasets of Northwind Imaging' });
    await list.getByRole('link', { name: /Parking.*Locked.*3,892 assets/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Find a dataset' }).fill('harbour');
    await expect.poll(() => list.getByRole('link').count(), patient).toBe(1);
    await list.getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'Harbour at night' }).waitFor();
  });

  it('without an account say how to connect one', async () => {
    const app = appScene('empty', Date.now());
    app.accounts = [];
    const page = await tests.show(app, { route: '/datasets' });
    await page.getByRole('link', { name: 'Connect an account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  });
});

describe('a dataset', () => {
  it('fetches its assets page by page, sorts and finds them', async () => {
    const app = library();
    const page = await tests.show(app, { route });
    await assets(page).getByRole('option', { name: 'a.jpg, 3 annotations' }).waitFor();
    // As many as are needed to fill the window and a little more, and not all.
    await page.getByText(/^(60|120) assets shown so far$/).waitFor();
    expect(await violations(page)).toEqual([]);
    await assets(page).focus();
    const all = page.getByText('130 assets', { exact: true });
    await expect
      .poll(async () => {
        await page.keyboard.press('End');
        return all.count();
      }, patient)
      .toBe(1);
    await page.getByRole('button', { name: /^Ascending/ }).click();
    await assets(page)
      .getByRole('option', { name: /^c-127/ })
      .waitFor();
    await page.getByRole('textbox', { name: 'Search assets' }).fill('b.jpg');
    await expect.poll(() => assets(page).getByRole('option').count(), patient).toBe(1);
  });

  it('says in words what is wrong with a metadata query', async () => {
    const page = await tests.show(library(), { route });
    const query = page.getByRole('textbox', { name: 'Metadata query' });
    await query.fill('camera = "front"');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The service did not understand that' }).waitFor();
    expect(await query.getAttribute('aria-invalid')).toBe('true');
    expect(await violations(page)).toEqual([]);
    await query.fill('camera == "front"');
    await page.keyboard.press('Enter');
    await assets(page)
      .getByRole('option', { name: /^c-000/ })
      .waitFor();
    expect(
      await assets(page)
        .getByRole('option', { name: /^c-001/ })
        .count(),
    ).toBe(0);
  });

  it('shows everything about one asset', async () => {
    const page = await tests.show(library(), { route });
    await assets(page)
      .getByRole('option', { name: /^a\.jpg/ })
      .click();
    const details = page.getByRole('region', { name: 'Details of the asset' });
    await details.getByText('1,600 × 1,200').waitFor();
    expect(await details.getByRole('listitem').allInnerTexts()).toEqual(['forklift\n2', 'pallet\n1']);
    expect(await violations(page)).toEqual([]);
  });

  it('deletes assets only for whoever types what is lost, as it is at that moment', async () => {
    const app = library();
    const page = await tests.show(app, { route });
    await assets(page)
      .getByRole('option', { name: /^a\.jpg/ })
      .click({ modifiers: ['Control'] });
    await assets(page)
      .getByRole('option', { name: /^b\.jpg/ })
      .click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 2 assets for good?' });
    await dialog.getByText('4 annotations are lost.').waitFor();
    expect(await violations(page)).toEqual([]);
    const go = dialog.getByRole('button', { name: 'Delete 2 assets' });
    expect(await go.isDisabled()).toBe(true);
    // Somebody annotates while the question is read.
    app.library.assets = app.library.assets.map((each) =>
      each.filename === 'b.jpg' ? { ...each, annotations: 9, annotationsByTag: { forklift: 9 } } : each,
    );
    await dialog.getByRole('textbox').fill('delete 4 annotations');
    await go.click();
    await dialog.getByText('More annotations are at stake').waitFor();
    await dialog.getByText('12 annotations are lost.').waitFor();
    expect(app.library.assets).toHaveLength(130);
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Delete 12  annotations');
    await go.click();
    await dialog.waitFor({ state: 'detached' });
    expect(app.library.assets).toHaveLength(128);
    expect(
      await assets(page)
        .getByRole('option', { name: /^a\.jpg/ })
        .count(),
    ).toBe(0);
  });
});

describe('a pull', () => {
  it('is started by keyboard alone, and stopped, gone on with and taken off the list', async () => {
    const app = library();
    const page = await tests.show(app, { route });
    await tabTo(page.getByRole('button', { name: 'Pull…' }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Pull Warehouse shelves' });
    await tabTo(dialog.getByRole('textbox', { name: 'Folder' }));
    await page.keyboard.type('pictures');
    await tabTo(dialog.getByRole('button', { name: 'Start the pull' }));
    await page.keyboard.press('Enter');
    expect(await dialog.getByRole('alert').innerText()).toMatch(/Not a whole path.*Give the whole path/s);
    await tabTo(dialog.getByRole('textbox', { name: 'Folder' }));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('/home/ada/pulled');
    await tabTo(dialog.getByRole('textbox', { name: 'Metadata query' }));
    await page.keyboard.type('camera == "front"');
    await page.keyboard.press('Enter');
    const card = page.getByRole('article', { name: 'Warehouse shelves → /home/ada/pulled' });
    await card.getByText('Listing the dataset').waitFor();
    expect(app.library.pulls).toMatchObject([
      { datasetId, folder: '/home/ada/pulled', metadataQuery: 'camera == "front"', isFrozen: false },
    ]);
    app.library.changePull('pull-1', {
      phase: 'fetching',
      filesDone: 10,
      filesTotal: 64,
      bytesDone: 2_000_000,
      bytesTotal: 12_000_000,
      bytesPerSecond: 1_000_000,
    });
    await card.getByText('10 of 64 files · 2 MB of 12 MB').waitFor();
    await card.getByText('1 MB/s · 10s left').waitFor();
    expect(await violations(page)).toEqual([]);
    await tabTo(card.getByRole('button', { name: 'Stop' }));
    await page.keyboard.press('Enter');
    await card.getByText(/^Stopped\./).waitFor();
    await tabTo(card.getByRole('button', { name: 'Go on' }));
    await page.keyboard.press('Enter');
    await tabTo(card.getByRole('button', { name: 'Stop' }));
    await page.keyboard.press('Enter');
    await tabTo(card.getByRole('button', { name: 'Dismiss' }));
    await page.keyboard.press('Enter');
    await card.waitFor({ state: 'detached' });
  });

  it('reproduces what a lock file says', async () => {
    const app = library();
    app.library.locks.set('/home/ada/pulled', {
      endpoint: 'https://api.vi.datature.com',
      organizationId: 'northwind',
      datasetId,
      pulledAt: '2026-11-03T09:12:00Z',
      isComplete: true,
      metadataQuery: null,
      filesTotal: 248,
    });
    const page = await tests.show(app, { route });
    await page.getByRole('button', { name: 'Pull…' }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill('/home/ada/pulled');
    await page.getByRole('radio', { name: 'Exactly what the lock file says' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start the pull' }).click();
    await page.getByRole('article').getByText('From the lock file').waitFor();
    expect(app.library.pulls).toMatchObject([{ isFrozen: true }]);
  });

  it('that did not bring all tells of every file, and is checked against its lock file', async () => {
    const app = appScene('failing', Date.now());
    app.library.verified = {
      folder: '/home/ada/Pictures/pulled',
      datasetId,
      pulledAt: '2026-11-03T09:12:00Z',
      isEqual: false,
      filesTotal: 248,
      counts: { missing: 1200 },
      differences: [{ path: 'x.jpg', kind: 'missing' }],
    };
    const page = await tests.show(app, { route: '/datasets' });
    await page.getByRole('button', { name: 'Show the list' }).click();
    const result = page.getByRole('dialog');
    await result.getByText(/the disk is full.*Free some space/).waitFor();
    await result.getByText('Changed in the folder').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Verify' }).click();
    const check = page.getByRole('dialog', { name: 'Check a pulled folder' });
    await check.getByRole('button', { name: 'Check', exact: true }).click();
    await check.getByText('1,200 differences').waitFor();
    await check.getByText('Missing in the folder').waitFor();
    expect(await violations(page)).toEqual([]);
    await check.getByRole('radio', { name: 'Is the dataset as it was pulled?' }).click();
    await check.getByRole('button', { name: 'Check', exact: true }).click();
    await check.getByText('There is no lock file').waitFor();
  });
});

describe('names with markup', () => {
  const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>.jpg';
  it('are text in datasets, assets and their metadata', async () => {
    const app = library();
    app.datasets = app.datasets.map((row) => (row.datasetId === datasetId ? { ...row, name: evil } : row));
    app.library.assets = [
      asset(evil, {
        annotations: 1,
        annotationsByTag: { [evil]: 1, ['__proto__']: 2 },
        customMetadata: { [evil]: evil },
        status: evil,
      }),
    ];
    const page = await tests.show(app, { route });
    await assets(page).getByRole('option').click();
    const details = page.getByRole('region', { name: 'Details of the asset' });
    expect(await details.innerText()).toContain(evil);
    await details.getByRole('button', { name: 'Delete this asset…' }).click();
    await page.getByText('1 annotation is lost.').waitFor();
    expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
    expect(await page.locator('body img:not([src^="./preview/"]), #root script').count()).toBe(0);
  });
});
