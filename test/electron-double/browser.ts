import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** Stands for a scheme of the app’s own, which Chromium would not take from a route: its pages are secure, and of one origin. */
const standIn = 'https://app-scheme.invalid';
const real = 'app://vi-sync';

export const toChromium = (url: string): string =>
  url.startsWith(real) ? standIn + url.slice(real.length) : url;
export const fromChromium = (url: string): string =>
  url === standIn || url.startsWith(`${standIn}/`) ? real + url.slice(standIn.length) : url;

let opening: Promise<BrowserContext> | null = null;

/** The one Chromium of the app, with its profile in the app’s own folder. */
export function openContext(userData: string): Promise<BrowserContext> {
  opening ??= open(path.join(userData, 'profile'));
  return opening;
}

async function open(profile: string): Promise<BrowserContext> {
  const executablePath = process.env.VI_SYNC_CHROMIUM ?? '/usr/bin/chromium';
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    viewport: null,
    locale: 'en-GB',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--window-size=1180,780',
      // The test looks at the same pages over this port.
      '--remote-debugging-port=0',
    ],
  });
  const [port = ''] = readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
  process.send?.({ type: 'devtools', port: Number(port) });
  return context;
}

export async function closeContext(): Promise<void> {
  await (await opening)?.close();
}
