import path from 'node:path';
import envPaths from 'env-paths';

/** Where the app keeps its files on this machine. All are absolute; none is created by asking for it. */
export interface AppFolders {
  /** The manifest, the sandbox's data, and everything else that must survive. */
  readonly data: string;
  /** Settings a person may want to carry to another machine. Never a secret. */
  readonly config: string;
  /** What can be made again: deleting it costs time only. */
  readonly cache: string;
  /** Log files. */
  readonly log: string;
}

/**
 * The app's folders: those that the system has for each purpose, or, where the environment variable `VI_SYNC_DATA` is set,
 * that folder with `config`, `cache` and `logs` inside it (for a second installation, a portable one, or a test).
 */
export function appFolders(env: NodeJS.ProcessEnv = process.env): AppFolders {
  const override = env.VI_SYNC_DATA;
  if (override !== undefined && override !== '') {
    const data = path.resolve(override);
    return {
      data,
      config: path.join(data, 'config'),
      cache: path.join(data, 'cache'),
      log: path.join(data, 'logs'),
    };
  }
  // Without the suffix the folders carry the product's name alone, as those of a desktop app do.
  const { data, config, cache, log } = envPaths('vi-sync', { suffix: '' });
  return { data, config, cache, log };
}
