import { crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/**
 * A whole PNG whose content depends on `seed` alone.
 *
 * @param bytes - about how large: it is filled up with a chunk of private data that decoders skip
 */
export function picture(seed: number, bytes = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(2, 0);
  header.writeUInt32BE(1, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.alloc(1 + 6);
  row.writeUInt32BE(seed >>> 0, 1);
  const filling = Buffer.alloc(Math.max(4, bytes - 90));
  for (let at = 0; at < filling.length; at += 4) {
    filling.writeUInt32BE(Math.imul(seed + at + 1, 0x9e3779b1) >>> 0, Math.min(at, filling.length - 4));
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('viSy', filling),
    chunk('IDAT', deflateSync(row)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
