import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts Chromium: the one that VI_SYNC_CHROMIUM names, or one at a usual place. It makes no request of its own. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.VI_SYNC_CHROMIUM ?? usual.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error('No Chromium was found. Install one, or name it in VI_SYNC_CHROMIUM.');
  }
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
