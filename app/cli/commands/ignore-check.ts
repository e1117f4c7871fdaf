import path from 'node:path';
import type { MirrorStatus } from '../../contract.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import type { LineStyle } from '../output.ts';

export const registerIgnoreCheck: RegisterCommand = (parent, run) => {
  parent
    .command('check')
    .summary('tell whether files are mirrored, and why not')
    .description(
      'Tells of each path whether it is mirrored, left out by a rule, or of a kind that can’t be an asset. The paths need not be there.',
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
  readonly verdict: 'mirrored' | 'ignored' | 'no-image' | 'outside';
  readonly detail: string;
}

const styles = {
  mirrored: 'good',
  ignored: 'warning',
  'no-image': 'warning',
  outside: 'plain',
} as const satisfies Record<Checked['verdict'], LineStyle>;

async function checkPaths(
  context: CommandContext,
  paths: readonly string[],
  options: EngineOptions,
): Promise<Outcome> {
  const { mirrors } = await withEngine(context, options, (engine) => engine.call('status', {}));
  const checked: Checked[] = [];
  for (const each of paths) checked.push(await check(path.resolve(each), mirrors));
  return {
    document: { items: checked },
    print: (output) => {
      for (const { path: file, verdict, detail } of checked) {
        output.line(`${file}: ${detail}`, styles[verdict]);
      }
    },
  };
}

async function check(file: string, mirrors: readonly MirrorStatus[]): Promise<Checked> {
  const { isIgnoredName, isMirroredPath } = await import('../../observe/ignore-rules.ts');
  const inside = mirrors
    .map(({ folder }) => path.relative(folder, file))
    .find((relative) => relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative));
  if (inside === undefined) {
    return { path: file, verdict: 'outside', detail: 'not in the folder of a mirror' };
  }
  const parts = inside.split(path.sep);
  if (isMirroredPath(parts.join('/'))) return { path: file, verdict: 'mirrored', detail: 'mirrored' };
  const ignored = parts.find(isIgnoredName);
  if (ignored === undefined) {
    return { path: file, verdict: 'no-image', detail: 'not an image of a kind that the service takes' };
  }
  return { path: file, verdict: 'ignored', detail: `left out: nothing is mirrored at or below “${ignored}”` };
}
