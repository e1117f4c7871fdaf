import type { Thumbnail, ThumbnailProblem } from './thumbnail.ts';

/** What a thread that makes thumbnails is asked, and answers. */
export interface ThumbnailJob {
  readonly id: number;
  readonly path: string;
  /** The longer side, in pixels, at most. */
  readonly maxSize: number;
}

export type ThumbnailAnswer =
  | { readonly id: number; readonly kind: 'made'; readonly thumbnail: Thumbnail }
  | { readonly id: number; readonly kind: 'impossible'; readonly problem: ThumbnailProblem }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
