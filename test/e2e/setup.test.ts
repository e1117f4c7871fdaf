import { describe, expect, it } from 'vitest';
import { appScene } from '../host/app-scenes.ts';
import { violations } from './axe.ts';
import { tabTo } from './keyboard.ts';
import { pageTests, patient } from './page-tests.ts';

const tests = pageTests();
const wrongKey = {
  code: 'unauthorized',
  title: 'The key is not accepted',
  detail: 'The service refuses it.',
  suggestion: 'Check that it was copied whole.',
};

/** An app without a mirror, that finds two datasets once an account is connected. */
function firstRun() {
  const app = appScene('empty', Date.now());
  app.datasets = appScene('full', Date.now()).datasets;
  app.preview = {
    ...app.preview,
    upload: { files: 308, bytes: 94_000_000 },
    dataRows: 1_540,
    sessions: 1,
    problems: 2,
  };
  return app;
}

describe('the first run', () => {
  it('says what is wrong with a key, and forgets it once it is stored', async () => {
    const app = firstRun();
    app.failures.set('connectAccount', Object.assign(new Error('x'), { problem: wrongKey }));
    const page = await tests.open((await tests.host(app)).url);
    await page.getByRole('heading', { name: 'Keep your images and your datasets in step' }).waitFor();
    expect(await violations(page)).toEqual([]);
    const key = page.getByLabel('Secret key');
    expect(await key.getAttribute('type')).toBe('password');
    await key.fill('not-the-key');
    await page.getByLabel('Organization ID').fill('northwind');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').innerText()).toMatch(
      /The key is not accepted.*Check that it was copied whole/s,
    );
    app.failures.clear();
    await key.fill('the-key');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Add a mirror' }).waitFor();
    expect(await page.content()).not.toContain('the-key');
    expect(await page.getByLabel('Account').locator(':checked').innerText()).toBe(
      'Northwind Imaging (northwind)',
    );
  });

  it('goes by keyboard alone from the sandbox to a running mirror', async () => {
    const app = firstRun();
    const page = await tests.open((await tests.host(app)).url);
    const sandbox = page.getByRole('button', { name: 'Try the sandbox' });
    await sandbox.and(page.locator(':enabled')).waitFor();
    await tabTo(sandbox);
    await page.keyboard.press('Enter');
    const dataset = page.getByRole('radio', { name: /Warehouse shelves/ });
    await dataset.waitFor();
    await tabTo(dataset);
    await page.keyboard.press('Space');
    await tabTo(page.getByRole('textbox', { name: 'Folder' }));
    await page.keyboard.type('/home/ada/Pictures/orchard');
    const look = page.getByRole('button', { name: 'Look at the plan' });
    await tabTo(look);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'The plan for warehouse' }).waitFor();
    expect(app.added).toMatchObject([
      {
        folder: '/home/ada/Pictures/orchard',
        organizationId: 'sandbox',
        sandbox: true,
        go: false,
        settings: { direction: 'two-way', deletePolicy: 'keep' },
      },
    ]);
    await page.getByText('1,540 data rows').waitFor();
    await page.getByText('2 files can’t be uploaded as they are').waitFor();
    await tabTo(page.getByRole('button', { name: 'Start the sync' }));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sync now' }).waitFor();
    expect(app.received.some(({ name }) => name === 'go')).toBe(true);
  });
});

describe('adding a mirror', () => {
  it('looks for the folder, makes one, and takes what was chosen', async () => {
    const app = appScene('full', Date.now());
    const page = await tests.show(app, {
      route: '/add-mirror/northwind%20https%3A%2F%2Fapi.vi.datature.com',
    });
    await page.getByRole('button', { name: 'Connect another account…' }).click();
    await page.getByRole('dialog').getByLabel('Secret key').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByLabel('Find a dataset').fill('orchard');
    await page.getByRole('radio', { name: /Orchard/ }).click();
    await page.getByRole('button', { name: 'Browse…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a folder' });
    await dialog.getByRole('button', { name: 'Pictures' }).first().click();
    await dialog.getByText('12 images in here').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'New folder' }).click();
    await page.keyboard.type('apples');
    await page.keyboard.press('Enter');
    await dialog.getByText('/home/ada/Pictures/apples').waitFor();
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
    expect(await page.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(
      '/home/ada/Pictures/apples',
    );
    await page.getByRole('radio', { name: 'Download only' }).click();
    expect(await violations(page)).toEqual([]);
    app.failures.set(
      'addMirror',
      Object.assign(new Error('x'), { problem: { ...wrongKey, title: 'The folder is mirrored already' } }),
    );
    await page.getByRole('button', { name: 'Look at the plan' }).click();
    await page.getByText('The folder is mirrored already').waitFor();
    app.failures.clear();
    await page.getByRole('button', { name: 'Look at the plan' }).click();
    await expect
      .poll(() => app.added, patient)
      .toMatchObject([
        { folder: '/home/ada/Pictures/apples', sandbox: false, settings: { direction: 'pull' } },
      ]);
  });
});

describe('the plan', () => {
  it.each(['busy', 'failing', 'full'] as const)('of “%s” has no fault that axe knows', async (name) => {
    const app = appScene(name, Date.now());
    app.phase = 'preview';
    app.isApproved = false;
    const page = await tests.show(app, { route: '/mirror/mirror-1/plan' });
    const go = page.getByRole('button', { name: 'Start the sync' });
    await page.getByText(/Nothing has been changed yet/).waitFor();
    await expect.poll(() => go.isEnabled(), patient).toBe(app.preview.isReady);
    expect(await violations(page)).toEqual([]);
  });
});

describe('the settings of a mirror', () => {
  it('are changed together with the rules, and only when something is new', async () => {
    const app = appScene('full', Date.now());
    app.ignoreRules = '*.psd\n';
    const page = await tests.show(app, { route: '/mirror/mirror-1/settings' });
    const save = page.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    await page
      .getByRole('radiogroup', { name: 'When a file is deleted here' })
      .getByRole('radio', { name: 'Ask me' })
      .click();
    const rules = page.getByRole('textbox', { name: 'Leave out' });
    await rules.fill('*.psd\ndrafts/\n');
    expect(await violations(page)).toEqual([]);
    await save.click();
    await page.getByText('Saved').first().waitFor();
    expect(app.mirrorSettings.deletePolicy).toBe('ask');
    expect(app.ignoreRules).toBe('*.psd\ndrafts/\n');
    await expect.poll(() => save.isDisabled(), patient).toBe(true);
  });

  it('end the mirror after a question', async () => {
    const app = appScene('full', Date.now());
    const page = await tests.show(app, { route: '/mirror/mirror-1/settings' });
    await page.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop mirroring warehouse to Warehouse shelves?' });
    await dialog.getByRole('button', { name: 'Remove the mirror' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove the mirror' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(await page.getByRole('article', { name: /warehouse/ }).count()).toBe(0);
  });
});
