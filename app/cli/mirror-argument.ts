import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { EngineApi, MirrorStatus } from '../contract.ts';
import { CommandFailure, usageFailure } from './failure.ts';

/** How a mirror is named on the command line. */
export const MIRROR_ARGUMENT_TEXT = 'mirror: its folder, its ID or the beginning of that, or the dataset';

/** A beginning of an ID that is shorter than this is too easily mistyped. */
const shortestBeginning = 4;

/** A mirror's ID for a hint of what to type: its beginning is enough. */
export function shortId(mirrorId: string): string {
  return mirrorId.slice(0, 8);
}

/**
 * The mirror that a text names; the only one there is when it is left out.
 *
 * @throws CommandFailure when there is none, or more than one
 */
export async function findMirror(engine: EngineApi, text: string | undefined): Promise<MirrorStatus> {
  const { mirrors } = await engine.call('status', {});
  const [mirror, ...more] = text === undefined ? mirrors : matches(mirrors, text);
  if (mirror === undefined) throw text === undefined ? noMirrors() : noSuchMirror(text, mirrors);
  if (more.length > 0) throw whichMirror(text, [mirror, ...more]);
  return mirror;
}

/**
 * The mirrors that a command is about: the one that is named, all with `--all`, or the only one.
 *
 * @throws CommandFailure
 */
export async function findMirrors(
  engine: EngineApi,
  text: string | undefined,
  all: boolean,
): Promise<MirrorStatus[]> {
  if (!all) return [await findMirror(engine, text)];
  if (text !== undefined) {
    throw usageFailure('Both a mirror and --all were given.', 'Leave one of them out.');
  }
  const { mirrors } = await engine.call('status', {});
  if (mirrors.length === 0) throw noMirrors();
  return mirrors;
}

/** Those that a text names in the first way in which it names any: what is most exact goes first. */
function matches(mirrors: readonly MirrorStatus[], text: string): readonly MirrorStatus[] {
  const folder = realPath(path.resolve(text));
  const ways: readonly ((mirror: MirrorStatus) => boolean)[] = [
    (mirror) => mirror.mirrorId === text,
    (mirror) => mirror.folder === folder,
    (mirror) => mirror.datasetId === text || `${mirror.organizationId}_${mirror.datasetId}` === text,
    (mirror) => mirror.datasetName === text,
    (mirror) => text.length >= shortestBeginning && mirror.mirrorId.startsWith(text),
  ];
  for (const way of ways) {
    const found = mirrors.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}

/** Mirrors know their folders without links. One that is not there now is compared as it is. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return folder;
    throw error;
  }
}

function noMirrors(): CommandFailure {
  return new CommandFailure({
    code: 'no-mirrors',
    title: 'There is no mirror yet.',
    detail: 'No folder is mirrored to a dataset.',
    suggestion: 'Begin with vi-sync mirror add FOLDER DATASET.',
  });
}

function noSuchMirror(text: string, mirrors: readonly MirrorStatus[]): CommandFailure {
  if (mirrors.length === 0) return noMirrors();
  return new CommandFailure({
    code: 'no-such-mirror',
    title: 'There is no such mirror.',
    detail: `“${text}” is no folder, ID or dataset of a mirror.`,
    suggestion: 'vi-sync mirror list shows all of them.',
  });
}

function whichMirror(text: string | undefined, mirrors: readonly MirrorStatus[]): CommandFailure {
  const names = mirrors.map(({ folder, datasetName }) => `${folder} (${datasetName})`).join(', ');
  return usageFailure(
    text === undefined
      ? `There are ${mirrors.length} mirrors: ${names}.`
      : `“${text}” names ${mirrors.length} mirrors: ${names}.`,
    'Name one by its folder or its ID, which vi-sync mirror list shows; some commands take --all.',
  );
}
