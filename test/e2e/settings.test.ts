import { describe, expect, it } from 'vitest';
import { appScene } from '../host/app-scenes.ts';
import { violations } from './axe.ts';
import { tabTo } from './keyboard.ts';
import { pageTests, patient } from './page-tests.ts';

const tests = pageTests();
const refused = (title: string) => ({
  code: 'refused',
  title,
  detail: 'It is not allowed now.',
  suggestion: 'Try again in a while.',
});

describe('the settings', () => {
  it.each(['empty', 'failing', 'full'] as const)('of “%s” have no fault that axe knows', async (name) => {
    const page = await tests.show(appScene(name, Date.now()), { route: '/settings' });
    await page.getByRole('heading', { name: 'Help and diagnostics' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('are saved at once and say so; what is refused goes back', async () => {
    const app = appScene('full', Date.now());
    const page = await tests.show(app, { route: '/settings' });
    const keep = page.getByRole('radio', { name: 'Keep the annotations' });
    await keep.click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(app.settings.retentionMode).toBe('KeepLinkedResource');
    app.failures.set('changeSettings', Object.assign(new Error('x'), { problem: refused('It is locked') }));
    await page.getByRole('radio', { name: 'Remove the annotations' }).click();
    await page.getByText('It is locked').first().waitFor();
    await expect.poll(() => keep.getAttribute('aria-checked'), patient).toBe('true');
  });

  it('take a limit as it is typed, and say what is wrong with one', async () => {
    const app = appScene('full', Date.now());
    const page = await tests.show(app, { route: '/settings' });
    const upload = page.getByRole('textbox', { name: 'Upload at most' });
    expect(await upload.inputValue()).toBe('2.5');
    await upload.fill('fast');
    await page.keyboard.press('Enter');
    await page.getByText('Enter a number above 0, or leave it empty.').waitFor();
    expect(await upload.getAttribute('aria-invalid')).toBe('true');
    await upload.fill('0,75');
    await page.keyboard.press('Enter');
    await expect.poll(() => app.settings.uploadLimit, patient).toBe(750_000);
    await expect.poll(() => upload.inputValue(), patient).toBe('0.75');
    await page.getByRole('button', { name: 'Sat' }).click();
    await expect.poll(() => app.settings.limitSchedule?.days, patient).toEqual([1, 2, 3, 4, 5, 6]);
    await page.getByRole('switch', { name: 'Other limits at some hours' }).click();
    await expect.poll(() => app.settings.limitSchedule, patient).toBeNull();
  });

  it('say what is wrong with a proxy below its field', async () => {
    const app = appScene('full', Date.now());
    app.library.badProxies.set('ftp://x', refused('The proxy can’t be used'));
    const page = await tests.show(app, { route: '/settings' });
    const proxy = page.getByRole('textbox', { name: 'Proxy' });
    await proxy.fill('ftp://x');
    await page.keyboard.press('Enter');
    await page.getByText('It is not allowed now. Try again in a while.').waitFor();
    await page.keyboard.press('Escape');
    expect(await proxy.inputValue()).toBe('');
    await proxy.fill('http://proxy.example.com:3128');
    await page.keyboard.press('Tab');
    await expect.poll(() => app.appSettings.proxy, patient).toBe('http://proxy.example.com:3128');
  });

  it('change theme and language by keyboard, and leave the person where they were', async () => {
    const app = appScene('full', Date.now());
    const page = await tests.show(app, { route: '/settings' });
    await tabTo(page.getByRole('radio', { name: 'As the system' }));
    for (const theme of ['Light', 'Dark']) {
      await page.keyboard.press('ArrowRight');
      // The focus follows a key in its own time.
      await page.locator('[role=radio]:focus', { hasText: theme }).waitFor();
    }
    await page.keyboard.press('Space');
    await expect
      .poll(() => page.evaluate(() => document.documentElement.dataset.theme), patient)
      .toBe('dark');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')), patient)
      .toBe('Sprache');
  });

  it('connect and disconnect an account, and never show its key', async () => {
    const app = appScene('full', Date.now());
    const page = await tests.show(app, { route: '/settings' });
    await page.getByText('Key in the keychain').waitFor();
    await page.getByRole('button', { name: 'Connect an account…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Connect a Vi account' });
    await dialog.getByLabel('Secret key').fill('the-key');
    await dialog.getByLabel('Organization ID').fill('acme-lab');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain('the-key');
    const account = page.getByRole('listitem').filter({ hasText: 'acme-lab' });
    await account.getByRole('button', { name: 'Disconnect Northwind Imaging…' }).click();
    const leave = page.getByRole('dialog');
    await leave.getByRole('button', { name: 'Disconnect' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await leave.getByRole('button', { name: 'Disconnect' }).click();
    await account.waitFor({ state: 'detached' });
    expect(app.accounts.map(({ organizationId }) => organizationId)).toEqual(['northwind', 'sandbox']);
  });

  it('offer what the host can do alone', async () => {
    const app = appScene('full', Date.now());
    app.library.about = {
      ...app.library.about,
      capabilities: {
        showsInFolder: false,
        startsAtLogin: false,
        notifies: false,
        choosesFolders: false,
        knowsPower: false,
        updates: false,
      },
    };
    const page = await tests.show(app, { route: '/settings' });
    await page.getByRole('button', { name: 'Make a bundle' }).click();
    await page.getByText('/home/ada/Downloads/vi-sync-diagnostics-2026-11-27.zip').waitFor();
    expect(await page.getByText('Start Vi Sync when I log in').count()).toBe(0);
  });
});
