import type { MirrorStatus } from '../../contract.ts';
import {
  type AnyCommand,
  type CommandContext,
  examplesText,
  type Outcome,
  type RegisterCommand,
  type Run,
} from '../command.ts';
import { DATA_OPTION, type EngineOptions, withEngine } from '../engine-session.ts';
import { findMirrors, MIRROR_ARGUMENT_TEXT } from '../mirror-argument.ts';
import { mirrorTitle } from '../mirror-words.ts';

interface PauseOptions extends EngineOptions {
  readonly all?: true | undefined;
}

export const registerMirrorPause: RegisterCommand = (parent, run) => {
  register(parent, run, {
    name: 'pause',
    summary: 'stop the transfers of a mirror',
    description:
      'Stops the transfers of a mirror, and begins none. Both sides are still looked at. A pause lasts until vi-sync mirror resume, also over restarts.',
    example: 'Let nothing be transferred for now',
    word: 'Paused',
  });
};

export const registerMirrorResume: RegisterCommand = (parent, run) => {
  register(parent, run, {
    name: 'resume',
    summary: 'let a paused mirror go on',
    description: 'Lets a mirror go on that was paused.',
    example: 'Go on with everything',
    word: 'Not paused',
  });
};

interface Words {
  readonly name: 'pause' | 'resume';
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  readonly word: string;
}

function register(parent: AnyCommand, run: Run, words: Words): void {
  const { name, summary, description, example } = words;
  parent
    .command(name)
    .summary(summary)
    .description(description)
    .argument('[mirror]', MIRROR_ARGUMENT_TEXT)
    .option('--all', 'all mirrors')
    .option(...DATA_OPTION)
    .addHelpText('after', examplesText([[`vi-sync mirror ${name} --all`, example]]))
    .action((mirror, options) =>
      run(`mirror ${name}`, (context) => setPaused(context, mirror, options, words)),
    );
}

async function setPaused(
  context: CommandContext,
  text: string | undefined,
  options: PauseOptions,
  { name, word }: Words,
): Promise<Outcome> {
  const mirrors = await withEngine(context, options, async (engine) => {
    const found = await findMirrors(engine, text, options.all === true);
    for (const { mirrorId } of found) await engine.call(name, { mirrorId });
    const { mirrors: now } = await engine.call('status', {});
    const ids = new Set(found.map(({ mirrorId }: MirrorStatus) => mirrorId));
    return now.filter(({ mirrorId }) => ids.has(mirrorId));
  });
  return {
    document: { items: mirrors },
    print: (output) => {
      for (const mirror of mirrors) output.line(`${word}: ${mirrorTitle(mirror)}`);
    },
  };
}
