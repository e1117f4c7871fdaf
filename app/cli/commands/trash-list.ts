import type { TrashedFile } from '../../contract.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { formatBytes, formatTime } from '../format.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { eachPage } from '../pages.ts';
import type { Column } from '../table.ts';

export const registerTrashList: RegisterCommand = (parent, run) => {
  parent
    .command('list')
    .summary('list what lies in the trash')
    .description(
      'Lists files that a download has replaced, that went with their asset, or that an answer has removed; the newest first. They lie in the ' +
        'folder .vi-sync of their mirror.',
    )
    .argument('[mirror]', `${MIRROR_ARGUMENT_TEXT} (default: all)`)
    .option(...DATA_OPTION)
    .addHelpText('after', examplesText([['vi-sync trash list photos', 'See what can be had back']]))
    .action((mirror, options) => run('trash list', (context) => listTrash(context, mirror, options)));
};

const columns: readonly Column<TrashedFile>[] = [
  { title: 'NUMBER', align: 'right', value: ({ id }) => String(id) },
  { title: 'SINCE', value: ({ at }) => formatTime(at) },
  { title: 'SIZE', align: 'right', value: ({ size }) => formatBytes(size) },
  { title: 'WHY', value: ({ reason }) => reason },
  { title: 'PATH', value: ({ path }) => path },
];

async function listTrash(
  context: CommandContext,
  text: string | undefined,
  options: EngineOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  const { createTable } = await import('../table.ts');
  await withEngine(context, options, async (engine) => {
    const ofMirror = text === undefined ? {} : { mirrorId: (await findMirror(engine, text)).mirrorId };
    const table = createTable(columns);
    let shown = 0;
    output.beginItems();
    for await (const files of eachPage((place) => engine.call('trash', { ...ofMirror, ...place }), signal)) {
      output.items(files);
      const lines = table.lines(files);
      if (shown === 0) output.line(table.header(), 'bold');
      for (const line of lines) output.line(line);
      shown += files.length;
      await output.flush();
      if (output.closed) break;
    }
    if (shown === 0) output.note('The trash is empty.');
    else output.note('vi-sync trash restore NUMBER … puts files back.');
    output.endItems({});
  });
  return {};
}
