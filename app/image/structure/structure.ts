import type { ByteSource } from '../byte-source.ts';

/** What the structure of a whole picture tells. */
export interface Structure {
  /** Pixels as the decoder gives them. */
  readonly width: number;
  readonly height: number;
  /** Pictures of an animation or pages, at least 1. */
  readonly frames: number;
}

/**
 * Walks the structure of one format, reading headers and skipping contents.
 * @throws CutShort when the picture goes on past the end of the bytes.
 * @throws Damaged when its structure contradicts itself.
 * @throws Foreign when the bytes are of another kind after all.
 */
export type StructureReader = (source: ByteSource) => Promise<Structure>;
