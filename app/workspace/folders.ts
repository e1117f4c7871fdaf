import type { Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CallResult, EngineApi, Problem } from '../contract.ts';
import { isSupportedExtension } from '../image/formats.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { WorkspaceError } from './workspace-error.ts';
import type { WorkspaceHandlers } from './workspace-parts.ts';

/** Shows a folder in the system's file manager; given by whoever can. */
export type ShowFolder = (folder: string) => Promise<void>;

/** Asks a person for a folder, beginning from one; given by whoever can. Null: none was chosen. */
export type ChooseFolder = (from: string | null) => Promise<string | null>;

export interface FoldersOptions {
  readonly engine: EngineApi;
  readonly showFolder: ShowFolder | null;
  /** Null or left out: there is no dialog. */
  readonly chooseFolder?: ChooseFolder | null;
  /** The person's own folder; the system's word when left out. */
  readonly home?: string | undefined;
}

type FolderCalls = WorkspaceHandlers<'folders' | 'makeFolder' | 'chooseFolder' | 'showInFolder'>;

/** Folders that are shown at once. */
const mostFolders = 500;

/** Calls about the folders of this computer. */
export function folderCalls({
  engine,
  showFolder,
  chooseFolder = null,
  home = os.homedir(),
}: FoldersOptions): FolderCalls {
  return {
    folders: ({ path: folder }) => listFolders(folder ?? home, home),
    makeFolder: async ({ parent, name }) => ({ path: await makeFolder(parent, name) }),
    async chooseFolder({ from }) {
      if (chooseFolder === null) throw new WorkspaceError(cannotChoose);
      return { path: await chooseFolder(from === null ? null : absolute(from)) };
    },
    async showInFolder({ mirrorId, path: file }) {
      if (showFolder === null) throw new WorkspaceError(cannotShow);
      const { mirrors } = await engine.call('status', {});
      const mirror = mirrors.find((each) => each.mirrorId === mirrorId);
      if (mirror === undefined) throw new WorkspaceError(unknownMirror);
      if (file === null) {
        await showFolder(await realFolder(mirror.folder));
        return {};
      }
      // Only what the mirror knows: a page must not have any folder of the disk opened by its words.
      const { file: known } = await engine.call('file', { mirrorId, path: file });
      if (known === null || known.local === null) throw new WorkspaceError(notHere(file));
      const root = await realFolder(mirror.folder);
      // The file itself is never opened: nobody knows which program would do that.
      const folder = await realFolder(path.dirname(path.join(root, ...file.split('/'))));
      if (!isInside(root, folder)) throw new WorkspaceError(notHere(file));
      await showFolder(folder);
      return {};
    },
  };
}

async function listFolders(given: string, home: string): Promise<CallResult<'folders'>> {
  const folder = absolute(given);
  let entries: Dirent[];
  try {
    entries = await fs.readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw inWords(error, folder, 'can’t be looked into');
  }
  const visible = entries.filter(({ name }) => !name.startsWith('.'));
  const files = visible.filter((entry) => entry.isFile());
  const folders: { name: string; path: string }[] = [];
  for (const entry of visible) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(place))))
      folders.push({ name: entry.name, path: place });
  }
  folders.sort((a, b) => byName.compare(a.name, b.name));
  const parent = path.dirname(folder);
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    folders: folders.slice(0, mostFolders),
    files: files.length,
    images: files.filter(({ name }) => isSupportedExtension(name)).length,
    isCut: folders.length > mostFolders,
    places: await places(home),
  };
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Places to begin from, as far as they are there. */
async function places(home: string): Promise<CallResult<'folders'>['places']> {
  const own = ['Pictures', 'Documents', 'Desktop', 'Downloads'].map((name) => path.join(home, name));
  const disks = (await Promise.all(mountParents(home).map(namesIn))).flat();
  const roots = process.platform === 'win32' ? drives() : ['/'];
  const found: { name: string; path: string }[] = [];
  for (const place of [home, ...own, ...disks, ...roots]) {
    if (await leadsToFolder(place)) found.push({ name: path.basename(place) || place, path: place });
  }
  return found;
}

/** Folders in which the system mounts the disks that a person plugs in. */
function mountParents(home: string): string[] {
  if (process.platform === 'darwin') return ['/Volumes'];
  if (process.platform === 'win32') return [];
  const user = path.basename(home);
  return [`/media/${user}`, `/run/media/${user}`, '/mnt'];
}

function drives(): string[] {
  return Array.from({ length: 24 }, (_, index) => `${String.fromCharCode(67 + index)}:\\`);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder)).map((name) => path.join(folder, name));
  } catch (error) {
    if (systemCode(error) === null) throw error;
    // Not on this system, or nobody's business.
    return [];
  }
}

async function makeFolder(parent: string, name: string): Promise<string> {
  if (!isFolderName(name)) throw new WorkspaceError(badName(name));
  const place = path.join(absolute(parent), name);
  try {
    await fs.mkdir(place);
    return place;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw new WorkspaceError(taken(place), { cause: error });
    throw inWords(error, place, 'can’t be made');
  }
}

/** One name, and no path: nothing that leads elsewhere, and nothing that Windows takes for something else. */
function isFolderName(name: string): boolean {
  return (
    !/[/\\\p{Cc}]/u.test(name) &&
    !/^\.{1,2}$/.test(name) &&
    name.trim() === name &&
    !name.endsWith('.') &&
    (process.platform !== 'win32' || !/[<>:"|?*]/.test(name))
  );
}

async function leadsToFolder(place: string): Promise<boolean> {
  try {
    return (await fs.stat(place)).isDirectory();
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return false;
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await fs.realpath(folder);
  } catch (error) {
    throw inWords(error, folder, 'can’t be found');
  }
}

/** Whether a real path is a folder's, or lies in it. */
export function isInside(root: string, place: string): boolean {
  const way = path.relative(root, place);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function absolute(folder: string): string {
  if (path.isAbsolute(folder) && !folder.includes('\0')) return path.resolve(folder);
  throw new WorkspaceError({
    code: 'folder-not-absolute',
    facts: { folder },
    title: 'Not a whole path',
    detail: `“${folder}” does not say where it begins.`,
    suggestion: 'Give the whole path of the folder, or choose it from the list.',
  });
}

function inWords(error: unknown, folder: string, what: string): unknown {
  const code = systemCode(error);
  if (code === null) return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such folder',
    ENOTDIR: 'it is no folder',
    EACCES: 'you may not do that there',
    EPERM: 'you may not do that there',
    EROFS: 'its disk is read-only',
    ENOSPC: 'its disk is full',
    ENAMETOOLONG: 'its name is too long',
  };
  return new WorkspaceError(
    {
      code: 'folder-unusable',
      facts: { case: code, folder, code },
      title: 'The folder can’t be used',
      detail: `“${folder}” ${what}: ${reasons[code] ?? 'the system refuses it'} (${code}).`,
      suggestion: 'Choose another folder, or check its permissions and its disk.',
    },
    { cause: error },
  );
}

function badName(name: string): Problem {
  return {
    code: 'folder-name',
    facts: { name },
    title: 'Not a name for a folder',
    detail: `“${name}” can’t be the name of a folder.`,
    suggestion: 'Give one name without slashes, and without a space or a dot at its end.',
  };
}

function taken(place: string): Problem {
  return {
    code: 'folder-taken',
    facts: { place },
    title: 'There is something of this name',
    detail: `“${place}” is there already.`,
    suggestion: 'Choose it from the list, or give another name.',
  };
}

function notHere(file: string): Problem {
  return {
    code: 'file-not-here',
    facts: { file },
    title: 'Not in the folder',
    detail: `“${file}” is not in the folder of this mirror.`,
    suggestion: 'Reload the list of files.',
  };
}

const unknownMirror: Problem = {
  code: 'unknown-mirror',
  title: 'No such mirror',
  detail: 'There is no such mirror any more.',
  suggestion: 'Reload the list of mirrors.',
};

const cannotChoose: Problem = {
  code: 'cannot-choose',
  title: 'Not possible from here',
  detail: 'Vi Sync can’t show the system’s dialog for folders here.',
  suggestion: 'Choose the folder from the list, or give its path.',
};

const cannotShow: Problem = {
  code: 'cannot-show',
  title: 'Not possible from here',
  detail: 'Vi Sync can’t open a window of the file manager here.',
  suggestion: 'Copy the path, and open it yourself.',
};
