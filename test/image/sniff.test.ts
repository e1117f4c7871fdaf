import fs from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isPlainlyPicture, SNIFF_BYTES, sniffMime } from '../../app/image/sniff.ts';
import { fixturePath, fixtures } from '../fixtures/index.ts';

async function sniffFixture(file: string): Promise<string | undefined> {
  const bytes = await fs.readFile(fixturePath(file));
  return sniffMime(bytes.subarray(0, SNIFF_BYTES));
}

/** What file-type calls content that the service knows by another name. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'image/apng': 'image/png',
  'image/j2c': 'image/jp2',
  'image/heic': 'image/heif',
};

describe('sniffMime', () => {
  const pictures = fixtures.filter(({ mime }) => mime !== undefined);
  it.each(pictures)('knows $file by its content', async ({ file, mime }) => {
    const sniffed = await sniffFixture(file);
    expect([mime, OTHER_NAMES[mime ?? '']]).toContain(OTHER_NAMES[sniffed ?? ''] ?? sniffed);
  });

  it.each([
    ['hostile/film-named.jpg', 'video/mp4'],
    ['hostile/pdf-named.png', 'application/pdf'],
    ['hostile/svg-named.jpg', 'application/xml'],
    ['hostile/photoshop-named.jpg', 'image/vnd.adobe.photoshop'],
    ['hostile/text-named.jpg', undefined],
    ['hostile/page-named.jpg', undefined],
    ['hostile/zeros.jpg', undefined],
    ['hostile/empty.jpg', undefined],
  ])('says what %s really is', async (file, mime) => {
    expect(await sniffFixture(file)).toBe(mime);
  });

  it('sees at a glance only what the closer look takes for a picture too', async () => {
    const plain = await Promise.all(
      fixtures.map(async ({ file }) => {
        const head = (await fs.readFile(fixturePath(file))).subarray(0, SNIFF_BYTES);
        return isPlainlyPicture(head) ? await sniffMime(head) : undefined;
      }),
    );
    const mimes = new Set(plain.filter((mime) => mime !== undefined));
    expect([...mimes].sort()).toEqual(expect.arrayContaining(['image/jpeg', 'image/png']));
    for (const mime of mimes) expect(mime).toMatch(/^image\//);
  });

  it('finds the coding of a HEIF whose first brand is the general one', async () => {
    const brands = (...names: string[]) => {
      const box = Buffer.alloc(16 + 4 * (names.length - 1));
      box.writeUInt32BE(box.length, 0);
      box.write(`ftyp${names[0]}`, 4, 'latin1');
      box.write(names.slice(1).join(''), 16, 'latin1');
      return box;
    };
    expect(await sniffMime(brands('mif1', 'miaf', 'avif'))).toBe('image/avif');
    expect(await sniffMime(brands('mif1', 'miaf', 'heic'))).toBe('image/heic');
    expect(await sniffMime(brands('msf1', 'hevc'))).toBe('image/heic');
    expect(await sniffMime(brands('mif1', 'miaf'))).toBe('image/heif');
  });

  it('knows a TIFF whose directory lies behind the head', async () => {
    const head = Buffer.alloc(SNIFF_BYTES, 7);
    head.write('II*\0', 0, 'latin1');
    head.writeUInt32LE(9_000_000, 4);
    expect(await sniffMime(head)).toBe('image/tiff');
  });
});
