/**
 * Takes pictures of every screen in each state, theme and size into `screens/`, which git ignores:
 * `npm run screens -- [--screen waiting] [--state full] [--theme dark] [--width 900] [--language de]`.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../e2e/browser.ts';
import { hostOf } from '../e2e/page-fixture.ts';
import { servePictures } from '../e2e/pictures.ts';
import type { AppDouble } from '../host/app-double.ts';
import { type AppSceneName, appScene, appSceneNames } from '../host/app-scenes.ts';
import { doubleMirrorId } from '../host/engine-double.ts';

const folder = path.resolve(import.meta.dirname, '../../screens');
const viewports = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
const themes = ['light', 'dark'] as const;

interface Shot {
  readonly hash: string;
  /** States that say something on this screen. */
  readonly states: readonly AppSceneName[];
  /** Brings the app into the state of this screen. */
  readonly prepare?: (app: AppDouble) => void;
  /** What a person does before the picture. */
  readonly act?: (page: Page, state: AppSceneName) => Promise<void>;
}

const withMirror = ['busy', 'failing', 'full'] as const;
const atPreview = (app: AppDouble): void => {
  app.phase = 'preview';
  app.isApproved = false;
};

const shots: Readonly<Record<string, Shot>> = {
  overview: { hash: '#/overview', states: appSceneNames },
  waiting: { hash: '#/waiting', states: appSceneNames },
  'waiting-zoomed': {
    hash: '#/waiting',
    states: ['full'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Zoom in' }).click();
      await page.getByRole('button', { name: 'Zoom in' }).click();
    },
  },
  'waiting-bulk': {
    hash: '#/waiting',
    states: ['full'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Answer all…' }).first().click();
      await page.getByRole('radio').nth(1).click();
    },
  },
  'waiting-confirm': {
    hash: '#/waiting',
    states: ['full'],
    act: (page) => page.keyboard.press('2'),
  },
  welcome: { hash: '#/welcome', states: ['empty', 'failing'] },
  'add-mirror': {
    hash: '#/add-mirror/northwind%20https%3A%2F%2Fapi.vi.datature.com',
    states: ['failing', 'full'],
  },
  'add-mirror-folder': {
    hash: '#/add-mirror/northwind%20https%3A%2F%2Fapi.vi.datature.com',
    states: ['full'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Browse…' }).click();
      await page.getByRole('button', { name: 'Pictures' }).first().click();
    },
  },
  plan: { hash: `#/mirror/${doubleMirrorId}/plan`, states: withMirror, prepare: atPreview },
  'mirror-settings': { hash: `#/mirror/${doubleMirrorId}/settings`, states: ['full'] },
  mirror: {
    hash: `#/mirror/${doubleMirrorId}`,
    states: withMirror,
    act: async (page, state) => {
      if (state === 'failing') await page.getByRole('gridcell', { name: 'The image is cut off' }).click();
      if (state === 'full') await page.locator('[role=grid]').evaluate((grid) => grid.scrollTo(0, 1_234_567));
    },
  },
};

const { values } = parseArgs({
  options: {
    screen: { type: 'string', multiple: true },
    state: { type: 'string', multiple: true },
    theme: { type: 'string', multiple: true },
    width: { type: 'string', multiple: true },
    language: { type: 'string', default: 'en' },
  },
});
const isWanted = (wanted: readonly string[] | undefined, name: string): boolean =>
  wanted === undefined || wanted.includes(name);

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const [name, shot] of Object.entries(shots)) {
    if (!isWanted(values.screen, name)) continue;
    for (const state of shot.states) {
      if (isWanted(values.state, state)) await photograph(browser, name, shot, state);
    }
  }
} finally {
  await browser.close();
}

async function photograph(browser: Browser, name: string, shot: Shot, state: AppSceneName): Promise<void> {
  const app = appScene(state, Date.now());
  app.appSettings = { ...app.appSettings, language: values.language };
  shot.prepare?.(app);
  const host = await hostOf(app);
  try {
    for (const colorScheme of themes) {
      for (const viewport of viewports) {
        if (!isWanted(values.theme, colorScheme) || !isWanted(values.width, String(viewport.width))) continue;
        const context = await browser.newContext({
          viewport,
          colorScheme,
          locale: 'en-GB',
          reducedMotion: 'reduce',
        });
        await servePictures(context);
        const page = await context.newPage();
        await page.goto(`${host.url}${shot.hash}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        await page.waitForTimeout(250);
        await shot.act?.(page, state);
        await page.waitForTimeout(250);
        const language = values.language === 'en' ? '' : `-${values.language}`;
        await page.screenshot({
          path: path.join(folder, `${name}-${state}-${colorScheme}-${viewport.width}${language}.png`),
        });
        await context.close();
      }
    }
  } finally {
    await host.close();
  }
}
