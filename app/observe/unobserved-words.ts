import type { Facts, Problem } from '../contract.ts';
import { printable } from '../plan/names.ts';
import type { DecidingRule, IgnoreAnswer } from './ignore-tree.ts';
import type { HiddenReason, UnobservedReason } from './unobserved.ts';

/** What a person is told about a file, or an asset, that is left alone because its place is not looked at. */
export function unobservedProblem(path: string, reason: UnobservedReason): Problem {
  switch (reason.kind) {
    case 'ignored':
      return {
        code: 'ignored',
        title: 'Left out by a rule',
        facts: { path, ...ruleFacts(reason.answer) },
        detail: `“${path}” is left out: ${ruleWords(reason.answer)}. Folder and dataset stay as they are.`,
        suggestion: 'Change the rule to mirror it again: it goes on where it was.',
      };
    case 'link':
      return {
        code: 'behind-link',
        facts: { path, link: reason.link },
        title: 'Behind a link',
        detail: `“${path}” lies behind “${reason.link}”, which is a link. Links are not followed; folder and dataset stay as they are.`,
        suggestion: 'Put the folder itself in place of the link to mirror it again: it goes on where it was.',
      };
    case 'hidden':
      return hiddenProblem(reason.folder, reason.why);
  }
}

/** What a person is told about a folder that can't be looked at now. */
export function hiddenProblem(folder: string, why: HiddenReason): Problem {
  const place = folder === '' ? 'The mirror’s folder' : `“${folder}”`;
  const at = { case: folder === '' ? 'whole' : 'part', folder };
  const stays = 'What is known below it stays as it was: nothing is uploaded, downloaded or deleted there.';
  switch (why.kind) {
    case 'unreadable':
      return {
        code: 'folder-unreadable',
        facts: { ...at, code: why.code },
        title: 'A folder can’t be read',
        detail: `The system does not let Vi Sync look into ${place} (${why.code}). ${stays}`,
        suggestion: 'Check its permissions, and that its disk is connected. It is tried again by itself.',
      };
    case 'unmounted':
      return {
        code: 'folder-unmounted',
        facts: { ...at },
        title: 'A disk is not connected',
        detail: `${place} was a disk of its own, and is an ordinary folder without its files now. ${stays}`,
        suggestion: `Connect the disk. If its files are gone for good, delete the folder “${folder}”.`,
      };
    case 'covered':
      return {
        code: 'folder-covered',
        facts: { ...at },
        title: 'Another disk covers a folder',
        detail: `A disk is mounted at ${place}, and the files that were there before can’t be seen. ${stays}`,
        suggestion: 'Disconnect that disk, or mount it elsewhere.',
      };
    case 'rules':
      return why.problem;
    case 'rules-not-yet':
      return {
        code: 'ignore-rules-changing',
        facts: { ...at },
        title: 'Rules are being changed',
        detail: `The rules of ${place} are being written. ${stays}`,
        suggestion: 'Nothing needs to be done.',
      };
  }
}

/** Which rule decides, in words: `the rule “*.tmp” in “.visyncignore”, line 3, leaves out “a.tmp”`. */
export function ruleWords({ ignored, at, rule }: IgnoreAnswer): string {
  if (rule === null) return 'no rule speaks of it';
  return `${ruleName(rule)} ${ignored ? 'leaves out' : 'takes back'} “${printable(at)}”`;
}

/** The same as facts. */
function ruleFacts({ ignored, at, rule }: IgnoreAnswer): Facts {
  const verdict = { at: printable(at), ignored: ignored ? 1 : 0 };
  if (rule === null) return { case: 'no-rule' };
  if (rule.kind === 'built-in') return { case: 'built-in', rule: rule.name, ...verdict };
  return {
    case: 'file',
    pattern: printable(rule.pattern),
    file: printable(rule.file),
    line: rule.line,
    ...verdict,
  };
}

function ruleName(rule: DecidingRule): string {
  return rule.kind === 'built-in'
    ? `the built-in rule for ${rule.name}`
    : `the rule “${printable(rule.pattern)}” in “${printable(rule.file)}”, line ${rule.line},`;
}
