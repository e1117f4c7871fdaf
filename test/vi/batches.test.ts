import { describe, expect, test } from 'vitest';
import type { UploadFile } from '../../app/vi/assets/found-files.ts';
import type { PreparedFile } from '../../app/vi/assets/prepare-file.ts';
import { PreparedBatches } from '../../app/vi/assets/prepared-batches.ts';
import { eachLimited } from '../../app/vi/each-limited.ts';
import { rejection } from './wire-server.ts';

const filesOf = (count: number): UploadFile[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    path: `/p/${index}.png`,
    filename: `${index}.png`,
    size: 1,
  }));

function prepared(file: UploadFile): PreparedFile {
  return {
    file,
    metadata: { kind: 'Image', filename: file.filename, mime: 'image/png', size: 1, crc32c: 0 },
  };
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
const names = (batch: readonly PreparedFile[]): string[] => batch.map(({ file }) => file.filename);

describe('the batches of an upload', () => {
  test('of 12,345 files are prepared one ahead, few files at once, and in order', async () => {
    const files = filesOf(12_345);
    let running = 0;
    let most = 0;
    let count = 0;
    const batches = new PreparedBatches(
      files,
      async (file) => {
        most = Math.max(most, ++running);
        if (count++ % 500 === 0) await tick();
        running--;
        return prepared(file);
      },
      new AbortController().signal,
    );
    const first = await batches.next();
    expect(first).toHaveLength(5000);
    expect(count).toBe(5000);
    batches.prefetch();
    batches.prefetch();
    await batches.settled();
    expect(count).toBe(10_000);
    const rest = [await batches.next(), await batches.next(), await batches.next()];
    expect(rest.map((batch) => batch.length)).toEqual([5000, 2345, 0]);
    expect(names([first, ...rest].flat())).toEqual(files.map(({ filename }) => filename));
    expect(most).toBeLessThanOrEqual(4);
  });

  test('take files that are given back first, and never hold more than 5,000', async () => {
    const batches = new PreparedBatches(
      filesOf(9000),
      async (file) => prepared(file),
      new AbortController().signal,
    );
    const first = await batches.next();
    batches.prefetch();
    batches.giveBack(first.slice(1000));
    const second = await batches.next();
    expect(names(second)).toEqual([
      ...names(first.slice(1000)),
      ...filesOf(6000)
        .slice(5000)
        .map(({ filename }) => filename),
    ]);
    expect((await batches.next()).length).toBe(3000);
    expect(await batches.next()).toEqual([]);
  });

  test('leave out files that are not fit, and go on after a batch of none', async () => {
    const isFit = (file: UploadFile) => Number.parseInt(file.filename, 10) >= 6000;
    const batches = new PreparedBatches(
      filesOf(7000),
      async (file) => (isFit(file) ? prepared(file) : undefined),
      new AbortController().signal,
    );
    expect(await batches.next()).toHaveLength(1000);
  });

  test('end when they are stopped', async () => {
    const stop = new AbortController();
    const batches = new PreparedBatches(filesOf(7000), async (file) => prepared(file), stop.signal);
    stop.abort();
    expect(await batches.next()).toEqual([]);
  });
});

describe('eachLimited', () => {
  test('runs no more at once than it is told, and all in all', async () => {
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    await eachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      await tick();
      running--;
      seen.push(item);
    });
    expect(most).toBe(3);
    expect(seen.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('stops at the first error, lets what has begun end, and closes its source', async () => {
    let closed = false;
    let begun = 0;
    let ended = 0;
    async function* source(): AsyncGenerator<number> {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        closed = true;
      }
    }
    const failure = new Error('no');
    const pending = eachLimited(source(), 4, async (item) => {
      begun++;
      await tick();
      ended++;
      if (item === 10) throw failure;
    });
    expect(await rejection(pending)).toBe(failure);
    expect(closed).toBe(true);
    expect(ended).toBe(begun);
    expect(begun).toBeLessThan(20);
  });

  test('throws what its source throws', async () => {
    const failure = new Error('no');
    async function* source(): AsyncGenerator<number> {
      yield 1;
      throw failure;
    }
    expect(await rejection(eachLimited(source(), 2, tick))).toBe(failure);
  });
});
