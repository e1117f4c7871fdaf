import type { FileStamp } from '../../app/manifest/observations.ts';
import { systemError } from './system-error.ts';
import { Unsynced } from './unsynced.ts';
import { type FileNode, type FolderNode, filesBelow, type Node } from './volume-nodes.ts';

/** How the names of a disk behave. */
export interface VolumeNames {
  /** Whether `A` and `a` are one name. The spelling of whoever made it is kept. */
  readonly foldsCase: boolean;
  /** `exact`: other bytes are another name (Linux). `any`: one name in any normal form, kept as it was written (APFS). `nfd`: stored in form D (HFS+). */
  readonly forms: 'exact' | 'any' | 'nfd';
}

export interface VolumeOptions extends VolumeNames {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Times of files are whole multiples of this. Nanoseconds. */
  readonly tickNs: number;
  /** Whether inodes of deleted files are given to new ones, as most disks do. */
  readonly reusesInodes: boolean;
}

/** Who does something to the disk. */
export type Actor = 'person' | 'engine';

export type VolumeEvent =
  /** A name came, went, or what lies under it has changed. */
  | { readonly kind: 'touched'; readonly path: string; readonly actor: Actor }
  /** The last name of a content is gone, or it was written over. */
  | { readonly kind: 'destroyed'; readonly path: string; readonly content: Buffer; readonly actor: Actor };

interface Place {
  readonly folder: FolderNode;
  readonly name: string;
  readonly key: string;
  readonly entry: { name: string; node: Node } | undefined;
}

const longestName = 255;
const mostLinks = 40;

/**
 * A disk in memory: names, inodes, hard links, symbolic links and times as a real one has them, one call at a time. Calls fail with the
 * errors of a real system. Paths are absolute.
 */
export class Volume {
  readonly #options: VolumeOptions;
  readonly #root: FolderNode;
  readonly #listeners = new Set<(event: VolumeEvent) => void>();
  readonly #freeInodes: bigint[] = [];
  readonly #away = new Map<string, { readonly name: string; readonly node: Node }>();
  readonly #unsynced = new Unsynced();
  #lastInode = 1n;
  #lastNs = 0n;
  #actor: Actor = 'person';

  constructor(options: VolumeOptions) {
    this.#options = options;
    this.#root = this.#newFolder();
  }

  /** Returns the function that ends it. */
  listen(listener: (event: VolumeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Does something in the name of somebody. */
  as<T>(actor: Actor, what: () => T): T {
    const before = this.#actor;
    this.#actor = actor;
    try {
      return this.#unsynced.change(what);
    } finally {
      this.#actor = before;
    }
  }

  /** Whatever an engine has done so far is on the disk. What a person does is at once: no engine can lose it. */
  sync(): void {
    this.#unsynced.sync();
  }

  /** Changes of an engine that a power cut could take away now. */
  get unsynced(): number {
    return this.#unsynced.size;
  }

  /** The power goes, and takes the newest of an engine's changes with it. Nobody is told. */
  cutPower(lost: number): void {
    this.#unsynced.lose(lost);
  }

  /** What is at a path, without following it if it is a link; undefined when nothing is. @throws ENOTDIR, ELOOP, ENAMETOOLONG */
  find(path: string): Node | undefined {
    if (path === '/') return this.#root;
    return this.#place(path, 'look').entry?.node;
  }

  /** The same, at the end of the links that lead on from it. */
  follow(path: string): Node | undefined {
    return this.#follow(path, mostLinks);
  }

  /** The path without links in it and as the disk spells it; null when there is nothing. */
  realPath(path: string): string | null {
    const parts: string[] = [];
    let node: Node | undefined = this.#root;
    for (const part of partsOf(path)) {
      if (node?.kind !== 'folder') return null;
      const entry = node.entries.get(this.#key(part));
      if (entry === undefined) return null;
      if (entry.node.kind === 'link') {
        const rest = partsOf(path).slice(parts.length + 1);
        return this.realPath([entry.node.target, ...rest].join('/'));
      }
      parts.push(entry.name);
      node = entry.node;
    }
    return `/${parts.join('/')}`;
  }

  stampOf(node: Node): FileStamp {
    return {
      size: node.kind === 'file' ? node.content.length : 0,
      mtimeNs: node.mtimeNs,
      ctimeNs: node.ctimeNs,
      inode: node.inode,
      birthtimeNs: node.birthNs,
    };
  }

  /** Names in a folder, in the order of their making. */
  list(path: string): { name: string; node: Node }[] {
    const node = this.follow(path);
    if (node === undefined) throw systemError('ENOENT', 'scandir', path);
    if (node.kind !== 'folder') throw systemError('ENOTDIR', 'scandir', path);
    return [...node.entries.values()];
  }

  /** Content of the file at a path. */
  read(path: string): Buffer {
    const node = this.follow(path);
    if (node === undefined) throw systemError('ENOENT', 'open', path);
    if (node.kind !== 'file') throw systemError('EISDIR', 'read', path);
    return node.content;
  }

  /** Makes a folder and those above it. */
  makeFolder(path: string): void {
    let at = '';
    for (const part of partsOf(path)) {
      at += `/${part}`;
      const node = this.follow(at);
      if (node?.kind === 'folder') continue;
      if (node !== undefined) throw systemError(at === path ? 'EEXIST' : 'ENOTDIR', 'mkdir', path);
      this.#enter(this.#place(at, 'mkdir'), this.#newFolder(), at);
    }
  }

  /** Writes a whole file: over the content of the one that is there, or a new one. `isNew`: only a new one. */
  write(path: string, content: Buffer, isNew = false): void {
    const place = this.#place(path, 'open');
    const node = place.entry?.node;
    if (node === undefined) {
      const time = this.#time();
      this.#enter(
        place,
        {
          kind: 'file',
          inode: this.#inode(),
          birthNs: time,
          mtimeNs: time,
          ctimeNs: time,
          content,
          links: 1,
        },
        path,
      );
      return;
    }
    if (isNew) throw systemError('EEXIST', 'open', path);
    if (node.kind === 'link') {
      this.write(node.target, content);
      return;
    }
    if (node.kind === 'folder') throw systemError('EISDIR', 'open', path);
    const before = node.content;
    this.#unsynced.undoBy(() => {
      node.content = before;
    });
    node.content = content;
    node.mtimeNs = this.#time();
    node.ctimeNs = node.mtimeNs;
    if (!before.equals(content)) this.#tell({ kind: 'destroyed', path, content: before, actor: this.#actor });
    this.#touched(path);
  }

  /** Gives a file a second name. */
  link(from: string, to: string): void {
    const node = this.find(from);
    if (node === undefined) throw systemError('ENOENT', 'link', from, to);
    if (node.kind !== 'file') throw systemError('EPERM', 'link', from, to);
    const place = this.#place(to, 'link');
    if (place.entry !== undefined) throw systemError('EEXIST', 'link', from, to);
    node.links += 1;
    this.#unsynced.undoBy(() => {
      node.links -= 1;
    });
    node.ctimeNs = this.#time();
    this.#enter(place, node, to);
  }

  /** Removes a file or link. */
  remove(path: string): void {
    const place = this.#place(path, 'unlink');
    const node = place.entry?.node;
    if (node === undefined) throw systemError('ENOENT', 'unlink', path);
    if (node.kind === 'folder') throw systemError('EISDIR', 'unlink', path);
    this.#leave(place, path);
    this.#forget(node, path);
  }

  /** Removes an empty folder. */
  removeFolder(path: string): void {
    const place = this.#place(path, 'rmdir');
    const node = place.entry?.node;
    if (node === undefined) throw systemError('ENOENT', 'rmdir', path);
    if (node.kind !== 'folder') throw systemError('ENOTDIR', 'rmdir', path);
    if (node.entries.size > 0) throw systemError('ENOTEMPTY', 'rmdir', path);
    this.#leave(place, path);
    this.#forget(node, path);
  }

  /** Moves a file or folder; replaces a file, or an empty folder, that is there. */
  rename(from: string, to: string): void {
    const source = this.#place(from, 'rename');
    const node = source.entry?.node;
    if (node === undefined) throw systemError('ENOENT', 'rename', from, to);
    if (node.kind === 'folder' && `${to}/`.startsWith(`${from}/`) && from !== to) {
      throw systemError('EINVAL', 'rename', from, to);
    }
    const target = this.#place(to, 'rename');
    const there = target.entry?.node;
    const isItself = there === node && source.folder === target.folder && source.key === target.key;
    if (there === node && !isItself) return; // two names of one file: nothing happens
    if (there !== undefined && !isItself) {
      if (there.kind === 'folder' && node.kind !== 'folder') throw systemError('EISDIR', 'rename', from, to);
      if (there.kind !== 'folder' && node.kind === 'folder') throw systemError('ENOTDIR', 'rename', from, to);
      if (there.kind === 'folder' && there.entries.size > 0)
        throw systemError('ENOTEMPTY', 'rename', from, to);
    }
    this.#leave(source, from);
    node.ctimeNs = this.#time();
    this.#enter(target, node, to);
    if (there !== undefined && !isItself) this.#forget(there, to);
  }

  setTimes(path: string, mtimeMs: number): void {
    const node = this.follow(path);
    if (node === undefined) throw systemError('ENOENT', 'utime', path);
    const ns = BigInt(Math.round(mtimeMs * 1000)) * 1000n;
    node.mtimeNs = ns - (ns % BigInt(this.#options.tickNs));
    node.ctimeNs = this.#time();
    this.#touched(path);
  }

  symlink(target: string, path: string): void {
    const place = this.#place(path, 'symlink');
    if (place.entry !== undefined) throw systemError('EEXIST', 'symlink', path);
    const time = this.#time();
    const link = {
      kind: 'link',
      target,
      inode: this.#inode(),
      birthNs: time,
      mtimeNs: time,
      ctimeNs: time,
    } as const;
    this.#enter(place, link, path);
  }

  /** Takes a folder away with all that is in it, as if its disk were unplugged: nobody is told. `empty`: its mount point stays. */
  unmount(path: string, leaves: 'nothing' | 'empty'): void {
    const place = this.#place(path, 'umount');
    if (place.entry === undefined || this.#away.has(path)) return;
    this.#away.set(path, place.entry);
    place.folder.entries.delete(place.key);
    if (leaves === 'empty')
      place.folder.entries.set(place.key, { name: place.name, node: this.#newFolder() });
  }

  isAway(path: string): boolean {
    return this.#away.has(path);
  }

  /** Brings it back; whatever was put into its place meanwhile is hidden, and is returned. */
  mount(path: string): Node | undefined {
    const away = this.#away.get(path);
    if (away === undefined) return undefined;
    this.#away.delete(path);
    const place = this.#place(path, 'mount');
    place.folder.entries.set(place.key, away);
    return place.entry?.node;
  }

  /** Every file, also those that are away for now, in no order that matters. */
  *files(): Generator<{ path: string; node: FileNode }> {
    yield* filesBelow('', this.#root);
    for (const [path, { node }] of this.#away) if (node.kind === 'folder') yield* filesBelow(path, node);
  }

  /** One look-up key for all spellings that this disk takes for one name. */
  #key(name: string): string {
    const { forms, foldsCase } = this.#options;
    const formed = forms === 'exact' ? name : name.normalize('NFD');
    return foldsCase ? formed.toUpperCase().toLowerCase() : formed;
  }

  #stored(name: string): string {
    return this.#options.forms === 'nfd' ? name.normalize('NFD') : name;
  }

  #follow(path: string, left: number): Node | undefined {
    const node = this.find(path);
    if (node?.kind !== 'link') return node;
    if (left === 0) throw systemError('ELOOP', 'open', path);
    return this.#follow(node.target, left - 1);
  }

  #place(path: string, call: string): Place {
    const parts = partsOf(path);
    const name = parts.pop() ?? '';
    if (name.includes('\0')) throw systemError('EINVAL', call, path);
    const parent = `/${parts.join('/')}`;
    if (Buffer.byteLength(name) > longestName) throw systemError('ENAMETOOLONG', call, path);
    const folder = parts.length === 0 ? this.#root : this.#follow(parent, mostLinks);
    if (folder === undefined) throw systemError('ENOENT', call, path);
    if (folder.kind !== 'folder') throw systemError('ENOTDIR', call, path);
    const key = this.#key(name);
    return { folder, name: this.#stored(name), key, entry: folder.entries.get(key) };
  }

  #enter(place: Place, node: Node, path: string): void {
    const { folder, key, name } = place;
    const before = folder.entries.get(key);
    folder.entries.set(key, { name, node });
    this.#unsynced.undoBy(() => {
      if (before === undefined) folder.entries.delete(key);
      else folder.entries.set(key, before);
    });
    folder.mtimeNs = this.#time();
    folder.ctimeNs = folder.mtimeNs;
    this.#touched(path);
  }

  #leave({ folder, key, entry }: Place, path: string): void {
    folder.entries.delete(key);
    this.#unsynced.undoBy(() => {
      if (entry !== undefined) folder.entries.set(key, entry);
    });
    folder.mtimeNs = this.#time();
    folder.ctimeNs = folder.mtimeNs;
    this.#touched(path);
  }

  #forget(node: Node, path: string): void {
    if (node.kind === 'file') {
      node.links -= 1;
      this.#unsynced.undoBy(() => {
        node.links += 1;
      });
      node.ctimeNs = this.#time();
      if (node.links > 0) return;
      this.#tell({ kind: 'destroyed', path, content: node.content, actor: this.#actor });
    }
    this.#freeInodes.push(node.inode);
    this.#unsynced.undoBy(() => {
      const at = this.#freeInodes.lastIndexOf(node.inode);
      if (at !== -1) this.#freeInodes.splice(at, 1);
    });
  }

  #newFolder(): FolderNode {
    const time = this.#time();
    return {
      kind: 'folder',
      inode: this.#inode(),
      birthNs: time,
      mtimeNs: time,
      ctimeNs: time,
      entries: new Map(),
    };
  }

  #inode(): bigint {
    const used = this.#options.reusesInodes ? this.#freeInodes.pop() : undefined;
    if (used !== undefined) {
      this.#unsynced.undoBy(() => this.#freeInodes.push(used));
      return used;
    }
    this.#lastInode += 1n;
    return this.#lastInode;
  }

  /** No two moments are the same on a disk that counts nanoseconds. */
  #time(): bigint {
    const { now, tickNs } = this.#options;
    const ns = BigInt(now()) * 1_000_000n;
    if (tickNs > 1) return ns - (ns % BigInt(tickNs));
    const isSameMs = this.#lastNs / 1_000_000n === ns / 1_000_000n;
    this.#lastNs = isSameMs ? this.#lastNs + 1n : ns;
    return this.#lastNs;
  }

  #touched(path: string): void {
    this.#tell({ kind: 'touched', path, actor: this.#actor });
  }

  #tell(event: VolumeEvent): void {
    if (event.actor === 'person') this.#unsynced.sync();
    for (const listener of this.#listeners) listener(event);
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
