import { Option } from '@commander-js/extra-typings';
import type { EngineApi, Hold, HoldReason, MirrorStatus } from '../../contract.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { formatCount, formatNumberOf } from '../format.ts';
import { sideText } from '../hold-words.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { holdCountText, mirrorTitle } from '../mirror-words.ts';
import { eachPage } from '../pages.ts';
import { reasonWords } from '../reasons.ts';
import type { Column } from '../table.ts';

interface ListOptions extends EngineOptions {
  readonly reason?: HoldReason | undefined;
  readonly optional?: true | undefined;
}

export const registerConflictsList: RegisterCommand = (parent, run) => {
  parent
    .command('list')
    .summary('list what waits for an answer')
    .description(
      'Lists what waits for an answer: changes on both sides, overwrites of annotated images, deletions, names that are taken.',
    )
    .argument('[mirror]', `${MIRROR_ARGUMENT_TEXT} (default: all)`)
    .addOption(new Option('--reason <reason>', 'only those that wait for this reason').choices(reasonWords))
    .option('--optional', 'also what is left alone without an answer, and could be decided otherwise')
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync conflicts list', 'All of them'],
        ['vi-sync conflicts list photos --reason both-changed', 'What both sides have changed in a folder'],
        ['vi-sync conflicts list --json', 'With both sides of each, for a script'],
      ]),
    )
    .action((mirror, options) => run('conflicts list', (context) => listConflicts(context, mirror, options)));
};

const columns: readonly Column<Hold>[] = [
  { title: 'PATH', value: ({ path }) => path },
  { title: 'REASON', value: ({ reason, isOptional }) => (isOptional ? `(${reason})` : reason) },
  { title: 'HERE', value: ({ local }) => sideText(local) },
  { title: 'THERE', value: ({ remote }) => sideText(remote) },
  { title: 'ANNOTATIONS', align: 'right', value: annotationCell },
];

function annotationCell({ remote }: Hold): string {
  if (remote === null) return '–';
  return remote.annotations === null ? 'unknown' : formatCount(remote.annotations);
}

async function listConflicts(
  context: CommandContext,
  text: string | undefined,
  options: ListOptions,
): Promise<Outcome> {
  const { output } = context;
  await withEngine(context, options, async (engine) => {
    const mirrors =
      text === undefined ? (await engine.call('status', {})).mirrors : [await findMirror(engine, text)];
    output.beginItems();
    let shown = 0;
    for (const mirror of mirrors) {
      shown += await printHolds(engine, mirror, context, options);
      if (output.closed) break;
    }
    if (shown === 0) output.note('Nothing waits for an answer.');
    else await noteCounts(engine, mirrors, context);
    output.endItems({});
  });
  return {};
}

/** Returns how many there were. */
async function printHolds(
  engine: EngineApi,
  mirror: MirrorStatus,
  { output, signal }: CommandContext,
  { reason, optional }: ListOptions,
): Promise<number> {
  const { createTable } = await import('../table.ts');
  const table = createTable(columns);
  let shown = 0;
  const pages = eachPage(
    (place) =>
      engine.call('holds', {
        mirrorId: mirror.mirrorId,
        ...(reason === undefined ? {} : { reason }),
        includeOptional: optional === true,
        ...place,
      }),
    signal,
  );
  for await (const holds of pages) {
    output.items(holds);
    const lines = table.lines(holds);
    if (shown === 0) {
      output.line(mirrorTitle(mirror), 'bold');
      output.line(table.header());
    }
    for (const line of lines) output.line(line);
    shown += holds.length;
    await output.flush();
    if (output.closed) break;
  }
  return shown;
}

async function noteCounts(
  engine: EngineApi,
  mirrors: readonly MirrorStatus[],
  { output }: CommandContext,
): Promise<void> {
  const { counts } = await engine.call('holdCounts', {});
  const waiting = counts.filter(
    (each) => !each.isOptional && mirrors.some(({ mirrorId }) => mirrorId === each.mirrorId),
  );
  const total = waiting.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return;
  output.note(
    `${formatNumberOf(total, 'file')} for you to answer: ${waiting.map(holdCountText).join(', ')}.`,
  );
  output.note('vi-sync conflicts show tells of one what is at stake, vi-sync conflicts resolve answers.');
}
