import { setMaxListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Pass } from '../../app/transfer/mirror-gate.ts';
import { defaultLimits, TransferGate } from '../../app/transfer/transfer-gate.ts';
import { SteppedClock } from './stepped-clock.ts';

function setup() {
  const clock = new SteppedClock();
  const gate = new TransferGate(clock);
  const told: string[] = [];
  return {
    clock,
    gate,
    told,
    mirror: (mirrorId: string) => {
      const abort = new AbortController();
      setMaxListeners(0, abort.signal);
      return { abort, gate: gate.open(mirrorId, abort.signal, () => told.push(mirrorId)) };
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function passed(entering: Promise<Pass | null>): Promise<Pass> {
  const pass = await entering;
  if (pass === null) throw new Error('the gate was closed');
  return pass;
}

describe('limits', () => {
  test('hold for all mirrors together', async () => {
    const { gate, mirror, clock } = setup();
    gate.setLimits({ uploadLimit: 10_000, uploadsAtOnce: 3 });
    const begun: string[] = [];
    let moved = 0;
    const send = async (name: string): Promise<void> => {
      const pass = await passed(mirror(name).gate.enter('upload', false));
      begun.push(name);
      for (;;) {
        const bytes = await pass.pace(100_000);
        moved += bytes;
      }
    };
    for (const name of ['a', 'b', 'c', 'd']) void send(name);
    await clock.run(5000);
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(moved).toBeGreaterThan(47_000);
    expect(moved).toBeLessThan(52_500);
  });

  test('are each direction’s own', async () => {
    const { gate, mirror, clock } = setup();
    gate.setLimits({ downloadLimit: 1, downloadsAtOnce: 1 });
    const m = mirror('m');
    const slow = await passed(m.gate.enter('download', false));
    void slow.pace(1000);
    const fast = await passed(m.gate.enter('upload', false));
    expect(await fast.pace(1_000_000)).toBe(1_000_000);
    await clock.run(500);
    expect(m.gate.share('download')).toBe(1);
    expect(m.gate.share('upload')).toBeNull();
    const other = mirror('n');
    void other.gate.enter('download', false);
    expect(m.gate.share('download')).toBe(0.5);
  });

  test('that are none are refused, and change nothing', () => {
    const { gate } = setup();
    for (const uploadLimit of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => gate.setLimits({ uploadLimit, downloadsAtOnce: 3 })).toThrow(RangeError);
    }
    for (const downloadsAtOnce of [0, 1.5, Number.NaN]) {
      expect(() => gate.setLimits({ downloadsAtOnce, uploadLimit: 3 })).toThrow(RangeError);
    }
    expect(gate.limits).toEqual(defaultLimits);
    gate.setLimits({ uploadLimit: 5 });
    gate.setLimits({ downloadsAtOnce: 2 });
    expect(gate.limits).toEqual({ ...defaultLimits, uploadLimit: 5, downloadsAtOnce: 2 });
  });
});

describe('a pause', () => {
  test('ends what runs before the call returns, and nothing begins until it is over', async () => {
    const { gate, mirror, told } = setup();
    const m = mirror('m');
    const pass = await passed(m.gate.enter('upload', false));
    gate.setPaused('m', true);
    expect(pass.signal.aborted).toBe(true);
    expect(pass.isPaused).toBe(true);
    expect(m.gate.isOpen).toBe(false);
    await expect(pass.pace(1)).rejects.toThrow('paused');
    let isIn = false;
    const next = m.gate.enter('download', true).then((entered) => {
      isIn = true;
      return entered;
    });
    await settle();
    expect(isIn).toBe(false);
    gate.setPaused('m', false);
    expect((await passed(next)).isPaused).toBe(false);
    // The old pass is of no use any more, until it is renewed.
    expect(pass.isPaused).toBe(true);
    expect(await pass.untilResumed()).toBe(true);
    expect(pass.signal.aborted).toBe(false);
    expect(pass.isPaused).toBe(false);
    expect(await pass.pace(7)).toBe(7);
    expect(told).toEqual(['m', 'm']);
  });

  test('of one mirror gives its slots to the others', async () => {
    const { gate, mirror } = setup();
    gate.setLimits({ uploadsAtOnce: 1 });
    const [m, n] = [mirror('m'), mirror('n')];
    const pass = await passed(m.gate.enter('upload', false));
    const waiting = n.gate.enter('upload', false);
    gate.setPaused('m', true);
    const resumed = pass.untilResumed();
    const other = await passed(waiting);
    expect(other.isPaused).toBe(false);
    gate.setPaused('m', false);
    other.leave();
    expect(await resumed).toBe(true);
  });

  test('that comes in the very moment of a pass is not missed', async () => {
    const { gate, mirror } = setup();
    gate.setLimits({ uploadsAtOnce: 1 });
    const m = mirror('m');
    const first = await passed(m.gate.enter('upload', false));
    let isIn = false;
    const second = m.gate.enter('upload', false).then((pass) => {
      isIn = true;
      return pass;
    });
    first.leave();
    gate.setPaused('m', true);
    await settle();
    expect(isIn).toBe(false);
    gate.setPaused('m', false);
    const pass = await passed(second);
    gate.setPaused('m', true);
    const resumed = pass.untilResumed();
    gate.setPaused('m', false);
    gate.setPaused('m', true);
    await settle();
    expect(pass.isPaused).toBe(true);
    gate.setPaused('m', false);
    expect(await resumed).toBe(true);
    expect(pass.signal.aborted).toBe(false);
  });

  test('is of one mirror alone, and waits for a mirror that is not there yet', () => {
    const { gate, mirror, told } = setup();
    const [m, n] = [mirror('m'), mirror('n')];
    gate.setPaused('m', true);
    gate.setPaused('late', true);
    const late = mirror('late');
    expect([m, n, late].map((each) => each.gate.isPaused)).toEqual([true, false, true]);
    gate.setPaused('m', true);
    gate.setPaused('n', false);
    expect(told).toEqual(['m']);
    m.abort.abort();
    expect(mirror('m').gate.isPaused).toBe(true);
  });
});

describe('a mirror’s gate', () => {
  test('lets nothing begin while the service can’t be reached, and ends nothing', async () => {
    const { mirror } = setup();
    const m = mirror('m');
    const pass = await passed(m.gate.enter('upload', false));
    m.gate.setOnline(false);
    expect(pass.signal.aborted).toBe(false);
    let isIn = false;
    void m.gate.enter('upload', false).then(() => {
      isIn = true;
    });
    const open = m.gate.untilOpen();
    await settle();
    expect(isIn).toBe(false);
    m.gate.setOnline(true);
    expect(await open).toBe(true);
    await settle();
    expect(isIn).toBe(true);
  });

  test('waits for the service alone, or for the end of a pause too', async () => {
    const { gate, mirror } = setup();
    const m = mirror('m');
    gate.setPaused('m', true);
    m.gate.setOnline(false);
    const seen: string[] = [];
    void m.gate.untilOnline().then(() => seen.push('online'));
    void m.gate.untilOpen().then(() => seen.push('open'));
    m.gate.setOnline(true);
    await settle();
    expect(seen).toEqual(['online']);
    gate.setPaused('m', false);
    await settle();
    expect(seen).toEqual(['online', 'open']);
  });

  test('that is closed ends what runs and what waits, for good', async () => {
    const { gate, mirror, told } = setup();
    gate.setLimits({ uploadsAtOnce: 1 });
    const [m, n] = [mirror('m'), mirror('n')];
    const pass = await passed(m.gate.enter('upload', false));
    const waiting = m.gate.enter('upload', false);
    m.gate.setOnline(false);
    const reason = new Error('closed');
    const open = m.gate.untilOpen();
    m.abort.abort(reason);
    expect(pass.signal.reason).toBe(reason);
    expect(pass.isPaused).toBe(false);
    expect(await waiting).toBeNull();
    expect(await open).toBe(false);
    expect(await m.gate.enter('upload', true)).toBeNull();
    pass.leave();
    expect(await n.gate.enter('upload', false)).not.toBeNull();
    gate.setPaused('m', true);
    expect(told).toEqual([]);
  });

  test('that is closed during a pause ends that too', async () => {
    const { gate, mirror } = setup();
    const m = mirror('m');
    const pass = await passed(m.gate.enter('download', false));
    gate.setPaused('m', true);
    const resumed = pass.untilResumed();
    m.abort.abort();
    expect(await resumed).toBe(false);
    pass.leave();
  });
});

test('a pass knows whether a file may have been handed over whole', async () => {
  const { gate, mirror, clock } = setup();
  gate.setLimits({ uploadLimit: 1000 });
  const pass = await passed(mirror('m').gate.enter('upload', false));
  // Whoever does not ask may have moved anything.
  expect(pass.mayHaveMoved(2048)).toBe(true);
  const first = pass.pace(2048);
  expect(pass.mayHaveMoved(2048)).toBe(false);
  await clock.run(1024);
  expect(await first).toBe(1024);
  expect(pass.mayHaveMoved(2048)).toBe(false);
  const second = pass.pace(1024);
  await clock.run(1024);
  await second;
  expect(pass.mayHaveMoved(2048)).toBe(true);
});
