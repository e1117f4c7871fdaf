import type { Problem } from '../contract.ts';
import { folderOf, identityKey } from '../manifest/path-key.ts';
import type { IgnoreAnswer } from './ignore-tree.ts';
import { RuleFiles } from './rule-files.ts';

/** Why nobody can say now what lies in a folder. */
export type HiddenReason =
  /** The system does not let us look. `code`: `EACCES`, `EIO`, … */
  | { readonly kind: 'unreadable'; readonly code: string }
  /** It was a disk of its own, and is an ordinary folder now without the files that were known. */
  | { readonly kind: 'unmounted' }
  /** Another disk has been mounted over it, without the files that were known. */
  | { readonly kind: 'covered' }
  /** What its rule file leaves out can't be told. */
  | { readonly kind: 'rules'; readonly problem: Problem }
  /** Its rule file is being written. */
  | { readonly kind: 'rules-not-yet' };

/** Why a path is not looked at: what is (not) known there says nothing about what is there. */
export type UnobservedReason =
  | { readonly kind: 'ignored'; readonly answer: IgnoreAnswer }
  /** A folder above it is a link. */
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'hidden'; readonly folder: string; readonly why: HiddenReason };

/** The places in a mirror's folder that scans must not, or can't, look at. */
export class Unobserved {
  readonly ruleFiles: RuleFiles;
  readonly #foldsCase: boolean;
  readonly #hidden = new Map<string, { readonly folder: string; readonly why: HiddenReason }>();
  /** By the key of the folder that they lie in: paths of links, by key. */
  readonly #links = new Map<string, Map<string, string>>();
  #version = 0;
  #reach = 0;

  constructor(foldsCase: boolean) {
    this.#foldsCase = foldsCase;
    this.ruleFiles = new RuleFiles(foldsCase);
  }

  /** Another number whenever other places are left out than before. */
  get version(): number {
    return this.#version;
  }

  /** Another number whenever folders may have come into reach, or rules have changed: other folders are to be watched then. */
  get reach(): number {
    return this.#reach;
  }

  /** Folders that can't be looked at; those whose rule file is just being written are no news to anybody. */
  get hidden(): { readonly folder: string; readonly why: HiddenReason }[] {
    return [...this.#hidden.values()].filter(({ why }) => why.kind !== 'rules-not-yet');
  }

  /** Why nothing is known of a file of this path; null: the last scan would have seen it. */
  why(path: string): UnobservedReason | null {
    const folder = folderOf(path);
    const hidden = this.#hidden.size === 0 ? null : this.hiddenAbove(folder);
    if (hidden !== null) return { kind: 'hidden', ...hidden };
    const link = this.#links.size === 0 ? null : this.#linkAbove(folder);
    if (link !== null) return { kind: 'link', link };
    const { tree } = this.ruleFiles;
    return tree.isIgnored(path, false) ? { kind: 'ignored', answer: tree.explain(path, false) } : null;
  }

  /** The hidden folder that is this one or lies above it. */
  hiddenAbove(folder: string): { readonly folder: string; readonly why: HiddenReason } | null {
    for (let each = this.#keyOf(folder); ; each = folderOf(each)) {
      const hidden = this.#hidden.get(each);
      if (hidden !== undefined) return hidden;
      if (each === '') return null;
    }
  }

  hiddenAt(folder: string): HiddenReason | null {
    return this.#hidden.get(this.#keyOf(folder))?.why ?? null;
  }

  hide(folder: string, why: HiddenReason): void {
    const key = this.#keyOf(folder);
    if (this.#hidden.get(key)?.why.kind !== why.kind) this.#version += 1;
    this.#hidden.set(key, { folder, why });
  }

  show(folder: string): void {
    if (this.#hidden.delete(this.#keyOf(folder))) this.placesChanged();
  }

  /** Rules have changed, or a disk has been mounted. */
  placesChanged(): void {
    this.#version += 1;
    this.#reach += 1;
  }

  /** The links that a folder holds. */
  setLinks(folder: string, links: readonly string[]): void {
    const key = this.#keyOf(folder);
    const before = this.#links.get(key);
    const now = new Map(links.map((link) => [this.#keyOf(link), link]));
    const isSame = now.size === (before?.size ?? 0) && [...now.keys()].every((each) => before?.has(each));
    if (isSame) return;
    if (now.size === 0) this.#links.delete(key);
    else this.#links.set(key, now);
    this.#version += 1;
  }

  setLink(path: string, isLink: boolean): void {
    const links = new Map(this.#links.get(this.#keyOf(folderOf(path))));
    if (links.has(this.#keyOf(path)) === isLink) return;
    if (isLink) links.set(this.#keyOf(path), path);
    else links.delete(this.#keyOf(path));
    this.setLinks(folderOf(path), [...links.values()]);
  }

  /** Forgets what was noted about folders that are no longer there. */
  keep(isThere: (folder: string) => boolean): void {
    this.ruleFiles.keep(isThere);
    for (const { folder } of this.#hidden.values()) if (!isThere(folder)) this.show(folder);
    for (const [key, links] of this.#links) {
      const folder = folderOf([...links.values()][0] ?? '');
      if (isThere(folder)) continue;
      this.#links.delete(key);
      this.#version += 1;
    }
  }

  #linkAbove(folder: string): string | null {
    for (let each = this.#keyOf(folder); each !== ''; each = folderOf(each)) {
      const link = this.#links.get(folderOf(each))?.get(each);
      if (link !== undefined) return link;
    }
    return null;
  }

  #keyOf(path: string): string {
    return identityKey(path, this.#foldsCase);
  }
}
