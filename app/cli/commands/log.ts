import type { Activity } from '../../contract.ts';
import { activityStyle } from '../activity-words.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { formatTime } from '../format.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { wholeNumber } from '../option-values.ts';

interface LogOptions extends EngineOptions {
  readonly limit: number;
  readonly before?: number | undefined;
}

const largestPage = 500;

export const registerLog: RegisterCommand = (parent, run) => {
  parent
    .command('log')
    .summary('show what was done')
    .description('Shows what mirrors have done and found, the newest first.')
    .argument('[mirror]', `${MIRROR_ARGUMENT_TEXT} (default: all)`)
    .option('--limit <n>', 'show at most this many', wholeNumber(1), 50)
    .option('--before <n>', 'only what came before the entry of this number', wholeNumber(1))
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync log photos --limit 20', 'What has happened to a folder'],
        ['vi-sync log --json', 'The same of all, for a script'],
      ]),
    )
    .action((mirror, options) => run('log', (context) => showLog(context, mirror, options)));
};

async function showLog(
  context: CommandContext,
  text: string | undefined,
  options: LogOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  let { before } = options;
  let shown = 0;
  await withEngine(context, options, async (engine) => {
    const ofMirror = text === undefined ? {} : { mirrorId: (await findMirror(engine, text)).mirrorId };
    output.beginItems();
    while (shown < options.limit && !output.closed) {
      signal.throwIfAborted();
      const limit = Math.min(largestPage, options.limit - shown);
      const { items } = await engine.call('activity', {
        ...ofMirror,
        limit,
        ...(before === undefined ? {} : { before }),
      });
      output.items(items);
      for (const activity of items) output.line(logLine(activity), activityStyle(activity));
      shown += items.length;
      before = items.at(-1)?.id;
      await output.flush();
      if (items.length < limit) {
        before = undefined;
        break;
      }
    }
  });
  if (shown === 0) output.note('Nothing has been done yet.');
  else if (before !== undefined && !output.json) output.note(`--before ${before} goes on.`);
  output.endItems({ nextBefore: before ?? null });
  return {};
}

function logLine({ at, path, message }: Activity): string {
  return `${formatTime(at)}  ${message}${path === null ? '' : `  [${path}]`}`;
}
