import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AppEvent, EventGate } from '../../app/host/event-gate.ts';

const filesChanged = (mirrorId: string): AppEvent => ({ name: 'filesChanged', payload: { mirrorId } });
const activity = (mirrorId: string, id: number): AppEvent => ({
  name: 'activityAdded',
  payload: { id, at: id, mirrorId, kind: 'uploaded', path: null, message: String(id) },
});

/** A front end that answers when the test says so. */
function slowFrontEnd() {
  const batches: (readonly AppEvent[])[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const waiters: (() => void)[] = [];
  return {
    batches,
    answer: (error?: Error) => {
      const oldest = answers.shift();
      if (error) oldest?.reject(error);
      else oldest?.resolve();
    },
    deliver: (batch: readonly AppEvent[]): Promise<void> => {
      batches.push(batch);
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      for (const waiter of waiters.splice(0)) waiter();
      return answer.promise;
    },
    nextBatch: () => new Promise<void>((resolve) => waiters.push(resolve)),
  };
}

describe('the event gate', () => {
  let gate: EventGate;
  afterEach(() => {
    gate.close();
    vi.useRealTimers();
  });
  const unexpected = (error: unknown): never => {
    throw error;
  };

  it('merges what happens while a batch is under way: the newest of each kind for each mirror', async () => {
    const front = slowFrontEnd();
    gate = new EventGate({ deliver: front.deliver, onError: unexpected, intervalMs: 0 });
    gate.push(activity('a', 0));
    await front.nextBatch();
    for (let id = 1; id <= 10_000; id++) {
      gate.push(activity('a', id));
      gate.push(activity('b', id));
      gate.push(filesChanged('a'));
    }
    expect(gate.waiting).toBe(3);
    expect(front.batches).toHaveLength(1);
    const second = front.nextBatch();
    front.answer();
    await second;
    expect(front.batches[1]).toEqual([activity('a', 10_000), activity('b', 10_000), filesChanged('a')]);
  });

  it('goes on after a delivery that failed', async () => {
    const front = slowFrontEnd();
    const errors: unknown[] = [];
    gate = new EventGate({ deliver: front.deliver, onError: (error) => errors.push(error), intervalMs: 0 });
    gate.push(filesChanged('a'));
    await front.nextBatch();
    gate.push(filesChanged('b'));
    const second = front.nextBatch();
    front.answer(new Error('the page threw'));
    await second;
    expect(front.batches[1]).toEqual([filesChanged('b')]);
    expect(errors).toEqual([new Error('the page threw')]);
  });

  it('starts no two batches within its interval', async () => {
    vi.useFakeTimers();
    const starts: number[] = [];
    gate = new EventGate({
      deliver: async () => {
        starts.push(performance.now());
      },
      onError: unexpected,
      intervalMs: 100,
    });
    for (let elapsed = 0; elapsed < 1000; elapsed += 5) {
      gate.push(filesChanged('a'));
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(starts).toEqual(
      [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000].map((at) => at + (starts[0] ?? 0)),
    );
  });

  it('delivers nothing once it is closed', async () => {
    const front = slowFrontEnd();
    gate = new EventGate({ deliver: front.deliver, onError: unexpected, intervalMs: 0 });
    gate.push(filesChanged('a'));
    gate.close();
    gate.push(filesChanged('b'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(front.batches).toEqual([]);
  });
});
