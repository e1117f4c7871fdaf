import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { EngineDouble, row } from '../host/engine-double.ts';
import { scene, sceneNames } from '../host/scenes.ts';
import { openBrowser } from './browser.ts';
import { hostOf, type OpenPage, openPage, rendererDir } from './page-fixture.ts';

/** A busy machine takes its time; a page that is wrong stays wrong. */
const patient = { timeout: 15_000 };

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const hosts: Host[] = [];
let opened: OpenPage | null = null;
/** Faults that a test brings about on purpose, such as the browser's own line about a socket that was refused. */
let expectedFaults: RegExp | null = null;
afterEach(async () => {
  const faults = opened?.faults.filter((fault) => expectedFaults === null || !expectedFaults.test(fault));
  await opened?.close();
  for (const host of hosts.splice(0)) await host.close();
  opened = null;
  expectedFaults = null;
  expect(faults).toEqual([]);
});

async function show(engine: EngineDouble, options: BrowserContextOptions = {}): Promise<Page> {
  const host = await hostOf(engine);
  hosts.push(host);
  opened = await openPage(browser, host.url, options);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  return opened.page;
}

const grid = (page: Page) => page.getByRole('grid', { name: 'Files' });
const rowOf = (page: Page, name: string | RegExp) => grid(page).getByRole('row', { name });
const chip = (page: Page, name: RegExp) =>
  page.getByRole('group', { name: 'Filter by state' }).getByRole('button', { name });
const problem = {
  code: 'truncated',
  title: 'The image is cut off',
  detail: 'It ends early.',
  suggestion: 'Copy it again.',
};

describe('the page', () => {
  it('shows the mirror: both sides, its state with its proof, counts and files', async () => {
    const page = await show(scene('synced', Date.now()));
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
    await page.getByText('Downloaded 5 files').first().waitFor();
  });

  it('takes the token out of the address and keeps its cookie from scripts', async () => {
    const page = await show(scene('synced', Date.now()));
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
    const page = await show(engine);
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

  it('shows a new file and its activity without being asked', async () => {
    const engine = scene('synced', Date.now());
    const page = await show(engine);
    await rowOf(page, /IMG_2000/).waitFor();
    engine.rows.push(row('aisle-00/fresh.jpg', { state: 'uploading', progress: 0.5 }));
    engine.changed();
    engine.add({
      at: Date.now(),
      kind: 'uploaded',
      path: 'aisle-00/fresh.jpg',
      message: 'Uploaded fresh.jpg',
    });
    await rowOf(page, /Uploading 50% aisle-00\/fresh\.jpg/).waitFor();
    expect(await chip(page, /^All/).innerText()).toMatch(/All\s+249/);
    await page.getByText('Uploaded fresh.jpg').first().waitFor();
  });

  it('asks for a scan and a listing, and says in words why that can’t be', async () => {
    const engine = scene('synced', Date.now());
    const page = await show(engine);
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
    const page = await show(scene('synced', Date.now()));
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
    const page = await show(scene('failing', Date.now()));
    await chip(page, /^Problem/).click();
    await expect.poll(() => grid(page).getAttribute('aria-rowcount'), patient).toBe('3');
    expect(await chip(page, /^Problem/).getAttribute('aria-pressed')).toBe('true');
    await rowOf(page, /The file is empty/).waitFor();
    await chip(page, /^Problem/).click();
    await expect.poll(() => grid(page).getAttribute('aria-rowcount'), patient).toBe('413');
  });

  it('searches names and folders, and says so when nothing matches', async () => {
    const page = await show(scene('synced', Date.now()));
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
    const page = await show(scene('synced', Date.now()));
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
    const page = await show(engine);
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

describe('a problem', () => {
  it('is told in words: what, to which file, and what to do', async () => {
    const page = await show(scene('failing', Date.now()));
    await rowOf(page, /The image is cut off/).click();
    const details = page.getByRole('region', { name: 'Details' });
    expect(await details.innerText()).toMatch(/ends in the middle of its pixel data/);
    expect(await details.innerText()).toMatch(/What to do: Copy the file again/);
    expect(await details.innerText()).toMatch(/Not in the dataset yet/);
    await details.getByRole('button', { name: 'Close details' }).click();
    expect(await details.count()).toBe(0);
  });

  it('of the whole mirror stands above everything', async () => {
    const page = await show(scene('offline', Date.now()));
    const notice = page.getByRole('status').filter({ hasText: 'can’t be reached' });
    expect(await notice.innerText()).toMatch(/probably offline\. Check the network\./);
  });

  it('with the list of files can be tried again', async () => {
    const engine = scene('synced', Date.now());
    engine.failures.set('files', new Error('database is locked'));
    const page = await show(engine);
    await page.getByText('database is locked').waitFor();
    engine.failures.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await rowOf(page, /IMG_2000/).waitFor();
  });

  it('is no dead end in an empty folder: the page says where images go', async () => {
    const page = await show(scene('empty', Date.now()));
    await page.getByText('Put images into the folder.').waitFor();
    await page.getByText('/home/ada/Pictures/warehouse', { exact: true }).waitFor();
  });

  it('is no dead end without a mirror', async () => {
    const engine = new EngineDouble();
    engine.hasMirror = false;
    const host = await hostOf(engine);
    hosts.push(host);
    opened = await openPage(browser, host.url);
    await opened.page.getByText('No folder is mirrored yet').waitFor();
  });
});

describe('names with markup', () => {
  const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>.jpg';
  it('are text, wherever they stand', async () => {
    const engine = new EngineDouble([
      row(`<b>folder/${evil}`, {
        state: 'problem',
        problem: { ...problem, title: evil, detail: evil, suggestion: evil },
      }),
      row('javascript:alert(1)/\u202Egpj.exe.jpg'),
    ]);
    engine.folder = `/home/${evil}`;
    engine.datasetName = evil;
    engine.problem = { ...problem, title: evil };
    engine.add({ at: Date.now(), kind: 'uploaded', path: evil, message: `Uploaded ${evil}` });
    const page = await show(engine);
    await rowOf(page, /onerror/).click();
    expect(await page.getByRole('region', { name: 'Details' }).innerText()).toContain(`<b>folder/${evil}`);
    await page.getByText(`Uploaded ${evil}`).first().waitFor();
    expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
    expect(await page.locator('#root img, #root script, #root b').count()).toBe(0);
  });
});

describe('the connection', () => {
  it('comes back by itself after the host’s restart, and shows what is so now', async () => {
    const sessionKey = randomBytes(32);
    const first = await hostOf(scene('synced', Date.now()), { sessionKey });
    opened = await openPage(browser, first.url);
    const { page } = opened;
    await rowOf(page, /IMG_2000/).waitFor();
    expectedFaults = /ERR_CONNECTION_REFUSED|WebSocket connection/;
    await first.close();
    await page.getByText('The connection to Vi Sync is gone').waitFor();
    expect(await page.getByRole('button', { name: 'Sync now' }).isDisabled()).toBe(true);
    expect(await rowOf(page, /IMG_2000/).count()).toBe(1);

    const engine = new EngineDouble([row('after/restart.jpg')]);
    hosts.push(await hostOf(engine, { sessionKey, port: first.port }));
    await rowOf(page, /restart\.jpg/).waitFor();
    expect(await page.getByText('The connection to Vi Sync is gone').count()).toBe(0);
    engine.rows.push(row('after/event.jpg'));
    engine.changed();
    await rowOf(page, /event\.jpg/).waitFor();
  });

  it('says what to open when the session has ended', async () => {
    const first = await hostOf(scene('synced', Date.now()));
    opened = await openPage(browser, first.url);
    const { page } = opened;
    await rowOf(page, /IMG_2000/).waitFor();
    expectedFaults = /ERR_CONNECTION_REFUSED|WebSocket connection|401/;
    await first.close();
    hosts.push(await hostOf(scene('synced', Date.now()), { port: first.port }));
    await page.getByText('Open the new address that it printed').waitFor();
  });

  it('in a browser without the token shows nothing but what to do', async () => {
    const host = await hostOf(scene('synced', Date.now()));
    hosts.push(host);
    expectedFaults = /401/;
    opened = await openPage(browser, `http://127.0.0.1:${host.port}/`);
    expect(await opened.page.locator('h1').innerText()).toBe(
      'This page needs the address that Vi Sync printed',
    );
    // Its style sheet passes the policy by its hash.
    expect(await opened.page.evaluate(() => getComputedStyle(document.body).maxWidth)).not.toBe('none');
  });

  it('serves two windows at once', async () => {
    const engine = scene('synced', Date.now());
    const page = await show(engine);
    const second = await page.context().newPage();
    await second.goto(page.url());
    engine.rows.push(row('aisle-00/both.jpg'));
    engine.changed();
    await rowOf(page, /both\.jpg/).waitFor();
    await rowOf(second, /both\.jpg/).waitFor();
  });
});

describe('the keyboard', () => {
  it('reaches everything, and walks the table', async () => {
    const page = await show(scene('failing', Date.now()));
    await rowOf(page, /IMG_2000/).waitFor();
    const reached = new Set<string>();
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(() => {
          const element = document.activeElement;
          return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
        }),
      );
    }
    for (const name of [
      'Search files',
      'Sync now',
      'Copy path',
      'Files',
      'File',
      'Size',
      'Recent activity',
    ]) {
      expect([...reached]).toContain(name);
    }
    expect([...reached].some((name) => name.startsWith('Problem'))).toBe(true);

    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const details = page.getByRole('region', { name: 'Details' });
    expect(await details.innerText()).toMatch(/The image is cut off/);
    const active = await grid(page).getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => details.innerText(), patient).toMatch(/IMG_2410/);
    await page.keyboard.press('Escape');
    expect(await details.count()).toBe(0);
  });
});

describe('the look', () => {
  it('follows the system’s theme, with readable colours in both', async () => {
    const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const page = await show(scene('synced', Date.now()), { colorScheme: 'light' });
    expect(await background(page)).toBe('rgb(244, 245, 247)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background(page)).toBe('rgb(16, 19, 24)');
  });

  it('does not jump while it loads and while states change', async () => {
    const engine = scene('busy', Date.now());
    engine.delayMs = 40;
    const page = await show(engine);
    await rowOf(page, /IMG_2000/).waitFor();
    engine.phase = 'in-sync';
    engine.upload = { ...engine.upload, filesDone: engine.upload.filesTotal };
    engine.changed();
    await page.getByText(/files sent/).waitFor();
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const values = list.getEntries().map((entry) => Number(Reflect.get(entry, 'value')));
            resolve(values.reduce((sum, value) => sum + value, 0));
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve(0), 300);
        }),
    );
    expect(shift).toBeLessThan(0.01);
  });

  it('fits a small window, with the activity behind a button', async () => {
    const page = await show(scene('busy', Date.now()), { viewport: { width: 900, height: 600 } });
    await rowOf(page, /IMG_2000/).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900);
    const shown = page.getByText('Uploaded aisle-01/IMG_2300.jpg').filter({ visible: true });
    expect(await shown.count()).toBe(0);
    await page.getByRole('button', { name: 'Recent activity' }).click();
    await page
      .getByRole('region', { name: 'Recent activity' })
      .getByText('Uploaded aisle-01/IMG_2300.jpg')
      .waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => shown.count(), patient).toBe(0);
  });

  it.each(sceneNames)('of “%s” has no fault that axe knows, light or dark', async (name) => {
    const page = await show(scene(name, Date.now()));
    await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
    if (name === 'failing') await rowOf(page, /The image is cut off/).click();
    await page.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const violations = await page.evaluate(async () => {
        const run: unknown = Reflect.get(window, 'axe');
        const { violations } = await (run as typeof import('axe-core')).run(document, {
          resultTypes: ['violations'],
        });
        return violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
        );
      });
      expect(violations, colorScheme).toEqual([]);
    }
  });
});
