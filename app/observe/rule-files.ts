import path from 'node:path';
import type { Problem } from '../contract.ts';
import type { Disk, FolderListing, TextReading } from '../engine/environment.ts';
import { type FileStamp, isSameStamp } from '../manifest/observations.ts';
import { identityKey } from '../manifest/path-key.ts';
import { isYoung } from './file-stamp.ts';
import {
  IgnoreFile,
  mostRuleBytes,
  type RulesFault,
  ruleFileIn,
  rulesAreNoFile,
  rulesAreNoText,
  rulesAreRefused,
  rulesAreTooLarge,
  rulesUnknown,
} from './ignore-file.ts';
import { IgnoreTree } from './ignore-tree.ts';

/** What is known of a folder's rule file by now. */
export type RulesState =
  /** As it was. `isRestless`: it may be about to change, so it is to be looked at again soon. */
  | { readonly kind: 'same'; readonly isRestless: boolean }
  /** Other rules hold from now on: what lies below has to be looked at anew. */
  | { readonly kind: 'changed' }
  /** Nobody can tell yet what its rules are: it is being written. */
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'unknown'; readonly problem: Problem };

interface SeenFile {
  readonly folder: string;
  readonly stamp: FileStamp | null;
  /** Null: its rules are in the tree. */
  readonly problem: Problem | null;
  /** When it was first found missing, by the clock; null: it was there. */
  readonly missingSince: number | null;
}

export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long a file must have been left alone to count. Milliseconds. */
  readonly quietMs: number;
}

/**
 * The rule files of a mirror's folder as they were last read. A rule file that is gone for a moment, or half written, changes nothing: what
 * it leaves out must not be uploaded because of an editor's way of saving.
 */
export class RuleFiles {
  readonly tree: IgnoreTree;
  readonly #foldsCase: boolean;
  readonly #seen = new Map<string, SeenFile>();

  constructor(foldsCase: boolean) {
    this.#foldsCase = foldsCase;
    this.tree = new IgnoreTree(foldsCase);
  }

  /** Takes note of a folder's rule file as a listing showed it; reads it when it is another one than before. */
  async update(
    disk: Disk,
    root: string,
    folder: string,
    found: FolderListing['ruleFile'],
    moment: Moment,
  ): Promise<RulesState> {
    const seen = this.#seen.get(this.#keyOf(folder));
    if (found === 'none') return seen === undefined ? same : this.#missing(folder, seen, moment);
    if (found === 'not-a-file') return this.#refuse(folder, null, rulesAreNoFile);
    if (seen?.stamp != null && isSameStamp(seen.stamp, found) && seen.missingSince === null) {
      return seen.problem === null ? same : { kind: 'unknown', problem: seen.problem };
    }
    const hasRules = this.tree.get(folder) !== null;
    if (isYoung(found, moment.now, moment.quietMs)) return hasRules ? restless : { kind: 'not-yet' };
    const reading = await disk.readText(path.join(root, ruleFileIn(folder)), mostRuleBytes);
    switch (reading.kind) {
      case 'text':
        return this.#take(folder, reading);
      case 'moving':
      case 'missing':
        return hasRules ? restless : { kind: 'not-yet' };
      case 'not-a-file':
        return this.#refuse(folder, null, rulesAreNoFile);
      case 'too-large':
        return this.#refuse(folder, found, rulesAreTooLarge);
      case 'not-text':
        return this.#refuse(folder, found, rulesAreNoText);
      case 'unreadable':
        // Tried again each time: the same file may be readable then.
        return this.#refuse(folder, null, rulesAreRefused(reading.code));
    }
  }

  /** Forgets the rule files of folders that are no longer there. */
  keep(isThere: (folder: string) => boolean): void {
    for (const [key, { folder }] of this.#seen) {
      if (isThere(folder)) continue;
      this.#seen.delete(key);
      this.tree.set(folder, null);
    }
  }

  #missing(folder: string, seen: SeenFile, { now, quietMs }: Moment): RulesState {
    const since = seen.missingSince ?? now;
    // A clock that was set back must not keep a deleted file alive.
    if (seen.missingSince !== null && Math.abs(now - since) >= quietMs) {
      this.#seen.delete(this.#keyOf(folder));
      this.tree.set(folder, null);
      return { kind: 'changed' };
    }
    this.#seen.set(this.#keyOf(folder), { ...seen, missingSince: since });
    return this.tree.get(folder) === null ? { kind: 'not-yet' } : restless;
  }

  #take(folder: string, { text, stamp }: Extract<TextReading, { kind: 'text' }>): RulesState {
    const parsed = IgnoreFile.parse(folder, text, this.#foldsCase);
    if (!parsed.ok) return this.#refuse(folder, stamp, parsed.problem);
    const before = this.tree.get(folder);
    this.#seen.set(this.#keyOf(folder), { folder, stamp, problem: null, missingSince: null });
    if (before?.isSameAs(parsed.file)) return same;
    this.tree.set(folder, parsed.file);
    return { kind: 'changed' };
  }

  #refuse(folder: string, stamp: FileStamp | null, why: RulesFault | Problem): RulesState {
    const problem = 'code' in why ? why : rulesUnknown(folder, why);
    this.tree.set(folder, null);
    this.#seen.set(this.#keyOf(folder), { folder, stamp, problem, missingSince: null });
    return { kind: 'unknown', problem };
  }

  #keyOf(folder: string): string {
    return identityKey(folder, this.#foldsCase);
  }
}

const same: RulesState = { kind: 'same', isRestless: false };
const restless: RulesState = { kind: 'same', isRestless: true };

/** A folder's rule file by itself, where no listing has shown it. */
export async function lookForRules(
  disk: Disk,
  root: string,
  folder: string,
): Promise<
  { kind: 'seen'; ruleFile: FolderListing['ruleFile'] } | Extract<TextReading, { kind: 'unreadable' }>
> {
  const place = await disk.look(path.join(root, ruleFileIn(folder)));
  switch (place.kind) {
    case 'file':
      return { kind: 'seen', ruleFile: place.stamp };
    case 'missing':
      return { kind: 'seen', ruleFile: 'none' };
    case 'unreadable':
      return place;
    default:
      return { kind: 'seen', ruleFile: 'not-a-file' };
  }
}
