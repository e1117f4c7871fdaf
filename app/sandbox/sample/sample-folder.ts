import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Sandbox } from '../sandbox.ts';
import { type SampleFile, sampleAssets, sampleFiles } from './sample-manifest.ts';

/** Where the checked-in pictures are: next to this module, in the sources as in the build. */
const picturesFolder = path.join(import.meta.dirname, 'pictures');

/**
 * Fills `folder` with the pictures of the sample: all nine formats, `train/` and `val/`, one broken file and one with
 * a wrong extension (see `sampleManifest`). Makes the folder when it is not there; leaves every file alone that is.
 * @throws the file system's error when the folder can't be written.
 */
export async function makeSampleFolder(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  for (const file of sampleFiles) await addFile(folder, file);
}

/**
 * Puts the pictures into a new dataset that a mirror of the sample folder is to bring down, with their annotations.
 * @throws DatasetError when there is no such dataset, the file system's error when the sandbox can't be written to
 */
export async function fillSampleDataset(sandbox: Sandbox, datasetId: string): Promise<void> {
  for (const { path: place, picture, annotations } of sampleAssets) {
    const { assetId } = await sandbox.addAsset(datasetId, {
      filename: path.posix.basename(place),
      content: { path: path.join(picturesFolder, picture) },
      customMetadata: { viSyncPath: place },
    });
    sandbox.annotate(datasetId, assetId, annotations);
  }
}

async function addFile(folder: string, file: SampleFile): Promise<void> {
  const target = path.join(folder, ...file.path.split('/'));
  await fs.mkdir(path.dirname(target), { recursive: true });
  if (await exists(target)) return;
  // A whole file or none: a half one would look like a second broken picture in the next run.
  const unfinished = `${target}.${randomUUID()}.tmp`;
  try {
    await fs.copyFile(path.join(picturesFolder, file.picture), unfinished);
    await fs.rename(unfinished, target);
  } catch (error) {
    await fs.rm(unfinished, { force: true });
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await fs.lstat(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
