import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { expect, it } from 'vitest';
import { inspectImageBytes } from '../../app/image/inspect.ts';

/** Encoder settings that change the structure of a file. */
const encodings = fc.oneof(
  fc
    .record({ progressive: fc.boolean(), mozjpeg: fc.boolean(), quality: fc.integer({ min: 1, max: 100 }) })
    .map((options) => ({ name: 'a.jpg', encode: (image: Sharp) => image.jpeg(options) })),
  fc
    .record({
      progressive: fc.boolean(),
      palette: fc.boolean(),
      compressionLevel: fc.integer({ min: 0, max: 9 }),
    })
    .map((options) => ({ name: 'a.png', encode: (image: Sharp) => image.png(options) })),
  fc.record({ lossless: fc.boolean(), effort: fc.integer({ min: 0, max: 6 }) }).map((options) => ({
    name: 'a.webp',
    encode: (image: Sharp) => image.webp(options),
  })),
  fc
    .record({
      compression: fc.constantFrom(
        'none' as const,
        'lzw' as const,
        'deflate' as const,
        'packbits' as const,
        'jpeg' as const,
      ),
      pyramid: fc.boolean(),
      tile: fc.boolean(),
      bigtiff: fc.boolean(),
    })
    .map((options) => ({
      name: 'a.tif',
      encode: (image: Sharp) => image.tiff({ ...options, tileWidth: 64, tileHeight: 32 }),
    })),
  fc.record({ colours: fc.integer({ min: 2, max: 256 }), progressive: fc.boolean() }).map((options) => ({
    name: 'a.gif',
    encode: (image: Sharp) => image.gif(options),
  })),
  fc.record({ quality: fc.integer({ min: 1, max: 90 }) }).map((options) => ({
    name: 'a.avif',
    encode: (image: Sharp) => image.avif({ ...options, effort: 0 }),
  })),
);

const noises = fc.record({
  width: fc.integer({ min: 1, max: 260 }),
  height: fc.integer({ min: 1, max: 260 }),
  channels: fc.constantFrom(3 as const, 4 as const),
  seed: fc.nat(255),
  /** 1: noise, more: smoother. */
  period: fc.integer({ min: 1, max: 64 }),
});

it('never finds fault with what an encoder writes', async () => {
  await fc.assert(
    fc.asyncProperty(
      noises,
      encodings,
      async ({ width, height, channels, seed, period }, { name, encode }) => {
        const pixels = Buffer.alloc(width * height * channels);
        for (let at = 0; at < pixels.length; at += 1)
          pixels[at] = Math.imul(Math.floor(at / period) + seed, 2_654_435_761) >>> 24;
        const image = sharp(pixels, { raw: { width, height, channels } });
        const bytes = await encode(image).toBuffer();
        expect(await inspectImageBytes(bytes, name)).toMatchObject({
          ok: true,
          width,
          height,
          warning: null,
        });
      },
    ),
    { numRuns: 250 },
  );
});
