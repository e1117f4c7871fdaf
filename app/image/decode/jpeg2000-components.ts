import type { Pixels } from './pixels.ts';

/**
 * Decodes a JPEG 2000 picture of any number of components: gray or RGB, with alpha or without; of more than four, as
 * satellites deliver them, the first three. At full size and in JavaScript: much slower than OpenJPEG.
 * @throws Error when it can't be decoded.
 */
export async function decodeComponents(file: Uint8Array): Promise<Pixels> {
  const { JpxImage } = await import('jpeg2000');
  const image = new JpxImage();
  image.parse(file);
  const { width, height, componentsCount } = image;
  const channels = componentsCount > 4 ? 3 : componentsCount;
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) {
    throw new Error('the file holds no picture');
  }
  const data = new Uint8Array(width * height * channels);
  for (const tile of image.tiles) {
    for (let y = 0; y < tile.height; y += 1) {
      for (let x = 0; x < tile.width; x += 1) {
        const from = (y * tile.width + x) * componentsCount;
        const to = ((tile.top + y) * width + tile.left + x) * channels;
        for (let index = 0; index < channels; index += 1) data[to + index] = tile.items[from + index] ?? 0;
      }
    }
  }
  return { width, height, channels, data };
}
