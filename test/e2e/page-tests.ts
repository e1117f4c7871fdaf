import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import type { AppDouble } from '../host/app-double.ts';
import { doubleMirrorId } from '../host/engine-double.ts';
import { openBrowser } from './browser.ts';
import { hostOf, type OpenPage, openPage } from './page-fixture.ts';
import { servePictures } from './pictures.ts';

/** A busy machine takes its time; a page that is wrong stays wrong. */
export const patient = { timeout: 30_000 };

export interface ShowOptions extends BrowserContextOptions {
  /** The route, as it stands in the address after `#`. */
  readonly route?: string;
}

export interface PageTests {
  /** A host over an engine; closed after the test. */
  host(engine: AppDouble, options?: { port?: number; sessionKey?: Uint8Array }): Promise<Host>;
  /** The page at an address; after the test it is closed, and must have said nothing of a fault. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Both, at a screen (without one: the mirror’s files), waiting for it to be shown. */
  show(app: AppDouble, options?: ShowOptions): Promise<Page>;
  /** Faults that a test brings about on purpose, such as the browser's own line about a socket that was refused. */
  expectFaults(pattern: RegExp): void;
}

/**
 * One browser for the tests of a file, a profile of its own for each test.
 *
 * @param pictures `drawn` (default): previews are drawn by the test, as a double has none; `served`: they are the host's
 */
export function pageTests({
  pictures = 'drawn',
}: {
  readonly pictures?: 'drawn' | 'served';
} = {}): PageTests {
  let browser: Browser;
  const hosts: Host[] = [];
  let opened: OpenPage[] = [];
  let expected: RegExp | null = null;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    const faults = opened
      .flatMap((page) => page.faults)
      .filter((fault) => expected === null || !expected.test(fault));
    for (const page of opened) await page.close();
    for (const host of hosts.splice(0)) await host.close();
    opened = [];
    expected = null;
    expect(faults).toEqual([]);
  });

  const tests: PageTests = {
    async host(engine, options) {
      const host = await hostOf(engine, options);
      hosts.push(host);
      return host;
    },
    async open(url, options) {
      const page = await openPage(browser, url, {
        ...options,
        ...(pictures === 'drawn' ? { prepare: servePictures } : {}),
      });
      opened.push(page);
      return page.page;
    },
    async show(app, { route = `/mirror/${doubleMirrorId}`, ...options } = {}) {
      const host = await tests.host(app);
      const page = await tests.open(`${host.url}#${route}`, options);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return page;
    },
    expectFaults(pattern) {
      expected = pattern;
    },
  };
  return tests;
}

export const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Files' });

export const rowOf = (page: Page, name: string | RegExp): Locator => grid(page).getByRole('row', { name });

export const chip = (page: Page, name: RegExp): Locator =>
  page.getByRole('group', { name: 'Filter by state' }).getByRole('button', { name });
