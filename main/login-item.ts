import os from 'node:os';
import path from 'node:path';
import { app } from 'electron';
import { autostartFile, setAutostart } from '../app/desktop/autostart-entry.ts';
import { hiddenArgument } from '../app/desktop/start-arguments.ts';
import type { Log } from '../app/log.ts';

/** Has Vi Sync start hidden when the person logs in, or not any more. What the system refuses is noted. */
export async function setStartAtLogin(isWanted: boolean, log: Log): Promise<void> {
  // In development it would be Electron itself that is started.
  if (!app.isPackaged) return;
  try {
    if (process.platform === 'linux') {
      const program = process.env.APPIMAGE ?? process.execPath;
      const file = autostartFile(process.env, os.homedir());
      await setAutostart(file, isWanted ? [program, hiddenArgument] : null);
      return;
    }
    if (process.platform === 'darwin') {
      app.setLoginItemSettings({ openAtLogin: isWanted, type: 'mainAppService' });
      return;
    }
    app.setLoginItemSettings({ openAtLogin: isWanted, path: process.execPath, args: [hiddenArgument] });
  } catch (error) {
    log.warn('Starting at login could not be set', {
      isWanted,
      program: path.basename(process.execPath),
      error,
    });
  }
}
