/** A whole 32-bit BMP of this many pixels (24-bit rows would need padding). Another `seed` gives other bytes. */
export function makeBmp(width: number, height: number, seed = 0): Buffer {
  const bmp = Buffer.alloc(BMP_HEADER_SIZE + width * height * 4, seed & 0xff);
  bmpHeader(width, height).copy(bmp);
  bmp.writeUInt32LE(seed, BMP_HEADER_SIZE);
  return bmp;
}

export const BMP_HEADER_SIZE = 54;

export function bmpHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(BMP_HEADER_SIZE);
  const pixels = width * height * 4;
  header.write('BM', 'latin1');
  header.writeUInt32LE(BMP_HEADER_SIZE + pixels, 2);
  header.writeUInt32LE(BMP_HEADER_SIZE, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(32, 28);
  header.writeUInt32LE(pixels, 34);
  return header;
}
