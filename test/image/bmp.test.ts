import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../app/image/byte-source.ts';
import { decodeBmp } from '../../app/image/decode/bmp.ts';

/** A palette in which entry N has the red value N × 16. */
const PALETTE = Buffer.from(Array.from({ length: 16 }, (_, index) => [0, 0, index * 16, 0]).flat());

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression: number;
}

function bmp(
  { width, height, bits, compression }: Shape,
  rows: readonly number[],
  palette = PALETTE,
): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM', 0, 'latin1');
  header.writeUInt32LE(54 + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(rows.length, 34);
  return Buffer.concat([header, palette, Buffer.from(rows)]);
}

/** The palette entries of the decoded picture, row by row from the top. */
async function indices(file: Buffer, atLeast = 1000): Promise<number[][]> {
  const { data, width, height } = await decodeBmp(bytesSource(file), atLeast);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (data[(y * width + x) * 4] ?? -1) / 16),
  );
}

describe('run-length coded BMP', () => {
  const eight = { width: 5, height: 3, bits: 8, compression: 1 };

  it('expands runs, single pixels with their padding, skips and an early end', async () => {
    // biome-ignore format: a row of the picture each, from the bottom
    const rows = [
      3, 7, 2, 9, 0, 0,
      0, 3, 1, 2, 3, 0, 2, 4, 0, 0,
      1, 5, 0, 2, 2, 0, 1, 6, 0, 1,
    ];
    expect(await indices(bmp(eight, rows))).toEqual([
      [5, 0, 0, 6, 0],
      [1, 2, 3, 4, 4],
      [7, 7, 7, 9, 9],
    ]);
  });

  it('skips rows, and leaves those after the end black', async () => {
    expect(await indices(bmp({ ...eight, width: 2 }, [0, 2, 1, 1, 1, 8, 0, 1]))).toEqual([
      [0, 0],
      [0, 8],
      [0, 0],
    ]);
  });

  it('cuts runs that reach over the edge', async () => {
    expect(await indices(bmp({ ...eight, width: 2, height: 1 }, [9, 3, 0, 1]))).toEqual([[3, 3]]);
  });

  it('expands two pixels from a byte', async () => {
    const four = { width: 7, height: 2, bits: 4, compression: 2 };
    // biome-ignore format: a row of the picture each, from the bottom
    const rows = [
      5, 0x12, 2, 0x33, 0, 0,
      0, 5, 0x45, 0x67, 0x80, 0, 2, 0x9a, 0, 1,
    ];
    expect(await indices(bmp(four, rows))).toEqual([
      [4, 5, 6, 7, 8, 9, 10],
      [1, 2, 1, 2, 1, 3, 3],
    ]);
  });

  it('says so when the rows stop in the middle', async () => {
    await expect(indices(bmp(eight, [3, 7, 2]))).rejects.toThrow();
  });
});

describe('plain BMP', () => {
  it('takes pixels of 1, 2 and 4 bits out of their bytes', async () => {
    const rows = [0b1010_0000, 0, 0, 0];
    expect(await indices(bmp({ width: 4, height: 1, bits: 1, compression: 0 }, rows))).toEqual([
      [1, 0, 1, 0],
    ]);
    expect(await indices(bmp({ width: 2, height: 1, bits: 2, compression: 0 }, rows))).toEqual([[2, 2]]);
    expect(await indices(bmp({ width: 2, height: 1, bits: 4, compression: 0 }, rows))).toEqual([[10, 0]]);
  });

  it('shows pixels outside the palette black instead of failing', async () => {
    const shape = { width: 2, height: 1, bits: 8, compression: 0 };
    expect(await indices(bmp(shape, [200, 3, 0, 0]))).toEqual([[0, 3]]);
  });

  it('takes every n-th row and pixel, counted from the top left', async () => {
    const rows = Array.from({ length: 4 }, (_, y) => [0, 1, 2, 3].map((x) => (3 - y) * 4 + x)).flat();
    const shape = { width: 4, height: 4, bits: 8, compression: 0 };
    expect(await indices(bmp(shape, rows), 2)).toEqual([
      [0, 2],
      [8, 10],
    ]);
  });

  it('widens 5 bits to 8, and takes the masks that the file gives', async () => {
    const shape = { width: 2, height: 1, bits: 16, compression: 0 };
    const { data } = await decodeBmp(bytesSource(bmp(shape, [0xff, 0x7f, 0x00, 0x7c], Buffer.alloc(0))), 10);
    expect([...data]).toEqual([255, 255, 255, 255, 255, 0, 0, 255]);
    const masks = Buffer.alloc(12);
    masks.writeUInt32LE(0x001f, 0);
    masks.writeUInt32LE(0x07e0, 4);
    masks.writeUInt32LE(0xf800, 8);
    const swapped = bmp({ ...shape, compression: 3 }, [0x1f, 0x00, 0xe0, 0x07], masks);
    expect([...(await decodeBmp(bytesSource(swapped), 10)).data]).toEqual([255, 0, 0, 255, 0, 255, 0, 255]);
  });
});
