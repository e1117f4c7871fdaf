import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../app/sandbox/sandbox.ts';
import { startKeyringSession } from '../cli/keyring-session.ts';
import type { LaunchedApp } from '../electron-double/launch.ts';
import { dataFolder, launch } from './desktop-fixture.ts';

async function service(): Promise<Sandbox> {
  const sandbox = await startSandbox({ dataDir: await dataFolder() });
  onTestFinished(() => sandbox.close());
  sandbox.createDataset({ name: 'Test' });
  return sandbox;
}

/** A Secret Service of its own; ended with the test. */
async function keyring(unlocked: boolean, home: string): Promise<Readonly<Record<string, string>>> {
  const session = await startKeyringSession({ unlocked, home });
  onTestFinished(() => session.end());
  return session.env;
}

async function connect(page: Page, { secretKey, organizationId, endpoint }: Sandbox): Promise<void> {
  await page.getByRole('button', { name: 'Another server' }).click();
  await page.getByLabel('Secret key').fill(secretKey);
  await page.getByLabel('Organization ID').fill(organizationId);
  await page.getByLabel('Address of the service').fill(endpoint);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Add a mirror' }).waitFor();
}

async function settings(app: LaunchedApp): Promise<Page> {
  const page = await app.page();
  await page
    .getByRole('button', { name: 'Connect', exact: true })
    .or(page.getByRole('main'))
    .first()
    .waitFor();
  await page.evaluate(() => {
    location.hash = '#/settings';
  });
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  return page;
}

/** Files below a folder that hold a text. */
async function holding(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && (await fs.readFile(file)).includes(text)) found.push(file);
  }
  return found;
}

describe.runIf(process.platform === 'linux')('the secret key in the desktop app', () => {
  test('is stored in the keychain, found at the next start, and gone when it is disconnected', async () => {
    const sandbox = await service();
    const home = await dataFolder();
    const dataDir = await dataFolder();
    const env = await keyring(true, home);
    const first = launch({ dataDir, env });
    await connect(await first.page(), sandbox);
    expect(await first.quit()).toBe(0);
    expect(await holding(dataDir, sandbox.secretKey)).toEqual([]);

    const second = launch({ dataDir, env });
    const page = await settings(second);
    const account = page.getByRole('listitem').filter({ hasText: sandbox.organizationId });
    await account.getByText('Key in the keychain').waitFor();
    await account.getByRole('button', { name: /^Disconnect/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click();
    await account.waitFor({ state: 'detached' });
    expect(await second.quit()).toBe(0);

    const third = launch({ dataDir, env });
    await (await third.page()).getByText('Connect your Vi account').waitFor();
    expect(await third.quit()).toBe(0);
  });

  test('is kept in memory alone where there is no keychain, and that is said', async () => {
    const sandbox = await service();
    const dataDir = await dataFolder();
    const first = launch({ dataDir });
    const page = await first.page();
    await page.getByRole('checkbox', { name: /until Vi Sync ends.*no usable keychain/s }).check();
    await connect(page, sandbox);
    await settings(first);
    await page.getByText('Key kept until Vi Sync ends').waitFor();
    await page.getByText('No keychain answers on this system.').waitFor();
    expect(await first.quit()).toBe(0);
    expect(await holding(dataDir, sandbox.secretKey)).toEqual([]);

    const second = launch({ dataDir });
    await (await second.page()).getByText('Connect your Vi account').waitFor();
    expect(await second.quit()).toBe(0);
  });

  test('is not stored in a keychain that is locked, and that is said', async () => {
    const home = await dataFolder();
    const unlocked = await startKeyringSession({ unlocked: true, home });
    const dataDir = await dataFolder();
    const sandbox = await service();
    const before = launch({ dataDir, env: unlocked.env });
    await connect(await before.page(), sandbox);
    expect(await before.quit()).toBe(0);
    await unlocked.end();

    const app = launch({ dataDir, env: await keyring(false, home) });
    const page = await settings(app);
    await page.getByText("The system's keychain is locked.").waitFor();
    expect(await page.getByText('Key in the keychain').count()).toBe(0);
    expect(await app.quit()).toBe(0);
    expect(await holding(dataDir, sandbox.secretKey)).toEqual([]);
  });
});
