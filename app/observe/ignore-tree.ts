import { folderOf, identityKey } from '../manifest/path-key.ts';
import type { FileRule, FileVerdict, IgnoreFile } from './ignore-file.ts';
import { builtInRule, isIgnoredName, isOwnFolder } from './ignore-rules.ts';

/** The rule that decides about a path: a line of a rule file, or one that is always there. */
export type DecidingRule =
  | ({ readonly kind: 'file' } & FileRule)
  /** `name`: the rule in words. */
  | { readonly kind: 'built-in'; readonly name: string };

/** Whether a path is left out, and why. */
export interface IgnoreAnswer {
  readonly ignored: boolean;
  /** What the rule speaks of: the path itself or a folder above it. */
  readonly at: string;
  /** Null: no rule speaks of it. */
  readonly rule: DecidingRule | null;
}

/** Answers about folders that are remembered at once. */
const mostRemembered = 100_000;

/**
 * All rules of a mirror's folder, as git has them: what lies below a folder that is left out is left out. Otherwise the last rule that
 * fits decides, in the rule file that lies deepest, and where none of them says anything, the rules that are always there.
 */
export class IgnoreTree {
  readonly #foldsCase: boolean;
  /** By the key of the folder that a file lies in. */
  readonly #files = new Map<string, IgnoreFile>();
  /** By the key of a folder: whether it, or one above it, is left out. */
  readonly #folders = new Map<string, boolean>();

  constructor(foldsCase: boolean) {
    this.#foldsCase = foldsCase;
  }

  /** True when there is no rule but those that are always there. */
  get isBare(): boolean {
    return this.#files.size === 0;
  }

  /** True when something that the built-in rules leave out may be taken back. */
  get hasNegations(): boolean {
    for (const file of this.#files.values()) if (file.hasNegations) return true;
    return false;
  }

  get(folder: string): IgnoreFile | null {
    return this.#files.get(this.#keyOf(folder)) ?? null;
  }

  set(folder: string, file: IgnoreFile | null): void {
    if (file === null) this.#files.delete(this.#keyOf(folder));
    else this.#files.set(this.#keyOf(folder), file);
    this.#folders.clear();
  }

  /** Whether a path, or a folder above it, is left out. Paths are relative to the mirror's folder. */
  isIgnored(path: string, isFolder: boolean): boolean {
    if (isFolder) return this.#isFolderIgnored(path);
    return this.#isFolderIgnored(folderOf(path)) || this.isIgnoredItself(path, false);
  }

  /** The same where it is known that no folder above it is. */
  isIgnoredItself(path: string, isFolder: boolean): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (isOwnFolder(name)) return true;
    return (this.#verdict(path, isFolder) ?? (isIgnoredName(name) ? 'ignored' : null)) === 'ignored';
  }

  /** Which rule decides about a path. */
  explain(path: string, isFolder: boolean): IgnoreAnswer {
    const parts = path.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const at = parts.slice(0, length).join('/');
      const isWhole = length === parts.length;
      const isIgnored = this.isIgnoredItself(at, !isWhole || isFolder);
      if (isIgnored || isWhole) {
        return { ignored: isIgnored, at, rule: this.#rule(at, !isWhole || isFolder) };
      }
    }
    return { ignored: false, at: path, rule: null };
  }

  #isFolderIgnored(folder: string): boolean {
    if (folder === '') return false;
    const key = this.#keyOf(folder);
    const known = this.#folders.get(key);
    if (known !== undefined) return known;
    const answer = this.#isFolderIgnored(folderOf(folder)) || this.isIgnoredItself(folder, true);
    if (this.#folders.size >= mostRemembered) this.#folders.clear();
    this.#folders.set(key, answer);
    return answer;
  }

  #verdict(path: string, isFolder: boolean): FileVerdict {
    for (const { file, relative } of this.#filesAbove(path)) {
      const verdict = file.verdict(relative, isFolder);
      if (verdict !== null) return verdict;
    }
    return null;
  }

  #rule(path: string, isFolder: boolean): DecidingRule | null {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const own = builtInRule(name);
    const builtIn = own === null ? null : ({ kind: 'built-in', name: own } as const);
    if (isOwnFolder(name)) return builtIn;
    for (const { file, relative } of this.#filesAbove(path)) {
      const rule = file.rule(relative, isFolder);
      if (rule !== null) return { kind: 'file', ...rule };
    }
    return builtIn;
  }

  /** The rule files that can speak of a path, the deepest first, each with the path relative to it. */
  *#filesAbove(path: string): Generator<{ file: IgnoreFile; relative: string }> {
    if (this.#files.size === 0) return;
    for (let end = path.lastIndexOf('/'); ; end = path.lastIndexOf('/', end - 1)) {
      const file = this.#files.get(this.#keyOf(end === -1 ? '' : path.slice(0, end)));
      if (file !== undefined) yield { file, relative: path.slice(end + 1).normalize('NFC') };
      if (end === -1) return;
    }
  }

  #keyOf(folder: string): string {
    return identityKey(folder, this.#foldsCase);
  }
}
