import { describe, expect, it } from 'vitest';
import {
  formatFromExtension,
  formatOfMime,
  imageFormats,
  isSupportedExtension,
  mimeFromExtension,
  supportedExtensions,
} from '../../app/image/formats.ts';

/** Written down from the service's docs, "Supported formats": the table in the code must say the same. */
const DOCUMENTED: readonly [extension: string, mime: string][] = [
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.jfif', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.tiff', 'image/tiff'],
  ['.tif', 'image/tiff'],
  ['.bmp', 'image/bmp'],
  ['.webp', 'image/webp'],
  ['.heif', 'image/heif'],
  ['.heic', 'image/heic'],
  ['.avif', 'image/avif'],
  ['.jp2', 'image/jp2'],
  ['.j2k', 'image/jp2'],
  ['.gif', 'image/gif'],
];

describe('formats', () => {
  it('are nine, with the documented extensions and no other', () => {
    expect(imageFormats).toHaveLength(9);
    expect([...supportedExtensions].sort()).toEqual(DOCUMENTED.map(([extension]) => extension).sort());
  });

  it.each(DOCUMENTED)('says that %s is %s', (extension, mime) => {
    expect(mimeFromExtension(`photo${extension}`)).toBe(mime);
    expect(mimeFromExtension(`C:/shots/A.B${extension.toUpperCase()}`)).toBe(mime);
    expect(isSupportedExtension(`photo${extension}`)).toBe(true);
    expect(formatFromExtension(`x${extension}`)).toBe(formatOfMime(mime));
  });

  it.each([
    'photo',
    'photo.',
    '.jpg',
    'photo.jpg.part',
    'photo.jpg~',
    'photo.svg',
    'a.jpgx',
    'dir.jpg/photo',
    '',
  ])('does not support the name “%s”', (name) => {
    expect(mimeFromExtension(name)).toBeUndefined();
    expect(isSupportedExtension(name)).toBe(false);
    expect(formatFromExtension(name)).toBeUndefined();
  });

  it('knows no format for types outside the table', () => {
    expect(formatOfMime('image/svg+xml')).toBeUndefined();
    expect(formatOfMime('video/mp4')).toBeUndefined();
  });
});
