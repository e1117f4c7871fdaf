import type { AppApi, Hold, TrashedFile } from '../../../app/contract.ts';

/** An answer is carried out soon, not at once: how often, and how long after each other, the trash is looked at. Milliseconds. */
const looks = 8;
const lookEveryMs = 500;

/**
 * Puts the file that an answer has moved to the trash back; under another name where its own is taken. Resolves to where it is, or to
 * null when it does not lie in the trash. `since`: when the answer was given, milliseconds since the epoch.
 */
export async function bringBack(
  engine: AppApi,
  { mirrorId, path }: Pick<Hold, 'mirrorId' | 'path'>,
  since: number,
): Promise<string | null> {
  const file = await lookFor(engine, mirrorId, path, since);
  if (file === null) return null;
  const { restored } = await engine.call('restore', { ids: [file.id] });
  return restored[0]?.path ?? null;
}

async function lookFor(
  engine: AppApi,
  mirrorId: string,
  path: string,
  since: number,
): Promise<TrashedFile | null> {
  for (let look = 0; look < looks; look++) {
    const { items } = await engine.call('trash', { mirrorId, limit: 100 });
    const found = items.find((file) => file.path === path && file.at >= since);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return null;
}
