import path from 'node:path';
import type { Problem } from '../contract.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { systemCode } from '../observe/file-stamp.ts';
import {
  IgnoreFile,
  mostRuleBytes,
  type RulesFault,
  rulesAreNoText,
  rulesAreRefused,
  rulesAreTooLarge,
} from '../observe/ignore-file.ts';
import { ruleFileName } from '../observe/ignore-rules.ts';
import { checkRoot, type KnownRoot } from '../observe/root-guard.ts';
import { EngineError } from './engine-error.ts';
import type { Disk } from './environment.ts';

/** The folder of a mirror whose rules are read or written. */
export interface RulesPlace {
  readonly disk: Disk;
  readonly mirror: MirrorRecord;
  readonly known: KnownRoot;
}

/**
 * The text of the rule file of a mirror's own folder; '' when there is none.
 *
 * @throws EngineError when the folder can't be believed now, or the file can't be read as text
 */
export async function readRules({ disk, mirror, known }: RulesPlace): Promise<string> {
  const problem = await checkRoot(disk, mirror.folder, known);
  if (problem !== null) throw new EngineError(problem);
  const reading = await disk.readText(path.join(mirror.folder, ruleFileName), mostRuleBytes);
  switch (reading.kind) {
    case 'text':
      return reading.text;
    case 'missing':
      return '';
    case 'moving':
      throw new EngineError(changed);
    case 'not-a-file':
      throw unreadable({ words: 'it is a link or a folder', facts: { case: 'no-file' } });
    case 'too-large':
      throw unreadable(rulesAreTooLarge);
    case 'not-text':
      throw unreadable(rulesAreNoText);
    case 'unreadable':
      throw unreadable(rulesAreRefused(reading.code));
  }
}

/**
 * Writes the rules, as long as they are what a person was shown before.
 *
 * @throws EngineError when they are not, when the new ones can't be understood, or when they can't be written
 */
export async function writeRules(
  place: RulesPlace,
  { before, text }: { before: string; text: string },
): Promise<void> {
  const { disk, mirror } = place;
  if ((await readRules(place)) !== before) throw new EngineError(changed);
  if (text === before) return;
  if (Buffer.byteLength(text) > mostRuleBytes) throw new EngineError(tooLong);
  const parsed = IgnoreFile.parse('', text, mirror.foldsCase);
  if (!parsed.ok) throw new EngineError(notUnderstood(parsed.problem));
  try {
    await disk.writeFile(path.join(mirror.folder, ruleFileName), text);
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    throw new EngineError(notWritten(mirror.folder, code), { cause: error });
  }
}

const changed: Problem = {
  code: 'rules-changed',
  facts: { ruleFile: ruleFileName },
  title: 'The rules have changed meanwhile',
  detail: `“${ruleFileName}” is not as it was shown: another program has written it. Your rules have not been written.`,
  suggestion: 'Load the rules again, and make your change anew.',
};

const tooLong: Problem = {
  code: 'rules-too-long',
  facts: { kib: mostRuleBytes / 1024 },
  title: 'Too many rules',
  detail: `The rules have more than ${mostRuleBytes / 1024} KiB, and have not been written.`,
  suggestion: 'Say it with fewer rules: one pattern can stand for many files.',
};

function notUnderstood({ detail, facts }: Problem): Problem {
  return {
    code: 'rules-not-understood',
    ...(facts === undefined ? {} : { facts }),
    title: 'The rules can’t be understood',
    detail: `They have not been written. With them: ${detail}`,
    suggestion: 'Correct the line that is named.',
  };
}

function unreadable(why: RulesFault): EngineError {
  return new EngineError({
    code: 'rules-unreadable',
    facts: { ...why.facts, ruleFile: ruleFileName },
    title: 'The rules can’t be shown',
    detail: `“${ruleFileName}” can’t be read: ${why.words}.`,
    suggestion: `Put “${ruleFileName}” right, or delete it.`,
  });
}

function notWritten(folder: string, code: string): Problem {
  return {
    code: 'rules-not-written',
    facts: { ruleFile: ruleFileName, folder, code },
    title: 'The rules could not be written',
    detail: `“${ruleFileName}” in “${folder}” could not be written (${code}). It is as it was.`,
    suggestion: 'Check the permissions of the folder, and that its disk is not full or read-only.',
  };
}
