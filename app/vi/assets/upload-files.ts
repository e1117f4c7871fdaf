import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { opendir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isSupportedExtension } from '../../image/formats.ts';
import { eachLimited } from '../each-limited.ts';
import {
  type ViError,
  ViInvalidFileFormatError,
  ViInvalidParameterError,
  ViOperationError,
} from '../errors.ts';
import { fileError } from '../file-error.ts';
import { FoundFiles } from './found-files.ts';

/** Files whose size is asked for at once. */
const statsAtOnce = 16;
/** Files whose size is known before the next ones are asked for: so many answers are held. */
const statsInARow = 512;
const mostCollisionsNamed = 100;

/**
 * Finds the files of an upload. A path that is named itself must exist and be of a supported extension; in folders, hidden
 * entries are ignored, unsupported files are skipped, links to files are followed and links to folders are not. What can't be
 * read below a folder is in `unreadable`, and keeps nothing else from being found.
 *
 * @throws ViInvalidParameterError without a path, and when two files have the same base name;
 * ViInvalidFileFormatError; ViOperationError and ViPermissionError when a path that is named can't be read.
 */
export async function findUploadFiles(
  paths: string | readonly string[],
  signal?: AbortSignal | undefined,
): Promise<FoundFiles> {
  const named = typeof paths === 'string' ? [paths] : paths;
  if (named.length === 0 || named.some((path) => typeof path !== 'string' || path === '')) {
    throw new ViInvalidParameterError('There is no path to upload.', { details: { parameter: 'paths' } });
  }
  const search = new Search(signal);
  for (const path of named) await search.add(resolve(path));
  search.refuseCollisions();
  return search.found;
}

interface Collision {
  readonly filename: string;
  readonly paths: readonly [string, string];
}

class Search {
  readonly found = new FoundFiles();
  readonly #signal: AbortSignal | undefined;
  /** Files of a name that is taken; of many, the first ones. */
  readonly #collisions: Collision[] = [];
  #collisionCount = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  async add(path: string): Promise<void> {
    this.#signal?.throwIfAborted();
    const stats = await statNamed(path);
    if (stats.isDirectory()) {
      await this.#folder(path, await readNamed(path));
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
    this.#take(dirname(path), basename(path), stats.size);
  }

  refuseCollisions(): void {
    const [first] = this.#collisions;
    if (first === undefined) return;
    const total = this.#collisionCount;
    const others = total === 1 ? '' : ` (and ${total - 1} more such pairs)`;
    throw new ViInvalidParameterError(
      `Two files are called "${first.filename}": ${first.paths.join(' and ')}${others}. Nothing was uploaded.`,
      {
        code: 'DuplicateFilename',
        suggestion:
          'Rename one of them: a dataset has one asset of each filename, and the second would overwrite the first.',
        details: { collisions: this.#collisions, total },
      },
    );
  }

  async #folder(folder: string, { names, kinds, invalid }: Entries): Promise<void> {
    for (const name of invalid) this.#fail(folder, name, invalidName(join(folder, name)));
    let files: string[] = [];
    for (const name of names) {
      const kind = kinds.get(name);
      if (kind === 'folder') {
        await this.#files(folder, files, kinds);
        files = [];
        await this.#subfolder(folder, name);
      } else if (kind === 'other') this.found.skip(join(folder, name), 'not-a-file');
      // Where a link leads decides what it is, whatever it is called.
      else if (kind === 'link' || isSupportedExtension(name)) files.push(name);
      else this.found.skip(join(folder, name), 'unsupported-extension');
      if (files.length >= statsInARow) {
        await this.#files(folder, files, kinds);
        files = [];
      }
    }
    await this.#files(folder, files, kinds);
  }

  async #subfolder(parent: string, name: string): Promise<void> {
    this.#signal?.throwIfAborted();
    const folder = join(parent, name);
    let entries: Entries;
    try {
      entries = await readEntries(folder);
    } catch (error) {
      this.#fail(parent, name, fileError(error, folder, 'read'));
      return;
    }
    await this.#folder(folder, entries);
  }

  /** Takes files and links in the order given. */
  async #files(folder: string, names: readonly string[], kinds: Entries['kinds']): Promise<void> {
    const seen: (Stats | Error)[] = [];
    await eachLimited(names.entries(), statsAtOnce, async ([at, name]) => {
      this.#signal?.throwIfAborted();
      seen[at] = await stat(join(folder, name)).catch((error: Error) => error);
    });
    for (const [at, name] of names.entries()) {
      const stats = seen[at];
      if (stats === undefined) continue;
      const path = join(folder, name);
      if (stats instanceof Error) {
        if (isSupportedExtension(name))
          this.#fail(folder, name, goneError(stats, path, kinds.get(name) === 'link'));
        else this.found.skip(path, 'unsupported-extension');
      } else if (!stats.isFile()) this.found.skip(path, 'not-a-file');
      else if (isSupportedExtension(name)) this.#take(folder, name, stats.size);
      else this.found.skip(path, 'unsupported-extension');
    }
  }

  /** A path that is reached twice is one file. */
  #take(folder: string, filename: string, size: number): void {
    const other = this.found.add(folder, filename, size);
    const path = join(folder, filename);
    if (other === undefined || other.path === path) return;
    this.#collisionCount++;
    if (this.#collisions.length < mostCollisionsNamed)
      this.#collisions.push({ filename, paths: [other.path, path] });
  }

  #fail(folder: string, filename: string, error: ViError): void {
    this.found.unreadable.push({ path: join(folder, filename), filename, error });
  }
}

/** What is in a folder, without what is hidden. */
interface Entries {
  /** Sorted, so that the same folder always gives the same order. */
  readonly names: readonly string[];
  /** Of those that are no plain files. */
  readonly kinds: ReadonlyMap<string, 'folder' | 'link' | 'other'>;
  /** Names of folders and images that no text can be made of, as far as it can. */
  readonly invalid: readonly string[];
}

/** Stands in a text for bytes that are no UTF-8; a valid name may have it too. */
const replacement = '\ufffd';

async function readEntries(folder: string): Promise<Entries> {
  const names: string[] = [];
  const kinds = new Map<string, 'folder' | 'link' | 'other'>();
  let isDoubtful = false;
  for await (const entry of await opendir(folder, { bufferSize: 256 })) {
    if (entry.name.startsWith('.')) continue;
    names.push(entry.name);
    isDoubtful ||= entry.name.includes(replacement);
    if (entry.isDirectory()) kinds.set(entry.name, 'folder');
    else if (entry.isSymbolicLink()) kinds.set(entry.name, 'link');
    else if (!entry.isFile()) kinds.set(entry.name, 'other');
  }
  names.sort();
  if (!isDoubtful) return { names, kinds, invalid: [] };
  const raw = await readdir(folder, { encoding: 'buffer' });
  const valid = new Set(raw.filter((name) => isUtf8(name)).map(String));
  const invalid = raw.filter((name) => !isUtf8(name)).map(String);
  return {
    names: names.filter((name, at) => valid.has(name) && name !== names[at - 1]),
    kinds,
    invalid: invalid.filter(
      (name) => !name.startsWith('.') && (kinds.get(name) === 'folder' || isSupportedExtension(name)),
    ),
  };
}

async function readNamed(folder: string): Promise<Entries> {
  try {
    return await readEntries(folder);
  } catch (error) {
    throw fileError(error, folder, 'read');
  }
}

async function statNamed(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

function invalidName(path: string): ViOperationError {
  return new ViOperationError(`Cannot read ${path}: its name is not valid, it has bytes that are no UTF-8.`, {
    code: 'NameInvalid',
    suggestion: 'Rename it.',
    details: { path },
  });
}

/** Why an entry of a folder can't be looked at. */
function goneError(error: Error, path: string, isLink: boolean): ViError {
  const code = 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ELOOP') return fileError(error, path, 'read');
  const details = { path, errno: code };
  if (!isLink) {
    return new ViOperationError(`Cannot read ${path}: it has gone since its folder was read.`, {
      code: 'FileNotFound',
      suggestion: 'Upload it when nothing moves it any more.',
      cause: error,
      details,
    });
  }
  const text =
    code === 'ELOOP' ? 'it is a link that leads to itself' : 'it is a link to a file that is not there';
  return new ViOperationError(`Cannot read ${path}: ${text}.`, {
    code: 'LinkBroken',
    suggestion: 'Repair the link, or remove it.',
    cause: error,
    details,
  });
}
