import path from 'node:path';
import type { Problem } from '../contract.ts';
import type { Disk } from '../engine/environment.ts';
import { folderOf } from '../manifest/path-key.ts';
import { rulesAreOutOfSight, rulesUnknown } from './ignore-file.ts';
import { ownFolder } from './root-guard.ts';
import { lookForRules, RuleFiles } from './rule-files.ts';
import { ruleWords } from './unobserved-words.ts';

/** Whether a path is left out of its mirror, and what decides. */
export interface IgnoreExplanation {
  /** Relative to the mirror's folder, `/` between its parts. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly ignored: boolean;
  /** What the rule speaks of: the path itself, or the folder above it that is left out with all below it. */
  readonly at: string;
  /** The line of a rule file, or a rule of our own in words; null: no rule speaks of it. */
  readonly rule: string | null;
  /** The rule file, relative to the mirror's folder; null for our own rules. */
  readonly file: string | null;
  /** From 1 up; null for our own rules. */
  readonly line: number | null;
  /** The same for a person. */
  readonly words: string;
}

/**
 * Explains what the rules make of one path, from the rule files as they are now. The path need not exist; one that does not is taken for a
 * file unless it ends in `/`.
 *
 * @param relative to the mirror's folder, `/` between its parts; not the folder itself
 * @returns or why the rules of a file can't be told: then all below its folder is left alone
 */
export async function explainIgnore(
  disk: Disk,
  root: string,
  relative: string,
): Promise<
  | { readonly ok: true; readonly explanation: IgnoreExplanation }
  | { readonly ok: false; readonly problem: Problem }
> {
  const asked = relative.replace(/\/+$/, '');
  const files = new RuleFiles(await foldsCase(disk, root));
  const folders: string[] = [];
  for (let folder = asked; folder !== ''; folder = folderOf(folder)) folders.unshift(folderOf(folder));
  for (const folder of folders) {
    // Rules below a folder that is left out count for nothing.
    if (folder !== '' && files.tree.isIgnored(folder, true)) break;
    const found = await lookForRules(disk, root, folder);
    if (found.kind === 'unreadable') {
      return { ok: false, problem: rulesUnknown(folder, rulesAreOutOfSight(found.code)) };
    }
    const state = await files.update(disk, root, folder, found.ruleFile, { now: 0, quietMs: 0 });
    if (state.kind === 'unknown') return { ok: false, problem: state.problem };
  }
  const isFolder = relative.endsWith('/') || (await disk.look(path.join(root, asked))).kind === 'folder';
  const answer = files.tree.explain(asked, isFolder);
  const { ignored, at, rule } = answer;
  return {
    ok: true,
    explanation: {
      path: asked,
      isFolder,
      ignored,
      at,
      rule: rule === null ? null : rule.kind === 'file' ? rule.pattern : rule.name,
      file: rule?.kind === 'file' ? rule.file : null,
      line: rule?.kind === 'file' ? rule.line : null,
      words: ruleWords(answer),
    },
  };
}

/** Whether the disk takes names that differ in case alone for one name, as far as our own folder in it tells. */
async function foldsCase(disk: Disk, root: string): Promise<boolean> {
  return (await disk.look(path.join(root, ownFolder.toUpperCase()))).kind === 'folder';
}
