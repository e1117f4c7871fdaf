import path from 'node:path';
import type { EngineApi, Hold, MirrorStatus } from '../contract.ts';
import { CommandFailure } from './failure.ts';

/** How a hold is named on the command line. */
export const HOLD_ARGUMENT_TEXT =
  'path of the file, the item that --json shows, or a: and the ID of the asset';

const assetPrefix = 'a:';
const PAGE = 500;

/**
 * The hold that a text names within a mirror: a path as the lists show it, a path on this disk, or an item. Also one that is left alone
 * without an answer.
 *
 * @throws CommandFailure when there is none, or more than one
 */
export async function findHold(engine: EngineApi, mirror: MirrorStatus, text: string): Promise<Hold> {
  const { mirrorId } = mirror;
  if (/^[af]:/u.test(text)) {
    const { hold } = await engine.call('hold', { mirrorId, item: text });
    if (hold !== null) return hold;
    const ofAsset = text.startsWith(assetPrefix) ? await holdOfAsset(engine, mirrorId, text) : null;
    if (ofAsset !== null) return ofAsset;
  }
  const onDisk = path.relative(mirror.folder, path.resolve(text)).split(path.sep).join('/');
  for (const candidate of new Set([text, onDisk])) {
    const { items } = await engine.call('holds', { mirrorId, path: candidate, includeOptional: true });
    // Two paths that differ in case alone are two files on some disks.
    const exact = items.filter((hold) => hold.path === candidate);
    const [hold, ...more] = exact.length > 0 ? exact : items;
    if (hold === undefined) continue;
    if (more.length > 0) throw whichHold(text, [hold, ...more]);
    return hold;
  }
  throw new CommandFailure({
    code: 'no-hold',
    title: 'Nothing to answer there.',
    detail: `Nothing about “${text}” waits for an answer in ${mirror.folder}.`,
    suggestion: 'vi-sync conflicts list shows what waits; with --optional also what is left alone.',
  });
}

/** Some items have a character that no argument can have: such a hold goes by its asset. */
async function holdOfAsset(engine: EngineApi, mirrorId: string, text: string): Promise<Hold | null> {
  for (let offset = 0; ; offset += PAGE) {
    const page = await engine.call('holds', { mirrorId, includeOptional: true, offset, limit: PAGE });
    const found = page.items.find(({ remote }) => remote?.assetId === text.slice(assetPrefix.length));
    if (found !== undefined) return found;
    if (page.items.length < PAGE) return null;
  }
}

function nameOf({ item, remote }: Hold): string {
  return item.includes('\0') && remote !== null ? `${assetPrefix}${remote.assetId}` : item;
}

function whichHold(text: string, holds: readonly Hold[]): CommandFailure {
  return new CommandFailure({
    code: 'hold-ambiguous',
    title: 'More than one question has this path.',
    detail: `“${text}” is ${holds.map((hold) => `${nameOf(hold)} (${hold.reason})`).join(' and ')}.`,
    suggestion: 'Name one by its item, the part before the bracket.',
  });
}
