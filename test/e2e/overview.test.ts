import { describe, expect, it } from 'vitest';
import { WorkspaceError } from '../../app/workspace/workspace-error.ts';
import { appScene, appSceneNames } from '../host/app-scenes.ts';
import { row } from '../host/engine-double.ts';
import { violations } from './axe.ts';
import { pageTests, patient } from './page-tests.ts';

const tests = pageTests();

describe('the overview', () => {
  it('shows each mirror with its state, its progress, and what it needs', async () => {
    const app = appScene('busy', Date.now());
    const page = await tests.open((await tests.host(app)).url);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const card = page.getByRole('article', { name: 'warehouse ↔ Warehouse shelves' });
    expect(await card.innerText()).toMatch(/Syncing[\s\S]*1 problem[\s\S]*214 of 846 files/);
    expect(await page.getByRole('article').count()).toBe(3);
    await page.getByText('10 of 10 sessions used').waitFor();
    await page.getByText(/^Next upload in 2:\d\d$/).waitFor();
    await page.getByText('Cut short: “IMG_2306.jpg” ends before its JPEG picture does').waitFor();
  });

  it('pauses one and all, and says in words why that can’t be', async () => {
    const app = appScene('busy', Date.now());
    const page = await tests.show(app, { route: '/overview' });
    const calls = () => app.received.filter(({ name }) => name === 'pause' || name === 'resume');
    const card = page.getByRole('article', { name: /warehouse/ });
    await card.getByRole('button', { name: 'Pause' }).click();
    await card.getByRole('button', { name: 'Resume' }).waitFor();
    await page.getByRole('button', { name: 'Pause all' }).click();
    await expect.poll(calls, patient).toEqual([
      { name: 'pause', args: { mirrorId: 'mirror-1' } },
      { name: 'pause', args: { mirrorId: null } },
    ]);
    const problem = { code: 'x', title: 'Not now', detail: 'It is being closed.', suggestion: 'Wait.' };
    app.failures.set('resume', Object.assign(new Error('x'), { problem }));
    await card.getByRole('button', { name: 'Resume' }).click();
    expect(await page.getByRole('alert').innerText()).toMatch(/Not now It is being closed\. Wait\./);
  });

  it('leads to what waits, to the plan, and to the files', async () => {
    const page = await tests.show(appScene('full', Date.now()), { route: '/overview' });
    await page
      .getByRole('article', { name: /parking/ })
      .getByRole('link', { name: 'Review the plan' })
      .click();
    await page.getByRole('heading', { level: 1, name: 'The plan for parking' }).waitFor();
    await page.goBack();
    await page
      .getByRole('article', { name: /warehouse/ })
      .getByRole('link', { name: 'Answer' })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Waiting for you' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: 'warehouse', exact: true }).click();
    await page.getByRole('grid', { name: 'Files' }).waitFor();
    expect(await page.title()).toBe('Needs attention – Warehouse shelves – Vi Sync');
  });

  it.each(appSceneNames)('of “%s” has no fault that axe knows, light or dark', async (name) => {
    const page = await tests.show(appScene(name, Date.now()), { route: '/overview' });
    expect(await violations(page)).toEqual([]);
  });
});

describe('language and theme', () => {
  it('follow the settings, at once and at the first paint of the next time', async () => {
    const app = appScene('busy', Date.now());
    const page = await tests.show(app, { route: '/overview' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await app.call('changeAppSettings', { theme: 'dark', language: 'de' });
    await page.getByRole('heading', { level: 1, name: 'Übersicht' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.getByText('214 von 846 Dateien · 312 MB von 1,2 GB').waitFor();
    const dark = await background();
    expect(dark).not.toBe(light);
    // Before any script of the page has run.
    await page.route('**/assets/*.js', () => undefined);
    await page.reload({ waitUntil: 'commit' });
    await expect.poll(background, patient).toBe(dark);
  });

  it('are those of problems too, also of one that stands', async () => {
    const app = appScene('busy', Date.now());
    app.rows = [
      row('aisle-07/IMG_1.jpg', {
        state: 'problem',
        problem: {
          code: 'truncated',
          title: 'Cut short',
          detail: '“IMG_1.jpg” ends before its JPEG picture does.',
          suggestion: 'Copy it again.',
          facts: { file: 'IMG_1.jpg', format: 'JPEG' },
        },
      }),
    ];
    app.failures.set(
      'syncNow',
      new WorkspaceError({
        code: 'not-logged-in',
        title: 'No account',
        detail: 'Nobody is logged in.',
        suggestion: 'Run vi-sync login.',
      }),
    );
    const page = await tests.show(app, { route: '/mirror/mirror-1', locale: 'de-DE' });
    await page.getByRole('grid').getByText('Abgeschnitten').waitFor();
    await page.getByRole('button', { name: 'Jetzt abgleichen' }).click();
    await page.getByText(/Einstellungen → Konten/).waitFor();
    await app.call('changeAppSettings', { language: 'en' });
    await page.getByRole('grid').getByText('Cut short').waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText(/Settings → Accounts/).waitFor();
  });

  it('are the system’s without a setting', async () => {
    const page = await tests.show(appScene('busy', Date.now()), { route: '/overview', locale: 'de-DE' });
    await page.getByRole('heading', { level: 1, name: 'Übersicht' }).waitFor();
  });
});
