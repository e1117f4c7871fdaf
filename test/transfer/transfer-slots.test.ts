import { describe, expect, test } from 'vitest';
import { type Lane, type Release, TransferSlots } from '../../app/transfer/transfer-slots.ts';

/** What has begun, in its order, and how to end it. */
function setup(most: number, ...names: string[]) {
  const slots = new TransferSlots(most);
  const lanes = new Map<string, Lane>();
  for (const name of names) {
    const lane = slots.addLane();
    slots.setOpen(lane, true);
    lanes.set(name, lane);
  }
  const begun: string[] = [];
  const running = new Map<string, Release>();
  const lane = (name: string): Lane => {
    const found = lanes.get(name);
    if (found === undefined) throw new Error(`no lane ${name}`);
    return found;
  };
  return {
    slots,
    begun,
    running,
    lane,
    ask: (mirror: string, file: string, isUrgent = false, signal?: AbortSignal) => {
      const taken = slots.take(lane(mirror), isUrgent, signal);
      return taken.then((release) => {
        if (release === null) return;
        begun.push(file);
        running.set(file, release);
      });
    },
    end: async (file: string) => {
      running.get(file)?.();
      running.delete(file);
      await settle();
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('slots', () => {
  test('are given to no more than may run at once, and again as they come back', async () => {
    const { ask, begun, end, running } = setup(2, 'm');
    for (const file of ['a', 'b', 'c', 'd']) void ask('m', file);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    const twice = running.get('a');
    await end('a');
    twice?.();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('go to mirrors in turn, whatever each has waiting', async () => {
    const { ask, begun, end } = setup(1, 'large', 'small', 'late');
    for (let index = 1; index <= 1000; index++) void ask('large', `large ${index}`);
    void ask('small', 'small 1');
    void ask('small', 'small 2');
    await settle();
    await end('large 1');
    void ask('late', 'late 1');
    for (let index = 0; index < 4; index++) await end(begun.at(-1) ?? '');
    expect(begun).toEqual(['large 1', 'small 1', 'late 1', 'large 2', 'small 2', 'large 3']);
  });

  test('one more is there for urgent files alone, at once', async () => {
    const { ask, begun, end } = setup(2, 'm', 'n');
    for (const file of ['a', 'b', 'c', 'd']) void ask('m', file);
    void ask('n', 'edit', true);
    void ask('n', 'edit 2', true);
    await settle();
    expect(begun).toEqual(['a', 'b', 'edit']);
    await end('edit');
    expect(begun).toEqual(['a', 'b', 'edit', 'edit 2']);
    // It is no slot for anything else.
    await end('edit 2');
    expect(begun).toHaveLength(4);
  });

  test('go to urgent files first within a mirror, and a stream of them does not stop the other mirrors', async () => {
    const { ask, begun, end } = setup(1, 'm', 'n');
    void ask('m', 'first');
    void ask('m', 'usual');
    for (let index = 1; index <= 100; index++) void ask('m', `edit ${index}`, true);
    void ask('n', 'other');
    await settle();
    expect(begun).toEqual(['first', 'edit 1']);
    await end('first');
    await end(begun.at(-1) ?? '');
    expect(begun).toContain('other');
    expect(begun).not.toContain('usual');
  });

  test('are not given in a closed lane, and are when it opens', async () => {
    const { ask, begun, slots, lane } = setup(2, 'm', 'n');
    slots.setOpen(lane('m'), false);
    void ask('m', 'a');
    void ask('m', 'edit', true);
    void ask('n', 'b');
    await settle();
    expect(begun).toEqual(['b']);
    expect(slots.busyLanes).toBe(1);
    slots.setOpen(lane('m'), true);
    await settle();
    expect(begun).toEqual(['b', 'edit']);
    expect(slots.busyLanes).toBe(2);
  });

  test('may become more or fewer while transfers run', async () => {
    const { ask, begun, end, slots } = setup(3, 'm');
    for (const file of ['a', 'b', 'c', 'd', 'e', 'f']) void ask('m', file);
    await settle();
    slots.setMost(1);
    await end('a');
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('c');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    slots.setMost(3);
    await settle();
    expect(begun).toHaveLength(6);
  });

  test('whoever gives up, or whose lane is removed, waits no more and keeps nothing from others', async () => {
    const { ask, begun, end, slots, lane } = setup(1, 'm', 'n');
    const abort = new AbortController();
    void ask('m', 'a');
    const given = [ask('m', 'b', false, abort.signal), ask('m', 'c')];
    void ask('n', 'd');
    await settle();
    abort.abort();
    slots.removeLane(lane('m'));
    await Promise.all(given);
    await ask('m', 'never');
    await end('a');
    expect(begun).toEqual(['a', 'd']);
  });
});
