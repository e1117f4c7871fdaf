import type { Page } from 'playwright-core';
import { appSceneNames } from '../host/app-scenes.ts';
import { diskFull } from '../host/scene-problems.ts';
import type { Shots } from './shot.ts';

const firstDataset =
  '#/datasets/https%3A%2F%2Fapi.vi.datature.com/northwind/0198f0c2-7a1b-4c3d-9e0f-000000000000';

/** Selects the assets from the second one on. */
async function selectTo(page: Page, last: number): Promise<void> {
  const options = page.getByRole('listbox').getByRole('option');
  await options.nth(1).click({ modifiers: ['Control'] });
  await options.nth(last).click({ modifiers: ['Shift'] });
}

/** Datasets and pulls, and what holds for the whole app. */
export const libraryShots: Shots = {
  'datasets-no-account': {
    hash: '#/datasets',
    states: ['empty'],
    prepare: (app) => {
      app.accounts = [];
    },
  },
  datasets: { hash: '#/datasets', states: appSceneNames, inGerman: true },
  dataset: {
    hash: firstDataset,
    states: ['busy', 'full'],
    inGerman: true,
    act: async (page, _, state) => {
      if (state !== 'full') return;
      await page.getByRole('listbox').getByRole('option').nth(2).click();
    },
  },
  'dataset-empty': {
    hash: firstDataset,
    states: ['full'],
    prepare: (app) => {
      app.library.assets = [];
      app.library.pulls = [];
    },
  },
  'dataset-selected': {
    hash: firstDataset,
    states: ['full'],
    act: async (page) => {
      await selectTo(page, 8);
    },
  },
  'dataset-delete': {
    hash: firstDataset,
    states: ['full'],
    inGerman: true,
    act: async (page, { datasets }) => {
      await selectTo(page, 4);
      await page.getByRole('button', { name: datasets.deleteSome }).click();
    },
  },
  'dataset-query': {
    hash: firstDataset,
    states: ['full'],
    act: async (page, { datasets }) => {
      await page.getByRole('textbox', { name: datasets.query }).fill('camera = "front"');
      await page.keyboard.press('Enter');
    },
  },
  'dataset-pull': {
    hash: firstDataset,
    states: ['full'],
    inGerman: true,
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
    act: async (page, { datasets, pulls }) => {
      await page.getByRole('button', { name: datasets.pull }).click();
      await page.getByRole('textbox', { name: pulls.folder }).fill('/home/ada/Pictures/pulled');
      await page.getByRole('radio').first().waitFor();
    },
  },
  'pull-result': {
    hash: '#/datasets',
    states: ['failing'],
    act: (page, { pulls }) => page.getByRole('button', { name: pulls.showResult }).click(),
  },
  'pull-check': {
    hash: '#/datasets',
    states: ['full'],
    inGerman: true,
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
    act: async (page, { pulls }) => {
      await page.getByRole('button', { name: pulls.verify }).click();
      await page.getByRole('button', { name: pulls.check, exact: true }).click();
    },
  },
  activity: {
    hash: '#/activity',
    states: appSceneNames,
    inGerman: true,
    act: async (page, { activities }, state) => {
      const name = new RegExp(`^${activities.showFiles('[\\d,.]+')}$`);
      if (state === 'full') await page.getByRole('button', { name }).nth(1).click();
    },
  },
  trash: {
    hash: '#/trash',
    states: ['empty', 'busy', 'full'],
    inGerman: true,
    act: async (page, _, state) => {
      if (state !== 'full') return;
      await page.getByRole('checkbox').nth(2).click();
      await page.getByRole('checkbox').nth(4).click();
    },
  },
  'trash-restored': {
    hash: '#/trash',
    states: ['full'],
    prepare: (app) => app.library.stuck.set(411, diskFull('aisle-02/IMG_2001.jpg')),
    act: async (page, { trash }) => {
      await page.getByRole('checkbox').nth(1).click();
      await page.getByRole('checkbox').nth(2).click();
      await page.getByRole('button', { name: trash.restore, exact: true }).click();
      // What could not be put back is shown by itself.
      await page.getByRole('dialog').waitFor();
    },
  },
  'trash-empty': {
    hash: '#/trash',
    states: ['full'],
    act: (page, { trash }) => page.getByRole('button', { name: trash.empty }).click(),
  },
  settings: { hash: '#/settings', states: ['empty', 'failing', 'full'], inGerman: true },
  'settings-below': {
    hash: '#/settings',
    states: ['full'],
    act: (page, { settings }) =>
      page.getByRole('heading', { name: settings.transfers }).evaluate((part) => part.scrollIntoView()),
  },
  'settings-end': {
    hash: '#/settings',
    states: ['full', 'failing'],
    inGerman: true,
    act: async (page, { settings }) => {
      await page.getByRole('button', { name: settings.bundleGo }).click();
      await page.getByText('vi-sync-diagnostics').scrollIntoViewIfNeeded();
      await page.getByRole('main').getByText(settings.dataDir).scrollIntoViewIfNeeded();
    },
  },
  'settings-disconnect': {
    hash: '#/settings',
    states: ['full'],
    act: (page, { settings }) =>
      page.getByRole('button', { name: settings.disconnectOf('Northwind Imaging') }).click(),
  },
  'settings-connect': {
    hash: '#/settings',
    states: ['failing'],
    act: (page, { settings }) => page.getByRole('button', { name: settings.connect }).click(),
  },
};
