import fs from 'node:fs/promises';
import path from 'node:path';
import { imageSize } from 'image-size';
import { describe, expect, it } from 'vitest';
import { extensionOf, imageFormats, supportedExtensions } from '../../app/image/formats.ts';
import { fixturePath, fixtures, goodFixtures, hostileFixtures } from '../fixtures/index.ts';

const FOLDERS = ['good', 'variants', 'hostile'];

async function filesOnDisk(): Promise<string[]> {
  const lists = FOLDERS.map(async (folder) => {
    const names = await fs.readdir(fixturePath(folder));
    return names.map((name) => path.posix.join(folder, name));
  });
  return (await Promise.all(lists)).flat().sort();
}

describe('the manifest of fixtures', () => {
  it('speaks of every file, and of each once', async () => {
    expect(fixtures.map((fixture) => fixture.file).sort()).toEqual(await filesOnDisk());
  });

  it('has a good picture for each extension and a cut one for each format', () => {
    expect(goodFixtures.map((fixture) => extensionOf(fixture.file)).sort()).toEqual(
      [...supportedExtensions].sort(),
    );
    const cut = new Set(
      hostileFixtures.filter((each) => each.problem === 'truncated').map((each) => each.mime ?? ''),
    );
    for (const { format, mime } of imageFormats) expect(cut, format).toContain(mime);
  });

  it('stays well under a megabyte', async () => {
    const sizes = await Promise.all(
      fixtures.map(async ({ file }) => (await fs.stat(fixturePath(file))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600_000);
  });

  it('has no two files of the same content, but for the empty ones', async () => {
    const contents = new Map<string, string>();
    for (const { file, problem } of fixtures) {
      if (problem === 'empty') continue;
      const content = (await fs.readFile(fixturePath(file))).toString('latin1');
      expect(contents.get(content), `the twin of ${file}`).toBeUndefined();
      contents.set(content, file);
    }
  });

  // image-size reads sizes in its own way, so that a mistake of our own reader can't hide in the manifest.
  // It takes the size of a tile for that of a HEIF grid; those are checked by decoding, in thumbnail.test.ts.
  const plain = goodFixtures.filter(({ mime }) => mime !== 'image/heif' && mime !== 'image/heic');
  it.each(plain)('gives the size of $file as image-size does', async ({ file, width, height }) => {
    const bytes = await fs.readFile(fixturePath(file));
    expect(imageSize(bytes)).toMatchObject({ width, height });
  });
});
