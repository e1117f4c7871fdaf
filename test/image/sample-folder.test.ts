import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFromExtension, imageFormats, isSupportedExtension } from '../../app/image/formats.ts';
import { inspectImage } from '../../app/image/inspect.ts';
import { makeThumbnail } from '../../app/image/thumbnail.ts';
import { makeSampleFolder } from '../../app/sandbox/sample/sample-folder.ts';
import { sampleAssets, sampleFiles, sampleManifest } from '../../app/sandbox/sample/sample-manifest.ts';
import { tempFolder } from './temp-folder.ts';

const pictures = path.resolve(import.meta.dirname, '../../app/sandbox/sample/pictures');

async function filesIn(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .map((name) => name.normalize('NFC'))
    .sort();
}

describe('makeSampleFolder', () => {
  it('makes exactly the files of the manifest, as the manifest says that they are', async () => {
    const folder = path.join(await tempFolder(), 'new', 'sample');
    await makeSampleFolder(folder);
    expect(await filesIn(folder)).toEqual(sampleFiles.map((file) => file.path).sort());
    for (const file of sampleFiles) {
      const inspection = await inspectImage(path.join(folder, file.path));
      expect(inspection, file.path).toMatchObject({ ok: file.problem === null, mime: file.mime });
      expect(inspection.problem?.code ?? null, file.path).toBe(file.problem);
      expect((inspection.ok ? inspection.warning?.code : null) ?? null, file.path).toBe(file.warning);
    }
  });

  it('never touches what is there', async () => {
    const folder = await tempFolder();
    await fs.mkdir(path.join(folder, 'train'));
    await fs.writeFile(path.join(folder, 'train', 'bottles-001.jpg'), 'mine');
    await makeSampleFolder(folder);
    await fs.rm(path.join(folder, '歯車.heic'));
    await fs.writeFile(path.join(folder, 'val', '果物.heic'), 'also mine');
    await makeSampleFolder(folder);
    expect(await fs.readFile(path.join(folder, 'train', 'bottles-001.jpg'), 'utf8')).toBe('mine');
    expect(await fs.readFile(path.join(folder, 'val', '果物.heic'), 'utf8')).toBe('also mine');
    expect(await filesIn(folder)).toHaveLength(sampleManifest.total);
  });

  it('leaves nothing half done behind when it fails', async () => {
    const folder = await tempFolder();
    await fs.writeFile(path.join(folder, 'val'), 'a file where a folder should be');
    await expect(makeSampleFolder(folder)).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect((await filesIn(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('the sample', () => {
  /** Those that the folder has and those that come down from the dataset. */
  const all = [...sampleFiles, ...sampleAssets];

  it('has every format, base names that fit into one flat dataset, and one flaw of each kind', () => {
    const formats = new Set(all.map((file) => formatFromExtension(file.path)?.format));
    expect([...formats].sort()).toEqual(imageFormats.map((format) => format.format).sort());
    expect(all.every((file) => isSupportedExtension(file.path))).toBe(true);
    const names = all.map((file) => path.posix.basename(file.path).normalize('NFC').toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    // A colon, a trailing dot and the like would not be possible on every disk.
    expect(names.filter((name) => /[<>:"|?*\\]|[. ]$/.test(name))).toEqual([]);
    expect(sampleManifest).toMatchObject({ total: 26, uploadable: 25, broken: 1, mislabelled: 1 });
  });

  it('uses every checked-in picture, under 1.5 MB in all, each of other content', async () => {
    const names = await filesIn(pictures);
    expect(names).toEqual(all.map((file) => file.picture).sort());
    const contents = await Promise.all(names.map((name) => fs.readFile(path.join(pictures, name))));
    expect(contents.reduce((sum, content) => sum + content.length, 0)).toBeLessThan(1_500_000);
    expect(new Set(contents.map((content) => content.toString('latin1'))).size).toBe(names.length);
  });

  it('can be shown, but for the broken one', async () => {
    for (const file of all) {
      const thumbnail = makeThumbnail(path.join(pictures, file.picture), { maxSize: 128 });
      if (file.problem === null) await expect(thumbnail, file.path).resolves.toMatchObject({ width: 128 });
      else await expect(thumbnail, file.path).rejects.toMatchObject({ problem: { code: file.problem } });
    }
  });
});
