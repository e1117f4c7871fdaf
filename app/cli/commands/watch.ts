import type { Activity, EngineApi, MirrorStatus } from '../../contract.ts';
import { activityStyle } from '../activity-words.ts';
import { activitiesAfter } from '../carry-out.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { formatNumberOf } from '../format.ts';
import { untilAborted } from '../interruption.ts';
import { shortId } from '../mirror-argument.ts';
import { mirrorTitle, phaseStyle, phaseText } from '../mirror-words.ts';
import type { Output } from '../output.ts';

export const registerWatch: RegisterCommand = (parent, run) => {
  parent
    .command('watch')
    .summary('stay, and keep all mirrors in step')
    .description(
      'Keeps all mirrors in step until Ctrl-C, and prints what happens. Other commands work meanwhile, and speak to it. Only one Vi Sync at a ' +
        'time can work with a manifest: a second one says so.',
    )
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync watch', 'Keep everything in step'],
        ['vi-sync watch --data /srv/vi-sync', 'The mirrors of another manifest'],
      ]),
    )
    .action((options) => run('watch', (context) => watch(context, options)));
};

async function watch(context: CommandContext, options: EngineOptions): Promise<Outcome> {
  const { output, signal } = context;
  await withEngine(
    context,
    options,
    async (engine) => {
      const { mirrors } = await engine.call('status', {});
      const activities = await printActivities(engine, context);
      const problems = printProblems(engine, output);
      output.beginItems();
      for (const mirror of mirrors) output.line(mirrorTitle(mirror), 'bold');
      output.note(`Watching ${formatNumberOf(mirrors.length, 'mirror')}. Ctrl-C ends it.`);
      if (mirrors.length === 0) output.note('vi-sync mirror add FOLDER DATASET adds one.');
      await engine.call('start', { mirrorId: null });
      await untilAborted(signal);
      problems();
      await activities();
    },
    { makesData: true, ownOnly: true },
  );
  output.endItems({});
  // Ctrl-C is how it is meant to end, so this is no interruption.
  output.note('Vi Sync has ended. The next watch or sync goes on from here.');
  return {};
}

/** Prints activities as they come. Events are hints to ask, since busy moments merge them. Returns what prints the rest and ends. */
async function printActivities(
  engine: EngineApi,
  { output, log }: CommandContext,
): Promise<() => Promise<void>> {
  const names = new Map<string, string>();
  let last = (await engine.call('activity', { limit: 1 })).items[0]?.id ?? 0;
  const print = async () => {
    const fresh = await activitiesAfter(engine, null, last);
    if (fresh.some(({ mirrorId }) => !names.has(mirrorId))) {
      const { mirrors } = await engine.call('status', {});
      for (const { mirrorId, folder } of mirrors) names.set(mirrorId, folder);
    }
    for (const activity of fresh) {
      last = activity.id;
      output.items([activity]);
      output.line(
        activityLine(activity, names.size > 1 ? names.get(activity.mirrorId) : undefined),
        activityStyle(activity),
      );
    }
  };
  let printing = Promise.resolve();
  const printNext = () => {
    printing = printing.then(print).catch((error: unknown) => {
      log.error('Activities could not be printed', { error });
    });
    return printing;
  };
  const end = engine.on('activityAdded', () => void printNext());
  return () => {
    end();
    return printNext();
  };
}

function activityLine({ at, message, path }: Activity, folder: string | undefined): string {
  const time = new Date(at).toISOString().slice(11, 19);
  const where = [folder, path].filter((part) => part !== undefined && part !== null).join(' / ');
  return `${time}  ${message}${where === '' ? '' : `  [${where}]`}`;
}

/** Says when a mirror can't go on, or waits for somebody, and when that is over. */
function printProblems(engine: EngineApi, output: Output): () => void {
  const told = new Map<string, string>();
  return engine.on('mirrorChanged', (mirror) => {
    const trouble = troubleOf(mirror);
    if ((told.get(mirror.mirrorId) ?? '') === trouble) return;
    told.set(mirror.mirrorId, trouble);
    output.note(`${mirror.folder}: ${trouble === '' ? phaseText(mirror) : trouble}`, phaseStyle(mirror));
  });
}

/** '': none. */
function troubleOf({ phase, isApproved, problem, mirrorId }: MirrorStatus): string {
  if (problem !== null) return `${problem.title}: ${problem.detail} ${problem.suggestion}`;
  if (phase === 'preview' && !isApproved) return `waits for your go: vi-sync sync ${shortId(mirrorId)}`;
  return phase === 'paused' ? `paused: vi-sync mirror resume ${shortId(mirrorId)}` : '';
}
