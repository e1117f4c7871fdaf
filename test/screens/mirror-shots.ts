import type { Page } from 'playwright-core';
import type { Catalogue } from '../../renderer/text/en/index.ts';
import type { AppDouble } from '../host/app-double.ts';
import { appSceneNames } from '../host/app-scenes.ts';
import { doubleMirrorId } from '../host/engine-double.ts';
import { Refused } from '../host/refused.ts';
import { unreachable, wrongKey } from '../host/scene-problems.ts';
import type { Shots } from './shot.ts';

const withMirror = ['busy', 'failing', 'full'] as const;
const mirror = `#/mirror/${doubleMirrorId}`;
const addMirror = '#/add-mirror/northwind%20https%3A%2F%2Fapi.vi.datature.com';

const atPreview = (app: AppDouble): void => {
  app.phase = 'preview';
  app.isApproved = false;
};

const showGrid = (page: Page, words: Catalogue): Promise<void> =>
  page.getByRole('radio', { name: words.mirror.grid }).click();

/** Folds the kinds of holds that stand above one, and looks at the first of its files. */
async function lookAtHold(page: Page, file: string, ...folded: readonly string[]): Promise<void> {
  for (const name of folded) await page.getByRole('button', { name }).first().click();
  await page.getByText(file).first().click();
}

/** The first run, mirrors and their files, and what waits. */
export const mirrorShots: Shots = {
  overview: { hash: '#/overview', states: appSceneNames, inGerman: true },
  welcome: { hash: '#/welcome', states: ['empty', 'failing'], inGerman: true },
  'welcome-refused': {
    hash: '#/welcome',
    states: ['empty'],
    prepare: (app) => app.failures.set('connectAccount', new Refused(wrongKey)),
    act: async (page, { setup }) => {
      await page.getByLabel(setup.secretKey).fill('no-such-key-0123456789');
      await page.getByLabel(setup.organizationId).fill('northwind');
      await page.getByRole('button', { name: setup.connect, exact: true }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  'add-mirror': { hash: addMirror, states: ['failing', 'full'], inGerman: true },
  'add-mirror-filled': {
    hash: addMirror,
    states: ['full'],
    act: async (page, { setup }) => {
      await page.getByRole('radio', { name: /Harbour at night/ }).click();
      await page.getByRole('textbox', { name: setup.folder, exact: true }).fill('/home/ada/Pictures/harbour');
    },
  },
  'add-mirror-folder': {
    hash: addMirror,
    states: ['full'],
    act: async (page, { setup }) => {
      await page.getByRole('button', { name: setup.browse }).click();
      await page.getByRole('button', { name: 'Pictures' }).first().click();
    },
  },
  plan: { hash: `${mirror}/plan`, states: withMirror, prepare: atPreview, inGerman: true },
  'mirror-settings': { hash: `${mirror}/settings`, states: ['full'], inGerman: true },
  'mirror-remove': {
    hash: `${mirror}/settings`,
    states: ['full'],
    act: (page, { setup }) => page.getByRole('button', { name: setup.remove }).click(),
  },
  mirror: {
    hash: mirror,
    states: withMirror,
    inGerman: true,
    act: async (page, _, state) => {
      if (state === 'failing') await page.getByRole('row', { name: /IMG_2001-copy/ }).click();
      if (state === 'full') await page.locator('[role=grid]').evaluate((grid) => grid.scrollTo(0, 1_234_567));
    },
  },
  'mirror-grid': { hash: mirror, states: withMirror, act: showGrid },
  'mirror-grid-detail': {
    hash: mirror,
    states: ['failing', 'full'],
    inGerman: true,
    act: async (page, words) => {
      await showGrid(page, words);
      await page.getByRole('option').nth(5).click();
    },
  },
  'mirror-no-match': {
    hash: mirror,
    states: ['full'],
    act: (page, words) => page.getByRole('textbox', { name: words.search }).fill('no such file'),
  },
  'mirror-menu': {
    hash: mirror,
    states: ['busy'],
    act: (page, words) => page.getByRole('button', { name: words.mirror.more }).click(),
  },
  'mirror-no-files': {
    hash: mirror,
    states: ['empty'],
    prepare: (app) => {
      app.hasMirror = true;
    },
  },
  'mirror-first-look': {
    hash: mirror,
    states: ['empty'],
    prepare: (app) => {
      app.hasMirror = true;
      app.phase = 'scanning';
      app.lastScanAt = null;
      app.lastListingAt = null;
    },
  },
  'mirror-offline': {
    hash: mirror,
    states: ['busy'],
    prepare: (app) => {
      app.phase = 'offline';
      app.problem = unreachable;
      app.retryAt = Date.now() + 30_000;
    },
  },
  'mirror-cut-off': { hash: mirror, states: ['full'], isCutOff: true },
  waiting: { hash: '#/waiting', states: appSceneNames, inGerman: true },
  'waiting-deleted': {
    hash: '#/waiting',
    states: ['full'],
    act: (page, { waiting }) => lookAtHold(page, 'DSC_3101.jpg', waiting.group['both-changed']),
  },
  'waiting-name': {
    hash: '#/waiting',
    states: ['full'],
    act: (page, { waiting: { group } }) =>
      lookAtHold(page, 'DSC_3100.jpg', group['both-changed'], group['deleted-here']),
  },
  'waiting-zoomed': {
    hash: '#/waiting',
    states: ['full'],
    act: async (page, { waiting }) => {
      await page.getByRole('button', { name: waiting.zoomIn }).click();
      await page.getByRole('button', { name: waiting.zoomIn }).click();
    },
  },
  'waiting-bulk': {
    hash: '#/waiting',
    states: ['full'],
    inGerman: true,
    act: async (page, { waiting }) => {
      await page.getByRole('button', { name: waiting.answerAll }).first().click();
      await page.getByRole('radio').nth(1).click();
    },
  },
  'waiting-confirm': {
    hash: '#/waiting',
    states: ['full'],
    act: (page) => page.keyboard.press('2'),
  },
};
