import { limitPixels, type Pixels } from './pixels.ts';

/**
 * The primary picture of a HEIF or HEIC file, turned as the file says. libheif runs as WebAssembly: its memory grows
 * with the largest picture so far and stays with the thread.
 * @throws TooManyPixels when it has more than `maxPixels`. @throws Error when libheif can't decode it.
 */
export async function decodeHeif(file: Uint8Array, maxPixels: number): Promise<Pixels> {
  const { default: heic } = await import('heic-decode');
  // Whatever brand comes first, what counts is the coding, and that is known by now: the codec looks only at this one.
  const named = Buffer.from(file);
  named.write('heic', 8, 'latin1');
  const images = await heic.all({ buffer: named });
  try {
    const [image] = images;
    if (image === undefined) throw new Error('the file holds no picture');
    limitPixels(image.width, image.height, maxPixels);
    const { width, height, data } = await image.decode();
    return {
      width,
      height,
      channels: 4,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  } finally {
    images.dispose();
  }
}
