import { bytesSource, Damaged } from '../byte-source.ts';
import { type Box, boxesIn } from './boxes.ts';

/** A place in the file that holds data of an item. A length of 0 means: to the end of the file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** What the `meta` box says of the items of a HEIF file. */
export interface ItemTable {
  /** Only places counted from the start of the file itself. */
  readonly extents: readonly Extent[];
  readonly primaryItem: number;
  /** Properties in the order that `associations` counts them in, from 1. */
  readonly properties: readonly Property[];
  readonly associations: ReadonlyMap<number, readonly number[]>;
}

interface Property {
  readonly type: string;
  readonly content: Buffer;
}

/** Reads the content of a `meta` box. @throws Damaged when it is none. */
export async function readItems(meta: Buffer): Promise<ItemTable> {
  try {
    return await parseItems(meta);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Damaged('holds a list of items that contradicts itself', { cause: error });
    }
    throw error;
  }
}

async function parseItems(meta: Buffer): Promise<ItemTable> {
  const source = bytesSource(meta);
  const extents: Extent[] = [];
  const properties: Property[] = [];
  const associations = new Map<number, number[]>();
  let primaryItem = 0;
  // 4 bytes of version and flags come before the boxes.
  for await (const box of boxesIn(source, 4, meta.length)) {
    const content = slice(meta, box);
    if (box.type === 'pitm')
      primaryItem = content[0] === 0 ? content.readUInt16BE(4) : content.readUInt32BE(4);
    if (box.type === 'iloc') extents.push(...parseLocations(content));
    if (box.type !== 'iprp') continue;
    for await (const inner of boxesIn(source, box.start, box.end)) {
      if (inner.type === 'ipma') parseAssociations(slice(meta, inner), associations);
      if (inner.type !== 'ipco') continue;
      for await (const { type, start, end } of boxesIn(source, inner.start, inner.end)) {
        properties.push({ type, content: meta.subarray(start, end) });
      }
    }
  }
  return { extents, primaryItem, properties, associations };
}

function slice(meta: Buffer, box: Box): Buffer {
  return meta.subarray(box.start, box.end);
}

function parseLocations(content: Buffer): Extent[] {
  const version = content.readUInt8(0);
  const sizes = content.readUInt16BE(4);
  const offsetBytes = sizes >> 12;
  const lengthBytes = (sizes >> 8) & 15;
  const baseBytes = (sizes >> 4) & 15;
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const idBytes = version < 2 ? 2 : 4;
  let at = 6;
  const take = (bytes: number): number => {
    const value =
      bytes === 8 ? Number(content.readBigUInt64BE(at)) : bytes === 0 ? 0 : content.readUIntBE(at, bytes);
    at += bytes;
    return value;
  };
  const extents: Extent[] = [];
  const items = take(idBytes);
  for (let item = 0; item < items; item += 1) {
    take(idBytes);
    const construction = version === 0 ? 0 : take(2) & 15;
    const dataReference = take(2);
    const base = take(baseBytes);
    // Extents that take no bytes tell nothing, however many there are said to be.
    const count = Math.min(take(2), indexBytes + offsetBytes + lengthBytes === 0 ? 1 : 65_535);
    for (let index = 0; index < count; index += 1) {
      take(indexBytes);
      const offset = base + take(offsetBytes);
      const length = take(lengthBytes);
      // Otherwise it counts within another box or another file.
      if (construction === 0 && dataReference === 0) extents.push({ offset, length });
    }
  }
  return extents;
}

function parseAssociations(content: Buffer, associations: Map<number, number[]>): void {
  const version = content.readUInt8(0);
  const wide = (content.readUInt8(3) & 1) === 1;
  const entries = content.readUInt32BE(4);
  let at = 8;
  for (let entry = 0; entry < entries; entry += 1) {
    const item = version === 0 ? content.readUInt16BE(at) : content.readUInt32BE(at);
    at += version === 0 ? 2 : 4;
    const count = content.readUInt8(at);
    at += 1;
    const indices = associations.get(item) ?? [];
    for (let index = 0; index < count; index += 1) {
      // The highest bit says whether the property is essential.
      indices.push(wide ? content.readUInt16BE(at) & 0x7fff : content.readUInt8(at) & 0x7f);
      at += wide ? 2 : 1;
    }
    associations.set(item, indices);
  }
}

/** Size of the primary item, with its transformations carried out in their order, as decoders do. */
export function primarySize(items: ItemTable): { width: number; height: number } {
  let width = 0;
  let height = 0;
  for (const index of items.associations.get(items.primaryItem) ?? []) {
    const property = items.properties[index - 1];
    if (property === undefined) continue;
    const { type, content } = property;
    if (type === 'ispe' && content.length >= 12) {
      width = content.readUInt32BE(4);
      height = content.readUInt32BE(8);
    } else if (type === 'clap' && content.length >= 16) {
      width = Math.min(width, fraction(content, 0));
      height = Math.min(height, fraction(content, 8));
    } else if (type === 'irot' && content.length >= 1 && (content.readUInt8(0) & 1) === 1) {
      [width, height] = [height, width];
    }
  }
  if (width === 0 || height === 0) throw new Damaged('does not say how many pixels it has');
  return { width, height };
}

function fraction(content: Buffer, at: number): number {
  const denominator = content.readUInt32BE(at + 4);
  return denominator === 0 ? Number.POSITIVE_INFINITY : Math.round(content.readUInt32BE(at) / denominator);
}
