import path from 'node:path';
import type { MirrorStatus } from '../../contract.ts';
import type { Disk } from '../../engine/environment.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import type { LineStyle } from '../output.ts';

export const registerIgnoreCheck: RegisterCommand = (parent, run) => {
  parent
    .command('check')
    .summary('tell whether files are mirrored, and why not')
    .description(
      'Tells of each path whether it is mirrored, left out by a rule (and by which one, of which file), or of a kind that can’t be an asset. The paths need not be there; one that ends in a slash is taken for a folder.',
    )
    .argument('<paths...>', 'files')
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync ignore check photos/.hidden.png photos/a.psd', 'Why is it not in the dataset?'],
      ]),
    )
    .action((paths, options) => run('ignore check', (context) => checkPaths(context, paths, options)));
};

interface Checked {
  readonly path: string;
  /** `unknown`: the rules can’t be read, and all that they may speak of is left alone. */
  readonly verdict: 'mirrored' | 'ignored' | 'no-image' | 'outside' | 'unknown';
  readonly detail: string;
  /** The rule that decides: a line of a file, or one of our own in words; null: none does. */
  readonly rule: string | null;
  /** Relative to the mirror's folder; null: the rule is one of our own. */
  readonly file: string | null;
  readonly line: number | null;
}

const styles = {
  mirrored: 'good',
  ignored: 'warning',
  'no-image': 'warning',
  outside: 'plain',
  unknown: 'bad',
} as const satisfies Record<Checked['verdict'], LineStyle>;

async function checkPaths(
  context: CommandContext,
  paths: readonly string[],
  options: EngineOptions,
): Promise<Outcome> {
  const { mirrors } = await withEngine(context, options, (engine) => engine.call('status', {}));
  const { realDisk } = await import('../../engine/real-disk.ts');
  const disk = realDisk();
  const checked: Checked[] = [];
  try {
    for (const each of paths) checked.push(await check(disk, each, mirrors));
  } finally {
    await disk.close();
  }
  return {
    document: { items: checked },
    print: (output) => {
      for (const { path: file, verdict, detail } of checked) {
        output.line(`${file}: ${detail}`, styles[verdict]);
      }
    },
  };
}

async function check(disk: Disk, asked: string, mirrors: readonly MirrorStatus[]): Promise<Checked> {
  const { explainIgnore } = await import('../../observe/explain-ignore.ts');
  const { isSupportedExtension } = await import('../../image/formats.ts');
  const file = path.resolve(asked);
  const none = { path: file, rule: null, file: null, line: null };
  const place = mirrors
    .map(({ folder }) => ({ folder, inside: path.relative(folder, file) }))
    .find(({ inside }) => inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside));
  if (place === undefined) return { ...none, verdict: 'outside', detail: 'not in the folder of a mirror' };
  const relative = place.inside.split(path.sep).join('/');
  const answer = await explainIgnore(disk, place.folder, /[\\/]$/.test(asked) ? `${relative}/` : relative);
  if (!answer.ok) return { ...none, verdict: 'unknown', detail: answer.problem.detail };
  const { ignored, isFolder, rule, file: ruleFile, line, words } = answer.explanation;
  const decided = { path: file, rule, file: ruleFile, line };
  if (ignored) return { ...decided, verdict: 'ignored', detail: `left out: ${words}` };
  if (!isFolder && !isSupportedExtension(relative)) {
    return { ...none, verdict: 'no-image', detail: 'not an image of a kind that the service takes' };
  }
  return { ...decided, verdict: 'mirrored', detail: rule === null ? 'mirrored' : `mirrored: ${words}` };
}
