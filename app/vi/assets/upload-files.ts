import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isSupportedExtension } from '../../image/formats.ts';
import { eachLimited } from '../each-limited.ts';
import { ViInvalidFileFormatError, ViInvalidParameterError } from '../errors.ts';
import { fileError } from '../file-error.ts';
import type { SkippedFile } from './upload-result.ts';

/** A file that is to be uploaded. */
export interface UploadFile {
  /** Absolute. */
  readonly path: string;
  /** Base name: the filename of the asset. */
  readonly filename: string;
  /** Bytes when it was found. */
  readonly size: number;
}

export interface FoundFiles {
  /** In the order of the paths given; the files of a folder sorted by name, folder after folder. */
  readonly files: readonly UploadFile[];
  readonly skipped: readonly SkippedFile[];
}

/** Files whose size is asked for at once. */
const statsAtOnce = 16;
const mostCollisionsNamed = 100;

/**
 * Finds the files of an upload. A path that is named itself must exist and be of a supported extension; in folders, hidden
 * entries are ignored, unsupported files are skipped, links to files are followed and links to folders are not.
 *
 * @throws ViInvalidParameterError without a path, and when two files have the same base name;
 * ViInvalidFileFormatError; ViOperationError and ViPermissionError when something can't be read.
 */
export async function findUploadFiles(
  paths: string | readonly string[],
  signal?: AbortSignal | undefined,
): Promise<FoundFiles> {
  const named = typeof paths === 'string' ? [paths] : paths;
  if (named.length === 0 || named.some((path) => typeof path !== 'string' || path === '')) {
    throw new ViInvalidParameterError('There is no path to upload.', { details: { parameter: 'paths' } });
  }
  const found = new Search(signal);
  for (const path of named) await found.add(resolve(path));
  const files = await found.finish();
  refuseCollisions(files);
  return { files, skipped: found.skipped };
}

class Search {
  readonly skipped: SkippedFile[] = [];
  readonly #signal: AbortSignal | undefined;
  /** Path → size, when it is known already; a path that is reached twice is one file. */
  readonly #found = new Map<string, number | undefined>();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  async add(path: string): Promise<void> {
    const stats = await statOf(path);
    if (stats.isDirectory()) {
      await this.#folder(path);
      return;
    }
    if (!stats.isFile()) {
      throw new ViInvalidParameterError(`${path} is neither a file nor a folder.`, { details: { path } });
    }
    if (!isSupportedExtension(path)) {
      throw new ViInvalidFileFormatError(`${path} does not have the extension of a supported image format.`, {
        details: { path },
      });
    }
    this.#found.set(path, stats.size);
  }

  /** The files with their sizes. A link to something else than a file turns out here, and is skipped. */
  async finish(): Promise<UploadFile[]> {
    const sizes = new Map<string, number>();
    await eachLimited(this.#found, statsAtOnce, async ([path, size]) => {
      this.#signal?.throwIfAborted();
      if (size !== undefined) {
        sizes.set(path, size);
        return;
      }
      const stats = await statOf(path);
      if (stats.isFile()) sizes.set(path, stats.size);
      else this.skipped.push({ path, reason: 'not-a-file' });
    });
    const files: UploadFile[] = [];
    for (const path of this.#found.keys()) {
      const size = sizes.get(path);
      if (size !== undefined) files.push({ path, filename: basename(path), size });
    }
    return files;
  }

  async #folder(folder: string): Promise<void> {
    this.#signal?.throwIfAborted();
    for (const entry of await entriesOf(folder)) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await this.#folder(path);
      else if (!isSupportedExtension(entry.name))
        this.skipped.push({ path, reason: 'unsupported-extension' });
      else if (!entry.isFile() && !entry.isSymbolicLink()) this.skipped.push({ path, reason: 'not-a-file' });
      else if (!this.#found.has(path)) this.#found.set(path, undefined);
    }
  }
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

/** Sorted, so that the same folder always gives the same order. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    throw fileError(error, folder, 'read');
  }
}

function refuseCollisions(files: readonly UploadFile[]): void {
  const byName = new Map<string, string>();
  const collisions: { filename: string; paths: readonly [string, string] }[] = [];
  for (const { filename, path } of files) {
    const first = byName.get(filename);
    if (first === undefined) byName.set(filename, path);
    else collisions.push({ filename, paths: [first, path] });
  }
  const [first] = collisions;
  if (first === undefined) return;
  const others = collisions.length === 1 ? '' : ` (and ${collisions.length - 1} more such pairs)`;
  throw new ViInvalidParameterError(
    `Two files are called "${first.filename}": ${first.paths.join(' and ')}${others}. Nothing was uploaded.`,
    {
      code: 'DuplicateFilename',
      suggestion:
        'Rename one of them: a dataset has one asset of each filename, and the second would overwrite the first.',
      details: { collisions: collisions.slice(0, mostCollisionsNamed), total: collisions.length },
    },
  );
}
