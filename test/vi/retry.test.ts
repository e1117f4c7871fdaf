import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  defaultRetryPolicy,
  type RetryEvent,
  type ViClient,
  ViNetworkError,
  ViNotFoundError,
  ViRateLimitError,
  ViServerError,
} from '../../app/vi/index.ts';
import { retryPolicy, withRetries } from '../../app/vi/retry.ts';
import { assetJson } from './wire-samples.ts';
import {
  clientOf,
  handled,
  refuse,
  rejection,
  rejectionOf,
  startWireServer,
  type WireServer,
} from './wire-server.ts';

let server: WireServer;
let client: ViClient;
let retries: RetryEvent[];
beforeEach(async () => {
  server = await startWireServer(() => assetJson);
  retries = [];
  client = clientOf(server, { onRetry: (event) => retries.push(event) });
});
afterEach(async () => {
  await client.close();
  await server.close();
});

const get = (signal?: AbortSignal) => client.assets.get({ datasetId: 'ds', assetId: 'a', signal });

/** Fails the first `count` requests with a status, then answers. */
function failFirst(count: number, status: number, headers: Record<string, string> = {}): void {
  server.answer = (_request, response) =>
    server.requests.length <= count ? refuse(response, status, {}, headers) : assetJson;
}

describe('a request', () => {
  for (const status of [500, 502, 503, 504]) {
    test(`that fails with ${status} is tried 3 times`, async () => {
      failFirst(2, status);
      expect((await get()).assetId).toBe('asset_1');
      expect(server.requests).toHaveLength(3);
      failFirst(99, status);
      server.requests.length = 0;
      await rejectionOf(ViServerError, get());
      expect(server.requests).toHaveLength(3);
    });
  }

  test('that is reset is tried 3 times', async () => {
    server.answer = (_request, response) => {
      response.destroy();
      return handled;
    };
    await rejectionOf(ViNetworkError, get());
    expect(server.requests).toHaveLength(3);
  });

  test('that meets 429 is tried 20 times', async () => {
    failFirst(19, 429);
    expect((await get()).assetId).toBe('asset_1');
    expect(server.requests).toHaveLength(20);
    server.requests.length = 0;
    failFirst(99, 429);
    await rejectionOf(ViRateLimitError, get());
    expect(server.requests).toHaveLength(20);
  });

  test('counts its 429s apart from its other failures', async () => {
    server.answer = (_request, response) => {
      const number = server.requests.length;
      if (number === 3 || number === 6) return refuse(response, 503);
      return number < 10 ? refuse(response, 429) : assetJson;
    };
    await get();
    expect(server.requests).toHaveLength(10);
  });

  for (const status of [400, 401, 403, 404, 409, 413, 422]) {
    test(`that is refused with ${status} is tried once`, async () => {
      failFirst(99, status);
      await rejection(get());
      expect(server.requests).toHaveLength(1);
    });
  }

  test('waits as long as Retry-After says', async () => {
    failFirst(1, 429, { 'retry-after': '1' });
    const before = performance.now();
    await get();
    expect(performance.now() - before).toBeGreaterThanOrEqual(990);
    expect(retries[0]?.waitMs).toBeGreaterThanOrEqual(1000);
  });

  test('does not wait for a Retry-After beyond the limit, and says so', async () => {
    failFirst(99, 429, { 'retry-after': '7200' });
    const error = await rejectionOf(ViRateLimitError, get());
    expect(error.retryAfter).toBe(7_200_000);
    expect(server.requests).toHaveLength(1);
  });

  test('ends at once when its signal is aborted during a wait', async () => {
    failFirst(99, 429, { 'retry-after': '600' });
    const abort = new AbortController();
    const reason = new Error('enough');
    const pending = rejection(get(abort.signal));
    setTimeout(() => abort.abort(reason), 60);
    expect(await pending).toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});

describe('the waits', () => {
  async function waits(policy: Parameters<typeof retryPolicy>[0], retryAfter?: number): Promise<number[]> {
    const seen: number[] = [];
    const failing = async (): Promise<never> => {
      throw new ViServerError('no', { retryAfter });
    };
    await rejection(
      withRetries(failing, { policy: retryPolicy(policy), onRetry: (event) => seen.push(event.waitMs) }),
    );
    return seen;
  }

  test('are by default those of the official client', () => {
    expect(defaultRetryPolicy).toMatchObject({ tries: 3, rateLimitTries: 20, baseMs: 1000, capMs: 60_000 });
  });

  test('have full jitter: from 0 to a bound that doubles, up to the cap', async () => {
    const bounds = [1, 2, 4, 4, 4];
    const rounds = await Promise.all(
      Array.from({ length: 60 }, () => waits({ tries: 6, baseMs: 1, capMs: 4 })),
    );
    for (const round of rounds) {
      expect(round).toHaveLength(5);
      for (const [index, wait] of round.entries()) {
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(bounds[index] ?? 0);
      }
    }
    const last = rounds.map((round) => round[4] ?? 0);
    expect(Math.min(...last)).toBeLessThan(1);
    expect(Math.max(...last)).toBeGreaterThan(3);
  });

  test('never shorten what the service asked for', async () => {
    for (const wait of await waits({ tries: 4, baseMs: 1, capMs: 2 }, 20))
      expect(wait).toBeGreaterThanOrEqual(20);
  });
});

describe('a delete', () => {
  const remove = () => client.assets.delete({ datasetId: 'ds', assetId: 'a' });

  test('whose answer was lost, and that is not found then, has worked', async () => {
    server.answer = (_request, response) => {
      if (server.requests.length > 1) return refuse(response, 404);
      response.destroy();
      return handled;
    };
    expect(await remove()).toMatchObject({ assetId: 'a', deleted: true });
    expect(server.requests).toHaveLength(2);
  });

  test('that is not found at once, or after a 429, is an error', async () => {
    failFirst(99, 404);
    await rejectionOf(ViNotFoundError, remove());
    server.requests.length = 0;
    server.answer = (_request, response) => refuse(response, server.requests.length === 1 ? 429 : 404);
    await rejectionOf(ViNotFoundError, remove());
  });
});

describe('a bulk delete', () => {
  const remove = () => client.assets.deleteMany({ datasetId: 'ds', filter: 'x' });

  test('that may have run is not repeated', async () => {
    failFirst(99, 500);
    await rejectionOf(ViServerError, remove());
    expect(server.requests).toHaveLength(1);
  });

  test('that was turned away with 429 is', async () => {
    server.answer = (_request, response) => {
      if (server.requests.length <= 2) return refuse(response, 429);
      return {
        deleteManyAssetsSessionId: 's',
        status: { conditions: [{ condition: 'Finished', status: 'Reached' }] },
      };
    };
    expect((await remove()).deleteManyAssetsSessionId).toBe('s');
    expect(server.requests).toHaveLength(4);
  });
});
