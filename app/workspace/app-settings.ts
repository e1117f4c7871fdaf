import type { AppSettings, AppSettingsChange, Problem } from '../contract.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { changed, readAppSettings, writeAppSettings } from './app-settings-file.ts';
import { checkProxy, readAuthorities } from './network-settings.ts';
import { WorkspaceError } from './workspace-error.ts';

export interface AppSettingsOptions {
  /** Folder of the settings: that of the manifest. */
  readonly dataDir: string;
  readonly startsAtLogin: boolean;
  readonly onChange: (settings: AppSettings) => void;
}

/** How the app looks and behaves on this computer; kept in a file beside the manifest. */
export class AppSettingsKeeper {
  readonly #options: AppSettingsOptions;
  readonly problem: Problem | null;
  #settings: AppSettings;
  /** One change after the other: none is lost to another that was written at the same time. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(options: AppSettingsOptions, settings: AppSettings, problem: Problem | null) {
    this.#options = options;
    this.#settings = settings;
    this.problem = problem;
  }

  /** @throws WorkspaceError when the file can't be read */
  static async open(options: AppSettingsOptions): Promise<AppSettingsKeeper> {
    try {
      const { settings, problem } = await readAppSettings(options.dataDir, Date.now());
      return new AppSettingsKeeper(options, settings, problem);
    } catch (error) {
      throw inWords(error, options.dataDir, 'read');
    }
  }

  get settings(): AppSettings {
    return this.#settings;
  }

  /** @throws WorkspaceError when a setting can't be used, or nothing can be written; then all is as it was */
  change(change: AppSettingsChange): Promise<AppSettings> {
    const next = this.#writing.then(() => this.#change(change));
    this.#writing = next.catch(() => undefined);
    return next;
  }

  async #change(change: AppSettingsChange): Promise<AppSettings> {
    const { dataDir, onChange } = this.#options;
    const settings = changed(this.#settings, await this.#checked(change));
    try {
      await writeAppSettings(dataDir, settings);
    } catch (error) {
      throw inWords(error, dataDir, 'written');
    }
    this.#settings = settings;
    onChange(settings);
    return settings;
  }

  async #checked(change: AppSettingsChange): Promise<AppSettingsChange> {
    if (change.startAtLogin === true && !this.#options.startsAtLogin) throw new WorkspaceError(noLogin);
    if (typeof change.extraCaFile === 'string') await readAuthorities(change.extraCaFile);
    return typeof change.proxy === 'string' ? { ...change, proxy: checkProxy(change.proxy) } : change;
  }
}

const noLogin: Problem = {
  code: 'no-start-at-login',
  title: 'Only in the installed app',
  detail: 'Vi Sync can be started at login only when it is installed as an app.',
  suggestion: 'Install the app, or add “vi-sync watch” to what your system starts.',
};

function inWords(error: unknown, dataDir: string, done: 'read' | 'written'): unknown {
  const code = systemCode(error);
  if (code === null) return error;
  return new WorkspaceError(
    {
      code: 'app-settings-unusable',
      facts: { case: done, folder: dataDir, code },
      title: `The settings could not be ${done}`,
      detail: `The file of settings in “${dataDir}” could not be ${done} (${code}). Nothing has been changed.`,
      suggestion: 'Check the permissions of the folder, and that its disk is not full.',
    },
    { cause: error },
  );
}
