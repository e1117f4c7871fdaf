import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ContentDigester } from '../../app/vi/content-hash.ts';
import { comparableHash, hashFile, ViOperationError } from '../../app/vi/index.ts';
import { rejection, rejectionOf } from './wire-server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** CRC-32C bit by bit, straight from its definition (reflected polynomial 0x82F63B78). */
function crc32cByDefinition(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc;
}

describe('hashFile', () => {
  // Check values of CRC-32C: RFC 3720, B.4, and the catalogue's "123456789".
  const known: [string, Uint8Array | string, number][] = [
    ['nothing', '', 0],
    ['123456789', '123456789', 0xe3069283 | 0],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa | 0],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ];
  for (const [what, content, crc32c] of known) {
    test(`knows the checksums of ${what}`, async () => {
      const bytes = Buffer.from(content);
      expect(await hashFile(await file('known', content))).toEqual({
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        crc32c,
      });
    });
  }

  test('gives a signed checksum over several blocks, as its definition says', async () => {
    const bytes = Buffer.alloc(700_001, 'some content that repeats ');
    const hash = await hashFile(await file('large', bytes));
    expect(hash.crc32c).toBe(crc32cByDefinition(bytes));
    expect(hash.crc32c).toBe(hash.crc32c | 0);
    expect(hash.size).toBe(700_001);
    expect(hash.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('tells how far it is', async () => {
    const seen: number[] = [];
    await hashFile(await file('progress', Buffer.alloc(600_000)), { onBytes: (done) => seen.push(done) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(600_000);
    expect(seen.length).toBeGreaterThan(1);
  });

  test('names the file that is missing, or is a folder', async () => {
    const missing = await rejectionOf(ViOperationError, hashFile(join(folder, 'none.png')));
    expect(missing).toMatchObject({ code: 'FileNotFound', details: { path: join(folder, 'none.png') } });
    await mkdir(join(folder, 'dir.png'));
    expect((await rejectionOf(ViOperationError, hashFile(join(folder, 'dir.png')))).code).toBe('NotAFile');
  });

  test('ends by its signal between blocks', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const path = await file('aborted', Buffer.alloc(2_000_000));
    const seen: number[] = [];
    const pending = hashFile(path, {
      signal: abort.signal,
      onBytes: (done) => {
        seen.push(done);
        abort.abort(reason);
      },
    });
    expect(await rejection(pending)).toBe(reason);
    expect(seen).toHaveLength(1);
  });
});

describe('a hash of the service', () => {
  const content = Buffer.from('content');
  for (const algorithm of ['sha256', 'sha1', 'md5'] as const) {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      test(`${algorithm} in ${encoding} can be compared`, () => {
        const contents = createHash(algorithm).update(content).digest(encoding);
        const expected = comparableHash({ algorithm, contents });
        const same = new ContentDigester(expected);
        same.update(content);
        expect(same.digest().matches).toBe(true);
        const other = new ContentDigester(expected);
        other.update(Buffer.from('Content'));
        expect(other.digest().matches).toBe(false);
      });
    }
  }

  test('crc32c can be compared as hex, base64 or decimal', () => {
    const crc = Buffer.alloc(4);
    crc.writeInt32BE(crc32cByDefinition(content));
    const forms = [
      crc.toString('hex'),
      crc.toString('hex').toUpperCase(),
      crc.toString('base64'),
      String(crc.readInt32BE()),
      String(crc.readUInt32BE()),
    ];
    for (const contents of forms) {
      const digester = new ContentDigester(comparableHash({ algorithm: 'crc32c', contents }));
      digester.update(content);
      expect(digester.digest().matches, contents).toBe(true);
    }
  });

  test('is named in several ways', () => {
    for (const algorithm of ['SHA-256', 'sha_256', 'Sha256']) {
      expect(comparableHash({ algorithm, contents: 'a'.repeat(64) })?.algorithm).toBe('sha256');
    }
  });

  test('says nothing when it is of another algorithm or length', () => {
    expect(comparableHash(undefined)).toBeUndefined();
    expect(comparableHash({ algorithm: 'blake3', contents: 'a'.repeat(64) })).toBeUndefined();
    expect(comparableHash({ algorithm: 'sha256', contents: 'a'.repeat(63) })).toBeUndefined();
    expect(comparableHash({ algorithm: 'sha256', contents: '' })).toBeUndefined();
    expect(comparableHash({ algorithm: 'md5', contents: 'zz'.repeat(16) })).toBeUndefined();
  });
});
