import path from 'node:path';
import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import type { AppSettings } from '../app/contract.ts';
import { type KeptWindow, keepWindow, readKeptWindow } from '../app/desktop/kept-window.ts';
import { pageAddress } from '../app/desktop/page-files.ts';
import { smallestWindow, windowPlace } from '../app/desktop/window-place.ts';
import type { Log } from '../app/log.ts';

export interface MainWindowOptions {
  /** Folder of the built main process: the preload and the icons lie there. */
  readonly outDir: string;
  /** Where the window's place is kept. */
  readonly folder: string;
  readonly log: Log;
  /** What closing the window does while the app runs on. */
  readonly whenClosed: () => 'hide' | 'minimize' | 'close';
  /** The page has been left, or has died. */
  readonly onPageGone: () => void;
}

/** The canvas of the page in its two themes: a window that is resized shows it for a moment. */
const canvas = { light: '#f4f5f7', dark: '#101318' } as const;
/** A page that dies again within this time is not loaded again. Milliseconds. */
const shortLifeMs = 10_000;

/** The app's only window: made when it is first shown, and where it was. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #kept: KeptWindow;
  #window: BrowserWindow | null = null;
  #loadedAt = 0;

  constructor(options: MainWindowOptions) {
    this.#options = options;
    this.#kept = this.#read();
    nativeTheme.themeSource = this.#kept.theme;
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(background()));
  }

  get contents(): WebContents | null {
    return this.#window === null || this.#window.isDestroyed() ? null : this.#window.webContents;
  }

  /** The window itself, for dialogs that belong to it. */
  get window(): BrowserWindow | null {
    return this.#window;
  }

  get isLookedAt(): boolean {
    return this.#window?.isVisible() === true && this.#window.isFocused();
  }

  /** Shows the window; at an address of its page, or where it is. */
  show(address: string | null): void {
    const window = this.#window;
    if (window === null) {
      this.#create(address);
      return;
    }
    if (address !== null) void this.#load(window, address);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  setTheme(theme: AppSettings['theme']): void {
    if (theme === this.#kept.theme) return;
    nativeTheme.themeSource = theme;
    this.#keep({ theme });
  }

  /** Part of the work that is done, from 0 to 1; null: there is none. */
  setProgress(progress: number | null): void {
    this.#window?.setProgressBar(progress ?? -1);
  }

  #create(address: string | null): void {
    const { outDir, log } = this.#options;
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const { bounds, isMaximized } = windowPlace(this.#kept.place, areas);
    const window = new BrowserWindow({
      ...bounds,
      minWidth: smallestWindow.width,
      minHeight: smallestWindow.height,
      show: false,
      title: 'Vi Sync',
      backgroundColor: background(),
      autoHideMenuBar: true,
      ...(process.platform === 'linux' ? { icon: path.join(outDir, 'icons', 'app.png') } : {}),
      webPreferences: {
        preload: path.join(outDir, 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
      },
    });
    this.#window = window;
    window.once('ready-to-show', () => {
      if (isMaximized) window.maximize();
      window.show();
    });
    for (const event of ['resized', 'moved', 'maximize', 'unmaximize'] as const) {
      // Each is an event of its own at Electron.
      window.on(event as 'resized', () => this.#keepPlace(window));
    }
    window.on('close', (event) => {
      this.#keepPlace(window);
      const what = this.#options.whenClosed();
      if (what === 'close') return;
      event.preventDefault();
      if (what === 'hide') window.hide();
      else window.minimize();
    });
    window.on('closed', () => {
      this.#window = null;
      this.#options.onPageGone();
    });
    window.on('unresponsive', () => log.warn('The window does not answer'));
    const { webContents } = window;
    // Another document is there, and has said nothing yet.
    webContents.on('did-navigate', () => this.#options.onPageGone());
    webContents.on('console-message', ({ level, message, sourceId, lineNumber }) => {
      if (level === 'error') log.error(`The page: ${message}`, { at: `${sourceId}:${lineNumber}` });
    });
    webContents.on('preload-error', (_event, _file, error) => log.error('The preload has failed', { error }));
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      log.error('The page’s process has ended', { reason, exitCode });
      this.#options.onPageGone();
      if (reason === 'clean-exit' || performance.now() - this.#loadedAt < shortLifeMs) return;
      void this.#load(window, null);
    });
    void this.#load(window, address);
  }

  async #load(window: BrowserWindow, address: string | null): Promise<void> {
    this.#loadedAt = performance.now();
    try {
      // Where only the hash is another one, the page stays and goes there by itself.
      await window.loadURL(`${pageAddress}${address ?? ''}`);
    } catch (error) {
      this.#options.log.error('The page could not be loaded', { error });
    }
  }

  #keepPlace(window: BrowserWindow): void {
    if (window.isDestroyed() || window.isMinimized()) return;
    this.#keep({ place: { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() } });
  }

  #read(): KeptWindow {
    try {
      return readKeptWindow(this.#options.folder);
    } catch (error) {
      this.#options.log.warn('The window’s place could not be read', { error });
      return { place: null, theme: 'system' };
    }
  }

  #keep(change: Partial<KeptWindow>): void {
    this.#kept = { ...this.#kept, ...change };
    try {
      keepWindow(this.#options.folder, this.#kept);
    } catch (error) {
      this.#options.log.warn('The window’s place could not be kept', { error });
    }
  }
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? canvas.dark : canvas.light;
}
