/** Decoded pixels, row by row from the top left, 8 bits a channel. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** The picture is too large to be decoded as a whole. */
export class TooManyPixels extends Error {
  override readonly name = 'TooManyPixels';
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    super(`${width} × ${height} pixels are too many`);
    this.width = width;
    this.height = height;
  }
}

/** @throws TooManyPixels */
export function limitPixels(width: number, height: number, maxPixels: number): void {
  if (width * height > maxPixels) throw new TooManyPixels(width, height);
}
