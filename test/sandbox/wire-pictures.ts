import fs from 'node:fs/promises';
import { fixturePath } from '../fixtures/index.ts';

const HEADER_SIZE = 54;

/** A valid 24-bit BMP. Another `seed` gives other bytes, another size other dimensions. */
export function picture(seed: number, width = 4, height = 3): Buffer {
  const rowSize = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(HEADER_SIZE + rowSize * height);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(HEADER_SIZE, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.writeUInt32LE(rowSize * height, 34);
  bytes.writeUInt32LE(seed, HEADER_SIZE);
  return bytes;
}

/** The bytes of a checked-in picture: `fixture('good/scene.jpg')`. */
export function fixture(file: string): Promise<Buffer> {
  return fs.readFile(fixturePath(file));
}

/**
 * CRC-32C (Castagnoli) of bytes as the API has it, a signed 32-bit integer: the unsigned one read as int32. Bit by bit from
 * its polynomial, so that it shares nothing with what it is compared to.
 */
export function signedCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc;
}
