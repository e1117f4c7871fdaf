import type { ImageMime } from '../../image/formats.ts';
import type { ImageProblemCode } from '../../image/inspect.ts';

/** A picture of the sample folder. */
export interface SampleFile {
  /** Path in the sample folder, `/` between its parts. */
  readonly path: string;
  /** Name of the checked-in file in `pictures/`: plain, so that it survives every archive and file system. */
  readonly picture: string;
  /** What its content is. */
  readonly mime: ImageMime;
  /** Why it can't be uploaded; null for all but the broken one. */
  readonly problem: ImageProblemCode | null;
  /** What a person is told although it can be uploaded; null for all but the mislabelled one. */
  readonly warning: ImageProblemCode | null;
}

function good(path: string, picture: string, mime: ImageMime): SampleFile {
  return { path, picture, mime, problem: null, warning: null };
}

/**
 * Every file that `makeSampleFolder` makes. No two of these and of `sampleAssets` have the same base name, so that all
 * fit into one dataset.
 */
export const sampleFiles: readonly SampleFile[] = [
  good('Übersicht Halle 3.jpg', 'hall.jpg', 'image/jpeg'),
  good('still life with fruit.png', 'fruit.png', 'image/png'),
  good('street at noon.webp', 'street.webp', 'image/webp'),
  good('歯車.heic', 'gears.heic', 'image/heic'),

  good('train/bottles-001.jpg', 'bottles-001.jpg', 'image/jpeg'),
  good('train/bottles-002 no cap.jpg', 'bottles-002.jpg', 'image/jpeg'),
  good('train/bottles-003.jpeg', 'bottles-003.jpeg', 'image/jpeg'),
  good('train/bottles-004 half full.webp', 'bottles-004.webp', 'image/webp'),
  good('train/gears-001.tif', 'gears-001.tif', 'image/tiff'),
  good('train/gears-002 broken tooth.tiff', 'gears-002.tiff', 'image/tiff'),
  good('train/bolts-001.bmp', 'bolts-001.bmp', 'image/bmp'),
  good('train/bolts-002 wrong part.png', 'bolts-002.png', 'image/png'),
  {
    path: 'train/bolts-003.jpg',
    picture: 'bolts-003-cut.jpg',
    mime: 'image/jpeg',
    problem: 'truncated',
    warning: null,
  },
  good('train/circuit-001.jpg', 'circuit-001.jpg', 'image/jpeg'),
  good('train/circuit-002.heif', 'circuit-002.heif', 'image/heif'),
  good('train/cans-001.jfif', 'cans-001.jfif', 'image/jpeg'),
  good('train/cans-002 fallen.avif', 'cans-002.avif', 'image/avif'),
  good('train/pills-001.jp2', 'pills-001.jp2', 'image/jp2'),
  good('train/pills-002 one missing.j2k', 'pills-002.j2k', 'image/jp2'),
  good('train/conveyor.gif', 'conveyor.gif', 'image/gif'),

  good('val/bottles-101 fallen.jpg', 'bottles-101.jpg', 'image/jpeg'),
  good('val/circuit-101 LED missing.webp', 'circuit-101.webp', 'image/webp'),
  good('val/parking-101.jpg', 'parking-101.jpg', 'image/jpeg'),
  good('val/果物.heic', 'crate.heic', 'image/heic'),
  good('val/Prüfung Tabletten.png', 'tablets.png', 'image/png'),
  {
    path: 'val/cans-102.jpg',
    picture: 'cans-102-png.jpg',
    mime: 'image/png',
    problem: null,
    warning: 'mislabelled',
  },
];

/** A picture that the sample dataset has and the sample folder lacks, with its annotations. */
export interface SampleAsset extends SampleFile {
  /** Annotations of each tag. */
  readonly annotations: Readonly<Record<string, number>>;
}

/** What the first mirror of the sample brings down. The paths are where the folder gets them. */
export const sampleAssets: readonly SampleAsset[] = [
  { ...good('harbour.avif', 'harbour.avif', 'image/avif'), annotations: { boat: 7, hill: 1 } },
  { ...good('val/parking-102.avif', 'parking-102.avif', 'image/avif'), annotations: { car: 9, tree: 2 } },
  { ...good('val/街道.jpg', 'pavement.jpg', 'image/jpeg'), annotations: {} },
];

/** What a mirror of the sample folder comes to. */
export const sampleManifest = {
  files: sampleFiles,
  /** What the dataset has before the mirror begins. */
  assets: sampleAssets,
  /** Files that the folder is made with. */
  total: sampleFiles.length,
  /** Files that can be uploaded: all but the broken one. */
  uploadable: sampleFiles.filter((file) => file.problem === null).length,
  /** Files that can't be uploaded. */
  broken: sampleFiles.filter((file) => file.problem !== null).length,
  /** Files that can be uploaded, with a warning. */
  mislabelled: sampleFiles.filter((file) => file.warning === 'mislabelled').length,
} as const;
