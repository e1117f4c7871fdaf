import type { Account, FileState, Hold, HoldReason, MirrorStatus } from '../../app/contract.ts';
import { fileStateSchema } from '../../app/contract.ts';
import { AppDouble, emptyFolder, emptyPreview, hold } from './app-double.ts';
import { idleTransfer } from './engine-double.ts';
import { fillLibrary } from './library-scenes.ts';
import { folderMissing, noKeychain, unreachable, wrongKey } from './scene-problems.ts';
import { scene } from './scenes.ts';

/** States of the whole app that every screen must show well, each made the same way every time. */
export const appSceneNames = ['empty', 'busy', 'failing', 'full'] as const;
export type AppSceneName = (typeof appSceneNames)[number];

const sandboxAccount: Account = {
  endpoint: 'http://127.0.0.1:51234',
  organizationId: 'sandbox',
  organizationName: 'Sandbox',
  source: 'sandbox',
  problem: null,
};
/** On a card that nobody has put in. */
const card = '/media/ada/CARD-32/DCIM';
const unmounted = await folderMissing(card);
const northwind: Account = {
  endpoint: 'https://api.vi.datature.com',
  organizationId: 'northwind',
  organizationName: 'Northwind Imaging',
  source: 'keychain',
  problem: null,
};

export function appScene(name: AppSceneName, now: number): AppDouble {
  const app = { empty, busy, failing, full }[name](now);
  fillLibrary(app, name, now);
  return app;
}

function empty(): AppDouble {
  const app = new AppDouble();
  app.hasMirror = false;
  app.accounts = [sandboxAccount];
  app.folderTree = homeTree();
  return app;
}

function busy(now: number): AppDouble {
  const app = scene('busy', now);
  app.isSandbox = false;
  app.accounts = [northwind, sandboxAccount];
  app.datasets = datasets();
  app.folderTree = homeTree();
  app.nextSessionAt = now + 162_000;
  app.sessions = 10;
  app.preview = {
    ...emptyPreview,
    isReady: false,
    upload: { files: 2_310, bytes: 2_140_000_000 },
    inSync: 812,
    compare: { files: 96, bytes: 41_000_000 },
    dataRows: 11_550,
    sessions: 3,
  };
  app.others = [
    otherMirror('mirror-2', '/home/ada/Pictures/harbour', 'Harbour at night', { phase: 'scanning' }),
    otherMirror('mirror-3', '/mnt/nas/line-4/defects', 'Line 4 defects', {
      phase: 'paused',
      isPaused: true,
      settings: { direction: 'push', deletePolicy: 'keep', retentionMode: null, duplicates: 'leave' },
    }),
  ];
  return app;
}

function failing(now: number): AppDouble {
  const app = scene('failing', now);
  app.isSandbox = false;
  app.accounts = [{ ...northwind, organizationName: null, problem: wrongKey }];
  app.folderTree = homeTree();
  app.keychainProblem = noKeychain;
  app.holds = holds(now).slice(0, 3);
  app.annotationsByTag = tagsOf(app.holds);
  app.preview = {
    ...emptyPreview,
    upload: { files: 396, bytes: 312_000_000 },
    overwrites: 12,
    download: { files: 4, bytes: 3_100_000 },
    inSync: 12,
    dataRows: 1_920,
    sessions: 1,
    holds: { 'both-added': 3 },
    problems: 14,
  };
  app.others = [
    otherMirror('mirror-2', card, 'Field trip 2026', {
      phase: 'attention',
      problem: unmounted,
    }),
    otherMirror('mirror-3', '/home/ada/Pictures/harbour', 'Harbour at night', {
      phase: 'offline',
      problem: unreachable,
      retryAt: now + 30_000,
    }),
  ];
  return app;
}

function full(now: number): AppDouble {
  const app = scene('full', now);
  app.isSandbox = false;
  app.accounts = [northwind, sandboxAccount];
  app.datasets = datasets();
  app.folderTree = homeTree();
  app.holds = holds(now);
  app.annotationsByTag = tagsOf(app.holds);
  app.dataRows = 499_875;
  app.preview = {
    ...emptyPreview,
    upload: { files: 96_412, bytes: 71_200_000_000 },
    download: { files: 1_204, bytes: 940_000_000 },
    inSync: 2_384,
    dataRows: 482_060,
    sessions: 97,
    sessionsWaitMs: 5_220_000,
    holds: { 'both-added': 12, 'name-collision': 41 },
    problems: 25,
  };
  app.others = ['harbour', 'line-4', 'orchard', 'parking', 'pills-and-capsules-close-up', 'street'].map(
    (name, index) =>
      otherMirror(
        `mirror-${index + 2}`,
        `/home/ada/Pictures/${name}`,
        `${name[0]?.toUpperCase()}${name.slice(1)} 2026`,
        {
          phase: index === 3 ? 'preview' : 'in-sync',
          isApproved: index !== 3,
        },
      ),
  );
  return app;
}

function otherMirror(
  mirrorId: string,
  folder: string,
  datasetName: string,
  changes: Partial<MirrorStatus>,
): MirrorStatus {
  const counts = Object.fromEntries(fileStateSchema.options.map((state) => [state, 0])) as Record<
    FileState,
    number
  >;
  return {
    mirrorId,
    folder,
    datasetId: datasetName.toLowerCase().replaceAll(' ', '-'),
    datasetName,
    organizationId: 'northwind',
    endpoint: 'https://api.vi.datature.com',
    sandbox: false,
    phase: 'in-sync',
    isApproved: true,
    settings: { direction: 'two-way', deletePolicy: 'keep', retentionMode: null, duplicates: 'leave' },
    isPaused: false,
    problem: null,
    counts: { ...counts, 'in-sync': 1_284 },
    fileTotal: 1_284,
    upload: idleTransfer,
    download: idleTransfer,
    nextSessionAt: null,
    retryAt: null,
    lastScanAt: Date.now() - 20_000,
    lastListingAt: Date.now() - 25_000,
    ...changes,
  };
}

function datasets(): AppDouble['datasets'] {
  const names = [
    'Warehouse shelves',
    'Harbour at night',
    'Line 4 defects',
    'Orchard, ripe and unripe',
    'Parking',
    'Pills',
  ];
  return names.map((name, index) => ({
    datasetId: `0198f${index}c2-7a1b-4c3d-9e0f-${String(index).repeat(12)}`,
    name,
    type: 'phrase-grounding',
    assetTotal: 248 + index * 911,
    annotationTotal: index * 1_733,
    createdAt: Date.parse('2026-03-01') + index * 86_400_000,
    isLocked: index === 4,
  }));
}

/** Holds of several kinds, as a person meets them. */
function holds(now: number): Hold[] {
  const many = (reason: HoldReason, count: number, changes: (index: number) => Partial<Hold>): Hold[] =>
    Array.from({ length: count }, (_, index) =>
      hold(
        reason,
        `aisle-0${1 + (index % 8)}/${reason === 'both-changed' ? 'IMG' : 'DSC'}_${3100 + index}.jpg`,
        {
          item: `${reason}-${index}`,
          ...changes(index),
        },
      ),
    );
  const remote = (index: number, annotations: number | null): NonNullable<Hold['remote']> => ({
    name: `IMG_${3100 + index}.jpg`,
    size: 201_700,
    width: 1600,
    height: 1200,
    sha256: null,
    changedAt: now - 600_000,
    assetId: `asset-${3100 + index}`,
    annotations,
  });
  return [
    ...many('both-changed', 12, (index) => ({
      remote: remote(index, 3 + index),
      needsRetention: true,
    })),
    ...many('deleted-here', 31, (index) => ({
      local: null,
      remote: remote(index, index % 3),
      answers: ['keep-mine', 'keep-theirs', 'skip'],
    })),
    ...many('name-collision', 41, () => ({ remote: null, answers: ['keep-both', 'skip'] })),
  ];
}

function tagsOf(holds: readonly Hold[]): Map<string, Record<string, number>> {
  return new Map(
    holds.map(({ item, remote }): [string, Record<string, number>] => {
      const total = remote?.annotations ?? 0;
      const boxes = Math.ceil(total / 2);
      return [
        item,
        total === 0 ? {} : { 'pallet, empty': boxes, ...(total > 1 ? { forklift: total - boxes } : {}) },
      ];
    }),
  );
}

function homeTree(): AppDouble['folderTree'] {
  const inside = (parent: string, names: readonly string[]) =>
    names.map((name) => ({ name, path: `${parent}/${name}` }));
  return {
    '/home/ada': {
      ...emptyFolder,
      parent: '/home',
      folders: inside('/home/ada', ['Documents', 'Downloads', 'Music', 'Pictures', 'Videos']),
    },
    '/home/ada/Pictures': {
      ...emptyFolder,
      parent: '/home/ada',
      folders: inside('/home/ada/Pictures', ['harbour', 'line-4', 'orchard', 'warehouse']),
      files: 14,
      images: 12,
    },
    '/home/ada/Pictures/orchard': { ...emptyFolder, parent: '/home/ada/Pictures', files: 312, images: 308 },
  };
}
