import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const icons = path.join(root, 'out', 'icons');

beforeAll(() => promisify(execFile)(process.execPath, [path.join(root, 'build', 'draw-app-icons.mjs')]));

const sizeOf = async (png: Buffer) => {
  const { format, width, height } = await sharp(png).metadata();
  return { format, width, height };
};
const square = (size: number) => ({ format: 'png', width: size, height: size });

describe('the icons of the installed app', () => {
  test('are pictures of each size for Linux, blue with white arrows', async () => {
    expect((await fs.readdir(path.join(icons, 'linux'))).sort()).toEqual(
      [16, 24, 32, 48, 64, 128, 256, 512].map((size) => `${size}x${size}.png`).sort(),
    );
    const png = await fs.readFile(path.join(icons, 'linux', '512x512.png'));
    expect(await sizeOf(png)).toEqual(square(512));
    const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * 512 + x) * 4, (y * 512 + x) * 4 + 4)];
    expect(at(0, 0)[3]).toBe(0);
    expect(at(256, 20)).toEqual([0x25, 0x57, 0xd6, 255]);
    expect(at(200, 216)).toEqual([255, 255, 255, 255]);
  });

  test('are in the file for Windows, each where the header says', async () => {
    const ico = await fs.readFile(path.join(icons, 'icon.ico'));
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, 7]);
    for (const [index, size] of [16, 24, 32, 48, 64, 128, 256].entries()) {
      const entry = ico.subarray(6 + 16 * index, 22 + 16 * index);
      expect(entry.readUInt8(0) || 256).toBe(size);
      const at = entry.readUInt32LE(12);
      expect(await sizeOf(ico.subarray(at, at + entry.readUInt32LE(8)))).toEqual(square(size));
    }
  });

  test('are in the file for macOS, with a margin, and nothing behind the last', async () => {
    const icns = await fs.readFile(path.join(icons, 'icon.icns'));
    expect(icns.toString('ascii', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const found: [string, number][] = [];
    let at = 8;
    for (; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const png = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4));
      const { width = 0 } = await sharp(png).metadata();
      found.push([icns.toString('ascii', at, at + 4), width]);
      const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
      const alpha = (share: number) =>
        data[Math.floor(width * share) * 4 + Math.floor(width / 2) * width * 4 + 3];
      expect([alpha(0.03), alpha(0.5)]).toEqual([0, 255]);
    }
    expect(at).toBe(icns.length);
    expect(Object.fromEntries(found)).toEqual({
      ic11: 32,
      ic12: 64,
      ic07: 128,
      ic13: 256,
      ic08: 256,
      ic14: 512,
      ic09: 512,
      ic10: 1024,
    });
  });
});
