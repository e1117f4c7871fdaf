import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { AppApi } from '../../app/contract.ts';
import { type Host, startHost } from '../../app/host/host.ts';

export const rendererDir = path.resolve(import.meta.dirname, '../../out/renderer');

export interface OpenPage {
  readonly page: Page;
  /** Everything that a page without fault never says: errors of scripts and of the console, breaches of the policy, requests elsewhere. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface PageOptions extends BrowserContextOptions {
  /** Before the page is opened. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
}

/** Opens an address in a browser profile of its own, and watches for faults from the first moment. */
export async function openPage(
  browser: Browser,
  url: string,
  { prepare, ...options }: PageOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    ...options,
  });
  const faults: string[] = [];
  await context.exposeFunction('reportFault', (fault: string) => faults.push(fault));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report: unknown = Reflect.get(window, 'reportFault');
      if (typeof report === 'function') report(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  context.setDefaultTimeout(30_000);
  await prepare?.(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  const { origin } = new URL(url);
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

/** A host of the built page over an app, mostly a double. */
export function hostOf(app: AppApi, options: { port?: number; sessionKey?: Uint8Array } = {}): Promise<Host> {
  return startHost({ app, rendererDir, ...options });
}
