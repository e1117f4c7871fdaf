import { Option } from '@commander-js/extra-typings';
import type { FileRow, FileState } from '../../contract.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { formatBytes, formatCount } from '../format.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { stateWords } from '../mirror-words.ts';
import { eachPage } from '../pages.ts';
import type { Column } from '../table.ts';

interface FilesOptions extends EngineOptions {
  readonly state?: FileState | undefined;
  readonly search?: string | undefined;
}

export const registerFiles: RegisterCommand = (parent, run) => {
  parent
    .command('files')
    .summary('list the files of a mirror')
    .description('Lists the files and assets of a mirror with their state, and what is wrong with them.')
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .addOption(
      new Option('--state <state>', 'only those in this state').choices(
        Object.keys(stateWords) as FileState[],
      ),
    )
    .option('--search <text>', 'only those with this in their path')
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync files photos --state problem', 'See what is wrong, and what to do'],
        ['vi-sync files photos --search train/ --json', 'Some of them, for a script'],
      ]),
    )
    .action((mirror, options) => run('files', (context) => listFiles(context, mirror, options)));
};

const columns: readonly Column<FileRow>[] = [
  { title: 'STATE', value: ({ state }) => state },
  { title: 'SIZE', align: 'right', value: ({ size }) => (size === null ? '–' : formatBytes(size)) },
  {
    title: 'ANNOTATIONS',
    align: 'right',
    value: ({ annotations }) => (annotations === null ? '–' : formatCount(annotations)),
  },
  { title: 'PATH', value: ({ path }) => path },
];

async function listFiles(
  context: CommandContext,
  text: string | undefined,
  { state, search, ...options }: FilesOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  const { createTable } = await import('../table.ts');
  await withEngine(context, options, async (engine) => {
    const { mirrorId } = await findMirror(engine, text);
    const table = createTable(columns);
    let shown = 0;
    output.beginItems();
    const pages = eachPage(
      (place) =>
        engine.call('files', {
          mirrorId,
          ...(state === undefined ? {} : { state }),
          ...(search === undefined ? {} : { search }),
          ...place,
        }),
      signal,
    );
    for await (const files of pages) {
      output.items(files);
      const lines = table.lines(files);
      if (shown === 0) output.line(table.header(), 'bold');
      for (const [index, line] of lines.entries()) {
        output.line(line);
        const problem = files[index]?.problem ?? null;
        if (problem !== null)
          output.line(`    ${problem.title}: ${problem.detail} ${problem.suggestion}`, 'warning');
      }
      shown += files.length;
      await output.flush();
      if (output.closed) break;
    }
    if (shown === 0) output.note('There is no such file.');
    output.endItems({});
  });
  return {};
}
