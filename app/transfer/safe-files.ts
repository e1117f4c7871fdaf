import path from 'node:path';
import type { Clock, Disk, Randomness } from '../engine/environment.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { type FileStamp, isSameStamp } from '../manifest/observations.ts';
import { folderOf } from '../manifest/path-key.ts';
import type { TrashReason, TrashRecord, TrashTable } from '../manifest/trash-table.ts';
import { ownFolder } from '../observe/root-guard.ts';
import { markedName, numberedName } from '../plan/names.ts';
import { placeInTrash } from './trash-places.ts';

/** Where it is written down what goes to the trash: in the manifest, for a mirror. */
export type TrashRecords = Pick<TrashTable, 'insert' | 'keep' | 'leave' | 'delete' | 'moving' | 'before'>;

export interface SafeFilesOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly manifest: { readonly trash: TrashRecords };
  readonly mirror: Pick<MirrorRecord, 'id' | 'folder'>;
  /** Makes our own folder where it is missing, if the folder around it can be believed, and throws otherwise. */
  readonly makeOwn?: () => Promise<void>;
  /** Makes records of what lies in the trash without one. */
  readonly adopt?: () => Promise<void>;
  /** Flushes a folder's entries; the disk's own way when left out. For those that flush many at once later. */
  readonly syncFolder?: (folder: string) => Promise<void>;
}

/** The file that is in the place of another one, as far as it is known. */
export interface ExpectedFile {
  readonly stamp: FileStamp;
  readonly content: { readonly sha256: string } | null;
}

export type Placed =
  | { readonly kind: 'placed'; readonly stamp: FileStamp; readonly trashed: number | null }
  /** The disk is not as it was when this was planned: observe again. */
  | { readonly kind: 'changed' };

/** A flush of a folder's entries that runs, and the one after it that others wait for. */
interface Flush {
  readonly running: Promise<void>;
  next: Promise<void> | undefined;
}

/** What the name of a file gets that makes way for the dataset's version. */
const asideMark = 'mine';

/** What {@link Disk.writeFile} leaves of a small file when it is killed. */
const unfinishedWrite = /^\.[0-9a-f-]{36}$/;

/** Something that is no folder stands where a folder must be, or the mirror's own folder is a link. */
export class PlaceBlockedError extends Error {
  override readonly name = 'PlaceBlockedError';
  readonly path: string;

  constructor(blocked: string) {
    super(`“${blocked}” is not a folder.`);
    this.path = blocked;
  }
}

/** A place that can't be looked at, or a mirrored folder that is not there. Has the system's code as the system's own errors do. */
export class PlaceUnknownError extends Error {
  override readonly name = 'PlaceUnknownError';
  readonly path: string;
  readonly code: string;
  readonly errno = 0;

  constructor(place: string, code: string) {
    super(`“${place}” can’t be looked at (${code}).`);
    this.path = place;
    this.code = code;
  }
}

/**
 * Everything that is changed in a mirrored folder goes through here. A file comes into being under a name of its own in `.vi-sync`, on
 * the same volume; what is in its place goes to the trash; and only then does it get its name, in one step and only if nobody else has
 * taken it meanwhile. At every moment each version is in its place, in the trash, or still only temporary, and a kill changes nothing
 * about that.
 */
export class SafeFiles {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #random: Randomness;
  readonly #manifest: SafeFilesOptions['manifest'];
  readonly #mirror: SafeFilesOptions['mirror'];
  readonly #flushes = new Map<string, Flush>();
  readonly #syncOnDisk: (folder: string) => Promise<void>;
  readonly #makeOwn: () => Promise<void>;
  readonly #adopt: (() => Promise<void>) | undefined;

  constructor({ disk, clock, random, manifest, mirror, syncFolder, makeOwn, adopt }: SafeFilesOptions) {
    this.#adopt = adopt;
    this.#disk = disk;
    this.#makeOwn = makeOwn ?? (() => disk.makeFolder(this.#absolute(ownFolder)));
    this.#syncOnDisk = syncFolder ?? ((folder) => disk.syncFolder(folder));
    this.#clock = clock;
    this.#random = random;
    this.#manifest = manifest;
    this.#mirror = mirror;
  }

  /** A new name for a temporary file; its folder is made. */
  async temporary(): Promise<string> {
    const folder = await this.#makeOwnFolder('tmp');
    return path.join(folder, this.#random.id());
  }

  async discard(temporary: string): Promise<void> {
    await this.#disk.remove(temporary);
  }

  /**
   * Clears up after a kill: unfinished files go, and a file that was on its way to the trash when its successor had not come yet goes
   * back to its place. Before the first scan.
   */
  async recover(): Promise<void> {
    await this.recoverMoves();
    const own = this.#absolute(ownFolder);
    // A link in its place may lead out of the mirror.
    if ((await this.#disk.look(own)).kind !== 'folder') return;
    await this.#adopt?.();
    for (const name of await this.#disk.names(own)) {
      if (unfinishedWrite.test(name)) await this.#disk.remove(path.join(own, name));
    }
    const temporaries = path.join(own, 'tmp');
    if ((await this.#disk.look(temporaries)).kind !== 'folder') return;
    for (const name of await this.#disk.names(temporaries)) {
      await this.#disk.remove(path.join(temporaries, name));
    }
  }

  /** The part of {@link recover} that is about the trash: nothing temporary is touched. */
  async recoverMoves(): Promise<void> {
    for (const record of this.#manifest.trash.moving(this.#mirror.id)) await this.#recoverMove(record);
  }

  /**
   * Puts a temporary file into its place in the mirrored folder.
   *
   * @param relative where to, relative to the mirror's folder
   * @param expected the file that is there, as it was planned for; null: nothing is
   * @throws PlaceBlockedError, errors of the disk
   */
  async place(
    temporary: string,
    relative: string,
    expected: ExpectedFile | null,
    mtimeMs: number | null,
  ): Promise<Placed> {
    const target = this.#absolute(relative);
    await this.#makeFolders(folderOf(relative));
    if (!(await this.#isAsExpected(target, expected))) return { kind: 'changed' };
    if (mtimeMs !== null) await this.#disk.setTimes(temporary, mtimeMs);

    let trashed: number | null = null;
    if (expected !== null) {
      trashed = (await this.#moveToTrash(relative, expected, 'replaced-by-download'))?.id ?? null;
      if (trashed === null) return { kind: 'changed' };
    }
    // From here on whoever has put another file there meanwhile keeps it.
    const isPlaced = await this.#disk.placeNew(temporary, target);
    if (trashed !== null) this.#manifest.trash.keep(trashed);
    await this.#syncFolder(path.dirname(target));
    if (!isPlaced) return { kind: 'changed' };
    const place = await this.#disk.look(target);
    return place.kind === 'file' ? { kind: 'placed', stamp: place.stamp, trashed } : { kind: 'changed' };
  }

  /**
   * Takes a file out of the mirrored folder, into the trash.
   *
   * @param expected the file that is there, as it was planned for
   * @returns false when the disk is not as it was: then nothing is moved
   * @throws PlaceBlockedError, errors of the disk
   */
  async trash(relative: string, expected: ExpectedFile, reason: TrashReason): Promise<boolean> {
    const target = this.#absolute(relative);
    if (!(await this.#isAsExpected(target, expected))) return false;
    const trashed = await this.#moveToTrash(relative, expected, reason);
    if (trashed === null) return false;
    this.#manifest.trash.keep(trashed.id);
    await this.#syncFolder(path.dirname(target));
    return true;
  }

  /**
   * Gives a file another name in its folder, one that nobody has.
   *
   * @returns its new path, relative to the mirror's folder; null when the disk is not as it was planned for
   * @throws PlaceBlockedError, errors of the disk
   */
  async moveAside(relative: string, expected: ExpectedFile): Promise<string | null> {
    const target = this.#absolute(relative);
    if (!(await this.#isAsExpected(target, expected))) return null;
    // By way of the trash: from there nobody else takes it, and a kill on the way brings it back.
    const trashed = await this.#moveToTrash(relative, expected, 'answered');
    if (trashed === null) return null;
    const place = await this.#placeFirstFree(trashed, markedName(relative, asideMark));
    await this.#syncFolder(path.dirname(target));
    return place;
  }

  /**
   * Puts a file from the trash back into the folder: into its place, or beside it when that is taken.
   *
   * @returns its path, relative to the mirror's folder
   * @throws PlaceBlockedError, errors of the disk; the file is in the trash still
   */
  async restore(record: TrashRecord): Promise<string> {
    await this.#makeFolders(folderOf(record.path));
    this.#manifest.trash.leave(record.id);
    try {
      const place = await this.#placeFirstFree(record, record.path);
      await this.#syncFolder(path.dirname(this.#absolute(place)));
      return place;
    } catch (error) {
      this.#manifest.trash.keep(record.id);
      throw error;
    }
  }

  /** Removes a file from the trash, for good. */
  async purge(record: TrashRecord): Promise<void> {
    await this.#disk.remove(this.#absolute(record.trashPath));
    this.#manifest.trash.delete(record.id);
    await this.#clearPlace(record.trashPath);
  }

  /** Removes what was put into the trash before then, in milliseconds since the epoch, for good. */
  async purgeBefore(at: number): Promise<{ removed: number; bytes: number }> {
    const sum = { removed: 0, bytes: 0 };
    for (;;) {
      const records = this.#manifest.trash.before(this.#mirror.id, at);
      if (records.length === 0) return sum;
      for (const record of records) {
        await this.purge(record);
        sum.removed += 1;
        sum.bytes += record.size;
      }
    }
  }

  /** Moves a file from the trash to this path, or to the first one with a number that nobody has. */
  async #placeFirstFree(record: TrashRecord, wanted: string): Promise<string> {
    const trash = this.#absolute(record.trashPath);
    let place = wanted;
    for (let number = 2; !(await this.#disk.placeNew(trash, this.#absolute(place))); number++) {
      place = numberedName(wanted, number);
    }
    this.#manifest.trash.delete(record.id);
    await this.#clearPlace(record.trashPath);
    return place;
  }

  /** The folders that a file had in the trash for itself go with it. */
  async #clearPlace(trashPath: string): Promise<void> {
    const trash = `${ownFolder}/trash`;
    for (let folder = folderOf(trashPath); folder.startsWith(`${trash}/`); folder = folderOf(folder)) {
      await this.#disk.removeFolder(this.#absolute(folder));
    }
  }

  async #isAsExpected(target: string, expected: ExpectedFile | null): Promise<boolean> {
    const place = await this.#disk.look(target);
    if (expected === null) return place.kind === 'missing';
    return place.kind === 'file' && isSameStamp(place.stamp, expected.stamp);
  }

  /** Its record, or null when the file that was moved is not the expected one; then it is back. */
  async #moveToTrash(
    relative: string,
    expected: ExpectedFile,
    reason: TrashReason,
  ): Promise<TrashRecord | null> {
    const place = `trash/${this.#random.id()}/${placeInTrash(relative)}`;
    const folder = await this.#makeOwnFolder(folderOf(place));
    const trashPath = `${ownFolder}/${place}`;
    const at = this.#clock.now();
    const file = {
      path: relative,
      trashPath,
      size: expected.stamp.size,
      sha256: expected.content?.sha256 ?? null,
      reason,
    };
    const id = this.#manifest.trash.insert(this.#mirror.id, file, at);
    const record: TrashRecord = { ...file, id, mirror: this.#mirror.id, at };
    await this.#disk.rename(this.#absolute(relative), this.#absolute(trashPath));
    await this.#syncFolder(folder);
    const moved = await this.#disk.look(this.#absolute(trashPath));
    if (moved.kind === 'file' && isSameButMoved(moved.stamp, expected.stamp)) return record;
    // Somebody has written to it between the look and the move: what was moved is theirs, and goes back.
    await this.#recoverMove(record);
    return null;
  }

  async #recoverMove(record: TrashRecord): Promise<void> {
    const place = this.#absolute(record.path);
    const trash = this.#absolute(record.trashPath);
    const inTrash = await this.#disk.look(trash);
    if (inTrash.kind === 'file' && (await this.#isPlaced(record, inTrash.stamp))) {
      await this.#disk.remove(trash);
    } else if (
      inTrash.kind !== 'missing' &&
      ((await this.#disk.look(place)).kind !== 'missing' || !(await this.#disk.placeNew(trash, place)))
    ) {
      this.#manifest.trash.keep(record.id);
      return;
    }
    this.#manifest.trash.delete(record.id);
    await this.#disk.removeFolder(path.dirname(trash));
  }

  /**
   * Whether a file has left the trash already but for its name there: a new name comes first, and a kill may come before the old one
   * goes. Put back once more it would be there twice.
   */
  async #isPlaced({ path: from }: TrashRecord, stamp: FileStamp): Promise<boolean> {
    for (const wanted of [from, markedName(from, asideMark)]) {
      let name = wanted;
      for (let number = 2; ; number++) {
        const place = await this.#disk.look(this.#absolute(name));
        if (place.kind === 'missing') break;
        if (place.kind === 'file' && isSameStamp(place.stamp, stamp)) return true;
        name = numberedName(wanted, number);
      }
    }
    return false;
  }

  /** Many files that come into one folder at the same time share a flush: each waits for one that has begun after its own change. */
  #syncFolder(folder: string): Promise<void> {
    const waiting = this.#flushes.get(folder);
    if (waiting?.next !== undefined) return waiting.next;
    if (waiting !== undefined) {
      waiting.next = waiting.running.then(
        () => this.#flush(folder),
        () => this.#flush(folder),
      );
      return waiting.next;
    }
    return this.#flush(folder);
  }

  #flush(folder: string): Promise<void> {
    const running = this.#syncOnDisk(folder);
    const flush: Flush = { running, next: undefined };
    this.#flushes.set(folder, flush);
    return running.finally(() => {
      if (this.#flushes.get(folder) === flush && flush.next === undefined) this.#flushes.delete(folder);
    });
  }

  /**
   * Makes the folders of a path one by one, so that none of them is a link that leads out of the mirror.
   *
   * @throws PlaceBlockedError, PlaceUnknownError, errors of the disk
   */
  async #makeFolders(folder: string): Promise<void> {
    if (folder === '') return;
    await this.#makeFolders(folderOf(folder));
    if (await this.#isFolder(folder)) return;
    if (!(await this.#isFolder(ownFolder))) await this.#makeOwn();
    if (folder === ownFolder) return;
    await this.#disk.makeFolder(this.#absolute(folder));
    // Making a folder succeeds where somebody has just made a link to one.
    if (!(await this.#isFolder(folder))) throw new PlaceBlockedError(folder);
  }

  /** False: nothing is there. */
  async #isFolder(folder: string): Promise<boolean> {
    const place = await this.#disk.look(this.#absolute(folder));
    if (place.kind === 'unreadable') throw new PlaceUnknownError(folder, place.code);
    if (place.kind !== 'folder' && place.kind !== 'missing') throw new PlaceBlockedError(folder);
    return place.kind === 'folder';
  }

  async #makeOwnFolder(below: string): Promise<string> {
    const relative = `${ownFolder}/${below}`;
    await this.#makeFolders(relative);
    return this.#absolute(relative);
  }

  /** The last of several guards: whatever came before, nothing outside the mirror's folder is ever named. */
  #absolute(relative: string): string {
    const root = this.#mirror.folder;
    const absolute = path.resolve(root, relative);
    const back = path.relative(root, absolute);
    if (back === '' || back === '..' || back.startsWith(`..${path.sep}`) || path.isAbsolute(back)) {
      throw new PlaceBlockedError(relative);
    }
    return absolute;
  }
}

/** Renaming a file changes its ctime, and nothing else. */
function isSameButMoved(a: FileStamp, b: FileStamp): boolean {
  return isSameStamp({ ...a, ctimeNs: 0n }, { ...b, ctimeNs: 0n });
}
