import type { Activity, AssetRow, Problem, TrashedFile } from '../../app/contract.ts';
import type { AppDouble } from './app-double.ts';
import type { AppSceneName } from './app-scenes.ts';
import { doubleMirrorId } from './engine-double.ts';
import { asset, pull } from './library-double.ts';

const day = 86_400_000;

/** Gives an app assets, pulls, a trash and a past, as a state of the whole app has them. */
export function fillLibrary(app: AppDouble, name: AppSceneName, now: number): void {
  const { library } = app;
  const dataset = app.datasets[0];
  const ofDataset = dataset === undefined ? {} : { datasetId: dataset.datasetId, datasetName: dataset.name };
  switch (name) {
    case 'empty':
      return;
    case 'busy':
      library.assets = assets(dataset?.assetTotal ?? 40);
      library.trash = trash(12, now);
      library.pulls = [
        pull({
          ...ofDataset,
          pullId: 'pull-2',
          phase: 'fetching',
          filesDone: 812,
          filesTotal: 2_310,
          bytesDone: 612_000_000,
          bytesTotal: 1_940_000_000,
          bytesPerSecond: 11_800_000,
          metadataQuery: 'split == "train"',
        }),
        pull({
          pullId: 'pull-1',
          datasetName: 'Harbour at night',
          folder: '/home/ada/Pictures/harbour-pulled',
          phase: 'listing',
          filesTotal: 1_400,
        }),
      ];
      return;
    case 'failing':
      library.assets = assets(24);
      library.trash = trash(3, now);
      library.pulls = [
        pull({
          ...ofDataset,
          pullId: 'pull-2',
          state: 'done',
          phase: 'done',
          endedAt: now - 60_000,
          filesDone: 2_310,
          filesTotal: 2_310,
          result: {
            isComplete: false,
            filesTotal: 2_310,
            filesPulled: 1_204,
            filesSame: 1_098,
            bytes: 940_000_000,
            conflicts: [
              { path: 'IMG_2107.jpg', kind: 'changed-here' },
              { path: 'IMG_2231.jpg', kind: 'other-file' },
            ],
            failures: [
              {
                path: 'aisle-07/IMG_2231-a-long-name-that-a-camera-app-gave-it.heic',
                problem: {
                  code: 'disk-full',
                  title: 'The disk is full',
                  detail: 'The disk of /home/ada/Pictures has no space left for this file.',
                  suggestion: 'Free some space, and let the pull go on.',
                },
              },
            ],
            differences: [],
            leftOver: ['old/IMG_0001.jpg'],
          },
        }),
        pull({
          pullId: 'pull-1',
          datasetName: 'Line 4 defects',
          folder: '/mnt/nas/line-4',
          state: 'failed',
          endedAt: now - 20_000,
          filesDone: 12,
          filesTotal: 4_100,
          problem: offline,
        }),
      ];
      library.about = { ...library.about, logFile: null, problems: [damagedSettings] };
      return;
    case 'full':
      library.assets = assets(1_860);
      library.trash = trash(412, now);
      library.pulls = [
        pull({
          ...ofDataset,
          pullId: 'pull-1',
          state: 'done',
          phase: 'done',
          endedAt: now - 60_000,
          filesDone: 248,
          filesTotal: 248,
          result: {
            isComplete: true,
            filesTotal: 248,
            filesPulled: 248,
            filesSame: 0,
            bytes: 96_000_000,
            conflicts: [],
            failures: [],
            differences: [],
            leftOver: [],
          },
        }),
      ];
      app.activities = past(now);
      app.settings = {
        ...app.settings,
        uploadLimit: 2_500_000,
        limitSchedule: {
          from: 22 * 60,
          to: 6 * 60,
          days: [1, 2, 3, 4, 5],
          uploadLimit: null,
          downloadLimit: 20_000_000,
        },
        trashDays: 30,
      };
      return;
  }
}

/** Assets that vary, and yet are the same in every run. */
function assets(count: number): AssetRow[] {
  return Array.from({ length: count }, (_, index) => {
    const annotations = index % 13 === 5 ? null : (index * 13) % 11;
    const boxes = Math.ceil((annotations ?? 0) / 2);
    return asset(`IMG_${2000 + index}.${['jpg', 'png', 'heic'][index % 3]}`, {
      assetId: `0198f0c2-7a1b-4c3d-9e0f-${String(index).padStart(12, '0')}`,
      size: 120_000 + ((index * 7919) % 900) * 4_000,
      annotations,
      annotationsByTag:
        annotations === null || annotations === 0
          ? {}
          : { 'pallet, empty': boxes, ...(annotations > 1 ? { forklift: annotations - boxes } : {}) },
      customMetadata: {
        camera: index % 2 === 0 ? 'front' : 'rear',
        split: index % 5 === 0 ? 'val' : 'train',
      },
    });
  });
}

function trash(count: number, now: number): TrashedFile[] {
  const reasons = ['replaced-by-download', 'deleted-there', 'answered', 'unknown'] as const;
  return Array.from({ length: count }, (_, index) => {
    const path = `aisle-0${1 + (index % 8)}/IMG_${2000 + index}.jpg`;
    return {
      id: count - index,
      mirrorId: index % 5 === 4 ? 'mirror-2' : doubleMirrorId,
      path,
      trashPath: `/home/ada/Pictures/warehouse/.vi-sync-trash/${path}`,
      size: 184_320 + index * 7_919,
      sha256: null,
      reason: reasons[index % 7 === 6 ? 3 : index % 3] ?? 'unknown',
      at: now - 120_000 - index * 5_400_000,
    };
  });
}

/** A past of four days with crowds, problems and ways back. */
function past(now: number): Activity[] {
  const told: Omit<Activity, 'id' | 'mirrorId'>[] = [];
  const at = (days: number, minutes: number): number => now - days * day - minutes * 60_000;
  const path = (index: number): string => `aisle-0${1 + (index % 8)}/IMG_${2000 + index}.jpg`;
  const crowd = (kind: 'uploaded' | 'downloaded', count: number, from: number): void => {
    for (let index = 0; index < count; index++) {
      const words = kind === 'uploaded' ? 'Uploaded' : 'Downloaded';
      told.push({
        at: from - index * 800,
        kind,
        path: path(index),
        message: `${words} “${path(index).slice(9)}”.`,
      });
    }
  };
  told.push({
    at: at(0, 2),
    kind: 'downloaded',
    path: path(0),
    message: 'Downloaded the dataset’s new version of “IMG_2000.jpg”; the old one is in the trash.',
  });
  told.push({ at: at(0, 9), kind: 'in-sync', path: null, message: 'Folder and dataset are in sync.' });
  crowd('uploaded', 46, at(0, 10));
  told.push({
    at: at(0, 26),
    kind: 'held',
    path: path(9),
    message: '“IMG_2009.jpg” was changed on both sides, and waits for your answer.',
  });
  told.push({
    at: at(0, 41),
    kind: 'problem',
    path: path(31),
    message: '“IMG_2031.jpg” can’t be uploaded: the image is cut off in the middle of its pixel data.',
  });
  told.push({
    at: at(1, 5),
    kind: 'removed',
    path: path(1),
    message: '“IMG_2001.jpg” is in the trash, because its asset was deleted from the dataset.',
  });
  crowd('downloaded', 12, at(1, 30));
  told.push({
    at: at(2, 12),
    kind: 'error',
    path: null,
    message: 'api.vi.datature.com could not be reached for 14 minutes. Nothing is lost.',
  });
  crowd('uploaded', 2, at(3, 12));
  return told.map((activity, index) => ({
    ...activity,
    id: told.length - index,
    mirrorId: activity.kind === 'removed' || activity.kind === 'error' ? 'mirror-2' : doubleMirrorId,
  }));
}

const offline: Problem = {
  code: 'network',
  title: 'api.vi.datature.com can’t be reached',
  detail: 'The name could not be looked up, so this computer is probably offline.',
  suggestion: 'Check the network, and let the pull go on.',
};
const damagedSettings: Problem = {
  code: 'app-settings-damaged',
  title: 'The app’s settings could not be read',
  detail: '/home/ada/.config/vi-sync/app.json is damaged. It was put aside, and the usual settings hold.',
  suggestion: 'Look through the settings, and set again what you had changed.',
};
