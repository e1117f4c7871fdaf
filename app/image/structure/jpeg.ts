import { type ByteSource, CutShort, Damaged, need } from '../byte-source.ts';
import type { Structure } from './structure.ts';

// Markers of ITU-T T.81, table B.1 (second byte; the first is always FF).
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
const TEM = 0x01;

const MARKER_CHUNK_BYTES = 512;
const SCAN_CHUNK_BYTES = 256 * 1024;

/** JPEG: the segments up to the first scan, then the end marker: at the very end, or else wherever the scans end. */
export async function readJpeg(source: ByteSource): Promise<Structure> {
  let width = 0;
  let height = 0;
  let offset = 2;
  for (;;) {
    const found = await nextMarker(source, offset);
    offset = found.offset + 2;
    if (isStandalone(found.marker)) continue;
    if (found.marker === EOI) throw new Damaged('ends before its picture begins');
    const length = (await need(source, offset, 2)).readUInt16BE(0);
    if (length < 2) throw new Damaged('holds a segment of impossible length');
    if (isFrameHeader(found.marker)) {
      const frame = await need(source, offset, 7);
      height = frame.readUInt16BE(3);
      width = frame.readUInt16BE(5);
    }
    offset += length;
    if (found.marker === SOS) break;
  }
  if (width === 0) throw new Damaged('does not say how many pixels it has');
  // A height of 0 is told after the first scan (DNL), so that one has to be looked for.
  if (height === 0 || !(await endsWithEoi(source, offset))) {
    const scans = await walkScans(source, offset);
    height = scans.lines ?? height;
  }
  if (height === 0) throw new Damaged('does not say how many pixels it has');
  return { width, height, frames: 1 };
}

function isStandalone(marker: number): boolean {
  return marker === TEM || marker === SOI || isRestart(marker);
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

function isFrameHeader(marker: number): boolean {
  // C4, C8 and CC lie among the frame headers but are tables and a reserved marker.
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** The next marker at or after `offset`. Decoders skip stray bytes between segments, so we do as well. */
async function nextMarker(source: ByteSource, offset: number): Promise<{ marker: number; offset: number }> {
  for (let start = offset; ; ) {
    const chunk = await source.read(start, MARKER_CHUNK_BYTES);
    if (chunk.length < 2) throw new CutShort('no further marker');
    for (let at = chunk.indexOf(0xff); at !== -1 && at + 1 < chunk.length; at = chunk.indexOf(0xff, at + 1)) {
      const marker = chunk[at + 1] ?? 0;
      if (marker !== 0xff && marker !== 0) return { marker, offset: start + at };
    }
    // The last byte may be the first half of a marker.
    start += chunk.length - 1;
  }
}

async function endsWithEoi(source: ByteSource, scanStart: number): Promise<boolean> {
  if (source.size - 2 < scanStart) return false;
  const tail = await source.read(source.size - 2, 2);
  return tail[0] === 0xff && tail[1] === EOI;
}

/**
 * Goes through the scans byte by byte until the end marker. Needed only for files with something behind the picture
 * (motion photos, makers' trailers, padding) and for those that are cut.
 */
async function walkScans(source: ByteSource, scanStart: number): Promise<{ lines: number | undefined }> {
  let lines: number | undefined;
  let start = scanStart;
  let position = 0;
  let chunk = await source.read(start, SCAN_CHUNK_BYTES);
  const moveTo = async (offset: number): Promise<void> => {
    start = offset;
    position = 0;
    chunk = await source.read(start, SCAN_CHUNK_BYTES);
    if (chunk.length < 2) throw new CutShort('no end marker');
  };
  for (;;) {
    const at = indexOfScanMarker(chunk, position);
    if (at === -1) {
      // The last byte may be the first half of a marker.
      await moveTo(start + Math.max(1, chunk.length - 1));
      continue;
    }
    const marker = chunk[at + 1];
    if (marker === EOI) return { lines };
    if (at + 6 > chunk.length && at > 0) {
      await moveTo(start + at);
      continue;
    }
    if (at + 6 > chunk.length) throw new CutShort('a segment goes on');
    const length = chunk.readUInt16BE(at + 2);
    if (marker === DNL && length >= 4) lines ??= chunk.readUInt16BE(at + 4);
    const next = at + 2 + Math.max(2, length);
    if (next < chunk.length) position = next;
    else await moveTo(start + next);
  }
}

/** Where in entropy-coded data the next marker other than a restart stands; -1 when there is none. */
function indexOfScanMarker(chunk: Buffer, from: number): number {
  for (
    let at = chunk.indexOf(0xff, from);
    at !== -1 && at + 1 < chunk.length;
    at = chunk.indexOf(0xff, at + 1)
  ) {
    const second = chunk[at + 1] ?? 0;
    // FF00 is a stuffed FF, FFFF a fill byte; below C0 nothing is assigned: damage that a decoder skips.
    if (second >= 0xc0 && second !== 0xff && !isRestart(second)) return at;
  }
  return -1;
}
