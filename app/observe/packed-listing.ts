import type { FolderListing, FolderReading, StampedName } from '../engine/environment.ts';

/** Names and their stamps, five numbers for each name in one block: between threads that costs a tenth of as many objects. */
interface PackedNames {
  readonly names: readonly string[];
  readonly stamps: BigInt64Array<ArrayBuffer>;
}

/** A {@link FolderReading} as it goes from one thread to another. */
export type PackedReading =
  | Exclude<FolderReading, { kind: 'listed' }>
  | {
      readonly kind: 'listed';
      readonly listing: Omit<FolderListing, 'files' | 'links'> & {
        readonly files: PackedNames;
        readonly links: PackedNames;
      };
    };

const numbersOfAStamp = 5;

export function packReading(reading: FolderReading): PackedReading {
  if (reading.kind !== 'listed') return reading;
  const { listing } = reading;
  return {
    kind: 'listed',
    listing: { ...listing, files: pack(listing.files), links: pack(listing.links) },
  };
}

/** What need not be copied from one thread to another, because the first one is done with it. */
export function buffersOf(reading: PackedReading): ArrayBuffer[] {
  return reading.kind === 'listed'
    ? [reading.listing.files.stamps.buffer, reading.listing.links.stamps.buffer]
    : [];
}

export function unpackReading(reading: PackedReading): FolderReading {
  if (reading.kind !== 'listed') return reading;
  const { listing } = reading;
  return {
    kind: 'listed',
    listing: { ...listing, files: unpack(listing.files), links: unpack(listing.links) },
  };
}

function pack(files: readonly StampedName[]): PackedNames {
  const stamps = new BigInt64Array(numbersOfAStamp * files.length);
  let at = 0;
  for (const { stamp } of files) {
    stamps[at] = BigInt(stamp.size);
    stamps[at + 1] = stamp.mtimeNs;
    stamps[at + 2] = stamp.ctimeNs;
    stamps[at + 3] = stamp.inode;
    stamps[at + 4] = stamp.birthtimeNs;
    at += numbersOfAStamp;
  }
  return { names: files.map(({ name }) => name), stamps };
}

function unpack({ names, stamps }: PackedNames): StampedName[] {
  const number = (index: number) => stamps[index] ?? 0n;
  return names.map((name, index) => {
    const at = numbersOfAStamp * index;
    return {
      name,
      stamp: {
        size: Number(number(at)),
        mtimeNs: number(at + 1),
        ctimeNs: number(at + 2),
        inode: number(at + 3),
        birthtimeNs: number(at + 4),
      },
    };
  });
}
