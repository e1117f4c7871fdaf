import { existsSync } from 'node:fs';
import path from 'node:path';
import type { AppUpdater } from 'electron-updater';
import type { AppSettings } from '../app/contract.ts';
import type { Log } from '../app/log.ts';

export interface UpdatesOptions {
  readonly log: Log;
  /** What finds, fetches, checks and places new versions; asked for once, when it is needed first. */
  readonly open: () => Promise<AppUpdater>;
  /** A new version is here, checked: a restart puts it in place. */
  readonly onReady: (version: string) => void;
  /** Has the app end, in order, and then the new version be put in place. */
  readonly leave: (install: () => void) => void;
  /** It could not be put in place, and the app has ended its work already. */
  readonly onInstallFailed: () => void;
  /** Milliseconds. Default: a minute after the start, so that the start is not slower for it. */
  readonly firstCheckMs?: number;
  /** Milliseconds. Default: four hours. */
  readonly everyMs?: number;
}

/** Whether this build knows where to look for new versions: electron-builder leaves a file in it that says so. */
export function hasUpdateFeed(resourcesPath: string | undefined): boolean {
  return resourcesPath !== undefined && existsSync(path.join(resourcesPath, 'app-update.yml'));
}

/** New versions of the app, as a person wants them: looked for now and then, fetched by themselves, put in place at the end of the app. */
export class Updates {
  readonly #options: UpdatesOptions;
  #wanted: AppSettings['updates'] = 'off';
  #updater: Promise<AppUpdater> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isInstalling = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  /** Does from now on what the setting says. */
  follow(wanted: AppSettings['updates']): void {
    if (wanted === this.#wanted || this.#isClosed) return;
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    // One that has been fetched already is put in place only if it is still wanted.
    if (this.#updater !== null) void this.#with((updater) => this.#tell(updater));
    if (wanted !== 'off') this.#checkIn(this.#options.firstCheckMs ?? 60_000);
  }

  /** Ends the app, and starts it as the version that was fetched. */
  install(): void {
    if (this.#isInstalling) return;
    this.#isInstalling = true;
    void this.#with(async (updater) => {
      this.#options.leave(() => updater.quitAndInstall(true, true));
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #checkIn(ms: number): void {
    this.#timer = setTimeout(() => {
      void this.#with(async (updater) => {
        const found = await updater.checkForUpdates();
        // What goes wrong with it has been told by an event; a promise that nobody waits for would be told once more.
        await found?.downloadPromise;
      }).finally(() => {
        if (this.#wanted !== 'off' && !this.#isClosed) this.#checkIn(this.#options.everyMs ?? 4 * 3_600_000);
      });
    }, ms);
  }

  async #with(use: (updater: AppUpdater) => void | Promise<void>): Promise<void> {
    try {
      this.#updater ??= this.#open();
      await use(await this.#updater);
    } catch (error) {
      this.#options.log.warn('New versions could not be looked for', { error });
    }
  }

  async #open(): Promise<AppUpdater> {
    const { log, open, onReady, onInstallFailed } = this.#options;
    const updater = await open();
    const words = (message: unknown): string => String(message ?? '');
    updater.logger = {
      info: (message) => log.info(words(message)),
      warn: (message) => log.warn(words(message)),
      error: (message) => log.error(words(message)),
    };
    updater.on('update-downloaded', ({ version }) => onReady(version));
    updater.on('error', (error) => {
      log.warn('A new version could not be taken', { error });
      if (this.#isInstalling) onInstallFailed();
    });
    this.#tell(updater);
    return updater;
  }

  #tell(updater: AppUpdater): void {
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = this.#wanted !== 'off';
    updater.allowPrerelease = this.#wanted === 'test';
    updater.allowDowngrade = false;
  }
}
