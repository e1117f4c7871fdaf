import fs from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeHeif } from '../../app/image/decode/heif.ts';
import { decodeJpeg2000 } from '../../app/image/decode/jpeg2000.ts';
import { makeThumbnail, ThumbnailError } from '../../app/image/thumbnail.ts';
import { fixturePath, fixtures, sceneSize } from '../fixtures/index.ts';
import { tempFolder } from './temp-folder.ts';

interface Picture {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

async function pixelsOf(bytes: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Mean difference of two pictures of one size, of 255. Black and white pictures are compared in gray. */
function difference(one: Picture, two: Picture, gray = false): number {
  const value = ({ data }: Picture, at: number) =>
    gray ? ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3 : (data[at] ?? 0);
  const step = gray ? 3 : 1;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < one.data.length; at += step) {
    sum += Math.abs(value(one, at) - value(two, at));
    count += 1;
  }
  return sum / count;
}

const reference = await pixelsOf(await fs.readFile(fixturePath('good/scene.png')));

describe('makeThumbnail', () => {
  const shown = fixtures.filter(({ scene }) => scene === 'colour');
  it.each(shown)('shows the scene of $file upright and in its colours', async ({ file }) => {
    // The grid picture is larger than the others.
    const { bytes, mime, width, height } = await makeThumbnail(fixturePath(file), { maxSize: 64 });
    expect({ mime, width, height }).toEqual({ mime: 'image/webp', ...sceneSize });
    const picture = await pixelsOf(bytes);
    expect(picture).toMatchObject(sceneSize);
    // Dithering to few colours differs most, at about 6. Turned or mirrored, it would be over 30.
    expect(difference(picture, reference)).toBeLessThan(9);
  });

  const rough = fixtures.filter(({ scene }) => scene === 'rough');
  it.each(rough)('shows the scene of $file, of few or other colours', async ({ file }) => {
    const { bytes, width, height } = await makeThumbnail(fixturePath(file), { maxSize: 64 });
    expect({ width, height }).toEqual(sceneSize);
    const picture = await pixelsOf(bytes);
    // Black and white is the roughest.
    expect(difference(picture, reference, true)).toBeLessThan(97);
    expect(difference(mirrored(picture), reference, true)).toBeGreaterThan(
      difference(picture, reference, true),
    );
  });

  it('turns a HEIF as it says, and not by EXIF on top', async () => {
    const { bytes } = await makeThumbnail(fixturePath('variants/rotated.heic'), { maxSize: 64 });
    const turnedBack = await sharp(bytes).rotate(90).png().toBuffer();
    expect(difference(await pixelsOf(turnedBack), reference)).toBeLessThan(9);
  });

  it('takes an alpha channel of nothing but zeros for none', async () => {
    const { bytes } = await makeThumbnail(fixturePath('variants/zero-alpha.bmp'), { maxSize: 64 });
    expect((await sharp(bytes).stats()).isOpaque).toBe(true);
  });

  it('keeps transparency', async () => {
    for (const file of ['alpha.png', 'alpha.webp', 'alpha.avif', 'alpha.jp2', 'thumbnail-alpha.heic']) {
      const { bytes } = await makeThumbnail(fixturePath(`variants/${file}`), { maxSize: 64 });
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      expect(info.channels, file).toBe(4);
      expect(data[(info.width - 1) * 4 + 3], `${file}: the corner`).toBeLessThan(40);
      expect(data[3], `${file}: the other corner`).toBeGreaterThan(240);
    }
  });

  const refused = fixtures.filter(({ preview }) => preview !== null);
  it.each(refused)('says why it can make none of $file', async ({ file, preview }) => {
    const failure = await makeThumbnail(fixturePath(file), { maxSize: 64 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ThumbnailError);
    if (!(failure instanceof ThumbnailError)) return;
    expect(failure.problem.code).toBe(preview);
    expect(failure.problem.detail).toContain(`“${path.basename(file)}”`);
    expect(failure.message).toContain(failure.problem.detail);
  });

  it('has a thumbnail of every fixture that it is not refused for', async () => {
    for (const { file, preview } of fixtures) {
      if (preview !== null) continue;
      await expect(makeThumbnail(fixturePath(file), { maxSize: 16 }), file).resolves.toBeDefined();
    }
  });

  it('keeps the proportions, and enlarges nothing', async () => {
    const scene = fixturePath('good/scene.jpg');
    expect(await makeThumbnail(scene, { maxSize: 32 })).toMatchObject({ width: 32, height: 24 });
    expect(await makeThumbnail(scene, { maxSize: 1000 })).toMatchObject(sceneSize);
    const upright = fixturePath('variants/orientation-6.jpg');
    expect(await makeThumbnail(upright, { maxSize: 32 })).toMatchObject({ width: 32, height: 24 });
  });

  it('shows what a file holds now, not what it held before', async () => {
    const file = path.join(await tempFolder(), 'changing.png');
    await fs.copyFile(fixturePath('good/scene.png'), file);
    const before = await makeThumbnail(file, { maxSize: 64 });
    await fs.copyFile(fixturePath('variants/gray.png'), file);
    const after = await makeThumbnail(file, { maxSize: 64 });
    expect(difference(await pixelsOf(before.bytes), await pixelsOf(after.bytes))).toBeGreaterThan(20);
  });

  it('keeps no file open', async () => {
    for (const file of ['good/scene.tif', 'good/scene.webp', 'good/scene.gif']) {
      await makeThumbnail(fixturePath(file), { maxSize: 32 });
    }
    const cached = sharp.cache();
    expect(cached.files.current).toBe(0);
    expect(cached.items.current).toBe(0);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(makeThumbnail(fixturePath('good/scene.jpg'), { maxSize: 64, signal })).rejects.toThrow(
      'enough',
    );
  });

  it('works in a worker thread, several at once', async () => {
    const files = fixtures
      .filter(({ file }) => file.startsWith('good/'))
      .map(({ file }) => fixturePath(file));
    const module = new URL('../../app/image/thumbnail.ts', import.meta.url).href;
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      import(workerData.module)
        .then(({ makeThumbnail }) => Promise.all(workerData.files.map((file) => makeThumbnail(file, { maxSize: 64 }))))
        .then((thumbnails) => parentPort.postMessage(thumbnails.map(({ width, height }) => width + '×' + height)));
    `;
    const workers = [1, 2].map(() => new Worker(code, { eval: true, workerData: { module, files } }));
    const answers = await Promise.all(
      workers.map(
        (worker) =>
          new Promise((resolve, reject) => {
            worker.once('message', resolve);
            worker.once('error', reject);
          }),
      ),
    );
    await Promise.all(workers.map((worker) => worker.terminate()));
    const sizes = files.map(() => '64×48');
    expect(answers).toEqual([sizes, sizes]);
  });
});

describe('large pictures', () => {
  it('takes only as many pixels of a BMP as it needs', async () => {
    const file = path.join(await tempFolder(), 'large.bmp');
    const header = Buffer.from((await fs.readFile(fixturePath('good/scene.bmp'))).subarray(0, 54));
    const [width, height] = [16_000, 12_000];
    header.writeInt32LE(width, 18);
    header.writeInt32LE(height, 22);
    const handle = await fs.open(file, 'w');
    await handle.write(header);
    // All black, and mostly a hole on the disk: 576 MB as pixels.
    await handle.truncate(54 + width * 3 * height);
    await handle.close();
    const before = process.memoryUsage().rss;
    expect(await makeThumbnail(file, { maxSize: 256 })).toMatchObject({ width: 256, height: 192 });
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it('decodes JPEG 2000 at the lowest resolution that is large enough', async () => {
    const file = await fs.readFile(fixturePath('good/scene.jp2'));
    expect(await decodeJpeg2000(file, 64, 1e6)).toMatchObject({ width: 64, height: 48, channels: 3 });
    expect(await decodeJpeg2000(file, 33, 1e6)).toMatchObject({ width: 64, height: 48 });
    const half = await decodeJpeg2000(file, 32, 1e6);
    expect(half).toMatchObject({ width: 32, height: 24 });
    const smaller = await sharp(reference.data, { raw: { ...sceneSize, channels: 3 } })
      .resize(32, 24)
      .png()
      .toBuffer();
    const picture = { data: Buffer.from(half.data), width: 32, height: 24 };
    expect(difference(picture, await pixelsOf(smaller))).toBeLessThan(6);
    // It is stored at no less than an eighth.
    expect(await decodeJpeg2000(file, 1, 1e6)).toMatchObject({ width: 8, height: 6 });
  });

  it('refuses more pixels than it may decode, before it does', async () => {
    const jp2 = await fs.readFile(fixturePath('good/scene.jp2'));
    await expect(decodeJpeg2000(jp2, 64, 1000)).rejects.toThrow('64 × 48 pixels');
    const alpha = await fs.readFile(fixturePath('variants/alpha.jp2'));
    await expect(decodeJpeg2000(alpha, 1, 1000)).rejects.toThrow('64 × 48 pixels');
    const heic = await fs.readFile(fixturePath('good/scene.heic'));
    await expect(decodeHeif(heic, 1000)).rejects.toThrow('64 × 48 pixels');
  });

  it('refuses a picture of too many pixels by its header', async () => {
    const file = path.join(await tempFolder(), 'huge.bmp');
    const header = Buffer.from((await fs.readFile(fixturePath('good/scene.bmp'))).subarray(0, 54));
    header.writeInt32LE(40_000, 18);
    header.writeInt32LE(40_000, 22);
    // One bit a pixel: 200 MB.
    header.writeUInt16LE(1, 28);
    await fs.writeFile(file, header);
    await fs.truncate(file, 54 + 40_000 * 5000);
    const failure = await makeThumbnail(file, { maxSize: 64 }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ problem: { code: 'too-large' } });
  });
});

function mirrored({ data, width, height }: Picture): Picture {
  const copy = Buffer.alloc(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data.copy(copy, (y * width + x) * 3, (y * width + width - 1 - x) * 3, (y * width + width - x) * 3);
    }
  }
  return { data: copy, width, height };
}
