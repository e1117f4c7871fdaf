import type { EngineApi, MirrorStatus, Preview } from '../contract.ts';
import { askYes, canAsk } from './ask.ts';
import { settledOrAway } from './carry-out.ts';
import type { CommandContext } from './command.ts';
import { CommandFailure } from './failure.ts';
import { previewLines } from './preview-lines.ts';

/** A mirror that has looked at both sides, with what it would do. */
export interface Previewed {
  readonly mirror: MirrorStatus;
  readonly preview: Preview;
}

/**
 * Waits until a mirror that runs has looked at both sides.
 *
 * @throws CommandFailure when it can't
 */
export async function lookFirst(
  engine: EngineApi,
  mirrorId: string,
  { signal, output }: CommandContext,
): Promise<Previewed> {
  output.note('Looking at the folder and the dataset …');
  const mirror = await settledOrAway(engine, mirrorId, signal);
  const preview = await engine.call('preview', { mirrorId });
  if (!preview.isReady) throw new CommandFailure(mirror.problem ?? notReady);
  return { mirror, preview };
}

/** Shows what a first sync would do, and asks for the go, or takes it from `yes`. False: there is nobody to ask, or the answer is no. */
export async function askForGo(
  { mirror, preview }: Previewed,
  { output, signal }: CommandContext,
  yes: boolean,
): Promise<boolean> {
  const { sanitize } = await import('./sanitize.ts');
  // Beside the result: what stands on stdout is what was done.
  output.note(`The first sync of ${mirror.folder} with ${mirror.datasetName}:`, 'bold');
  for (const line of previewLines(preview)) output.note(line);
  if (yes) return true;
  if (!canAsk() || output.json) return false;
  return askYes(`Carry this out on ${sanitize(mirror.datasetName)}?`, signal);
}

const notReady = {
  code: 'not-ready',
  title: 'Both sides could not be looked at.',
  detail: 'Something has ended the look at the folder or the dataset.',
  suggestion: 'Repeat the command, with --verbose to see more.',
};
