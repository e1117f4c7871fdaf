import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { AppDouble } from '../host/app-double.ts';
import { row } from '../host/engine-double.ts';
import { scene, sceneNames } from '../host/scenes.ts';
import { violations } from './axe.ts';
import { grid, pageTests, patient, rowOf } from './page-tests.ts';

const tests = pageTests();

describe('the connection', () => {
  it('comes back by itself after the host’s restart, and shows what is so now', async () => {
    const sessionKey = randomBytes(32);
    const first = await tests.host(scene('synced', Date.now()), { sessionKey });
    const page = await tests.open(`${first.url}#/mirror/mirror-1`);
    await rowOf(page, /IMG_2000/).waitFor();
    tests.expectFaults(/net::ERR_CONNECTION|WebSocket connection/);
    await first.close();
    await page.getByText('The connection to Vi Sync is gone').waitFor();
    expect(await page.getByRole('button', { name: 'Sync now' }).isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(await rowOf(page, /IMG_2000/).count()).toBe(1);

    const engine = new AppDouble([row('after/restart.jpg')]);
    await tests.host(engine, { sessionKey, port: first.port });
    await rowOf(page, /restart\.jpg/).waitFor();
    expect(await page.getByText('The connection to Vi Sync is gone').count()).toBe(0);
    engine.rows.push(row('after/event.jpg'));
    engine.changed();
    await rowOf(page, /event\.jpg/).waitFor();
  });

  it('says what to open when the session has ended', async () => {
    const first = await tests.host(scene('synced', Date.now()));
    const page = await tests.open(`${first.url}#/mirror/mirror-1`);
    await rowOf(page, /IMG_2000/).waitFor();
    tests.expectFaults(/net::ERR_CONNECTION|WebSocket connection|401/);
    await first.close();
    await tests.host(scene('synced', Date.now()), { port: first.port });
    await page.getByText('Open the new address that it printed').waitFor();
  });

  it('in a browser without the token shows nothing but what to do', async () => {
    const host = await tests.host(scene('synced', Date.now()));
    tests.expectFaults(/401/);
    const page = await tests.open(`http://127.0.0.1:${host.port}/`);
    expect(await page.locator('h1').innerText()).toBe('This page needs the address that Vi Sync printed');
    // Its style sheet passes the policy by its hash.
    expect(await page.evaluate(() => getComputedStyle(document.body).maxWidth)).not.toBe('none');
  });

  it('serves two windows at once', async () => {
    const engine = scene('synced', Date.now());
    const page = await tests.show(engine);
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
    const page = await tests.show(scene('failing', Date.now()));
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
      'Overview',
      'Add a mirror',
    ]) {
      expect([...reached]).toContain(name);
    }
    expect([...reached].some((name) => name.startsWith('Problem'))).toBe(true);

    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const details = page.getByRole('region', { name: 'Details' });
    await expect.poll(() => details.innerText(), patient).toMatch(/Cut short/);
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
    const page = await tests.show(scene('synced', Date.now()), { colorScheme: 'light' });
    expect(await background(page)).toBe('rgb(244, 245, 247)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background(page)).toBe('rgb(16, 19, 24)');
  });

  it('does not jump while it loads and while states change', async () => {
    const engine = scene('busy', Date.now());
    engine.delayMs = 40;
    const page = await tests.show(engine);
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

  it('fits a small window, with the sidebar as a rail', async () => {
    const page = await tests.show(scene('busy', Date.now()), { viewport: { width: 900, height: 600 } });
    await rowOf(page, /IMG_2000/).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900);
    const overview = page.getByRole('link', { name: 'Overview' });
    expect((await overview.boundingBox())?.width).toBeLessThan(52);
    await overview.click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  });

  it('of thumbnails, a menu, and a mirror that is gone has no fault that axe knows', async () => {
    const page = await tests.show(scene('failing', Date.now()));
    await page.getByRole('radio', { name: 'Thumbnails' }).click();
    await page.getByRole('option').first().click();
    await page.getByRole('region', { name: 'Details' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'More for this mirror' }).click();
    await page.getByRole('menuitem').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      location.hash = '#/mirror/none';
    });
    await page.getByText('This mirror is not there any more').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it.each(sceneNames)('of “%s” has no fault that axe knows, light or dark', async (name) => {
    const page = await tests.show(scene(name, Date.now()));
    await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
    if (name === 'failing') await rowOf(page, /Cut short/).click();
    expect(await violations(page)).toEqual([]);
  });
});
