import * as fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMirroredPath } from '../../app/observe/ignore-rules.ts';
import { ownFolder } from '../../app/observe/root-guard.ts';
import type { SeededRandom } from '../world/seeded-random.ts';
import { type Hand, hashOf, type Ledger } from './ledger.ts';

const folders = ['', 'x', 'y', 'x/deep', 'z'];
const names = [
  ...Array.from({ length: 26 }, (_, index) => `p${String(index + 1).padStart(2, '0')}.png`),
  'P01.png',
  '\u00e9t\u00e9.png',
];
/** With more files than this a person rather deletes one. */
const mostFiles = 36;
/** How long the second half of a file that is written slowly is waited for. Milliseconds. */
const slowestMs = 1800;

export interface EditorOptions {
  readonly hand: Hand;
  readonly root: string;
  /** The other person's folder: files are carried over from there, as on a stick. */
  readonly otherRoot: string;
  readonly random: SeededRandom;
  readonly ledger: Ledger;
}

/** A file that is open, so that it is known what is destroyed even if the engine moves it away in the same moment. */
interface Held {
  readonly descriptor: number;
  readonly sha256: string;
}

/** A person who works in a mirrored folder as it comes: what is there is looked at on the disk, and nobody asks the engine. */
export class Editor {
  readonly #options: EditorOptions;
  /** What was done, and how often. */
  readonly counts = new Map<string, number>();
  /** Base names that files were given by a person: their assets keep the names that they had. */
  readonly givenNames = new Set<string>();
  /** Files that are just being written. */
  readonly #busy = new Set<string>();
  readonly #writing = new Set<Promise<void>>();

  constructor(options: EditorOptions) {
    this.#options = options;
  }

  /** Relative paths of all files that are mirrored, sorted. */
  files(): string[] {
    return mirroredFiles(this.#options.root);
  }

  /** Makes so many new files. */
  begin(count: number): void {
    for (let number = 0; number < count; number++) this.#attempt('new', () => this.#writeNew());
  }

  /** Does one thing. What can't be done (a file that is gone by now) is left undone. */
  step(): void {
    const { random } = this.#options;
    const isMany = this.files().length > mostFiles;
    const [name, deed] = random.weighted<readonly [string, () => boolean]>([
      [isMany ? 1 : 16, ['new', () => this.#writeNew()]],
      [9, ['overwrite', () => this.#overwrite('whole')]],
      [7, ['atomic save', () => this.#overwrite('atomic')]],
      [4, ['save by backup', () => this.#overwrite('backup')]],
      [6, ['slow write', () => this.#writeSlowly()]],
      [8, ['rename', () => this.#rename()]],
      [6, ['move into folder', () => this.#move()]],
      [3, ['move over another', () => this.#moveOver()]],
      [3, ['swap', () => this.#swap()]],
      [isMany ? 12 : 6, ['delete', () => this.#delete()]],
      [4, ['copy', () => this.#copy()]],
      [2, ['carry over', () => this.#carry()]],
      [2, ['touch', () => this.#touch()]],
      [1, ['rename folder', () => this.#renameFolder()]],
      [1, ['delete folder', () => this.#deleteFolder()]],
    ]);
    this.#attempt(name, deed);
  }

  /** Resolves when nothing is being written any more. */
  async finish(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }

  #attempt(name: string, deed: () => boolean): void {
    try {
      if (deed()) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof Error && 'errno' in error)) throw error;
    }
  }

  #writeNew(): boolean {
    const { random, hand, ledger } = this.#options;
    const place = this.#newPlace();
    if (place === null) return false;
    const content = ledger.newContent(this.#size());
    const temporary = `${this.#at(place)}.part`;
    if (random.chance(0.4)) {
      fs.writeFileSync(temporary, content);
      // Only if nobody has come there meanwhile.
      fs.linkSync(temporary, this.#at(place));
      fs.unlinkSync(temporary);
    } else {
      fs.writeFileSync(this.#at(place), content, { flag: 'wx' });
    }
    ledger.wrote(hashOf(content), hand, place);
    return true;
  }

  #overwrite(how: 'whole' | 'atomic' | 'backup'): boolean {
    const { hand, ledger } = this.#options;
    const place = this.#anyFile();
    if (place === null) return false;
    const file = this.#at(place);
    const content = ledger.newContent(this.#size());
    if (how === 'whole') {
      const held = this.#open(file, 'r+');
      try {
        fs.ftruncateSync(held.descriptor);
        fs.writeSync(held.descriptor, content, 0, content.length, 0);
      } finally {
        fs.closeSync(held.descriptor);
      }
      ledger.giveUp(held.sha256, hand, `overwrote ${place}`);
    } else if (how === 'atomic') {
      const temporary = `${file}.tmp`;
      fs.writeFileSync(temporary, content);
      this.#destroying(file, place, 'saved over', () => fs.renameSync(temporary, file));
    } else {
      const backup = `${file}~`;
      fs.renameSync(file, backup);
      fs.writeFileSync(file, content, { flag: 'wx' });
      this.#destroying(backup, place, 'saved over', () => fs.unlinkSync(backup));
    }
    ledger.wrote(hashOf(content), hand, place);
    return true;
  }

  #writeSlowly(): boolean {
    const { random, hand, ledger } = this.#options;
    const old = random.chance(0.5) ? this.#anyFile() : null;
    const place = old ?? this.#newPlace();
    if (place === null) return false;
    const content = ledger.newContent(this.#size());
    const half = random.whole(1, content.length - 1);
    const file = this.#at(place);
    const held = old === null ? null : this.#open(file, 'r+');
    const descriptor = held?.descriptor ?? fs.openSync(file, 'wx');
    if (held !== null) ledger.giveUp(held.sha256, hand, `overwrote ${place} slowly`);
    fs.ftruncateSync(descriptor);
    fs.writeSync(descriptor, content, 0, half, 0);
    this.#busy.add(place);
    const rest = async () => {
      await sleep(random.whole(100, slowestMs));
      fs.writeSync(descriptor, content, half, content.length - half, half);
      ledger.wrote(hashOf(content), hand, place);
      fs.closeSync(descriptor);
      this.#busy.delete(place);
    };
    const writing = rest();
    this.#writing.add(writing);
    void writing.finally(() => this.#writing.delete(writing));
    return true;
  }

  #rename(): boolean {
    const from = this.#anyFile();
    const to = this.#newPlace();
    if (from === null || to === null) return false;
    const target = path.posix.join(path.posix.dirname(from), path.posix.basename(to));
    return this.#moveTo(from, target);
  }

  #move(): boolean {
    const from = this.#anyFile();
    if (from === null) return false;
    const folder = this.#options.random.pick(folders);
    fs.mkdirSync(this.#at(folder), { recursive: true });
    return this.#moveTo(from, path.posix.join(folder, path.posix.basename(from)));
  }

  #moveTo(from: string, to: string): boolean {
    if (from === to || fs.existsSync(this.#at(to))) return false;
    fs.renameSync(this.#at(from), this.#at(to));
    this.#named(to);
    return true;
  }

  #moveOver(): boolean {
    const [from, to] = [this.#anyFile(), this.#anyFile()];
    if (from === null || to === null || from === to) return false;
    this.#destroying(this.#at(to), to, `moved ${from} over`, () =>
      fs.renameSync(this.#at(from), this.#at(to)),
    );
    this.#named(to);
    return true;
  }

  #swap(): boolean {
    const [one, other] = [this.#anyFile(), this.#anyFile()];
    if (one === null || other === null || one === other) return false;
    const between = `${this.#at(one)}.swp`;
    fs.renameSync(this.#at(one), between);
    try {
      if (!fs.existsSync(this.#at(one))) fs.renameSync(this.#at(other), this.#at(one));
    } finally {
      // Whatever came in the way, it does not stay under a name that nobody mirrors.
      const back = [other, one, `${one.slice(0, -'.png'.length)}-back.png`];
      const free = back.find((each) => !fs.existsSync(this.#at(each))) ?? other;
      fs.renameSync(between, this.#at(free));
      this.#named(free);
    }
    this.#named(one);
    return true;
  }

  #delete(): boolean {
    const place = this.#anyFile();
    if (place === null) return false;
    this.#destroying(this.#at(place), place, 'deleted', () => fs.unlinkSync(this.#at(place)));
    return true;
  }

  #copy(): boolean {
    const { hand, ledger } = this.#options;
    const from = this.#anyFile();
    const to = this.#newPlace();
    if (from === null || to === null) return false;
    fs.copyFileSync(this.#at(from), this.#at(to), fs.constants.COPYFILE_EXCL);
    ledger.copied(hashOf(fs.readFileSync(this.#at(to))), hand);
    this.#named(to);
    return true;
  }

  #carry(): boolean {
    const { hand, ledger, otherRoot, random } = this.#options;
    const there = mirroredFiles(otherRoot);
    if (there.length === 0) return false;
    const place = random.pick(there);
    fs.mkdirSync(path.dirname(this.#at(place)), { recursive: true });
    const content = fs.readFileSync(path.join(otherRoot, place));
    fs.writeFileSync(this.#at(place), content, { flag: 'wx' });
    ledger.copied(hashOf(content), hand);
    this.#named(place);
    return true;
  }

  #touch(): boolean {
    const place = this.#anyFile();
    if (place === null) return false;
    const now = new Date();
    fs.utimesSync(this.#at(place), now, now);
    return true;
  }

  #renameFolder(): boolean {
    const { random } = this.#options;
    const from = random.pick(folders.slice(1));
    const to = random.pick(['moved', 'x', 'y', 'z']);
    if (this.#busy.size > 0 || !fs.existsSync(this.#at(from)) || fs.existsSync(this.#at(to))) return false;
    fs.renameSync(this.#at(from), this.#at(to));
    return true;
  }

  #deleteFolder(): boolean {
    const folder = this.#options.random.pick(folders.slice(1));
    if (this.#busy.size > 0) return false;
    const below = this.files().filter((each) => each.startsWith(`${folder}/`));
    for (const place of below)
      this.#destroying(this.#at(place), place, 'deleted its folder', () => fs.unlinkSync(this.#at(place)));
    return below.length > 0;
  }

  /** Does what destroys the file at a place, and writes down which one that was. */
  #destroying(file: string, place: string, what: string, deed: () => void): void {
    const { ledger, hand } = this.#options;
    const held = this.#open(file, 'r');
    try {
      deed();
      if (fs.fstatSync(held.descriptor).nlink === 0) ledger.giveUp(held.sha256, hand, `${what} ${place}`);
      // The engine has moved it away between the look and the deed: what was destroyed is what came in its place.
      else ledger.blindDeeds.push({ by: hand, path: place, at: performance.now() });
    } finally {
      fs.closeSync(held.descriptor);
    }
  }

  #open(file: string, flags: 'r' | 'r+'): Held {
    const descriptor = fs.openSync(file, flags);
    try {
      return { descriptor, sha256: hashOf(fs.readFileSync(descriptor)) };
    } catch (error) {
      fs.closeSync(descriptor);
      throw error;
    }
  }

  #anyFile(): string | null {
    const files = this.files().filter((each) => !this.#busy.has(each));
    return files.length === 0 ? null : this.#options.random.pick(files);
  }

  /** A path that nothing has; mostly with a name that no file of the folder has. Its folder is made. */
  #newPlace(): string | null {
    const { random } = this.#options;
    const taken = new Set(this.files().map((each) => path.posix.basename(each)));
    const fresh = names.filter((name) => !taken.has(name));
    const name = fresh.length > 0 && random.chance(0.9) ? random.pick(fresh) : random.pick(names);
    const place = path.posix.join(random.pick(folders), name);
    if (fs.existsSync(this.#at(place))) return null;
    fs.mkdirSync(path.dirname(this.#at(place)), { recursive: true });
    return place;
  }

  #size(): number {
    const { random } = this.#options;
    return random.chance(0.06) ? random.whole(300_000, 1_500_000) : random.whole(300, 20_000);
  }

  #named(place: string): void {
    this.givenNames.add(path.posix.basename(place));
  }

  #at(relative: string): string {
    return path.join(this.#options.root, relative);
  }
}

/** Relative paths of the files below a folder that can be assets, sorted. */
export function mirroredFiles(root: string): string[] {
  return filesBelow(root).filter(isMirroredPath).sort();
}

/** Relative paths of all files below a folder but Vi Sync's own. */
export function filesBelow(root: string, folder = ''): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const relative = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return relative === ownFolder ? [] : filesBelow(root, relative);
    return entry.isFile() ? [relative] : [];
  });
}
