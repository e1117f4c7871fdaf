import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { MirrorStatus } from '../../app/contract.ts';
import { giveMemoryBackAtRest } from '../../app/host/rest-memory.ts';
import { EngineDouble } from './engine-double.ts';

describe('memory is given back', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setup() {
    const engine = new EngineDouble();
    const collect = vi.fn();
    const end = giveMemoryBackAtRest(engine, { restMs: 1000, collect });
    const show = (phase: MirrorStatus['phase'], mirrorId = 'one') =>
      engine.emit('mirrorChanged', { ...engine.status(), mirrorId, phase });
    return { engine, collect, end, show };
  }

  test('after work, when every mirror has rested for a while, and then every minute', () => {
    const { engine, collect, show } = setup();
    show('scanning');
    show('in-sync', 'two');
    vi.advanceTimersByTime(5000);
    show('in-sync');
    vi.advanceTimersByTime(900);
    expect(collect).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(collect).toHaveBeenCalledTimes(1);
    show('in-sync');
    show('offline', 'two');
    vi.advanceTimersByTime(59_000);
    expect(collect).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(collect).toHaveBeenCalledTimes(2);
    show('syncing', 'two');
    vi.advanceTimersByTime(120_000);
    expect(collect).toHaveBeenCalledTimes(2);
    engine.emit('mirrorRemoved', { mirrorId: 'two' });
    vi.advanceTimersByTime(5000);
    expect(collect).toHaveBeenCalledTimes(3);
  });

  test('not when work goes on, and not after the end', () => {
    const { collect, end, show } = setup();
    show('in-sync');
    vi.advanceTimersByTime(900);
    show('syncing');
    vi.advanceTimersByTime(5000);
    show('in-sync');
    end();
    vi.advanceTimersByTime(5000);
    expect(collect).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a process that has rested has far less memory than before', async () => {
  const script = path.join(import.meta.dirname, 'rest-memory-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  const { before, after } = z.object({ before: z.number(), after: z.number() }).parse(JSON.parse(stdout));
  expect(before).toBeGreaterThan(200e6);
  expect(after).toBeLessThan(before - 100e6);
});
