import type { FileRow, FileState, Problem } from '../../app/contract.ts';
import { nameCollision } from '../../app/plan/hold-words.ts';
import { proposedName } from '../../app/plan/names.ts';
import { AppDouble } from './app-double.ts';
import { idleTransfer, row } from './engine-double.ts';
import { failed, inSync, noticed, sameImage, transferred } from './scene-activities.ts';
import { diskFull, empty, mislabelled, truncated, unreachable } from './scene-problems.ts';

/** States of a mirror that the page must show well, each made the same way every time. */
export const sceneNames = ['synced', 'empty', 'busy', 'failing', 'offline', 'full'] as const;
export type SceneName = (typeof sceneNames)[number];

export function scene(name: SceneName, now: number): AppDouble {
  switch (name) {
    case 'synced':
      return synced(now);
    case 'empty':
      return new AppDouble();
    case 'busy':
      return busy(now);
    case 'failing':
      return failing(now);
    case 'offline':
      return offline(now);
    case 'full':
      return full(now);
  }
}

const formats = [
  ['jpg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['png', 'image/png'],
  ['tiff', 'image/tiff'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['avif', 'image/avif'],
] as const;
const sizes = [
  [1600, 1200],
  [4032, 3024],
  [1024, 768],
  [2048, 2048],
  [640, 480],
] as const;

/** Rows with names, sizes and times that vary, and yet are the same in every run. */
function rows(count: number, now: number): FileRow[] {
  return Array.from({ length: count }, (_, index) => {
    const [extension, mime] = formats[(index * 5) % formats.length] ?? formats[0];
    const [width, height] = sizes[(index * 3) % sizes.length] ?? sizes[0];
    const aisle = String(1 + Math.floor(index / 120)).padStart(2, '0');
    return row(`aisle-${aisle}/IMG_${2000 + index}.${extension}`, {
      mime,
      width,
      height,
      size: Math.round(width * height * (0.06 + ((index * 7919) % 100) / 400)),
      annotations: (index * 13) % 11,
      assetId: `2f${(index * 2654435761) % 4294967296}`.padEnd(12, '7'),
      changedAt: now - 90_000 - index * 47_000,
    });
  });
}

/** What is wrong with a file is said of its own name. */
function setState(
  row: FileRow | undefined,
  state: FileState,
  { problem, ...changes }: Partial<Omit<FileRow, 'problem'>> & { problem?: (path: string) => Problem } = {},
): void {
  if (row === undefined) throw new Error('The scene has no such row.');
  const isOnDisk = state !== 'remote-only' && state !== 'downloading';
  Object.assign(row, { state, isOnDisk, ...changes });
  if (problem !== undefined) row.problem = problem(row.path);
}

const collision = (path: string): Problem => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return nameCollision(path, name, `aisle-09/${name}`, proposedName(path));
};

function synced(now: number): AppDouble {
  const engine = new AppDouble(rows(248, now));
  engine.lastScanAt = now - 3_000;
  engine.lastListingAt = now - 3_400;
  engine.add(sameImage(now - 320_000, engine.rows[7]?.path ?? ''));
  engine.add(transferred('downloaded', now - 130_000, engine.rows[3]?.path ?? ''));
  engine.add(transferred('uploaded', now - 95_000, engine.rows[2]?.path ?? ''));
  engine.add(inSync(now - 94_000));
  return engine;
}

function busy(now: number): AppDouble {
  const engine = new AppDouble(rows(1_860, now));
  engine.phase = 'syncing';
  engine.lastScanAt = now - 42_000;
  engine.lastListingAt = now - 41_000;
  engine.rows.forEach((row, index) => {
    const unsent = { assetId: null, annotations: null, changedAt: now - 1000 * (index % 50) };
    if (index >= 3 && index < 7) {
      setState(row, 'uploading', { ...unsent, progress: [0.93, 0.61, 0.42, 0.08][index - 3] ?? 0 });
    } else if (index >= 7 && index < 13) setState(row, 'processing', unsent);
    else if (index === 13 || index === 14) setState(row, 'downloading', { progress: 0.3, changedAt: now });
    else if (index === 16)
      setState(row, 'problem', { ...unsent, problem: truncated, width: null, height: null });
    else if (index > 17 && index < 640) setState(row, 'waiting', unsent);
  });
  engine.upload = {
    filesDone: 214,
    filesTotal: 846,
    bytesDone: 312_400_000,
    bytesTotal: 1_214_000_000,
    bytesPerSecond: 8_400_000,
  };
  engine.download = {
    filesDone: 9,
    filesTotal: 11,
    bytesDone: 18_400_000,
    bytesTotal: 21_300_000,
    bytesPerSecond: 2_100_000,
  };
  for (let index = 40; index >= 0; index--) {
    const path = `aisle-${String(1 + (index % 9)).padStart(2, '0')}/IMG_${2300 + index}.jpg`;
    const kind = index === 6 ? 'problem' : index % 17 === 3 ? 'downloaded' : 'uploaded';
    const at = now - index * 1_700;
    engine.add(kind === 'problem' ? noticed(kind, at, path, truncated(path)) : transferred(kind, at, path));
  }
  return engine;
}

function failing(now: number): AppDouble {
  const engine = new AppDouble(rows(412, now));
  engine.phase = 'attention';
  engine.lastScanAt = now - 12_000;
  engine.lastListingAt = now - 11_000;
  const unsent = { assetId: null, annotations: null };
  setState(engine.rows[1], 'problem', {
    ...unsent,
    problem: truncated,
    path: 'aisle-01/IMG_2001-copy-of-the-long-name-that-a-camera-app-gave-it.jpg',
    name: 'IMG_2001-copy-of-the-long-name-that-a-camera-app-gave-it.jpg',
    width: null,
    height: null,
  });
  setState(engine.rows[2], 'in-sync', { problem: mislabelled });
  setState(engine.rows[5], 'held', { ...unsent, problem: collision });
  setState(engine.rows[6], 'remote-only', {});
  setState(engine.rows[8], 'problem', {
    ...unsent,
    size: 0,
    width: null,
    height: null,
    problem: empty,
  });
  setState(engine.rows[9], 'local-only', unsent);
  engine.add(transferred('uploaded', now - 60_000, 'aisle-01/IMG_2003.jpg'));
  engine.add(noticed('held', now - 33_000, 'aisle-01/IMG_2005.jpg', collision('aisle-01/IMG_2005.jpg')));
  engine.add(noticed('problem', now - 32_000, 'aisle-07/IMG_2231.jpg', truncated('aisle-07/IMG_2231.jpg')));
  engine.add(failed(now - 12_000, 'aisle-01/IMG_2009.jpg', diskFull('aisle-01/IMG_2009.jpg')));
  return engine;
}

function offline(now: number): AppDouble {
  const engine = new AppDouble(rows(96, now));
  engine.phase = 'offline';
  engine.problem = unreachable;
  engine.retryAt = now + 30_000;
  for (const row of engine.rows.slice(2, 9)) setState(row, 'waiting', { assetId: null, annotations: null });
  engine.lastScanAt = now - 5_000;
  engine.lastListingAt = now - 840_000;
  return engine;
}

function full(now: number): AppDouble {
  const engine = new AppDouble(rows(100_000, now));
  engine.lastScanAt = now - 61_000;
  engine.lastListingAt = now - 75_000;
  engine.rows.forEach((row, index) => {
    if (index % 4_001 === 7)
      setState(row, 'problem', { problem: truncated, assetId: null, annotations: null });
  });
  engine.phase = 'attention';
  engine.upload = {
    ...idleTransfer,
    filesDone: 99_975,
    filesTotal: 99_975,
    bytesDone: 71e9,
    bytesTotal: 71e9,
  };
  return engine;
}
