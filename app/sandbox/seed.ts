import fs from 'node:fs/promises';
import path from 'node:path';
import { isSupportedExtension } from '../image/formats.ts';
import { inspectImage } from '../image/inspect.ts';
import type { NewAsset } from './control.ts';

export interface SeedResult {
  readonly added: number;
  /** Files that did not get in, and why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Adds the images of a folder and of those below it, in the order of their paths. Hidden files and folders, other files,
 * broken images and second files of one name (a dataset is flat) are left out; all but the first two are named.
 */
export async function seedFolder(
  add: (asset: NewAsset) => Promise<unknown>,
  folder: string,
): Promise<SeedResult> {
  const skipped: { path: string; reason: string }[] = [];
  const taken = new Map<string, string>();
  let added = 0;
  for await (const file of filesBelow(folder)) {
    const filename = path.basename(file);
    if (!isSupportedExtension(filename)) continue;
    const first = taken.get(filename);
    if (first !== undefined) {
      skipped.push({ path: file, reason: `Its name is taken by ${first}.` });
      continue;
    }
    const image = await inspectImage(file);
    if (!image.ok) {
      skipped.push({ path: file, reason: image.problem.detail });
      continue;
    }
    await add({ filename, content: { path: file } });
    taken.set(filename, file);
    added++;
  }
  return { added, skipped };
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  entries.sort((first, second) => (first.name < second.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(child);
    else if (entry.isFile()) yield child;
  }
}
