// The desktop app. Nothing is awaited before Electron’s early events have their listeners.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import { appFolders } from '../app/app-folders.ts';
import { linkScheme } from '../app/desktop/deep-link.ts';
import { type StartArguments, startArguments } from '../app/desktop/start-arguments.ts';
import { openLog } from '../app/log.ts';
import { registerPageScheme } from './page-scheme.ts';
import { Shell } from './shell.ts';
import { hasUpdateFeed } from './updates.ts';

const first = startArguments(process.argv);
const folders = foldersFor(first.playgroundDir);
const log = openLog({ folder: folders.log, name: 'desktop' });

process.on('uncaughtException', (error) => log.error('Something in the main process failed', { error }));
process.on('unhandledRejection', (error) => log.error('Something in the main process failed', { error }));

// Each data folder has an app of its own: the lock is in here. Electron takes only a folder that is there.
mkdirSync(folders.window, { recursive: true });
app.setPath('userData', folders.window);
app.setAppUserModelId('com.datature.vi-sync');
registerPageScheme();

const handedOverSchema = z.object({ argv: z.array(z.string()) });

if (app.requestSingleInstanceLock({ argv: process.argv })) run();
else app.exit(0);

function run(): void {
  let shell: Shell | null = null;
  let wanted: StartArguments = { ...first, isHidden: first.isHidden || wasOpenedAtLogin() };
  let isClosed = false;

  const showFor = (asked: StartArguments): void => {
    if (shell === null) wanted = asked;
    else shell.showFor(asked);
  };
  app.on('second-instance', (_event, argv, _folder, handedOver) => {
    // Chromium may reorder what is in `argv`: what the other instance has handed over is as it was given.
    const whole = handedOverSchema.safeParse(handedOver);
    showFor(startArguments(whole.success ? whole.data.argv : argv));
  });
  // macOS hands links over by an event, which can come before the app is ready.
  app.on('open-url', (event, link) => {
    event.preventDefault();
    showFor({ isHidden: false, playgroundDir: null, link });
  });
  app.on('activate', () => showFor({ isHidden: false, playgroundDir: null, link: null }));
  // Without a listener the app would end with its window.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (isClosed || shell === null) return;
    event.preventDefault();
    void shell.close().then(
      () => end(0),
      (error: unknown) => {
        log.error('The app could not be closed cleanly', { error });
        end(1);
      },
    );
  });
  const leaveFor = (install: () => void): void => {
    void shell?.close().then(
      () => {
        isClosed = true;
        // The new version may be there before this one is gone.
        app.releaseSingleInstanceLock();
        install();
      },
      (error: unknown) => {
        log.error('The app could not be closed cleanly', { error });
        end(1);
      },
    );
  };
  const end = (code: number): void => {
    isClosed = true;
    app.exit(code);
  };

  registerLinks();
  void app.whenReady().then(async () => {
    shell = new Shell({
      outDir: import.meta.dirname,
      log,
      folder: folders.window,
      engine: {
        dataDir: folders.data,
        cacheDir: folders.cache,
        logDir: folders.log,
        isPlayground: first.playgroundDir !== null,
        hasUpdates: app.isPackaged && hasUpdateFeed(process.resourcesPath),
      },
      leaveFor: (install) => leaveFor(install),
    });
    await shell.begin(wanted);
  });
}

/** Links of Vi Sync's scheme open this app. Under development Electron has to be told which program it runs. */
function registerLinks(): void {
  const [, script] = process.argv;
  if (app.isPackaged || script === undefined) app.setAsDefaultProtocolClient(linkScheme);
  else app.setAsDefaultProtocolClient(linkScheme, process.execPath, [path.resolve(script)]);
}

function wasOpenedAtLogin(): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

function foldersFor(playgroundDir: string | null): Record<'data' | 'cache' | 'log' | 'window', string> {
  if (playgroundDir === null) {
    const { data, cache, log } = appFolders();
    return { data, cache, log, window: path.join(data, 'window') };
  }
  const data = path.resolve(playgroundDir);
  return {
    data,
    cache: path.join(data, 'cache'),
    log: path.join(data, 'logs'),
    window: path.join(data, 'window'),
  };
}
