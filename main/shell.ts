import path from 'node:path';
import { app, dialog, Menu, nativeImage, session, shell } from 'electron';
import type { AppSettings, Problem } from '../app/contract.ts';
import { addressOfLink } from '../app/desktop/deep-link.ts';
import { externalLink } from '../app/desktop/external-links.ts';
import { appMenu, type MenuFacts, type ShellAction } from '../app/desktop/menus.ts';
import type { EngineStart } from '../app/desktop/messages.ts';
import { mirrorNotice, type NoticeFacts, pullNotice } from '../app/desktop/notices.ts';
import { shellState } from '../app/desktop/shell-state.ts';
import { spokenWords } from '../app/desktop/speech.ts';
import type { StartArguments } from '../app/desktop/start-arguments.ts';
import { proxyOfPac } from '../app/desktop/system-proxy.ts';
import { hasTray } from '../app/desktop/tray-presence.ts';
import { type ShellWords, type SpokenWords, shellWords } from '../app/desktop/words.ts';
import type { Log } from '../app/log.ts';
import { DEFAULT_ENDPOINT } from '../app/vi/default-endpoint.ts';
import { EngineHost } from './engine-host.ts';
import { EngineLink } from './engine-link.ts';
import { guardContents, guardSession } from './guard.ts';
import { setStartAtLogin } from './login-item.ts';
import { buildMenu } from './menus.ts';
import { Notifications } from './notifications.ts';
import { PageIpc } from './page-ipc.ts';
import { servePage } from './page-scheme.ts';
import { Power } from './power.ts';
import { TrayIcon } from './tray.ts';
import { Updates } from './updates.ts';
import { MainWindow } from './window.ts';

export interface ShellOptions {
  /** Folder of the built main process. */
  readonly outDir: string;
  readonly log: Log;
  /** What the engine is to run, but for the system's proxy. */
  readonly engine: Omit<EngineStart, 'systemProxy'>;
  /** Where the shell keeps its own things. */
  readonly folder: string;
  /** Has the app end, in order, and then a new version be put in place. */
  readonly leaveFor: (install: () => void) => void;
}

/** The desktop app around the engine's process and its page: window, tray, menus, notifications, power. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #log: Log;
  readonly #host: EngineHost;
  readonly #link: EngineLink;
  readonly #window: MainWindow;
  readonly #ipc: PageIpc;
  readonly #notifications: Notifications;
  readonly #power: Power;
  #tray: TrayIcon | null = null;
  #words: ShellWords = shellWords(null, app.getPreferredSystemLanguages());
  #settings: AppSettings | null = null;
  #toldProblem: string | null = null;
  readonly #updates: Updates | null;
  /** The new version that a restart puts in place. */
  #update: string | null = null;
  #isQuitting = false;

  /** Once Electron is ready. */
  constructor(options: ShellOptions) {
    const { outDir, log, folder } = options;
    this.#options = options;
    this.#log = log;
    const browse = (url: string): void => void this.#browse(url);
    guardContents({ log, browse });
    guardSession(session.defaultSession, log);
    this.#host = new EngineHost({
      entry: path.join(outDir, '../app/desktop/engine-process.js'),
      keychainEntry: path.join(outDir, '../app/desktop/keychain-process.js'),
      log: log.scope('engine'),
      start: async () => ({ ...options.engine, systemProxy: await this.#systemProxy() }),
      onReady: () => void this.#engineReady(),
      onDown: () => {
        this.#link.disconnect();
        this.#refresh();
      },
      onFailed: (problem) => void this.#engineFailed(problem),
      onAsk: (what, place) => (what === 'show' ? this.#showFolder(place) : this.#chooseFolder(place)),
    });
    this.#window = new MainWindow({
      outDir,
      folder,
      log: log.scope('window'),
      whenClosed: () => (this.#isQuitting ? 'close' : this.#tray === null && !isMac ? 'minimize' : 'hide'),
      onPageGone: () => this.#ipc.pageGone(),
    });
    this.#ipc = new PageIpc({ host: this.#host, log: log.scope('ipc'), page: () => this.#window.contents });
    this.#notifications = new Notifications({
      show: (address) => this.#window.show(address),
      isLookedAt: () => this.#window.isLookedAt,
    });
    this.#power = new Power({
      folder,
      log: log.scope('power'),
      app: () => this.#link.app,
      onShutdown: () => app.quit(),
    });
    this.#link = new EngineLink(this.#host, {
      log: log.scope('watch'),
      onChange: ({ settings }) => {
        this.#followSettings(settings);
        this.#refresh();
      },
      onMirror: (before, after) => this.#tell((facts) => mirrorNotice(before, after, facts)),
      onPull: (before, after) => this.#tell((facts) => pullNotice(before, after, facts)),
    });
    this.#updates = options.engine.hasUpdates ? this.#openUpdates() : null;
    servePage({ rendererDir: path.join(outDir, '../renderer'), host: this.#host, log: log.scope('page') });
    this.#setAppMenu();
  }

  /** Starts the engine, and shows what was asked for. */
  async begin(first: StartArguments): Promise<void> {
    this.#host.begin();
    // The window does not wait for the tray, nor for the engine.
    if (!first.isHidden) this.showFor(first);
    if (await hasTray(process.platform, process.env)) {
      const { outDir, log } = this.#options;
      this.#tray = TrayIcon.open({ outDir, log, act: (action) => this.#act(action) });
    }
    this.#refresh();
    // Hidden without a tray, nobody could get at it.
    if (first.isHidden && this.#tray === null && !isMac) this.showFor({ ...first, isHidden: false });
  }

  /** The app was started once more, or a link was opened: shows what was asked for. */
  showFor({ link }: StartArguments): void {
    const address = link === null ? null : addressOfLink(link);
    if (link !== null && address === null) this.#log.warn('A link leads nowhere', { link });
    this.#window.show(address);
  }

  /** Ends everything: transfers are stopped within 5 s, and go on at the next start. */
  async close(): Promise<void> {
    this.#isQuitting = true;
    this.#notifications.close();
    this.#power.close();
    this.#updates?.close();
    this.#link.disconnect();
    await this.#host.stop();
    this.#tray?.close();
    this.#tray = null;
  }

  #act(action: ShellAction): void {
    switch (action.type) {
      case 'show':
        this.#window.show(action.address);
        return;
      case 'pause':
      case 'resume':
        void this.#ask(async (engine) => {
          await engine.call(action.type === 'pause' ? 'pause' : 'resume', { mirrorId: null });
        });
        return;
      case 'sync':
        void this.#ask(async (engine) => {
          const { mirrors } = await engine.call('status', {});
          await Promise.all(mirrors.map(({ mirrorId }) => engine.call('syncNow', { mirrorId })));
        });
        return;
      case 'browse':
        void this.#browse(action.url);
        return;
      case 'update':
        this.#updates?.install();
        return;
      case 'quit':
        app.quit();
    }
  }

  #openUpdates(): Updates {
    return new Updates({
      log: this.#log.scope('updates'),
      open: async () => (await import('electron-updater')).default.autoUpdater,
      onReady: (version) => {
        this.#update = version;
        this.#setAppMenu();
        this.#refresh();
      },
      leave: this.#options.leaveFor,
      onInstallFailed: () => {
        app.relaunch();
        app.exit(0);
      },
    });
  }

  /** Something that a person has asked for outside of the window. */
  async #ask(work: (engine: NonNullable<EngineLink['app']>) => Promise<void>): Promise<void> {
    const engine = this.#link.app;
    if (engine === null) return;
    try {
      await work(engine);
    } catch (error) {
      this.#log.warn('What was asked for in the tray could not be done', { error });
    }
  }

  async #engineReady(): Promise<void> {
    this.#toldProblem = null;
    await this.#link.connect();
    this.#power.engineReady();
    this.#refresh();
  }

  /** Told once for each reason: the engine is started again and again meanwhile. */
  async #engineFailed(problem: Problem): Promise<void> {
    const { code, title, detail, suggestion } = this.#spoken.problem(problem);
    if (this.#toldProblem === code || this.#isQuitting) return;
    this.#toldProblem = code;
    const { response } = await dialog.showMessageBox({
      type: 'error',
      title: this.#words.engineTrouble,
      message: title,
      detail: `${detail}\n\n${suggestion}`,
      buttons: [this.#words.tryAgain, this.#words.quit],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 1) return app.quit();
    this.#toldProblem = null;
    return this.#host.beginAnew();
  }

  #followSettings(settings: AppSettings): void {
    const before = this.#settings;
    if (before === settings) return;
    this.#settings = settings;
    this.#window.setTheme(settings.theme);
    this.#power.follow(settings);
    this.#updates?.follow(settings.updates);
    if (before?.startAtLogin !== settings.startAtLogin)
      void setStartAtLogin(settings.startAtLogin, this.#log);
    if (before?.language !== settings.language) {
      this.#words = shellWords(settings.language, app.getPreferredSystemLanguages());
      this.#setAppMenu();
    }
  }

  /** Problems and activities in the language of all other words. */
  get #spoken(): SpokenWords {
    return spokenWords(this.#words.language, formatCount);
  }

  /** Tray, badge and progress as things are now. */
  #refresh(): void {
    const watched = this.#link.watched;
    const state = shellState(watched?.mirrors ?? null);
    const facts: MenuFacts = {
      state,
      mirrors: watched?.mirrors ?? [],
      recent: watched?.recent ?? [],
      words: this.#words,
      spoken: this.#spoken,
      formatCount,
      update: this.#update,
    };
    this.#tray?.update(facts);
    this.#window.setProgress(state.progress);
    this.#power.setMoving(state.progress !== null);
    const waiting = state.held + state.troubled;
    if (process.platform === 'win32') this.#setOverlay(waiting);
    else app.setBadgeCount(waiting);
  }

  #setOverlay(waiting: number): void {
    const file = path.join(this.#options.outDir, 'icons', 'overlay-attention.png');
    const image = waiting > 0 ? nativeImage.createFromPath(file) : null;
    this.#window.window?.setOverlayIcon(
      image,
      waiting > 0 ? this.#words.waiting(waiting, formatCount(waiting)) : '',
    );
  }

  #tell(find: (facts: NoticeFacts) => ReturnType<typeof mirrorNotice>): void {
    const wanted = this.#settings?.notifications;
    if (wanted === undefined) return;
    const facts = { wanted, words: this.#words, spoken: this.#spoken, formatCount };
    this.#notifications.tell(find(facts));
  }

  #setAppMenu(): void {
    const lines = appMenu({ words: this.#words, update: this.#update }, process.platform);
    Menu.setApplicationMenu(buildMenu(lines, (action) => this.#act(action)));
  }

  async #browse(given: string): Promise<void> {
    const url = externalLink(given);
    if (url === null) return this.#log.warn('An address is none that may be opened', { url: given });
    try {
      await shell.openExternal(url);
    } catch (error) {
      this.#log.warn('The browser could not be opened', { url, error });
    }
  }

  /** A folder in the file manager, and nothing else: the engine has looked that it is one. */
  async #showFolder(folder: string | null): Promise<null> {
    if (folder === null) return null;
    // On macOS a folder with an ending can be a program, which would be run.
    if (path.extname(folder) !== '') {
      shell.showItemInFolder(folder);
      return null;
    }
    const failure = await shell.openPath(folder);
    if (failure !== '') throw new Error(failure);
    return null;
  }

  async #chooseFolder(from: string | null): Promise<string | null> {
    const options: Electron.OpenDialogOptions = {
      title: this.#words.chooseFolder,
      properties: ['openDirectory', 'createDirectory'],
      ...(from === null ? {} : { defaultPath: from }),
    };
    const parent = this.#window.window;
    const { canceled, filePaths } = await (parent === null
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(parent, options));
    return canceled ? null : (filePaths[0] ?? null);
  }

  async #systemProxy(): Promise<string | null> {
    try {
      return proxyOfPac(await session.defaultSession.resolveProxy(DEFAULT_ENDPOINT));
    } catch (error) {
      this.#log.warn('The system’s proxy could not be found out', { error });
      return null;
    }
  }
}

const isMac = process.platform === 'darwin';
const numbers = new Intl.NumberFormat();
const formatCount = (n: number): string => numbers.format(n);
