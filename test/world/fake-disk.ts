import { isUtf8 } from 'node:buffer';
import { createHash, getHashes } from 'node:crypto';
import path from 'node:path';
import type { Problem } from '../../app/contract.ts';
import type {
  Disk,
  FolderListing,
  FolderReading,
  PathReading,
  ReadOutcome,
  StampedName,
  TextReading,
} from '../../app/engine/environment.ts';
import { isSupportedExtension } from '../../app/image/formats.ts';
import { type ContentHash, isSameStamp } from '../../app/manifest/observations.ts';
import { isIgnoredName, isOwnFolder, ruleFileName } from '../../app/observe/ignore-rules.ts';
import { type DiskCall, DiskFaults } from './disk-faults.ts';
import { FakeWatch, goodHints, type HintTrouble } from './fake-watch.ts';
import { hashOf, inspected } from './file-facts.ts';
import type { Incarnation } from './incarnation.ts';
import type { SeededRandom } from './seeded-random.ts';
import { codeOf, systemError } from './system-error.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Volume } from './volume.ts';

/** Longest that one step of a call takes. Milliseconds. */
const slowestStep = 4;
/** All of it is one device. */
const device = 1n;
/** Part of all calls whose answer takes its time after the deed is done. */
const slowAnswers = 0.25;

/** What a call of the disk that is made of several steps does between two of them. */
export interface DiskSteps {
  /** Some time passes; whoever has died meanwhile does not go on. */
  pause(): Promise<void>;
  /** A single step, in the name of the engine. */
  step<T>(what: () => T): T;
}

/**
 * The disk of one computer as the engine sees it, in memory. Every call takes some virtual time, and what others do meanwhile is seen
 * as a real disk would show it.
 */
export class FakeDisk {
  readonly volume: Volume;
  readonly faults: DiskFaults;
  hints: HintTrouble = goodHints;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #hintRandom: SeededRandom;
  readonly #watches = new Set<FakeWatch>();

  constructor(volume: Volume, clock: VirtualClock, random: SeededRandom) {
    this.volume = volume;
    this.#clock = clock;
    this.#random = random.fork('time');
    this.#hintRandom = random.fork('hints');
    this.faults = new DiskFaults(random.fork('faults'));
  }

  /** The system can't watch folders any more, until the engine starts anew. */
  failWatches(problem: Problem): void {
    for (const watch of this.#watches) watch.fail(problem);
    this.#watches.clear();
  }

  /** The disk as one life of an engine has it. */
  of(incarnation: Incarnation): Disk {
    const { volume } = this;
    const call = <T>(name: DiskCall, place: string, deed: (steps: DiskSteps) => Promise<T>) =>
      this.call(incarnation, name, place, deed);
    /** A call that is a single step. */
    const once = <T>(name: DiskCall, place: string, deed: () => T) =>
      call(name, place, async ({ step }) => step(deed));
    return {
      watch: (options) => {
        const parts = { volume, clock: this.#clock, random: this.#hintRandom, incarnation };
        const watch = new FakeWatch({ ...parts, trouble: () => this.hints }, options);
        this.#watches.add(watch);
        return watch;
      },
      realPath: (place) => once('realPath', place, () => volume.realPath(place)),
      readFolder: (folder) =>
        readable(
          call('readFolder', folder, (steps) => this.#readFolder(folder, steps)),
          {
            ENOENT: { kind: 'missing' },
            ENOTDIR: { kind: 'not-a-folder' },
          },
        ),
      look: (place) =>
        readable(
          once('look', place, () => this.#look(place)),
          {
            ENOENT: { kind: 'missing' },
            ENOTDIR: { kind: 'missing' },
          },
        ),
      readFile: (file, signal) =>
        readable(
          call('readFile', file, (steps) => this.#readFile(file, steps, signal)),
          {
            ENOENT: { kind: 'missing' },
            ENOTDIR: { kind: 'missing' },
          },
        ),
      readText: (file, mostBytes) =>
        readable(
          call('readText', file, (steps) => this.#readText(file, mostBytes, steps)),
          {
            ENOENT: { kind: 'missing' },
            ENOTDIR: { kind: 'missing' },
          },
        ),
      driveOf: async () => ({ isShared: false, name: null }),
      hashIn: (file, algorithm, signal) =>
        call('hashIn', file, (steps) => this.#hashIn(file, algorithm, steps, signal)),
      makeFolder: (folder) =>
        once('makeFolder', folder, () => {
          const node = volume.find(folder);
          if (node === undefined && volume.follow(path.dirname(folder)) === undefined) {
            throw systemError('ENOENT', 'mkdir', folder);
          }
          if (node?.kind === 'link') throw systemError('EEXIST', 'mkdir', folder);
          volume.makeFolder(folder);
        }),
      rename: (from, to) => once('rename', to, () => volume.rename(from, to)),
      placeNew: (from, to) => call('placeNew', to, (steps) => this.#placeNew(from, to, steps)),
      copyNew: (from, to) => call('copyNew', to, (steps) => this.#copyNew(from, to, steps)),
      setTimes: (file, mtimeMs) => once('setTimes', file, () => volume.setTimes(file, mtimeMs)),
      syncFolder: (folder) =>
        once('syncFolder', folder, () => {
          if (volume.follow(folder) === undefined) throw systemError('ENOENT', 'open', folder);
          volume.sync();
        }),
      remove: (file) =>
        once('remove', file, () => {
          const node = volume.find(file);
          // Node's own refusal, before the system is asked.
          if (node?.kind === 'folder')
            throw Object.assign(systemError('EISDIR', 'rm', file), { code: 'ERR_FS_EISDIR' });
          if (node !== undefined) volume.remove(file);
        }),
      removeFolder: (folder) =>
        once('removeFolder', folder, () => {
          this.#removeFolder(folder);
        }),
      names: (folder) => once('names', folder, () => this.#names(folder)),
      writeFile: (file, text) => call('writeFile', file, (steps) => this.#writeFile(file, text, steps)),
      close: async () => {
        for (const watch of this.#watches) await watch.close();
      },
    };
  }

  /** One call: takes some time, may fail, and is cut off where its caller dies. */
  call<T>(
    incarnation: Incarnation,
    name: DiskCall,
    place: string,
    deed: (steps: DiskSteps) => Promise<T>,
  ): Promise<T> {
    const pause = () => {
      incarnation.checkpoint();
      return incarnation.pause(this.#random.fraction() * slowestStep);
    };
    const step = <S>(what: () => S) => this.volume.as('engine', what);
    return incarnation.call(async () => {
      await pause();
      const code = this.faults.next(name, place);
      if (code !== null) throw systemError(code, name, place);
      const result = await deed({ pause, step });
      if (this.#random.chance(slowAnswers)) await pause();
      return result;
    });
  }

  async #readFolder(folder: string, { pause, step }: DiskSteps): Promise<FolderReading> {
    const folders: string[] = [];
    const files: StampedName[] = [];
    const links: StampedName[] = [];
    const leftOut: { folders: string[]; files: string[] } = { folders: [], files: [] };
    let ruleFile: FolderListing['ruleFile'] = 'none';
    let hasOthers = false;
    if (this.volume.find(folder)?.kind === 'link') throw systemError('ENOTDIR', 'scandir', folder);
    const entries = [...step(() => this.volume.list(folder))];
    if (this.#random.chance(slowAnswers)) await pause();
    for (const { name, node } of entries) {
      // Each name is looked at after it was read.
      const now = this.volume.find(path.join(folder, name));
      const stamp = now?.kind === node.kind ? this.volume.stampOf(now) : null;
      const isLeftOut = isIgnoredName(name);
      if (name === ruleFileName) {
        ruleFile = node.kind === 'file' ? (stamp ?? 'none') : 'not-a-file';
      } else if (node.kind === 'folder' && !isOwnFolder(name)) {
        (isLeftOut ? leftOut.folders : folders).push(name);
      } else if (node.kind === 'file' && isSupportedExtension(name)) {
        if (isLeftOut) leftOut.files.push(name);
        else if (stamp !== null) files.push({ name, stamp });
      } else if (node.kind === 'link' && !isLeftOut && this.#wouldMatter(path.join(folder, name))) {
        if (stamp !== null) links.push({ name, stamp });
      } else {
        hasOthers = true;
      }
    }
    return {
      kind: 'listed',
      listing: { device, folders, files, links, leftOut, unreadable: [], ruleFile, hasOthers },
    };
  }

  #look(place: string): PathReading {
    const node = this.volume.find(place);
    if (node === undefined) return { kind: 'missing' };
    const stamp = this.volume.stampOf(node);
    switch (node.kind) {
      case 'file':
        return { kind: 'file', stamp };
      case 'folder':
        return { kind: 'folder', stamp, device };
      case 'link':
        return { kind: 'link', stamp, toFolder: this.#leadsToFolder(place) };
    }
  }

  #wouldMatter(link: string): boolean {
    return isSupportedExtension(path.basename(link)) || this.#leadsToFolder(link);
  }

  #leadsToFolder(link: string): boolean {
    try {
      return this.volume.follow(link)?.kind === 'folder';
    } catch (error) {
      if (codeOf(error) === null) throw error;
      return false;
    }
  }

  async #readText(file: string, mostBytes: number, { pause }: DiskSteps): Promise<TextReading> {
    const before = this.#look(file);
    if (before.kind === 'missing') return before;
    if (before.kind !== 'file') return { kind: 'not-a-file' };
    if (before.stamp.size > mostBytes) return { kind: 'too-large' };
    const content = this.volume.read(file);
    await pause();
    const after = this.#look(file);
    if (after.kind !== 'file' || !isSameStamp(before.stamp, after.stamp)) return { kind: 'moving' };
    return isUtf8(content)
      ? { kind: 'text', text: content.toString(), stamp: after.stamp }
      : { kind: 'not-text' };
  }

  async #readFile(file: string, { pause }: DiskSteps, signal?: AbortSignal): Promise<ReadOutcome> {
    signal?.throwIfAborted();
    const before = this.#look(file);
    if (before.kind !== 'file') return { kind: 'missing' };
    const first = this.volume.read(file);
    await pause();
    const content = mixed(first, this.volume.read(file));
    const hash = hashOf(content);
    const inspection = await this.#clock.hold(inspected(content, file));
    await pause();
    signal?.throwIfAborted();
    const after = this.#look(file);
    if (after.kind !== 'file') return { kind: 'missing' };
    if (!isSameStamp(before.stamp, after.stamp) || hash.size !== after.stamp.size) return { kind: 'moving' };
    return { kind: 'read', stamp: after.stamp, hash, inspection };
  }

  async #hashIn(
    file: string,
    algorithm: string,
    { pause }: DiskSteps,
    signal?: AbortSignal,
  ): Promise<ContentHash | null> {
    signal?.throwIfAborted();
    if (!getHashes().includes(algorithm)) return null;
    const content = this.volume.read(file);
    await pause();
    signal?.throwIfAborted();
    return { algorithm, contents: createHash(algorithm).update(content).digest('hex') };
  }

  async #placeNew(from: string, to: string, { pause, step }: DiskSteps): Promise<boolean> {
    try {
      step(() => this.volume.link(from, to));
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
    await pause();
    step(() => this.volume.remove(from));
    return true;
  }

  /** What is written to it in the meantime may be in the copy or not. */
  async #copyNew(from: string, to: string, { pause, step }: DiskSteps): Promise<void> {
    const first = step(() => this.volume.read(from));
    step(() => this.volume.write(to, first.subarray(0, Math.floor(first.length / 2)), true));
    await pause();
    const second = step(() => this.volume.read(from));
    step(() => this.volume.write(to, mixed(first, second)));
  }

  #removeFolder(folder: string): void {
    try {
      this.volume.removeFolder(folder);
    } catch (error) {
      const code = codeOf(error);
      if (code === null || !['ENOENT', 'ENOTDIR', 'ENOTEMPTY'].includes(code)) throw error;
    }
  }

  #names(folder: string): string[] {
    try {
      return this.volume.list(folder).map(({ name }) => name);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
      throw error;
    }
  }

  async #writeFile(file: string, text: string, { pause, step }: DiskSteps): Promise<void> {
    const temporary = path.join(path.dirname(file), `.${this.#random.id()}`);
    step(() => this.volume.write(temporary, Buffer.from(text), true));
    await pause();
    step(() => this.volume.rename(temporary, file));
  }
}

/** What a reader sees when a writer comes in the middle: half of each. */
function mixed(first: Buffer, second: Buffer): Buffer {
  const half = Math.floor(first.length / 2);
  return first === second ? first : Buffer.concat([first.subarray(0, half), second.subarray(half)]);
}

/** Turns the system's codes into what the disk reports of them. */
async function readable<T extends { kind: string }>(
  reading: Promise<T>,
  known: Readonly<Record<string, T>>,
): Promise<T | { kind: 'unreadable'; code: string }> {
  try {
    return await reading;
  } catch (error) {
    const code = codeOf(error);
    if (code === null || (error instanceof Error && !('errno' in error))) throw error;
    return known[code] ?? { kind: 'unreadable', code };
  }
}
