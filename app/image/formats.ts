import path from 'node:path';

/** An image format that the Vi service takes, with every MIME type and extension that names it. */
export interface ImageFormat {
  /** The format's usual name, as a person knows it. */
  readonly format: ImageFormatName;
  /** What files of this format are called on the wire, by extension (lower case, with the dot). */
  readonly mimeByExtension: Readonly<Record<string, ImageMime>>;
  /** The first MIME type of the format; the only one for all but HEIF. */
  readonly mime: ImageMime;
  /** Extensions in lower case, with the dot; the most usual one first. */
  readonly extensions: readonly string[];
}

export type ImageFormatName =
  | 'JPEG'
  | 'PNG'
  | 'TIFF'
  | 'BMP'
  | 'WebP'
  | 'HEIF'
  | 'AVIF'
  | 'JPEG 2000'
  | 'GIF';

export type ImageMime =
  | 'image/jpeg'
  | 'image/png'
  | 'image/tiff'
  | 'image/bmp'
  | 'image/webp'
  | 'image/heif'
  | 'image/heic'
  | 'image/avif'
  | 'image/jp2'
  | 'image/gif';

function format(name: ImageFormatName, mimeByExtension: Record<string, ImageMime>): ImageFormat {
  const [first] = Object.values(mimeByExtension);
  if (first === undefined) throw new TypeError(`${name} has no extension`);
  return { format: name, mimeByExtension, mime: first, extensions: Object.keys(mimeByExtension) };
}

/** The nine formats that the Vi service takes (its docs, "Supported formats"). */
export const imageFormats: readonly ImageFormat[] = [
  format('JPEG', { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.jfif': 'image/jpeg' }),
  format('PNG', { '.png': 'image/png' }),
  format('TIFF', { '.tiff': 'image/tiff', '.tif': 'image/tiff' }),
  format('BMP', { '.bmp': 'image/bmp' }),
  format('WebP', { '.webp': 'image/webp' }),
  format('HEIF', { '.heif': 'image/heif', '.heic': 'image/heic' }),
  format('AVIF', { '.avif': 'image/avif' }),
  format('JPEG 2000', { '.jp2': 'image/jp2', '.j2k': 'image/jp2' }),
  format('GIF', { '.gif': 'image/gif' }),
];

const mimes: ReadonlyMap<string, ImageMime> = new Map(
  imageFormats.flatMap((each) => Object.entries(each.mimeByExtension)),
);

const formats: ReadonlyMap<string, ImageFormat> = new Map(
  imageFormats.flatMap((each) => Object.values(each.mimeByExtension).map((mime) => [mime, each])),
);

/** Every extension that the service takes: lower case, with the dot. */
export const supportedExtensions: readonly string[] = [...mimes.keys()];

/**
 * The extension of a file name or path as the table spells it: lower case, with the dot; '' without one.
 * A name that is nothing but an extension (`.jpg`) is a hidden file, and has none.
 */
export function extensionOf(filename: string): string {
  return path.extname(filename).toLowerCase();
}

/** The MIME type that the service expects for a file of this name; undefined when its extension is not supported. */
export function mimeFromExtension(filename: string): ImageMime | undefined {
  return mimes.get(extensionOf(filename));
}

/** Whether a file of this name can be an asset, whatever the case of its extension. */
export function isSupportedExtension(filename: string): boolean {
  return mimes.has(extensionOf(filename));
}

/** The format that a MIME type belongs to; undefined for types outside the table. */
export function formatOfMime(mime: string): ImageFormat | undefined {
  return formats.get(mime);
}

/** The format that the extension of a file name promises; undefined when it is not supported. */
export function formatFromExtension(filename: string): ImageFormat | undefined {
  const mime = mimeFromExtension(filename);
  return mime === undefined ? undefined : formatOfMime(mime);
}
