import type { HeifFailure, HeifPlane } from 'libheif-js/libheif-wasm/libheif-bundle.js';
import { limitPixels, type Pixels } from './pixels.ts';

/**
 * The primary picture of a HEIF or HEIC file, turned as the file says, as RGBA. libheif runs as WebAssembly, whose memory
 * never shrinks: each picture gets a module of its own, which is free again once its pixels are dropped.
 * @throws TooManyPixels when it has more than `maxPixels`. @throws Error when libheif can't decode it.
 */
export async function decodeHeif(file: Uint8Array, maxPixels: number): Promise<Pixels> {
  const { default: create } = await import('libheif-js/libheif-wasm/libheif-bundle.js');
  // What it prints it also answers.
  const ignore = (): void => undefined;
  const heif = create({ print: ignore, printErr: ignore });
  const context = heif.heif_context_alloc();
  const read = heif.heif_context_read_from_memory(context, file);
  if (read.code.value !== 0) throw failed(read);
  const picture = heif.heif_js_context_get_primary_image_handle(context);
  if (isFailure(picture)) throw failed(picture);
  const width = heif.heif_image_handle_get_width(picture);
  const height = heif.heif_image_handle_get_height(picture);
  limitPixels(width, height, maxPixels);
  const decoded = heif.heif_js_decode_image2(
    picture,
    heif.heif_colorspace.heif_colorspace_RGB,
    heif.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if (isFailure(decoded)) throw failed(decoded);
  const [plane] = decoded.channels;
  if (plane === undefined) throw new Error('libheif gave no pixels');
  return { width: plane.width, height: plane.height, channels: 4, data: withoutPadding(plane) };
}

function isFailure(answer: object): answer is HeifFailure {
  return 'code' in answer;
}

function failed({ message }: HeifFailure): Error {
  return new Error(`libheif does not decode it: ${message}`);
}

function withoutPadding({ data, width, height, stride }: HeifPlane): Uint8Array {
  const rowBytes = width * 4;
  if (stride === rowBytes) return data;
  const packed = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    packed.set(data.subarray(y * stride, y * stride + rowBytes), y * rowBytes);
  }
  return packed;
}
