import type { CallResult, EngineApi, MirrorStatus } from '../../contract.ts';
import type { OpenedEngine } from '../../host/open-engine.ts';
import { orAborted } from '../../or-aborted.ts';
import { type CommandContext, examplesText, type Outcome, type RegisterCommand } from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { untilAborted } from '../interruption.ts';
import { findMirror, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import {
  mirrorTitle,
  nextTryText,
  phaseStyle,
  phaseText,
  printMirror,
  printProblem,
} from '../mirror-words.ts';
import type { Output } from '../output.ts';

interface StatusOptions extends EngineOptions {
  readonly watch?: true | undefined;
}

/** Between two looks whether an engine runs by now. Milliseconds. */
const lookAgainMs = 2000;
/** Lines of one mirror are this far apart at least. Milliseconds. */
const spacingMs = 1000;

export const registerStatus: RegisterCommand = (parent, run) => {
  parent
    .command('status')
    .summary('show what the mirrors are doing')
    .description(
      'Shows what the mirrors are doing, what waits for an answer, when the next upload session may begin, and when a service that can’t be reached is tried again. “In sync” is said only of a ' +
        'mirror that runs, after a scan of the folder and a listing of the dataset have proved it.',
    )
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .option('--watch', 'stay, and print every change')
    .option(...DATA_OPTION)
    .addHelpText(
      'after',
      examplesText([
        ['vi-sync status', 'All mirrors'],
        ['vi-sync status photos --watch', 'Follow one of them'],
        ['vi-sync status --json', 'All there is to know, for a script'],
      ]),
    )
    .action((mirror, options) => run('status', (context) => status(context, mirror, options)));
};

async function status(
  context: CommandContext,
  text: string | undefined,
  options: StatusOptions,
): Promise<Outcome> {
  if (options.watch === true) return follow(context, text, options);
  const { mirrors, holds } = await withEngine(context, options, (engine) => snapshot(engine, text));
  return {
    document: {
      mirrors: mirrors.map((mirror) => ({ ...mirror, holds: holdsOf(mirror, holds) })),
    },
    print: (output) => {
      for (const mirror of mirrors) printMirror(output, mirror, holdsOf(mirror, holds));
      if (mirrors.length === 0) {
        output.note('There is no mirror yet. vi-sync mirror add FOLDER DATASET makes one.');
      } else if (mirrors.every(({ phase }) => phase === 'stopped')) {
        output.note('Nothing runs now: vi-sync sync brings them in step once, vi-sync watch keeps them so.');
      }
    },
  };
}

interface Snapshot {
  readonly mirrors: readonly MirrorStatus[];
  readonly holds: CallResult<'holdCounts'>['counts'];
}

async function snapshot(engine: EngineApi, text: string | undefined): Promise<Snapshot> {
  const mirrors =
    text === undefined ? (await engine.call('status', {})).mirrors : [await findMirror(engine, text)];
  const { counts } = await engine.call('holdCounts', {});
  return { mirrors, holds: counts };
}

function holdsOf({ mirrorId }: MirrorStatus, holds: Snapshot['holds']): Snapshot['holds'] {
  return holds.filter((hold) => hold.mirrorId === mirrorId);
}

/** Never holds the manifest for longer than a look: another process may want to run the engine. */
async function follow(
  context: CommandContext,
  text: string | undefined,
  options: StatusOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  const lines = new StatusLines(output);
  output.beginItems();
  while (!signal.aborted && !output.closed) {
    try {
      await withEngine(context, options, async (engine) => {
        for (const mirror of (await snapshot(engine, text)).mirrors) lines.show(mirror);
        if (!engine.isOwn) await followEngine(engine, text, lines, signal);
      });
      await orAborted(new Promise((resolve) => setTimeout(resolve, lookAgainMs)), signal);
    } catch (error) {
      // Ctrl-C is how it is meant to end.
      if (!signal.aborted) throw error;
    }
  }
  lines.end();
  output.endItems({});
  return {};
}

/** Until the engine has gone. */
async function followEngine(
  engine: OpenedEngine,
  text: string | undefined,
  lines: StatusLines,
  signal: AbortSignal,
): Promise<void> {
  const only = text === undefined ? null : (await findMirror(engine, text)).mirrorId;
  const end = engine.on('mirrorChanged', (mirror) => {
    if (only === null || mirror.mirrorId === only) lines.show(mirror);
  });
  await Promise.race([engine.lost, untilAborted(signal)]);
  end();
}

/** A line, or an item, for each state of a mirror that differs from the one before. */
class StatusLines {
  readonly #output: Output;
  readonly #shown = new Map<string, string>();
  readonly #latest = new Map<string, MirrorStatus>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(output: Output) {
    this.#output = output;
  }

  /** The last state is always shown; of many in a short time, some are not. */
  show(mirror: MirrorStatus): void {
    const { mirrorId } = mirror;
    this.#latest.set(mirrorId, mirror);
    if (this.#timers.has(mirrorId)) return;
    this.#print(mirror);
    this.#timers.set(
      mirrorId,
      setTimeout(() => {
        this.#timers.delete(mirrorId);
        const latest = this.#latest.get(mirrorId);
        if (latest !== undefined && latest !== mirror) this.show(latest);
      }, spacingMs),
    );
  }

  end(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #print(mirror: MirrorStatus): void {
    const { lastScanAt: _scan, lastListingAt: _listing, ...rest } = mirror;
    const state = JSON.stringify(rest);
    if (this.#shown.get(mirror.mirrorId) === state) return;
    this.#shown.set(mirror.mirrorId, state);
    this.#output.items([mirror]);
    this.#output.line(lineOf(mirror), phaseStyle(mirror));
    if (mirror.problem !== null) printProblem(this.#output, mirror.problem, '  ');
  }
}

function lineOf(mirror: MirrorStatus): string {
  const { upload, download, counts } = mirror;
  const moving = [
    upload.filesDone < upload.filesTotal ? `up ${upload.filesDone}/${upload.filesTotal}` : '',
    download.filesDone < download.filesTotal ? `down ${download.filesDone}/${download.filesTotal}` : '',
    counts.held > 0 ? `${counts.held} held` : '',
    counts.problem > 0 ? `${counts.problem} with a problem` : '',
  ].filter((part) => part !== '');
  const nextTry = nextTryText(mirror);
  const parts = [phaseText(mirror), ...(nextTry === null ? [] : [nextTry]), ...moving];
  return `${mirrorTitle(mirror)}: ${parts.join(', ')}`;
}
