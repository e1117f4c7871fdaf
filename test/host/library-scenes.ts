import type { Activity, AssetRow, TrashedFile } from '../../app/contract.ts';
import { type AppDouble, hold } from './app-double.ts';
import type { AppSceneName } from './app-scenes.ts';
import { doubleMirrorId } from './engine-double.ts';
import { asset, pull } from './library-double.ts';
import { type Added, failed, inSync, newVersion, noticed, transferred, trashed } from './scene-activities.ts';
import {
  damagedSettings,
  pulledDiskFull,
  pullUnreachable,
  truncated,
  unreachable,
} from './scene-problems.ts';

const day = 86_400_000;
const tooLong = 'aisle-07/IMG_2231-a-long-name-that-a-camera-app-gave-it.heic';

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
            failures: [{ path: tooLong, problem: pulledDiskFull(tooLong) }],
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
          problem: pullUnreachable,
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
  const told: Added[] = [];
  const at = (days: number, minutes: number): number => now - days * day - minutes * 60_000;
  const path = (index: number): string => `aisle-0${1 + (index % 8)}/IMG_${2000 + index}.jpg`;
  const crowd = (kind: 'uploaded' | 'downloaded', count: number, from: number): void => {
    for (let index = 0; index < count; index++) told.push(transferred(kind, from - index * 800, path(index)));
  };
  const both = hold('both-changed', path(9));
  told.push(newVersion(at(0, 2), path(0)), inSync(at(0, 9)));
  crowd('uploaded', 46, at(0, 10));
  told.push(noticed('held', at(0, 26), both.path, both.problem));
  told.push(noticed('problem', at(0, 41), path(31), truncated(path(31))));
  told.push(trashed(at(1, 5), path(1)));
  crowd('downloaded', 12, at(1, 30));
  told.push(failed(at(2, 12), path(5), unreachable));
  crowd('uploaded', 2, at(3, 12));
  return told.map((activity, index) => ({
    ...activity,
    id: told.length - index,
    mirrorId: activity.kind === 'removed' || activity.kind === 'error' ? 'mirror-2' : doubleMirrorId,
  }));
}
