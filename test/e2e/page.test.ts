import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AppDouble } from '../host/app-double.ts';
import { row } from '../host/engine-double.ts';
import { scene } from '../host/scenes.ts';
import { rendererDir } from './page-fixture.ts';
import { chip, grid, pageTests, patient, rowOf } from './page-tests.ts';

const tests = pageTests();
const problem = {
  code: 'truncated',
  title: 'The image is cut off',
  detail: 'It ends early.',
  suggestion: 'Copy it again.',
};

describe('the page', () => {
  it('shows the mirror: both sides, its state with its proof, counts and files', async () => {
    const page = await tests.show(scene('synced', Date.now()));
    expect(await page.title()).toBe('In sync – Warehouse shelves – Vi Sync');
    const heading = page.getByRole('heading', { level: 1 });
    expect(await heading.innerText()).toMatch(/warehouse\s+Warehouse shelves\s+Sandbox/);
    await page.getByText(/checked (\d+ sec ago|just now)/).waitFor();
    expect(await chip(page, /^All/).innerText()).toMatch(/All\s+248/);
    expect(await chip(page, /^In sync/).innerText()).toMatch(/In sync\s+248/);
    const first = await rowOf(page, /IMG_2000/)
      .getByRole('gridcell')
      .allTextContents();
    expect(first.slice(0, 6)).toEqual([
      'In sync',
      'aisle-01/IMG_2000.jpg',
      '115 kB',
      '1,600 × 1,200',
      '0',
      '',
    ]);
  });

  it('takes the token out of the address and keeps its cookie from scripts', async () => {
    const page = await tests.show(scene('synced', Date.now()));
    expect(new URL(page.url()).search).toBe('');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(
      await page.evaluate(() => performance.getEntriesByType('navigation').map(({ name }) => name)),
    ).toEqual([expect.not.stringContaining('token=')]);
    await page.reload();
    await rowOf(page, /IMG_2000/).waitFor();
  });

  it('shows transfers with files, bytes, rate and time left, and moves with events', async () => {
    const engine = scene('busy', Date.now());
    const page = await tests.show(engine);
    const uploads = page.getByRole('region', { name: 'Uploads' });
    expect(await uploads.innerText()).toMatch(
      /214 of 846 files · 312 MB of 1\.2 GB\s+8\.4 MB\/s · 2 mins? left/,
    );
    expect(await uploads.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    engine.upload = { ...engine.upload, filesDone: 846, bytesDone: 1_214_000_000, bytesPerSecond: 0 };
    engine.phase = 'in-sync';
    for (const file of engine.rows) Object.assign(file, { state: 'in-sync', progress: null, problem: null });
    engine.changed();
    await uploads.getByText('846 files sent').waitFor();
    await rowOf(page, /In sync .*IMG_2003/).waitFor();
    expect(await page.title()).toMatch(/^In sync/);
  });

  it('shows a new file without being asked', async () => {
    const engine = scene('synced', Date.now());
    const page = await tests.show(engine);
    await rowOf(page, /IMG_2000/).waitFor();
    engine.rows.push(row('aisle-00/fresh.jpg', { state: 'uploading', progress: 0.5 }));
    engine.changed();
    await rowOf(page, /Uploading 50% aisle-00\/fresh\.jpg/).waitFor();
    expect(await chip(page, /^All/).innerText()).toMatch(/All\s+249/);
  });

  it('asks for a scan and a listing, and says in words why that can’t be', async () => {
    const engine = scene('synced', Date.now());
    const page = await tests.show(engine);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await expect.poll(() => engine.received.some(({ name }) => name === 'syncNow'), patient).toBe(true);
    engine.failures.set(
      'syncNow',
      Object.assign(new Error('x'), {
        problem: {
          code: 'x',
          title: 'The folder is gone',
          detail: 'The drive was taken out.',
          suggestion: 'Put it back.',
        },
      }),
    );
    await page.getByRole('button', { name: 'Sync now' }).click();
    const alert = page.getByRole('alert');
    expect(await alert.innerText()).toMatch(/The folder is gone The drive was taken out\. Put it back\./);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    expect(await alert.count()).toBe(0);
  });
});

describe('the built page', () => {
  it('loads less than 350 kB of compressed scripts at its start', async () => {
    const page = await tests.show(scene('synced', Date.now()));
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).pathname)
        .filter((name) => name.endsWith('.js')),
    );
    const bytes = scripts.map((script) => gzipSync(readFileSync(path.join(rendererDir, script))).length);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(350_000);
  });
});

describe('finding files', () => {
  it('filters by state, and back', async () => {
    const page = await tests.show(scene('failing', Date.now()));
    await chip(page, /^Problem/).click();
    await expect.poll(() => grid(page).getAttribute('aria-rowcount'), patient).toBe('3');
    expect(await chip(page, /^Problem/).getAttribute('aria-pressed')).toBe('true');
    await rowOf(page, /Empty file/).waitFor();
    await chip(page, /^Problem/).click();
    await expect.poll(() => grid(page).getAttribute('aria-rowcount'), patient).toBe('413');
  });

  it('searches names and folders, and says so when nothing matches', async () => {
    const page = await tests.show(scene('synced', Date.now()));
    await rowOf(page, /IMG_2000/).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('AISLE-03');
    await expect.poll(() => grid(page).getAttribute('aria-rowcount'), patient).toBe('9');
    await page.getByRole('textbox', { name: 'Search files' }).fill('no such file');
    await page.getByText('No path contains “no such file”.').waitFor();
    await page.getByRole('button', { name: 'Show all files' }).click();
    await expect.poll(() => grid(page).getAttribute('aria-rowcount'), patient).toBe('249');
  });

  it('sorts by a column, both ways', async () => {
    const page = await tests.show(scene('synced', Date.now()));
    const size = page.getByRole('columnheader', { name: 'Size' });
    const sizes = () => grid(page).locator('[role=row] [role=gridcell]:nth-child(3)').allInnerTexts();
    await size.getByRole('button').click();
    await expect.poll(async () => (await sizes())[0], patient).toBe('20 kB');
    expect(await size.getAttribute('aria-sort')).toBe('ascending');
    await size.getByRole('button').click();
    await expect.poll(async () => (await sizes())[0], patient).toBe('3.7 MB');
    expect(await size.getAttribute('aria-sort')).toBe('descending');
  });

  it('of 100,000 keeps few rows in the page, wherever it is scrolled', async () => {
    const engine = scene('full', Date.now());
    const page = await tests.show(engine);
    await rowOf(page, /IMG_2000/).waitFor();
    await grid(page).focus();
    await page.keyboard.press('End');
    await page.locator('[aria-rowindex="100001"][aria-busy=false][aria-selected=true]').waitFor();
    expect(await grid(page).getByRole('row').count()).toBeLessThan(80);
    // A long drag over everything: rows that pass by are not all asked for.
    const before = engine.received.length;
    await grid(page).evaluate(async (element) => {
      for (let step = 0; step <= 60; step++) {
        element.scrollTop = (element.scrollHeight * step) / 60;
        await new Promise(requestAnimationFrame);
      }
      element.scrollTop = 50_000 * 32;
    });
    await page.locator('[aria-rowindex="50002"][aria-busy=false]').waitFor();
    expect(await grid(page).getByRole('row').count()).toBeLessThan(80);
    expect(engine.received.length - before).toBeLessThan(130);
  });
});

describe('the thumbnails', () => {
  it('are walked by keyboard, also to files that are far away', async () => {
    const page = await tests.show(scene('full', Date.now()));
    await page.getByRole('radio', { name: 'Thumbnails' }).click();
    const tiles = page.getByRole('listbox', { name: 'Files' });
    await tiles.getByRole('option', { name: /IMG_2000/ }).waitFor();
    await tiles.focus();
    const current = tiles.locator('[aria-selected=true]');
    for (const [key, place] of [
      ['ArrowRight', '1'],
      ['ArrowRight', '2'],
      ['ArrowLeft', '1'],
      ['End', '100000'],
      ['ArrowLeft', '99999'],
      ['Home', '1'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => current.getAttribute('aria-posinset'), patient).toBe(place);
    }
    await page.getByRole('region', { name: 'Details' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => current.count(), patient).toBe(0);
  });

  it('are those of the assets where no file is on the disk yet', async () => {
    const away = { isOnDisk: false } as const;
    const engine = new AppDouble([
      row('a-coming.jpg', { ...away, state: 'downloading', progress: 0.3, assetId: 'asset-a' }),
      row('b-next.jpg', { ...away, state: 'waiting', assetId: 'asset-b' }),
      row('c-newer.jpg', { state: 'downloading', assetId: 'asset-c' }),
      row('d-new.jpg', { state: 'waiting', assetId: null }),
    ]);
    const page = await tests.show(engine);
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.startsWith('/preview/'))
        asked.push(`${pathname.slice(9)} ${searchParams.get('path') ?? searchParams.get('asset')}`);
    });
    await page.getByRole('radio', { name: 'Thumbnails' }).click();
    const wanted = ['asset asset-a', 'asset asset-b', 'local c-newer.jpg', 'local d-new.jpg'];
    await expect.poll(() => [...new Set(asked)].sort(), patient).toEqual(wanted);
    await page.getByRole('option', { name: 'a-coming.jpg' }).click();
    await page.getByRole('region', { name: 'Details' }).waitFor();
    await expect.poll(() => asked.filter((each) => each === 'asset asset-a').length, patient).toBe(2);
    expect(asked.filter((each) => /local (a|b)/.test(each))).toEqual([]);
  });

  it('keep in sight what is looked at when the details take their place', async () => {
    const page = await tests.show(scene('synced', Date.now()));
    await page.getByRole('radio', { name: 'Thumbnails' }).click();
    const tiles = page.getByRole('listbox', { name: 'Files' });
    await tiles.getByRole('option', { name: /IMG_2023/ }).click();
    await page.getByRole('region', { name: 'Details' }).waitFor();
    const current = tiles.locator('[aria-selected=true]');
    const inSight = async (): Promise<boolean> => {
      const [tile, list] = [await current.boundingBox(), await tiles.boundingBox()];
      return (
        tile !== null &&
        list !== null &&
        tile.y >= list.y - 1 &&
        tile.y + tile.height <= list.y + list.height + 1
      );
    };
    await expect.poll(inSight, patient).toBe(true);
    expect(await current.getAttribute('aria-posinset')).toBe('24');
  });
});

describe('a problem', () => {
  it('is told in words: what, to which file, and what to do', async () => {
    const page = await tests.show(scene('failing', Date.now()));
    await rowOf(page, /Cut short/).click();
    const details = page.getByRole('region', { name: 'Details' });
    expect(await details.innerText()).toMatch(/ends before its JPEG picture does/);
    expect(await details.innerText()).toMatch(/What to do: If it is still being copied/);
    expect(await details.innerText()).toMatch(/Not in the dataset yet/);
    await details.getByRole('button', { name: 'Close details' }).click();
    expect(await details.count()).toBe(0);
  });

  it('keeps its row in sight when the details open over it', async () => {
    const page = await tests.show(scene('failing', Date.now()));
    await rowOf(page, /IMG_2000/).waitFor();
    const box = await grid(page).boundingBox();
    // The last row that is whole.
    const bottom = (box?.y ?? 0) + (box?.height ?? 0) - 48;
    await page.mouse.click(600, bottom);
    await page.getByRole('region', { name: 'Details' }).waitFor();
    const row = page.locator('[aria-selected=true]');
    const inSight = async (): Promise<boolean> => {
      const [rowBox, gridBox] = [await row.boundingBox(), await grid(page).boundingBox()];
      if (rowBox === null || gridBox === null) return false;
      return rowBox.y >= gridBox.y + 32 && rowBox.y + rowBox.height <= gridBox.y + gridBox.height + 1;
    };
    await expect.poll(inSight, patient).toBe(true);
  });

  it('of the whole mirror stands above everything', async () => {
    const page = await tests.show(scene('offline', Date.now()));
    const notice = page.getByRole('status').filter({ hasText: 'No connection' });
    expect(await notice.innerText()).toMatch(
      /no connection to api\.vi\.datature\.com, the host name is not known\. Check/,
    );
  });

  it('with the list of files can be tried again', async () => {
    const engine = scene('synced', Date.now());
    engine.failures.set('files', new Error('database is locked'));
    const page = await tests.show(engine);
    await page.getByText('database is locked').waitFor();
    engine.failures.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await rowOf(page, /IMG_2000/).waitFor();
  });

  it('is no dead end in an empty folder: the page says where images go', async () => {
    const page = await tests.show(scene('empty', Date.now()));
    await page.getByText('Put images into the folder.').waitFor();
    await page.getByText('/home/ada/Pictures/warehouse', { exact: true }).waitFor();
  });

  it('is no dead end without a mirror', async () => {
    const engine = new AppDouble();
    engine.hasMirror = false;
    const page = await tests.open((await tests.host(engine)).url);
    await page.getByRole('heading', { name: 'Keep your images and your datasets in step' }).waitFor();
  });
});

describe('names with markup', () => {
  const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>.jpg';
  it('are text, wherever they stand', async () => {
    const engine = new AppDouble([
      row(`<b>folder/${evil}`, {
        state: 'problem',
        problem: { ...problem, title: evil, detail: evil, suggestion: evil },
      }),
      row('javascript:alert(1)/\u202Egpj.exe.jpg'),
    ]);
    engine.folder = `/home/${evil}`;
    engine.datasetName = evil;
    engine.problem = { ...problem, title: evil };
    const page = await tests.show(engine);
    await rowOf(page, /onerror/).click();
    expect(await page.getByRole('region', { name: 'Details' }).innerText()).toContain(`<b>folder/${evil}`);
    expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
    expect(await page.locator('#root img:not([src^="./preview/"]), #root script, #root b').count()).toBe(0);
  });
});
