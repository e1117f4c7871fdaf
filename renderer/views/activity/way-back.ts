import type { Activity, MirrorStatus, TrashedFile } from '../../../app/contract.ts';
import type { Route } from '../../route.ts';
import { text } from '../../text/format.ts';

export interface WayBack {
  readonly label: string;
  readonly route: Route;
}

/** A file is put into the trash shortly before its activity is noted. Milliseconds. */
const mostBetween = 120_000;

/** Where what has happened can be undone or answered; null where it can't. */
export function wayBackOf(
  { mirrorId, kind, path, at }: Activity,
  mirror: MirrorStatus | undefined,
  trash: readonly TrashedFile[],
): WayBack | null {
  switch (kind) {
    case 'removed':
    case 'downloaded': {
      const isThere = trash.some(
        (file) => file.mirrorId === mirrorId && file.path === path && Math.abs(file.at - at) < mostBetween,
      );
      return isThere ? { label: text.activities.toTrash, route: { screen: 'trash', mirrorId } } : null;
    }
    case 'held':
      return (mirror?.counts.held ?? 0) > 0
        ? { label: text.activities.toHold, route: { screen: 'waiting', mirrorId } }
        : null;
    case 'problem':
    case 'error':
      return path === null || mirror === undefined
        ? null
        : { label: text.activities.toProblem, route: { screen: 'mirror', mirrorId, path } };
    case 'uploaded':
    case 'bound':
    case 'in-sync':
      return null;
  }
}
