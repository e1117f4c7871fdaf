import { type ByteSource, bytesSource, CutShort, Damaged, need } from '../byte-source.ts';
import { type Box, boxesIn, contentOf, findBox } from './boxes.ts';
import { type ItemTable, primarySize, readItems } from './heif-items.ts';
import type { Structure } from './structure.ts';

/** More than the box of items of a picture of a thousand tiles needs; a larger one is not read into memory. */
const MAX_META_BYTES = 16 * 1024 * 1024;

/** HEIF, HEIC and AVIF: the boxes at the top, and whether the data of every item lies within the file. */
export async function readHeif(source: ByteSource): Promise<Structure> {
  const top: Box[] = [];
  for await (const box of boxesIn(source, 0, source.size)) top.push(box);
  const meta = top.find((box) => box.type === 'meta');
  const movie = top.find((box) => box.type === 'moov');
  const last = top.at(-1);
  // Boxes that a file may well end in: for others, the length may be no length but something appended.
  const goesOn = last !== undefined && last.end > source.size && ['mdat', 'meta', 'moov'].includes(last.type);
  if (goesOn) throw new CutShort(`box ${last.type} goes on`);
  if (meta === undefined && movie === undefined) throw new CutShort('no box says what the file holds');

  const sequence = movie === undefined ? undefined : await readSequence(source, movie);
  if (meta === undefined) {
    if (sequence === undefined) throw new Damaged('has a header but no picture');
    return sequence;
  }
  if (meta.end - meta.start > MAX_META_BYTES) throw new Damaged('holds a list of items of impossible length');
  const items = await readItems(await contentOf(source, meta));
  checkExtents(source, items);
  return { ...primarySize(items), frames: sequence?.frames ?? 1 };
}

function checkExtents(source: ByteSource, items: ItemTable): void {
  for (const { offset, length } of items.extents) {
    if (offset + length > source.size || (length === 0 && offset >= source.size)) {
      throw new CutShort('the data of an item goes on');
    }
  }
}

/** An image sequence keeps its pictures as the samples of a track, as a film does. */
async function readSequence(source: ByteSource, movie: Box): Promise<Structure | undefined> {
  if (movie.end - movie.start > MAX_META_BYTES) return undefined;
  const content = bytesSource(await contentOf(source, movie));
  for await (const track of boxesIn(content, 0, content.size)) {
    if (track.type !== 'trak') continue;
    const header = await findBox(content, track.start, track.end, 'tkhd');
    const samples = await findPath(content, track, ['mdia', 'minf', 'stbl', 'stsz']);
    if (header === undefined || samples === undefined) continue;
    // Width and height are the last two fields, as 16.16 fixed point.
    const size = await need(content, header.end - 8, 8);
    const [width, height] = [size.readUInt16BE(0), size.readUInt16BE(4)];
    const frames = (await need(content, samples.start + 8, 4)).readUInt32BE(0);
    if (width > 0 && height > 0 && frames > 0) return { width, height, frames };
  }
  return undefined;
}

async function findPath(source: ByteSource, from: Box, path: readonly string[]): Promise<Box | undefined> {
  let box: Box | undefined = from;
  for (const type of path) {
    if (box === undefined) return undefined;
    box = await findBox(source, box.start, box.end, type);
  }
  return box;
}
