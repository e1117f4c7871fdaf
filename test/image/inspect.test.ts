import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectImage, inspectImageBytes } from '../../app/image/inspect.ts';
import { type Fixture, fixturePath, fixtures } from '../fixtures/index.ts';
import { tempFolder } from './temp-folder.ts';

function expected(fixture: Fixture): Record<string, unknown> {
  const { mime, width, height, frames, problem, warning } = fixture;
  if (problem === null) {
    const warned = warning === null ? null : expect.objectContaining({ code: warning });
    return { ok: true, mime, width, height, frames, problem: null, warning: warned };
  }
  // What a foreign file really is stands in the sniffing tests.
  const known = mime === undefined ? {} : { mime };
  return { ok: false, ...known, problem: expect.objectContaining({ code: problem }) };
}

describe('inspectImage', () => {
  it.each(fixtures)('finds out about $file', async (fixture) => {
    const file = fixturePath(fixture.file);
    const inspection = await inspectImage(file);
    expect(inspection).toMatchObject(expected(fixture));
    expect(await inspectImageBytes(await fs.readFile(file), file), 'from memory').toEqual(inspection);
  });

  const flawed = fixtures.filter(({ problem, warning }) => problem !== null || warning !== null);
  it.each(flawed)('tells a person what is wrong with $file', async ({ file }) => {
    const inspection = await inspectImage(fixturePath(file));
    const problem = inspection.ok ? inspection.warning : inspection.problem;
    expect(problem?.title.length).toBeGreaterThan(4);
    expect(problem?.detail).toContain(`“${path.basename(file)}”`);
    expect(problem?.detail).toMatch(/^.+[^.]\.$/);
    expect(problem?.suggestion).toMatch(/^[A-Z].+[^.]\.$/);
    expect(JSON.stringify(problem)).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each([
    ['hostile/svg-named.jpg', 'an SVG drawing'],
    ['hostile/page-named.jpg', 'a web page'],
    ['hostile/film-named.jpg', 'a video'],
    ['hostile/pdf-named.png', 'a PDF document'],
    ['hostile/text-named.bmp', 'plain text'],
    ['hostile/zeros.jpg', 'only zeros'],
    ['hostile/photoshop-named.jpg', 'Photoshop'],
    ['hostile/pixel-bomb.png', '60000 × 60000'],
    ['hostile/good-but.backup', 'the extension .backup'],
  ])('names what it found in %s', async (file, words) => {
    const inspection = await inspectImage(fixturePath(file));
    expect(inspection.problem?.detail).toContain(words);
  });

  it('judges the extension whatever its case, and only when there is a name', async () => {
    const bytes = await fs.readFile(fixturePath('good/scene.jpg'));
    expect(await inspectImageBytes(bytes, 'A.JPG')).toMatchObject({ ok: true, warning: null });
    expect(await inspectImageBytes(bytes)).toMatchObject({ ok: true, mime: 'image/jpeg', warning: null });
    expect(await inspectImageBytes(bytes, 'A.PNG')).toMatchObject({ warning: { code: 'mislabelled' } });
    expect(await inspectImageBytes(bytes, 'A')).toMatchObject({ problem: { code: 'unsupported' } });
  });

  it('takes the type of a HEIF from a fitting extension, else from its brand', async () => {
    const bytes = await fs.readFile(fixturePath('good/scene.heic'));
    expect(await inspectImageBytes(bytes, 'a.heic')).toMatchObject({ mime: 'image/heic', warning: null });
    expect(await inspectImageBytes(bytes, 'a.heif')).toMatchObject({ mime: 'image/heif', warning: null });
    expect(await inspectImageBytes(bytes, 'a.jpg')).toMatchObject({ mime: 'image/heic' });
    expect(await inspectImageBytes(bytes)).toMatchObject({ mime: 'image/heic' });
  });

  it('takes a TIFF that was made of a raw file for a TIFF', async () => {
    const raw = await withTag(await fs.readFile(fixturePath('good/scene.tiff')), 50_706);
    expect(await inspectImageBytes(raw, 'a.tif')).toMatchObject({ ok: true, mime: 'image/tiff' });
    expect(await inspectImageBytes(raw, 'a.jpg')).toMatchObject({
      ok: false,
      mime: 'image/x-adobe-dng',
      problem: { code: 'unsupported', detail: expect.stringContaining('DNG raw') },
    });
  });

  it('misses the later pictures of an animated GIF that ends exactly behind one', async () => {
    const gif = await fs.readFile(fixturePath('variants/animated.gif'));
    // The extension that announces the second picture.
    const second = gif.indexOf(Buffer.from([0x21, 0xf9, 4]), gif.indexOf(Buffer.from([0x21, 0xf9, 4])) + 1);
    expect(second).toBeGreaterThan(0);
    const cut = await inspectImageBytes(gif.subarray(0, second), 'a.gif');
    expect(cut.problem?.code).toBe('truncated');
    const ended = await inspectImageBytes(Buffer.concat([gif.subarray(0, second), Buffer.of(0x3b)]), 'a.gif');
    expect(ended).toMatchObject({ ok: true, frames: 1 });
  });

  it('takes no absurd directory of a TIFF for one', async () => {
    const tiffOf = (entries: number) => {
      const tiff = Buffer.alloc(10 + entries * 12 + 4);
      tiff.write('II*\0', 0, 'latin1');
      tiff.writeUInt32LE(8, 4);
      tiff.writeUInt16LE(entries, 8);
      for (let entry = 0; entry < entries; entry += 1) {
        // Width and length of 64, as often as there is room.
        for (const [at, value] of [256 + (entry % 2), 3, 1, 0, 64, 0].entries()) {
          tiff.writeUInt16LE(value, 10 + entry * 12 + at * 2);
        }
      }
      return tiff;
    };
    expect(await inspectImageBytes(tiffOf(100), 'a.tif')).toMatchObject({ ok: true, width: 64, height: 64 });
    expect((await inspectImageBytes(tiffOf(5000), 'a.tif')).problem?.code).toBe('unreadable');
  });

  it('says why the disk does not give a file out', async () => {
    const folder = await tempFolder();
    const gone = await inspectImage(path.join(folder, 'gone.jpg'));
    expect(gone.problem).toMatchObject({ code: 'unreadable', detail: expect.stringContaining('not there') });
    const directory = await inspectImage(folder);
    expect(directory.problem).toMatchObject({
      code: 'unreadable',
      detail: expect.stringContaining('not a regular file'),
    });
  });

  it('goes when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(inspectImage(fixturePath('good/scene.jpg'), { signal })).rejects.toThrow('enough');
  });

  it('judges a file by its length on disk, however little of it is written', async () => {
    const file = path.join(await tempFolder(), 'large.bmp');
    const header = (await fs.readFile(fixturePath('good/scene.bmp'))).subarray(0, 54);
    const rows = 30_000;
    header.writeInt32LE(1000, 18);
    header.writeInt32LE(rows, 22);
    const handle = await fs.open(file, 'w');
    await handle.write(header);
    await handle.truncate(54 + rows * 3000);
    await handle.close();
    expect(await inspectImage(file)).toMatchObject({ ok: true, width: 1000, height: rows });
    await fs.truncate(file, 54 + rows * 3000 - 4);
    expect(await inspectImage(file)).toMatchObject({ ok: false, problem: { code: 'truncated' } });
  });
});

/** The little-endian TIFF with its description renamed to another tag. */
async function withTag(tiff: Buffer, tag: number): Promise<Buffer> {
  const copy = Buffer.from(tiff);
  const directory = copy.readUInt32LE(4);
  const count = copy.readUInt16LE(directory);
  for (let entry = 0; entry < count; entry += 1) {
    const at = directory + 2 + entry * 12;
    // ImageDescription: nobody needs it.
    if (copy.readUInt16LE(at) === 270) copy.writeUInt16LE(tag, at);
  }
  return copy;
}
