import fs from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CutShort } from '../../app/image/byte-source.ts';
import { readBmp } from '../../app/image/structure/bmp.ts';
import { readHeif } from '../../app/image/structure/heif.ts';
import { readJpeg } from '../../app/image/structure/jpeg.ts';
import { readPng } from '../../app/image/structure/png.ts';
import { readTiff } from '../../app/image/structure/tiff.ts';
import { fixturePath } from '../fixtures/index.ts';
import { sparseSource } from './sparse-source.ts';

const GB = 2 ** 30;

function bigTiff(stripOffset: number, stripBytes: number): Buffer {
  const fields: [tag: number, type: number, value: bigint][] = [
    [256, 4, 50_000n],
    [257, 4, 40_000n],
    [258, 3, 8n],
    [259, 3, 5n],
    [273, 16, BigInt(stripOffset)],
    [277, 3, 1n],
    [279, 16, BigInt(stripBytes)],
  ];
  const bytes = Buffer.alloc(16 + 8 + fields.length * 20 + 8);
  bytes.write('II+\0\x08\0\0\0', 0, 'latin1');
  bytes.writeBigUInt64LE(16n, 8);
  bytes.writeBigUInt64LE(BigInt(fields.length), 16);
  for (const [index, [tag, type, value]] of fields.entries()) {
    const at = 24 + index * 20;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeBigUInt64LE(1n, at + 4);
    bytes.writeBigUInt64LE(value, at + 12);
  }
  return bytes;
}

describe('files of many gigabytes', () => {
  it('TIFF: takes a strip beyond 4 GB, and misses one beyond the end', async () => {
    const tiff = bigTiff(5 * GB, 2 * GB);
    const whole = sparseSource(7 * GB, new Map([[0, tiff]]));
    expect(await readTiff(whole)).toEqual({ width: 50_000, height: 40_000, frames: 1 });
    expect(whole.bytesRead()).toBeLessThan(10_000);
    await expect(readTiff(sparseSource(7 * GB - 1, new Map([[0, tiff]])))).rejects.toThrow(CutShort);
  });

  it('BMP: reads the header alone', async () => {
    const header = (await fs.readFile(fixturePath('good/scene.bmp'))).subarray(0, 54);
    header.writeInt32LE(40_000, 18);
    header.writeInt32LE(-50_000, 22);
    const source = sparseSource(54 + 6e9, new Map([[0, header]]));
    expect(await readBmp(source)).toMatchObject({ width: 40_000, height: 50_000 });
    expect(source.bytesRead()).toBeLessThan(200);
    await expect(readBmp(sparseSource(5.9e9, new Map([[0, header]])))).rejects.toThrow(CutShort);
  });

  it('PNG: jumps from chunk to chunk', async () => {
    const picture = await fs.readFile(fixturePath('good/scene.png'));
    const chunk = (type: string, length: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(length, 0);
      bytes.write(type, 4, 'latin1');
      return bytes;
    };
    const length = 2 ** 31 - 100;
    const pieces = new Map<number, Uint8Array>([[0, picture.subarray(0, 33)]]);
    let at = 33;
    for (let index = 0; index < 3; index += 1) {
      pieces.set(at, chunk('IDAT', length));
      at += 12 + length;
    }
    pieces.set(at, chunk('IEND', 0));
    const source = sparseSource(at + 12, pieces);
    expect(await readPng(source)).toMatchObject({ width: 64, height: 48 });
    expect(source.bytesRead()).toBeLessThan(200);
  });

  it('JPEG: reads the end alone when the end marker is there, and only up to it when something follows', async () => {
    const picture = await fs.readFile(fixturePath('good/scene.jpg'));
    const head = picture.subarray(0, picture.length - 2);
    const end = Buffer.from([0xff, 0xd9]);
    const whole = sparseSource(3 * GB, new Map([[0, head], [3 * GB - 2, end]])); // biome-ignore format: a pair each
    expect(await readJpeg(whole)).toMatchObject({ width: 64, height: 48 });
    expect(whole.bytesRead()).toBeLessThan(10_000);
    const film = sparseSource(3 * GB, new Map([[0, picture]]));
    expect(await readJpeg(film)).toMatchObject({ width: 64, height: 48 });
    expect(film.bytesRead()).toBeLessThan(1e6);
  });

  it('JPEG: reads no byte over and over, however many segments there are', async () => {
    const picture = await fs.readFile(fixturePath('good/scene.jpg'));
    const head = picture.subarray(0, picture.length - 2);
    const size = 20e6;
    const segments = Buffer.alloc(size - head.length);
    // Tables of no length, one behind the other.
    for (let at = 0; at + 4 <= segments.length; at += 4) segments.writeUInt32BE(0xffc40002, at);
    const many = sparseSource(size, new Map([[0, Buffer.concat([head, segments])]]));
    await expect(readJpeg(many)).rejects.toThrow(CutShort);
    expect(many.bytesRead()).toBeLessThan(1.1 * size);
    const stray = sparseSource(size, new Map([[0, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 2])]]));
    await expect(readJpeg(stray)).rejects.toThrow(CutShort);
    expect(stray.bytesRead()).toBeLessThan(1.1 * size);
  });

  it('HEIF: takes a data box with a 64-bit length', async () => {
    const picture = await fs.readFile(fixturePath('good/scene.heic'));
    const data = picture.indexOf('mdat') - 4;
    const head = Buffer.concat([
      picture.subarray(0, picture.length),
      Buffer.from([0, 0, 0, 1]),
      Buffer.from('mdat', 'latin1'),
    ]);
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(6 * GB));
    expect(data).toBeGreaterThan(0);
    const pieces = new Map<number, Uint8Array>([[0, Buffer.concat([head, length])]]);
    const source = sparseSource(picture.length + 6 * GB, pieces);
    expect(await readHeif(source)).toMatchObject({ width: 64, height: 48 });
    expect(source.bytesRead()).toBeLessThan(20_000);
    await expect(readHeif(sparseSource(picture.length + 5 * GB, pieces))).rejects.toThrow(CutShort);
  });
});
