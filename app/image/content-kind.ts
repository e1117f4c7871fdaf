/** Image types outside the supported formats, as a person knows them. */
const OTHER_IMAGES: Readonly<Record<string, string>> = {
  'image/jxl': 'JPEG XL',
  'image/jls': 'JPEG-LS',
  'image/jph': 'High-Throughput JPEG 2000',
  'image/jpm': 'JPEG 2000 compound image',
  'image/mj2': 'Motion JPEG 2000',
  'image/vnd.ms-photo': 'JPEG XR',
  'image/vnd.adobe.photoshop': 'Photoshop',
  'image/x-xcf': 'GIMP',
  'image/x-icon': 'icon',
  'image/icns': 'Apple icon',
  'image/x-canon-cr2': 'Canon raw',
  'image/x-canon-cr3': 'Canon raw',
  'image/x-nikon-nef': 'Nikon raw',
  'image/x-sony-arw': 'Sony raw',
  'image/x-adobe-dng': 'DNG raw',
  'image/x-olympus-orf': 'Olympus raw',
  'image/x-panasonic-rw2': 'Panasonic raw',
  'image/x-fujifilm-raf': 'Fujifilm raw',
};

/** The name of an image format that the service does not take; undefined for what is no image. */
export function kindOfImage(mime: string | undefined): string | undefined {
  if (mime === undefined || !mime.startsWith('image/')) return undefined;
  return OTHER_IMAGES[mime] ?? mime.slice('image/'.length);
}

/** What a file holds that is no image. */
export interface OtherContent {
  /** Stable, for machines. */
  readonly kind: string;
  /** With its article, so that it can end a sentence. */
  readonly words: string;
}

const zeros: OtherContent = {
  kind: 'zeros',
  words: 'only zeros, as a download does that was never finished',
};
const webPage: OtherContent = {
  kind: 'web-page',
  words: 'a web page, often the error page of a failed download',
};

/** What a file that is no image holds; undefined when unknown. */
export function describeContent(head: Uint8Array, mime: string | undefined): OtherContent | undefined {
  if (mime?.startsWith('video/')) return { kind: 'video', words: 'a video' };
  if (mime?.startsWith('audio/')) return { kind: 'sound', words: 'sound' };
  if (mime === 'application/pdf') return { kind: 'pdf', words: 'a PDF document' };
  if (mime === 'application/zip') return { kind: 'zip', words: 'a ZIP archive' };
  if (head.every((byte) => byte === 0)) return zeros;
  const text = textOf(head);
  if (text === undefined) {
    return mime === undefined ? undefined : { kind: mime, words: `data of the type ${mime}` };
  }
  // Told by its own tag, wherever a prologue and comments leave it.
  if (/<svg[\s>]/i.test(text)) {
    return { kind: 'svg', words: 'an SVG drawing, which has no pixels' };
  }
  if (/<!doctype html|<html[\s>]/i.test(text)) return webPage;
  return { kind: 'text', words: 'plain text' };
}

/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([9, 10, 12, 13, 27]);

/** The bytes as text; undefined when they are none. */
function textOf(head: Uint8Array): string | undefined {
  if (head.some((byte) => byte < 32 && !TEXT_CONTROLS.has(byte))) return undefined;
  // The head may end in the middle of a character.
  const text = new TextDecoder('utf-8').decode(head, { stream: true });
  return text.includes('\ufffd') ? undefined : text;
}
