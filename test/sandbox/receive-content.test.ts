import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32c } from '@node-rs/crc32';
import { describe, expect, test } from 'vitest';
import { receiveContent } from '../../app/sandbox/receive-content.ts';
import { tempFolder } from './with-sandbox.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The content in chunks of this size; each with memory of its own, as a request's are. */
function chunks(content: Buffer, size: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) {
    const part = content.subarray(at, at + size);
    const own = Buffer.from(new ArrayBuffer(part.length));
    part.copy(own);
    parts.push(own);
  }
  return parts;
}

describe('receiving content', () => {
  test.each([
    [0, 1],
    [1, 1],
    [100, 7],
    [256 * KIB - 1, 64 * KIB],
    [256 * KIB, 64 * KIB],
    [256 * KIB + 1, 64 * KIB],
    [MIB, 64 * KIB],
    [MIB + 1, 64 * KIB],
    [5 * MIB + 3, 64 * KIB],
    [9 * MIB, 9 * MIB],
    [3 * MIB, 1_000],
  ])('%i bytes in chunks of %i', async (size, chunkSize) => {
    const folder = await tempFolder();
    const file = path.join(folder, 'content');
    const content = randomBytes(size);
    let whole: Uint8Array | undefined;
    const received = await receiveContent(Readable.from(chunks(content, chunkSize)), file, (bytes) => {
      whole = bytes;
    });
    expect(received).toEqual({
      size,
      sha256: createHash('sha256').update(content).digest('hex'),
      crc32c: crc32c(content) | 0,
    });
    expect((await fs.readFile(file)).equals(content)).toBe(true);
    if (size <= 256 * KIB) expect(Buffer.from(whole ?? []).equals(content)).toBe(true);
    else expect(whole).toBeUndefined();
  });

  test('chunks that share their memory keep it', async () => {
    const folder = await tempFolder();
    const content = randomBytes(2 * MIB);
    const before = Buffer.from(content);
    const views = Array.from({ length: 32 }, (_, index) =>
      content.subarray(index * 64 * KIB, (index + 1) * 64 * KIB),
    );
    const { sha256 } = await receiveContent(Readable.from(views), path.join(folder, 'content'));
    expect(sha256).toBe(createHash('sha256').update(before).digest('hex'));
    expect(content.equals(before)).toBe(true);
  });

  test('many at once do not mix', async () => {
    const folder = await tempFolder();
    const contents = Array.from({ length: 12 }, (_, index) => randomBytes(index * 300 * KIB + index));
    const received = await Promise.all(
      contents.map((content, index) =>
        receiveContent(Readable.from(chunks(content, 50_000)), path.join(folder, String(index))),
      ),
    );
    expect(received.map(({ sha256 }) => sha256)).toEqual(
      contents.map((content) => createHash('sha256').update(content).digest('hex')),
    );
  });

  test('holds the source while the disk is behind: memory stays small', async () => {
    const folder = await tempFolder();
    const chunk = Buffer.alloc(64 * KIB, 7);
    let made = 0;
    let most = 0;
    const total = 200 * MIB;
    const source = new Readable({
      highWaterMark: 1,
      read() {
        if (made >= total) {
          this.push(null);
          return;
        }
        made += chunk.length;
        // What V8 counts as external is what the chunks hold.
        most = Math.max(most, process.memoryUsage().arrayBuffers);
        const own = Buffer.from(new ArrayBuffer(chunk.length));
        chunk.copy(own);
        this.push(own);
      },
    });
    const before = process.memoryUsage().arrayBuffers;
    const { size } = await receiveContent(source, path.join(folder, 'content'));
    expect(size).toBe(total);
    expect(most - before).toBeLessThan(40 * MIB);
  });

  test.each([
    ['small', 10_000],
    ['large', 3 * MIB],
  ])('a %s source that breaks off rejects with its error', async (_size, sent) => {
    const folder = await tempFolder();
    const source = new PassThrough();
    const receiving = receiveContent(source, path.join(folder, 'content'));
    source.write(Buffer.alloc(sent));
    await sleep(20);
    source.destroy(new Error('broken off'));
    await expect(receiving).rejects.toThrow('broken off');
  });

  test.each([
    ['small', 10_000],
    ['large', 9 * MIB],
  ])('a %s file that can not be written rejects, and takes the rest all the same', async (_size, size) => {
    const folder = await tempFolder();
    const source = Readable.from(chunks(randomBytes(size), 64 * KIB));
    await expect(receiveContent(source, path.join(folder, 'none', 'content'))).rejects.toMatchObject({
      name: 'ContentWriteError',
      code: 'ENOENT',
    });
    expect(source.readableEnded).toBe(true);
    const good = await receiveContent(Readable.from([Buffer.from('ok')]), path.join(folder, 'good'));
    expect(good.size).toBe(2);
  });

  test('a file that is there is never written over', async () => {
    const folder = await tempFolder();
    const file = path.join(folder, 'content');
    await fs.writeFile(file, 'mine');
    await expect(receiveContent(Readable.from([Buffer.from('yours')]), file)).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(await fs.readFile(file, 'utf8')).toBe('mine');
  });
});
