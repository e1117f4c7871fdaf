import ignore, { type Ignore } from 'ignore';
import type { Facts, Problem } from '../contract.ts';
import { folderOf } from '../manifest/path-key.ts';
import { ruleFileName } from './ignore-rules.ts';

/** The most bytes that a rule file may have: far more than anybody writes by hand. */
export const mostRuleBytes = 64 * 1024;
const mostPatterns = 2000;
const longestPattern = 1000;
/** Each `**` of a pattern multiplies the time that a path without a match takes. */
const mostGlobstars = 3;
/** The matcher remembers every path that it was asked about: it is made anew before that becomes a burden. */
const mostRemembered = 10_000;

/** One line of a rule file. */
export interface FileRule {
  /** Path of the rule file, relative to the mirror's folder. */
  readonly file: string;
  /** From 1 up. */
  readonly line: number;
  readonly pattern: string;
}

export type IgnoreFileReading =
  | { readonly ok: true; readonly file: IgnoreFile }
  | { readonly ok: false; readonly problem: Problem };

/** What the rules of one file say of a path: left out, taken back (`!`), or nothing. */
export type FileVerdict = 'ignored' | 'taken-back' | null;

interface Pattern {
  readonly pattern: string;
  /** Number of its line, as the matcher carries it. */
  readonly mark: string;
}

/** The rules of one `.visyncignore`. */
export class IgnoreFile {
  /** The folder that it lies in, relative to the mirror's; '' is the mirror's own. */
  readonly folder: string;
  /** True when a rule takes something back that another one leaves out. */
  readonly hasNegations: boolean;
  readonly #patterns: readonly Pattern[];
  readonly #ignoreCase: boolean;
  #matcher: Ignore;
  #asked = 0;

  private constructor(folder: string, patterns: readonly Pattern[], ignoreCase: boolean) {
    this.folder = folder;
    this.hasNegations = patterns.some(({ pattern }) => pattern.startsWith('!'));
    this.#patterns = patterns;
    this.#ignoreCase = ignoreCase;
    this.#matcher = this.#make(patterns);
  }

  /** @param ignoreCase whether the disk takes names that differ in case alone for one name */
  static parse(folder: string, text: string, ignoreCase: boolean): IgnoreFileReading {
    const patterns: Pattern[] = [];
    for (const [index, line] of text.normalize('NFC').split('\n').entries()) {
      const pattern = index === 0 ? line.replace(/^\uFEFF/u, '') : line;
      if (pattern.trim() === '' || pattern.startsWith('#')) continue;
      const fault = faultOf(pattern);
      if (fault !== null) return refuse(folder, lineFault(index + 1, fault));
      patterns.push({ pattern, mark: String(index + 1) });
    }
    if (patterns.length > mostPatterns) return refuse(folder, tooMany);
    return { ok: true, file: new IgnoreFile(folder, patterns, ignoreCase) };
  }

  /**
   * What the rules say of a path itself; that a folder above it is left out does not matter here.
   *
   * @param relative to {@link folder}, in normal form C
   */
  verdict(relative: string, isFolder: boolean): FileVerdict {
    const { ignored, unignored } = this.#test(relative, isFolder);
    return ignored ? 'ignored' : unignored ? 'taken-back' : null;
  }

  /** The rule that a {@link verdict} comes from. */
  rule(relative: string, isFolder: boolean): FileRule | null {
    const { ignored, unignored, rule } = this.#test(relative, isFolder);
    if (ignored) return this.#ruleOf(rule?.mark);
    if (!unignored) return null;
    // Which rule has taken it back, the matcher does not say: it is the last one that fits.
    const mark = this.#patterns.findLast(
      ({ pattern }) =>
        pattern.startsWith('!') &&
        this.#make([{ pattern: withoutNegation(pattern), mark: '' }, ...takingBackFolders(relative)]).test(
          asked(relative, isFolder),
        ).ignored,
    )?.mark;
    return this.#ruleOf(mark);
  }

  /** Whether another text of the file says the same. */
  isSameAs(other: IgnoreFile): boolean {
    const text = (file: IgnoreFile) => JSON.stringify(file.#patterns.map(({ pattern }) => pattern));
    return text(this) === text(other);
  }

  #test(relative: string, isFolder: boolean): ReturnType<Ignore['test']> {
    if (this.#asked >= mostRemembered) {
      this.#matcher = this.#make(this.#patterns);
      this.#asked = 0;
    }
    this.#asked += 1;
    const result = this.#matcher.test(asked(relative, isFolder));
    const parent = folderOf(relative);
    if (!result.ignored || parent === '' || !this.#matcher.test(`${parent}/`).ignored) return result;
    // The folder above is left out by these rules, and yet somebody asks: a rule file below has taken it back.
    return this.#make([...this.#patterns, ...takingBackFolders(relative)]).test(asked(relative, isFolder));
  }

  #make(patterns: readonly Pattern[]): Ignore {
    return ignore({ ignoreCase: this.#ignoreCase }).add(patterns);
  }

  #ruleOf(mark: string | undefined): FileRule | null {
    const found = this.#patterns.find((each) => each.mark === mark);
    if (found === undefined) return null;
    const file = ruleFileIn(this.folder);
    return { file, line: Number(found.mark), pattern: found.pattern.replace(/\r$/, '') };
  }
}

/** Path of a folder's rule file. */
export function ruleFileIn(folder: string): string {
  return folder === '' ? ruleFileName : `${folder}/${ruleFileName}`;
}

/** Why rules can't be told: the end of a sentence about their file, and the same as facts. `case` in them says which. */
export interface RulesFault {
  readonly words: string;
  readonly facts: Facts & { readonly case: string };
}

export const rulesAreNoFile: RulesFault = { words: 'it is no file', facts: { case: 'no-file' } };
export const rulesAreNoText: RulesFault = { words: 'it is no text (UTF-8)', facts: { case: 'no-text' } };
export const rulesAreTooLarge: RulesFault = {
  words: `it has more than ${mostRuleBytes / 1024} KiB`,
  facts: { case: 'too-large', kib: mostRuleBytes / 1024 },
};
const tooMany: RulesFault = {
  words: `it has more than ${mostPatterns} rules`,
  facts: { case: 'too-many', most: mostPatterns },
};

/** @param code of the system */
export function rulesAreRefused(code: string): RulesFault {
  return { words: `the system does not let Vi Sync read it (${code})`, facts: { case: 'refused', code } };
}

/** @param code of the system */
export function rulesAreOutOfSight(code: string): RulesFault {
  return { words: `it can’t be looked at (${code})`, facts: { case: 'out-of-sight', code } };
}

function lineFault(line: number, fault: RulesFault): RulesFault {
  return { words: `line ${line} ${fault.words}`, facts: { ...fault.facts, line } };
}

/** The rules of a file can't be told: nobody knows what it leaves out, so nothing is done below it. */
export function rulesUnknown(folder: string, why: RulesFault): Problem {
  const place = folder === '' ? 'The whole folder' : `The folder “${folder}”`;
  return {
    code: 'ignore-rules-unknown',
    facts: { ...why.facts, folder, ruleFile: ruleFileIn(folder) },
    title: 'Rules can’t be read',
    detail: `“${ruleFileIn(folder)}” says what is not to be mirrored, and ${why.words}. ${place} is left alone until it can be read: nothing is uploaded, downloaded or deleted there.`,
    suggestion: `Put “${ruleFileIn(folder)}” right, or delete it.`,
  };
}

function refuse(folder: string, why: RulesFault): IgnoreFileReading {
  return { ok: false, problem: rulesUnknown(folder, why) };
}

function faultOf(pattern: string): RulesFault | null {
  if (pattern.includes('\0')) return { words: 'is no text', facts: { case: 'line-no-text' } };
  if (pattern.length > longestPattern) {
    return {
      words: `is longer than ${longestPattern} characters`,
      facts: { case: 'line-long', most: longestPattern },
    };
  }
  const globstars = pattern.split('/').filter((part) => /^!?\*{2,}\r?$/.test(part)).length;
  if (globstars <= mostGlobstars) return null;
  return { words: `has more than ${mostGlobstars} “**”`, facts: { case: 'line-stars', most: mostGlobstars } };
}

function asked(relative: string, isFolder: boolean): string {
  return isFolder ? `${relative}/` : relative;
}

/** `!a` as `a`. What stands behind the first `!` is never a sign. */
function withoutNegation(pattern: string): string {
  const rest = pattern.slice(1);
  return /^[!#]/.test(rest) ? `\\${rest}` : rest;
}

/** Rules that take back every folder above a path, and nothing else. */
function takingBackFolders(relative: string): Pattern[] {
  const patterns: Pattern[] = [];
  for (let folder = folderOf(relative); folder !== ''; folder = folderOf(folder)) {
    patterns.push({ pattern: `!/${folder.replace(/[\\*?[\]! #]/g, '\\$&')}/`, mark: '' });
  }
  return patterns;
}
