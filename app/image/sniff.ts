import { fileTypeFromBuffer } from 'file-type';

/** Bytes from the start of a file that are enough to tell its type. */
export const SNIFF_BYTES = 4100;

/**
 * The MIME type that the content itself tells, whatever the file is called; undefined when it is no known type
 * (plain text, for one, has no mark to know it by). `head` is the start of the file, best {@link SNIFF_BYTES} bytes
 * of it. Types outside the nine supported formats are told as well: `application/pdf`, `video/mp4`, `image/jxl`.
 */
export async function sniffMime(head: Uint8Array): Promise<string | undefined> {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const plain = plainMime(bytes);
  if (plain !== undefined) return plain;
  const type = await fileTypeFromBuffer(head.subarray(0, SNIFF_BYTES));
  if (type === undefined) return hasTiffSignature(bytes) ? 'image/tiff' : undefined;
  if (type.mime === 'image/heif' || type.mime === 'image/heif-sequence')
    return mimeFromBrands(bytes) ?? type.mime;
  return type.mime;
}

/**
 * The type of most JPEGs and PNGs, as `file-type` tells it too; undefined: take the closer look. That one goes through the marks of hundreds
 * of types, and costs more than hashing a small file.
 */
function plainMime(head: Buffer): 'image/jpeg' | 'image/png' | undefined {
  if (head.length < 64) return undefined;
  // FFF7 would be a JPEG-LS.
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff)
    return head[3] === 0xf7 ? undefined : 'image/jpeg';
  if (
    head.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n' ||
    head.toString('latin1', 8, 16) !== '\0\0\0\x0dIHDR'
  )
    return undefined;
  // An animation says so before its first picture.
  for (let at = 33; at + 8 <= head.length; at += 12 + head.readUInt32BE(at)) {
    const type = head.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT') return 'image/png';
    if (!/^[a-z][A-Za-z]{3}$|^PLTE$/.test(type) || type === 'acTL') return undefined;
  }
  return undefined;
}

const pictureMarks = [Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')];

/**
 * Whether the bytes are the beginning of a picture, as those of a JPEG or PNG are seen to be at a glance. False says nothing:
 * {@link sniffMime} takes the closer look, which costs as much as all else that is done with a small file.
 */
export function isPlainlyPicture(head: Uint8Array): boolean {
  return pictureMarks.some((mark) => mark.equals(head.subarray(0, mark.length)));
}

/** Whether the bytes begin as a TIFF does. So do the raw files of most cameras. */
export function hasTiffSignature(head: Uint8Array): boolean {
  const signature = Buffer.from(head.subarray(0, 4)).toString('latin1');
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(signature);
}

/** A file whose first brand is the general `mif1` or `msf1` names its coding among the compatible brands. */
function mimeFromBrands(head: Buffer): string | undefined {
  if (head.length < 16) return undefined;
  const end = Math.min(head.readUInt32BE(0), head.length);
  for (let at = 16; at + 4 <= end; at += 4) {
    const brand = head.toString('latin1', at, at + 4);
    if (brand === 'avif' || brand === 'avis') return 'image/avif';
    if (brand === 'heic' || brand === 'heix' || brand === 'hevc' || brand === 'hevx') return 'image/heic';
  }
  return undefined;
}
