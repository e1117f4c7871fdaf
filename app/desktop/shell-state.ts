import type { MirrorStatus } from '../contract.ts';

/** What the tray's icon says of all mirrors together. `starting`: the engine is not there yet, or not any more. */
export type Mood = 'starting' | 'empty' | 'in-sync' | 'syncing' | 'paused' | 'attention' | 'offline';
export const moods = ['starting', 'empty', 'in-sync', 'syncing', 'paused', 'attention', 'offline'] as const;

/** All mirrors, as far as the tray, the badge and the dock show them. */
export interface ShellState {
  readonly mood: Mood;
  /** Images that wait for a person's answer. */
  readonly held: number;
  /** Mirrors that can't go on, or wait for a first go. */
  readonly troubled: number;
  readonly files: number;
  /** Files that are transferred in the current round, and those of them that are done. */
  readonly moving: { readonly done: number; readonly total: number };
  /** Part of the bytes of the current transfers, from 0 to 1; null: nothing moves. */
  readonly progress: number | null;
  readonly isPaused: boolean;
}

/** What is shown of the mirrors; null: the engine does not answer. */
export function shellState(mirrors: readonly MirrorStatus[] | null): ShellState {
  const known = mirrors ?? [];
  const sum = (value: (mirror: MirrorStatus) => number): number =>
    known.reduce((total, mirror) => total + value(mirror), 0);
  const active = known.filter(({ phase }) => phase === 'syncing');
  const bytes = (part: 'bytesDone' | 'bytesTotal'): number =>
    active.reduce((total, { upload, download }) => total + upload[part] + download[part], 0);
  const files = (part: 'filesDone' | 'filesTotal'): number =>
    active.reduce((total, { upload, download }) => total + upload[part] + download[part], 0);
  const total = bytes('bytesTotal');
  return {
    mood: mirrors === null ? 'starting' : moodOf(known),
    held: sum(({ counts }) => counts.held),
    troubled: known.filter(isTroubled).length,
    files: sum(({ fileTotal }) => fileTotal),
    moving: { done: files('filesDone'), total: files('filesTotal') },
    progress: total === 0 ? null : Math.min(1, bytes('bytesDone') / total),
    isPaused: known.length > 0 && known.every(({ isPaused }) => isPaused),
  };
}

function isTroubled({ problem, phase, isApproved }: MirrorStatus): boolean {
  return (problem !== null && phase !== 'offline') || (phase === 'preview' && !isApproved);
}

function moodOf(mirrors: readonly MirrorStatus[]): Mood {
  if (mirrors.length === 0) return 'empty';
  const isAny = (...phases: MirrorStatus['phase'][]): boolean =>
    mirrors.some(({ phase }) => phases.includes(phase));
  if (mirrors.some((mirror) => isTroubled(mirror) || mirror.counts.held > 0)) return 'attention';
  if (isAny('attention')) return 'attention';
  if (isAny('offline')) return 'offline';
  if (isAny('syncing', 'scanning', 'starting')) return 'syncing';
  if (isAny('paused')) return 'paused';
  return mirrors.every(({ phase }) => phase === 'in-sync') ? 'in-sync' : 'starting';
}
