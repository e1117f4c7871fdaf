import type { MirrorStatus } from '../../contract.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { formatCount } from '../format.ts';
import { phaseText } from '../mirror-words.ts';
import type { Column } from '../table.ts';

export const registerMirrorList: RegisterCommand = (parent, run) => {
  parent
    .command('list')
    .summary('list the mirrors')
    .description('Lists the mirrors: folder, dataset, direction, what they are doing, ID.')
    .option(...DATA_OPTION)
    .addHelpText('after', examplesText([['vi-sync mirror list', 'See which folders are mirrored']]))
    .action((options) => run('mirror list', (context) => listMirrors(context, options)));
};

const columns: readonly Column<MirrorStatus>[] = [
  { title: 'FOLDER', value: ({ folder }) => folder },
  { title: 'DATASET', value: ({ datasetName }) => datasetName },
  { title: 'DIRECTION', value: ({ settings }) => settings.direction },
  { title: 'STATE', value: phaseText },
  { title: 'FILES', align: 'right', value: ({ fileTotal }) => formatCount(fileTotal) },
  { title: 'ID', value: ({ mirrorId }) => mirrorId },
];

async function listMirrors(context: CommandContext, options: EngineOptions): Promise<Outcome> {
  const { createTable } = await import('../table.ts');
  const { mirrors } = await withEngine(context, options, (engine) => engine.call('status', {}));
  return {
    document: { items: mirrors },
    print: (output) => {
      if (mirrors.length === 0) {
        output.note('There is no mirror yet. vi-sync mirror add FOLDER DATASET makes one.');
        return;
      }
      const table = createTable(columns);
      const lines = table.lines(mirrors);
      output.line(table.header(), 'bold');
      for (const line of lines) output.line(line);
    },
  };
}
