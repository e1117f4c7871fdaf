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

const firstDataset =
  '#/datasets/https%3A%2F%2Fapi.vi.datature.com/northwind/0198f0c2-7a1b-4c3d-9e0f-000000000000';

/** Screens of datasets, and of what holds for the whole app. */
const libraryShots: Readonly<Record<string, Shot>> = {
  datasets: { hash: '#/datasets', states: appSceneNames },
  dataset: {
    hash: firstDataset,
    states: ['busy', 'full'],
    act: async (page, state) => {
      if (state !== 'full') return;
      await page.getByRole('listbox').getByRole('option').nth(2).click();
    },
  },
  'dataset-selected': {
    hash: firstDataset,
    states: ['full'],
    act: async (page) => {
      await page
        .getByRole('listbox')
        .getByRole('option')
        .nth(1)
        .click({ modifiers: ['Control'] });
      await page
        .getByRole('listbox')
        .getByRole('option')
        .nth(8)
        .click({ modifiers: ['Shift'] });
    },
  },
  'dataset-delete': {
    hash: firstDataset,
    states: ['full'],
    act: async (page) => {
      await page
        .getByRole('listbox')
        .getByRole('option')
        .nth(1)
        .click({ modifiers: ['Control'] });
      await page
        .getByRole('listbox')
        .getByRole('option')
        .nth(4)
        .click({ modifiers: ['Shift'] });
      await page.getByRole('button', { name: 'Delete…' }).click();
    },
  },
  'dataset-query': {
    hash: firstDataset,
    states: ['full'],
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Metadata query' }).fill('camera = "front"');
      await page.keyboard.press('Enter');
    },
  },
  'dataset-pull': {
    hash: firstDataset,
    states: ['full'],
    prepare: (app) =>
      app.library.locks.set('/home/ada/Pictures/pulled', {
        endpoint: 'https://api.vi.datature.com',
        organizationId: 'northwind',
        datasetId: app.datasets[0]?.datasetId ?? '',
        pulledAt: '2026-11-03T09:12:00Z',
        isComplete: true,
        metadataQuery: null,
        filesTotal: 248,
      }),
    act: async (page) => {
      await page.getByRole('button', { name: 'Pull…' }).click();
      await page.getByRole('textbox', { name: 'Folder' }).fill('/home/ada/Pictures/pulled');
      await page.getByText('This folder has a lock file').waitFor();
    },
  },
  'pull-result': {
    hash: '#/datasets',
    states: ['failing'],
    act: (page) => page.getByRole('button', { name: 'Show the list' }).click(),
  },
  'pull-check': {
    hash: '#/datasets',
    states: ['full'],
    prepare: (app) => {
      app.library.verified = {
        folder: '/home/ada/Pictures/pulled',
        datasetId: app.datasets[0]?.datasetId ?? '',
        pulledAt: '2026-11-03T09:12:00Z',
        isEqual: false,
        filesTotal: 248,
        counts: { missing: 1, changed: 2 },
        differences: [
          { path: 'IMG_2004.jpg', kind: 'changed' },
          { path: 'IMG_2017.jpg', kind: 'changed' },
          { path: 'IMG_2108.heic', kind: 'missing' },
        ],
      };
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByRole('button', { name: 'Check', exact: true }).click();
    },
  },
  activity: {
    hash: '#/activity',
    states: appSceneNames,
    act: async (page, state) => {
      if (state === 'full') await page.getByRole('button', { name: 'Show all' }).nth(1).click();
    },
  },
  trash: {
    hash: '#/trash',
    states: ['empty', 'busy', 'full'],
    act: async (page, state) => {
      if (state !== 'full') return;
      await page.getByRole('checkbox').nth(2).click();
      await page.getByRole('checkbox').nth(4).click();
    },
  },
  'trash-empty': {
    hash: '#/trash',
    states: ['full'],
    act: (page) => page.getByRole('button', { name: 'Empty the trash…' }).click(),
  },
  settings: { hash: '#/settings', states: ['empty', 'failing', 'full'] },
  'settings-below': {
    hash: '#/settings',
    states: ['full'],
    act: (page) => page.getByRole('heading', { name: 'Transfers' }).evaluate((part) => part.scrollIntoView()),
  },
  'settings-end': {
    hash: '#/settings',
    states: ['full', 'failing'],
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a bundle' }).click();
      await page.getByText('The bundle is written').scrollIntoViewIfNeeded();
      await page.getByRole('main').getByText('Data of Vi Sync').scrollIntoViewIfNeeded();
    },
  },
  'settings-connect': {
    hash: '#/settings',
    states: ['failing'],
    act: (page) => page.getByRole('button', { name: 'Connect an account…' }).click(),
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
  for (const [name, shot] of Object.entries({ ...shots, ...libraryShots })) {
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
        context.setDefaultTimeout(120_000);
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
