import path from 'node:path';

/** The files of a manifest in its data folder. Beside each database lie its `-wal` and `-shm` while it is open, and after a kill. */
export interface ManifestFiles {
  readonly folder: string;
  readonly database: string;
  /** What could not be observed anew: see `kept-copy.ts`. */
  readonly kept: string;
  /** A manifest that is being rebuilt; worth nothing until it is finished. */
  readonly rebuilding: string;
  /** Says that damage was met while the engine ran. */
  readonly mark: string;
}

export function manifestFiles(dataDir: string): ManifestFiles {
  return {
    folder: dataDir,
    database: path.join(dataDir, 'manifest.db'),
    kept: path.join(dataDir, 'manifest.kept.db'),
    rebuilding: path.join(dataDir, 'manifest.rebuilding.db'),
    mark: path.join(dataDir, 'manifest.damage.json'),
  };
}

/** What stands behind the name of a database in the names of its files. */
export const databaseSuffixes = ['', '-wal', '-shm'] as const;
