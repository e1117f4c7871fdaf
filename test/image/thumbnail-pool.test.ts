import { describe, expect, onTestFinished, test } from 'vitest';
import { ThumbnailError } from '../../app/image/thumbnail.ts';
import {
  ThumbnailPool,
  ThumbnailPoolError,
  type ThumbnailPoolOptions,
} from '../../app/image/thumbnail-pool.ts';
import { fixturePath } from '../fixtures/index.ts';

function open(options: ThumbnailPoolOptions = {}): ThumbnailPool {
  const pool = new ThumbnailPool(options);
  onTestFinished(() => pool.close());
  return pool;
}

describe('threads that make thumbnails', () => {
  test('make them of every format, and go on after one that can’t be made', async () => {
    const pool = open();
    const bad = pool.make(fixturePath('hostile/truncated.heic'), { maxSize: 64 });
    await expect(bad).rejects.toBeInstanceOf(ThumbnailError);
    await expect(bad).rejects.toMatchObject({ problem: { code: 'truncated', detail: expect.any(String) } });
    const made = await Promise.all(
      ['jpg', 'heic', 'jp2', 'avif', 'bmp'].map((type) =>
        pool.make(fixturePath(`good/scene.${type}`), { maxSize: 64 }),
      ),
    );
    for (const { bytes, mime, width, height } of made) {
      expect(Buffer.from(bytes).subarray(0, 4).toString()).toBe('RIFF');
      expect([mime, Math.max(width, height)]).toEqual(['image/webp', 64]);
    }
  });

  test('do not hold up the thread that asks', async () => {
    const pool = open();
    let longest = 0;
    let before = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
    }, 5);
    await pool.make(fixturePath('good/scene.heic'), { maxSize: 64 });
    await pool.make(fixturePath('good/scene.jp2'), { maxSize: 2048 });
    clearInterval(timer);
    // The decoders alone take longer than this on any machine when they are slow; a busy one may pause us for a while.
    expect(longest).toBeLessThan(2000);
  });

  test('make first what was asked for last, and nothing that nobody wants any more', async () => {
    const pool = open({ threads: 1 });
    const order: string[] = [];
    const ask = (name: string, signal?: AbortSignal) =>
      pool
        .make(fixturePath('good/scene.png'), { maxSize: 32, ...(signal === undefined ? {} : { signal }) })
        .then(
          () => order.push(name),
          () => order.push(`no ${name}`),
        );
    const gone = new AbortController();
    const all = [ask('first'), ask('second'), ask('unwanted', gone.signal), ask('last')];
    gone.abort(new Error('gone'));
    await Promise.all(all);
    expect(order).toEqual(['no unwanted', 'first', 'last', 'second']);
  });

  test('give up a picture that takes too long, and make the next one', async () => {
    const pool = open({ threads: 1, longestMs: 1 });
    await expect(pool.make(fixturePath('good/scene.heic'), { maxSize: 64 })).rejects.toBeInstanceOf(
      ThumbnailPoolError,
    );
    const patient = open({ threads: 1, idleMs: 1 });
    await patient.make(fixturePath('good/scene.png'), { maxSize: 64 });
    // The thread has ended by now, or is about to.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await patient.make(fixturePath('good/scene.png'), { maxSize: 64 })).width).toBe(64);
  });

  test('end when they are closed, with what waits for them', async () => {
    const pool = open({ threads: 1 });
    const waiting = [1, 2, 3].map(() => pool.make(fixturePath('good/scene.jp2'), { maxSize: 64 }));
    const ended = Promise.allSettled(waiting);
    await pool.close();
    expect((await ended).map(({ status }) => status)).toContain('rejected');
    await expect(pool.make(fixturePath('good/scene.png'), { maxSize: 64 })).rejects.toBeInstanceOf(
      ThumbnailPoolError,
    );
  });
});
