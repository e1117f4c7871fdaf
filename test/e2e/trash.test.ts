import { describe, expect, it } from 'vitest';
import { appScene } from '../host/app-scenes.ts';
import { row } from '../host/engine-double.ts';
import { violations } from './axe.ts';
import { pageTests, patient } from './page-tests.ts';

const tests = pageTests();

describe('the trash', () => {
  it('puts files back, and says which did not come and why', async () => {
    const app = appScene('busy', Date.now());
    const [first, second, third] = app.library.trash;
    if (first === undefined || second === undefined || third === undefined) throw new Error('Too few files.');
    app.rows = [row(first.path)];
    app.library.stuck.set(second.id, {
      code: 'missing',
      title: 'It is gone',
      detail: 'The file is not in the trash any more.',
      suggestion: 'Look for it in a backup.',
    });
    const page = await tests.show(app, { route: '/trash' });
    await page.getByText(/^12 files, /).waitFor();
    expect(await violations(page)).toEqual([]);
    for (const { path } of [first, second, third])
      await page.getByRole('checkbox', { name: `Select ${path}` }).click();
    await page.getByText(/^3 files selected/).waitFor();
    await page.getByRole('button', { name: 'Put back' }).click();
    const dialog = page.getByRole('dialog', { name: 'What came back' });
    await dialog.getByText('The file is not in the trash any more. Look for it in a backup.').waitFor();
    await dialog.getByText(`as ${first.path.replace('.jpg', ' (restored).jpg')}`).waitFor();
    await dialog.getByText('where it was').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText(/^10 files, /).waitFor();
  });

  it('is emptied after it has said how much goes, and keeps what came meanwhile', async () => {
    const app = appScene('full', Date.now() - 60_000);
    const page = await tests.show(app, { route: '/trash' });
    await page.getByRole('button', { name: 'Empty the trash…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 412 files for good?' });
    await dialog.getByText(/are freed/).waitFor();
    expect(await violations(page)).toEqual([]);
    const [first] = app.library.trash;
    if (first === undefined) throw new Error('The scene has an empty trash.');
    app.library.trash.unshift({ ...first, id: 1000, at: Date.now() + 1_000, path: 'late.jpg' });
    await dialog.getByRole('button', { name: 'Delete 412 files for good' }).click();
    await page.getByText('412 files deleted for good', { exact: false }).first().waitFor();
    await page.getByText('late.jpg').waitFor();
    expect(app.library.trash.map(({ path }) => path)).toEqual(['late.jpg']);
  });

  it('of one mirror shows its files alone, and is told how long to keep them', async () => {
    const app = appScene('full', Date.now());
    const page = await tests.show(app, { route: '/trash' });
    await page.getByRole('combobox', { name: 'Mirror' }).selectOption({ label: 'harbour' });
    await page.getByText(/^82 files, /).waitFor();
    await page.getByRole('combobox', { name: 'Keep for' }).selectOption('90');
    await expect.poll(() => app.settings.trashDays, patient).toBe(90);
  });
});
