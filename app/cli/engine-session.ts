import { existsSync } from 'node:fs';
import path from 'node:path';
import { appFolders } from '../app-folders.ts';
import type { OpenedEngine } from '../host/open-engine.ts';
import type { CommandContext } from './command.ts';
import { CommandFailure } from './failure.ts';

/** How every command over the engine can be told which one. */
export const DATA_OPTION = [
  '--data <folder>',
  "folder of the mirrors' manifest (default: VI_SYNC_DATA, or the app's data folder)",
] as const;

export interface EngineOptions {
  readonly data?: string | undefined;
}

export interface SessionOptions {
  /** The folder named by `--data` may be made. Default: it must have a manifest, so that a mistyped path is told. */
  readonly makesData?: boolean;
  /** Only an engine in this process will do. Default: one that runs elsewhere is as good. */
  readonly ownOnly?: boolean;
}

/**
 * Runs something with the engine, wherever it runs, and closes it afterwards.
 *
 * @throws CommandFailure when `--data` names a folder without a manifest; ManifestError
 */
export async function withEngine<T>(
  context: CommandContext,
  { data }: EngineOptions,
  use: (engine: OpenedEngine) => Promise<T>,
  { makesData = false, ownOnly = false }: SessionOptions = {},
): Promise<T> {
  const { signal, log } = context;
  const dataDir = data === undefined ? appFolders().data : path.resolve(data);
  if (data !== undefined && !makesData && !existsSync(path.join(dataDir, 'manifest.db'))) {
    throw new CommandFailure({
      code: 'no-manifest',
      title: 'There are no mirrors in that folder.',
      detail: `${dataDir} has no manifest of Vi Sync.`,
      suggestion: 'Check the path after --data. vi-sync mirror add makes a new one.',
    });
  }
  const { openEngine } = await import('../host/open-engine.ts');
  const engine = await openEngine({ dataDir, log, signal, ownOnly });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}
