import { Option } from '@commander-js/extra-typings';
import type { Answer, EngineApi, Hold, HoldReason, MirrorStatus } from '../../contract.ts';
import { askToGoOn, canAsk } from '../ask.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { ExitCode } from '../exit-code.ts';
import { CommandFailure, usageFailure } from '../failure.ts';
import { formatNumberOf } from '../format.ts';
import { findHold, HOLD_ARGUMENT_TEXT } from '../hold-argument.ts';
import { annotationLoss, answerOf, answerText, effectText, type KeepWord, keepWords } from '../hold-words.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT, shortId } from '../mirror-argument.ts';
import { annotationsText } from '../mirror-words.ts';
import { wholeNumber } from '../option-values.ts';
import { reasonWords } from '../reasons.ts';

interface ResolveOptions extends EngineOptions {
  readonly keep: KeepWord;
  readonly annotations?: 'keep' | 'remove' | undefined;
  readonly all?: HoldReason | undefined;
  readonly yes?: true | undefined;
  readonly expect?: number | undefined;
}

export const registerConflictsResolve: RegisterCommand = (parent, run) => {
  parent
    .command('resolve')
    .summary('answer one question, or all of a kind')
    .description(
      'Answers a question. mine: what the folder has (a file, or that there is none) becomes the dataset’s; theirs: the other way round; both: ' +
        'both stay, one under another name; skip: nothing is done until either side changes. An answer holds for just what is there now: ' +
        'when either side changes before it is carried out, you are asked again. With --all the number of files and annotations is ' +
        'shown first, and asked about. Whenever annotations would be lost you are asked, too.',
    )
    .argument('<mirror>', MIRROR_ARGUMENT_TEXT)
    .argument('[path]', HOLD_ARGUMENT_TEXT)
    .addOption(new Option('--keep <side>', 'what counts').choices(keepWords).makeOptionMandatory())
    .addOption(
      new Option(
        '--annotations <mode>',
        'what becomes of the annotations of an asset that mine overwrites',
      ).choices(['keep', 'remove'] as const),
    )
    .addOption(
      new Option('--all <reason>', 'all that wait for this reason, instead of one path').choices(reasonWords),
    )
    .option('--yes', "don't ask")
    .option('--expect <n>', "with --all: don't ask if it is this many, do nothing if not", wholeNumber(0))
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        [
          'vi-sync conflicts resolve photos train/a.jpg --keep theirs',
          'Take the dataset’s version; yours goes to the trash',
        ],
        [
          'vi-sync conflicts resolve photos a.jpg --keep mine --annotations keep',
          'Upload yours, keep the annotations',
        ],
        [
          'vi-sync conflicts resolve photos --all both-changed --keep both',
          'All of a kind, after a question',
        ],
        ['vi-sync conflicts resolve photos --all deleted-here --keep theirs --expect 12', 'From a script'],
      ]),
    )
    .action((mirror, path, options) =>
      run('conflicts resolve', (context) => resolve(context, mirror, path, options)),
    );
};

async function resolve(
  context: CommandContext,
  mirrorText: string,
  path: string | undefined,
  options: ResolveOptions,
): Promise<Outcome> {
  const { all } = options;
  checkUsage(path, options);
  return withEngine(context, options, async (engine) => {
    const mirror = await findMirror(engine, mirrorText);
    if (all !== undefined) return resolveAll(engine, mirror, all, context, options);
    return resolveOne(engine, mirror, path ?? '', context, options);
  });
}

function checkUsage(path: string | undefined, { all, keep, annotations, expect }: ResolveOptions): void {
  if ((path === undefined) === (all === undefined)) {
    throw usageFailure(
      path === undefined ? 'It is not said what is answered.' : 'Both a path and --all were given.',
      'Name a path, or give --all with a reason.',
    );
  }
  if (annotations !== undefined && keep !== 'mine') {
    throw usageFailure(
      '--annotations goes with --keep mine alone: no other answer touches annotations.',
      'Leave it out.',
    );
  }
  if (expect !== undefined && all === undefined) {
    throw usageFailure('--expect goes with --all alone.', 'Leave it out.');
  }
}

async function resolveOne(
  engine: EngineApi,
  mirror: MirrorStatus,
  path: string,
  context: CommandContext,
  options: ResolveOptions,
): Promise<Outcome> {
  const { mirrorId } = mirror;
  const { item } = await findHold(engine, mirror, path);
  // Asked of the service at this moment: nobody decides on an old number of annotations.
  const { hold } = await engine.call('hold', { mirrorId, item });
  if (hold === null) throw new CommandFailure(goneMeanwhile);
  const answer = answerOf(options);
  checkAllowed(hold, answer);
  const { remote } = hold;
  const loss = annotationLoss(hold.reason, answer, {
    annotations: remote?.annotations ?? 0,
    unknown: remote !== null && remote.annotations === null ? 1 : 0,
  });
  if (loss !== null) await allow(`${loss} of “${hold.path}” would be lost for good.`, context, options);
  await engine.call('answer', { mirrorId, item, fingerprint: hold.fingerprint, answer });
  return {
    document: { mirrorId, item, path: hold.path, reason: hold.reason, answer, answered: 1, left: 0 },
    print: (output) => {
      output.line(`${hold.path}: ${effectText(hold.reason, answer, 1)}.`, 'good');
      output.note(nextText(mirror));
    },
  };
}

function checkAllowed(hold: Hold, answer: Answer): void {
  const possible = hold.answers.map((kind) => answerText(kind, hold.needsRetention)).join(', or ');
  if (!hold.answers.includes(answer.kind)) {
    throw new CommandFailure({
      code: 'answer-not-allowed',
      title: 'Not possible here.',
      detail: `“${hold.path}” (${hold.reason}) can’t be answered so: the file can’t be uploaded as it is, or the mirror’s direction does not allow it.`,
      suggestion: `Answer ${possible}.`,
    });
  }
  if (answer.kind === 'keep-mine' && hold.needsRetention && answer.annotations === undefined) {
    const { remote } = hold;
    const stake = annotationsText(remote?.annotations ?? 0, remote?.annotations === null ? 1 : 0);
    throw usageFailure(
      `The asset of “${hold.path}” has ${stake ?? 'annotations'}, and overwriting it needs a word about them.`,
      'Add --annotations keep or --annotations remove.',
    );
  }
}

async function resolveAll(
  engine: EngineApi,
  mirror: MirrorStatus,
  reason: HoldReason,
  context: CommandContext,
  options: ResolveOptions,
): Promise<Outcome> {
  const { mirrorId } = mirror;
  const answer = answerOf(options);
  const { counts } = await engine.call('holdCounts', { mirrorId });
  const found = counts.find((each) => each.reason === reason && !each.isOptional);
  const { count = 0, annotations = 0, unknown = 0 } = found ?? {};
  if (options.expect !== undefined && options.expect !== count) throw notAsMany(count, options.expect);
  if (count === 0) {
    return {
      document: { mirrorId, reason, answer, answered: 0, left: 0 },
      print: (output) => output.line('Nothing waits for this reason.'),
    };
  }
  const loss = annotationLoss(reason, answer, { annotations, unknown });
  const stake = annotationsText(annotations, unknown);
  const fate =
    loss !== null
      ? `${loss} would be lost for good.`
      : stake === null
        ? 'No annotations are at stake.'
        : `${stake} stay.`;
  if (options.expect === undefined || loss !== null) {
    await allow(`${effectText(reason, answer, count)}. ${fate}`, context, options);
  }
  const { answered, left } = await engine.call('answerAll', {
    mirrorId,
    reason,
    answer,
    expected: { count, annotations, unknown },
  });
  return {
    exitCode: left === 0 ? ExitCode.DONE : answered === 0 ? ExitCode.FAILED : ExitCode.DONE_IN_PART,
    document: { mirrorId, reason, answer, answered, left },
    print: (output) => {
      output.line(`${effectText(reason, answer, answered)}.`, left === 0 ? 'good' : 'warning');
      if (left > 0) {
        output.line(
          `${formatNumberOf(left, 'file')} can’t be answered so: vi-sync conflicts show tells what is possible.`,
          'warning',
        );
      }
      output.note(nextText(mirror));
    },
  };
}

/** Tells a person what an answer does, and asks; `--yes` has said it already. */
async function allow(effect: string, context: CommandContext, { yes }: ResolveOptions): Promise<void> {
  if (yes === true) return;
  if (!canAsk() || context.output.json) {
    throw usageFailure(
      `This needs an answer, and there is nobody to ask. ${effect}`,
      'Add --yes if you are sure.',
    );
  }
  await askToGoOn(context, effect, 'Nothing was answered.');
}

function nextText({ phase, mirrorId }: MirrorStatus): string {
  return phase === 'stopped'
    ? `It is carried out with the next vi-sync sync ${shortId(mirrorId)}, or vi-sync watch.`
    : 'It is being carried out.';
}

function notAsMany(count: number, expected: number): CommandFailure {
  return new CommandFailure({
    code: 'changed-meanwhile',
    title: 'Not as many as expected.',
    detail: `${formatNumberOf(count, 'file')} wait for this reason, and --expect says ${expected}. Nothing was answered.`,
    suggestion: 'Look at vi-sync conflicts list again, and answer anew.',
  });
}

const goneMeanwhile = {
  code: 'no-hold',
  title: 'Nothing to answer there any more.',
  detail: 'Either side has changed meanwhile.',
  suggestion: 'Look at vi-sync conflicts list again.',
};
