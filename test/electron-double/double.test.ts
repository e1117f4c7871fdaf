import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readSurface, surfaceFile } from './surface.ts';

const register = fileURLToPath(new URL('./register.ts', import.meta.url));

/** Runs a program against the double; resolves to what it printed. */
async function run(program: string): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'program.mjs');
  writeFileSync(
    file,
    `import * as electron from 'electron';
const { app, BrowserWindow, Menu, Notification, Tray, nativeImage, session, dialog, shell, utilityProcess } = electron;
const attempt = async (work) => {
  try { await work(); console.log('done'); } catch (error) { console.log(error.name + ': ' + error.message); }
};
${program}
process.exit(0);`,
  );
  const env = { ...process.env, VI_SYNC_ELECTRON_SURFACE: surfaceFile() };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', register, file], { env }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
}

describe('the surface of Electron', () => {
  test('is read from electron.d.ts', () => {
    const { version, types } = readSurface();
    expect(version).toMatch(/^45\./);
    expect(types.BrowserWindow?.bases).toEqual(['BaseWindow']);
    expect(types.WebPreferences?.members.sandbox).toMatchObject({ isDeprecated: false });
    expect(types.App?.events).toMatchObject({ 'second-instance': false, 'before-quit': false });
    expect(types.UtilityProcess?.statics.fork?.calls?.[0]).toHaveLength(3);
    expect(types.MenuItemConstructorOptions?.members.role?.shape.texts).toContain('toggleDevTools');
    const deprecated = Object.values(types).flatMap(({ members }) =>
      Object.entries(members).filter(([, { isDeprecated }]) => isDeprecated),
    );
    expect(deprecated.length).toBeGreaterThan(20);
  });
});

/** Code, and why it is refused. */
const refused: Readonly<Record<string, string>> = {
  'app.getRefund()': 'App has no “getRefund” in electron.d.ts.',
  "app.on('second-breakfast', () => 0)": 'App has no event “second-breakfast” in electron.d.ts.',
  'app.getVersion()': 'The double of App does not do “getVersion”.',
  'new BrowserWindow({ wdith: 3 })': 'new BrowserWindow has no option “wdith” in electron.d.ts.',
  'new BrowserWindow({ webPreferences: { nodeIntegrations: true } })':
    'new BrowserWindow.webPreferences has no option “nodeIntegrations” in electron.d.ts.',
  "Menu.buildFromTemplate([{ role: 'undoo' }])": 'Menu.buildFromTemplate[].role can’t be “undoo”.',
  "Menu.buildFromTemplate([{ submenu: [{ lable: 'x' }] }])":
    'Menu.buildFromTemplate[].submenu[] has no option “lable” in electron.d.ts.',
  "new Notification({ title: 'x', text: 'y' })": 'new Notification has no option “text” in electron.d.ts.',
  "dialog.showOpenDialog({ properties: ['openFolder'] })":
    'Dialog.showOpenDialog.properties[] can’t be “openFolder”.',
  "shell.openExternal('a', {}, 3)": 'Shell.openExternal takes 2 arguments.',
  'Tray.fromAir()': 'Tray has no static “fromAir” in electron.d.ts.',
  'app.setLoginItemSettings({ openAtLogin: true, openAsHidden: true })':
    'App.setLoginItemSettings has no option “openAsHidden” in electron.d.ts.',
  'session.defaultSession.getPreloads()': '“getPreloads” of Session is deprecated.',
};

describe('the double of Electron', () => {
  test('refuses what electron.d.ts does not have, what is deprecated there, and what it does not do itself', async () => {
    const program = Object.keys(refused).map((code) => `await attempt(() => ${code});`);
    expect((await run(program.join('\n'))).trim().split('\n')).toEqual(
      Object.values(refused).map((words) => `NotInElectron: ${words}`),
    );
  });

  test('takes what Electron takes', async () => {
    const program = `
      app.on('window-all-closed', () => 0);
      await attempt(() => new Notification({ title: 'x', body: 'y' }));
      await attempt(() => Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'undo' }, { type: 'separator' }])));
      await attempt(() => app.setLoginItemSettings({ openAtLogin: true, args: ['--hidden'] }));
      await attempt(() => utilityProcess.fork('x.js'));`;
    expect(await run(program)).toBe(
      'done\ndone\ndone\nError: A utility process is forked once the app is ready.\n',
    );
  });
});
