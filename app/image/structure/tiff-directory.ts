import { type ByteSource, Damaged, need } from '../byte-source.ts';

/** How numbers are written: byte order, and 8-byte offsets (BigTIFF) or 4-byte ones. */
export interface TiffLayout {
  readonly littleEndian: boolean;
  readonly big: boolean;
}

/** Where the values of a field stand. */
export interface Field {
  /** Bytes of one value: 1, 2, 4 or 8. */
  readonly valueBytes: number;
  readonly count: number;
  readonly offset: number;
}

export interface Directory {
  /** Fields of whole numbers by their tag; the others say nothing about where the pixels are. */
  readonly fields: ReadonlyMap<number, Field>;
  /** Offset of the next directory, 0 after the last. */
  readonly next: number;
}

/**
 * Bytes of one value, for the field types that are whole numbers: BYTE, SHORT, LONG, their signed peers, UNDEFINED,
 * IFD, LONG8, SLONG8, IFD8.
 */
const VALUE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  3: 2,
  4: 4,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** No writer comes near; libtiff refuses more as well. */
const MAX_ENTRIES = 4096;

/** Values read at once: a pyramid of gigapixels has millions of tiles. */
const VALUES_PER_READ = 8192;

/** @throws CutShort when the directory is not within the bytes. @throws Damaged when it is none. */
export async function readDirectory(
  source: ByteSource,
  layout: TiffLayout,
  offset: number,
): Promise<Directory> {
  const countBytes = layout.big ? 8 : 2;
  const entryBytes = layout.big ? 20 : 12;
  const offsetBytes = layout.big ? 8 : 4;
  const count = readNumber(await need(source, offset, countBytes), 0, countBytes, layout);
  if (count === 0) throw new Damaged('holds an empty directory');
  if (count > MAX_ENTRIES) throw new Damaged('holds a directory of impossible size');
  const start = offset + countBytes;
  // Some writers end the file without the offset of a next directory: none then.
  const entries = Buffer.from(await need(source, start, count * entryBytes));
  const tail = await source.read(start + entries.length, offsetBytes);
  const next = tail.length < offsetBytes ? 0 : readNumber(tail, 0, offsetBytes, layout);

  const fields = new Map<number, Field>();
  for (let index = 0; index < count; index += 1) {
    const at = index * entryBytes;
    const tag = readNumber(entries, at, 2, layout);
    const valueBytes = VALUE_BYTES[readNumber(entries, at + 2, 2, layout)];
    if (valueBytes === undefined) continue;
    const values = readNumber(entries, at + 4, offsetBytes, layout);
    const inlineAt = at + 4 + offsetBytes;
    const inline = values * valueBytes <= offsetBytes;
    fields.set(tag, {
      valueBytes,
      count: values,
      offset: inline ? start + inlineAt : readNumber(entries, inlineAt, offsetBytes, layout),
    });
  }
  return { fields, next };
}

/** The values of a field, in order. @throws CutShort when they are not within the bytes. */
export async function* valuesOf(
  source: ByteSource,
  layout: TiffLayout,
  field: Field,
): AsyncGenerator<number, undefined> {
  for (let done = 0; done < field.count; done += VALUES_PER_READ) {
    const values = Math.min(VALUES_PER_READ, field.count - done);
    // A copy: whoever takes the values reads other places in between.
    const bytes = Buffer.from(
      await need(source, field.offset + done * field.valueBytes, values * field.valueBytes),
    );
    for (let index = 0; index < values; index += 1) {
      yield readNumber(bytes, index * field.valueBytes, field.valueBytes, layout);
    }
  }
  return undefined;
}

function readNumber(bytes: Buffer, at: number, length: number, layout: TiffLayout): number {
  if (length === 8)
    return Number(layout.littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return layout.littleEndian ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
}
