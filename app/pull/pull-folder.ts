import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Disk, Environment } from '../engine/environment.ts';
import type { RemoteVersion } from '../manifest/observations.ts';
import { folderOf } from '../manifest/path-key.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { ownFolder } from '../observe/root-guard.ts';
import { versionText } from '../plan/content.ts';
import { SafeFiles } from '../transfer/safe-files.ts';
import { fileError } from '../vi/file-error.ts';
import { type NameRules, probeNameRules } from '../vi/index.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { FolderTree } from './folder-tree.ts';
import { lockText, type PullLock } from './lock.ts';
import { lockName } from './place-rules.ts';
import { PullError } from './pull-error.ts';
import { PullTrash } from './pull-trash.ts';

/** In `.vi-sync`: what a pull is at. A mirror of the same folder has other names for its own. */
const workName = 'pull';
/** Locked while a pull works: see `lockFolder`. */
const inUseName = 'in-use';
const journalName = 'journal.jsonl';

/** What a pull needs of the world, beside its client. */
export type PullEnvironment = Pick<Environment, 'disk' | 'clock' | 'random'>;

/** A folder that is pulled into, for one pull alone. */
export class PullFolder implements Disposable {
  /** Absolute, without links in it. */
  readonly root: string;
  /** What its disk makes of names. */
  readonly names: NameRules;
  readonly tree: FolderTree;
  readonly files: SafeFiles;
  readonly trash: PullTrash;
  readonly #work: string;
  readonly #lock: FolderLock;
  readonly #disk: Disk;
  readonly #unsynced = new Set<string>();

  private constructor(
    root: string,
    environment: PullEnvironment,
    parts: { work: string; lock: FolderLock; names: NameRules; trash: PullTrash },
  ) {
    this.root = root;
    this.names = parts.names;
    this.trash = parts.trash;
    this.tree = new FolderTree(root, environment.disk);
    this.#disk = environment.disk;
    this.files = new SafeFiles({
      ...environment,
      manifest: { trash: parts.trash },
      // Only manifests tell mirrors apart.
      mirror: { id: 0, folder: root },
      syncFolder: (folder) => this.#syncFolder(folder),
    });
    this.#work = parts.work;
    this.#lock = parts.lock;
  }

  /**
   * Makes the folder where it is missing, and puts back what a killed pull was about to replace.
   *
   * @throws PullError `folder-in-use`, `folder-blocked`; ViPermissionError, ViOperationError when the disk refuses it
   */
  static async open(folder: string, environment: PullEnvironment): Promise<PullFolder> {
    const wanted = path.resolve(folder);
    try {
      await mkdir(wanted, { recursive: true });
      const root = await realpath(wanted);
      const work = await makeWork(root);
      const lock = lockFolder(path.join(work, inUseName), root);
      try {
        const names = await probeNameRules(work);
        const trash = new PullTrash(path.join(root, ownFolder, 'trash', 'pulled.jsonl'));
        const opened = new PullFolder(root, environment, { work, lock, names, trash });
        await opened.#recover();
        return opened;
      } catch (error) {
        lock.release();
        throw error;
      }
    } catch (error) {
      if (error instanceof PullError) throw error;
      // There is something of this name, or on the way to it, that is no folder.
      if (['EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw blockedFolder(wanted, wanted);
      throw fileError(error, wanted, 'write');
    }
  }

  get journalFile(): string {
    return path.join(this.#work, journalName);
  }

  get lockFile(): string {
    return path.join(this.root, lockName);
  }

  /** False when the folder has been moved away or unmounted. */
  async isThere(): Promise<boolean> {
    return (await kindOf(this.#work)) === 'folder';
  }

  /** Where the bytes of this version of an asset are gathered: a later pull finds them again. */
  partialOf(asset: RemoteVersion & { readonly assetId: string }): string {
    const name = createHash('sha256')
      .update(`${asset.assetId}\n${versionText(asset)}`)
      .digest('hex');
    return path.join(this.#work, `${name.slice(0, 40)}.part`);
  }

  async discard(partial: string): Promise<void> {
    await rm(partial, { force: true });
  }

  /** Removes what this pull and killed ones have left, but unfinished files that the next pull can go on with. */
  async clear(wanted: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#work)) {
      const file = path.join(this.#work, name);
      if (name !== inUseName && !wanted.has(file)) await rm(file, { force: true, recursive: true });
    }
  }

  /** What has come is there after a power cut as well. @throws ViOperationError, ViPermissionError */
  async sync(): Promise<void> {
    for (const folder of this.#unsynced) {
      try {
        await this.#disk.syncFolder(folder);
      } catch (error) {
        // Moved away or removed by somebody: then there is nothing to keep.
        if (systemCode(error) !== 'ENOENT') throw fileError(error, folder, 'write');
      }
    }
    this.#unsynced.clear();
  }

  /** Writes the lock file in a single step: at every moment the old one is there, or the new one, whole. */
  async writeLock(lock: PullLock): Promise<void> {
    const temporary = path.join(this.#work, `${lockName}.new`);
    try {
      const file = await open(temporary, 'w');
      try {
        await file.writeFile(lockText(lock));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.lockFile);
      await this.#disk.syncFolder(this.root);
    } catch (error) {
      await rm(temporary, { force: true });
      throw fileError(error, this.lockFile, 'write');
    }
  }

  [Symbol.dispose](): void {
    this.#lock.release();
  }

  /**
   * Folders of pulled files are flushed once, before the lock file says that they are there: until then a file that a power cut takes away
   * is fetched again. What goes to the trash could not be.
   */
  async #syncFolder(folder: string): Promise<void> {
    if (folder.startsWith(path.join(this.root, ownFolder))) await this.#disk.syncFolder(folder);
    else this.#unsynced.add(folder);
  }

  async #recover(): Promise<void> {
    for (const { id, path: place } of this.trash.moving()) {
      const above = folderOf(place);
      // Its folder is gone or a link by now: it stays in the trash, where it can be found.
      if (above !== '' && (await this.tree.look(above)).kind !== 'folder') this.trash.keep(id);
    }
    await this.files.recoverMoves();
  }
}

/** `.vi-sync/pull`, made where it is missing, and none of it a link that leads elsewhere. */
async function makeWork(root: string): Promise<string> {
  if (!(await stat(root)).isDirectory()) throw blockedFolder(root, root);
  const own = path.join(root, ownFolder);
  const work = path.join(own, workName);
  for (const folder of [own, work]) {
    await mkdir(folder).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    if ((await kindOf(folder)) !== 'folder') throw blockedFolder(root, folder);
  }
  const trash = path.join(own, 'trash');
  if (!['folder', 'missing'].includes(await kindOf(trash))) throw blockedFolder(root, trash);
  for (const file of [
    path.join(work, inUseName),
    path.join(work, journalName),
    path.join(work, `${lockName}.new`),
    path.join(trash, 'pulled.jsonl'),
  ]) {
    if (!['file', 'missing'].includes(await kindOf(file))) throw blockedFolder(root, file);
  }
  return work;
}

async function kindOf(place: string): Promise<'file' | 'folder' | 'missing' | 'other'> {
  try {
    const stats = await lstat(place);
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
}

function blockedFolder(root: string, blocked: string): PullError {
  return new PullError('folder-blocked', {
    title: 'The folder can’t be used',
    facts: {
      case: blocked === root ? 'no-folder' : 'inside',
      folder: root,
      own: path.join(root, ownFolder),
      name: path.basename(blocked),
    },
    detail:
      blocked === root
        ? `${root} is not a folder.`
        : `Vi Sync keeps what it is at in ${path.join(root, ownFolder)}, and there “${path.basename(blocked)}” is a link, or something else that it can’t be.`,
    suggestion: 'Move it away, or pull into another folder.',
  });
}
