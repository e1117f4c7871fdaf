import fs from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageInspection, inspectImageBytes } from '../../app/image/inspect.ts';
import { fixturePath, fixtures } from '../fixtures/index.ts';

const contents = new Map(
  await Promise.all(fixtures.map(async ({ file }) => [file, await fs.readFile(fixturePath(file))] as const)),
);

function bytesOf(file: string): Buffer {
  const bytes = contents.get(file);
  if (bytes === undefined) throw new Error(`no fixture ${file}`);
  return bytes;
}

/** Files with a whole picture at their start: what is cut off behind it, films or descriptions, is not missed. */
const FOLLOWED = [
  'variants/motion-photo.jpg',
  'variants/multi-picture.jpg',
  'variants/fax-g4.tif',
  'hostile/trailing-garbage.jpg',
  'hostile/trailing-garbage.png',
];

const whole = fixtures.filter(({ problem }) => problem === null);
const cuttable = whole.filter(({ file }) => !FOLLOWED.includes(file));
/** Without a trailer, nobody can tell what is appended from what belongs to it. */
const ended = whole.filter(({ file }) => file !== 'variants/no-trailer.gif');

function isSound(inspection: ImageInspection): boolean {
  if (!inspection.ok) return inspection.problem.detail !== '';
  const { width, height, frames } = inspection;
  return [width, height, frames].every((number) => Number.isSafeInteger(number) && number > 0);
}

describe('inspection', () => {
  it.each(cuttable)('finds $file broken wherever a tenth of it or more is missing', async ({ file }) => {
    const bytes = bytesOf(file);
    const most = Math.floor(bytes.length * 0.9);
    // Every length of a short file, a step apart in a long one.
    const step = Math.ceil(most / 400);
    for (let length = most; length >= 0; length -= step) {
      const inspection = await inspectImageBytes(bytes.subarray(0, length), file);
      expect(inspection.ok, `the first ${length} of ${bytes.length} bytes`).toBe(false);
    }
  });

  it('gives a sound answer for any file cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async ({ file }, share) => {
          const bytes = bytesOf(file);
          const cut = bytes.subarray(0, Math.round(bytes.length * share));
          expect(isSound(await inspectImageBytes(cut, file))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('gives a sound answer for any file with bytes changed', async () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        async ({ file }, changes) => {
          const bytes = Buffer.from(bytesOf(file));
          // Most of what matters stands at the start.
          for (const [share, value] of changes) bytes[Math.floor(bytes.length * share ** 3)] = value;
          expect(isSound(await inspectImageBytes(bytes, file))).toBe(true);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('gives a sound answer for any bytes behind a real start', async () => {
    const start = fc.integer({ min: 0, max: 200 });
    const rest = fc.uint8Array({ maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), start, rest, async ({ file }, kept, noise) => {
        const bytes = Buffer.concat([bytesOf(file).subarray(0, kept), noise]);
        expect(isSound(await inspectImageBytes(bytes, file))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('never takes what is appended to a picture for a defect of it', async () => {
    const appended = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 500 }),
      fc.integer({ min: 1, max: 5000 }).map((length) => new Uint8Array(length)),
      fc.string({ minLength: 1, maxLength: 200 }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ended), appended, async ({ file, width, height, frames }, tail) => {
        const bytes = Buffer.concat([bytesOf(file), tail]);
        expect(await inspectImageBytes(bytes, file)).toMatchObject({ ok: true, width, height, frames });
      }),
      { numRuns: 2000 },
    );
  });
});
