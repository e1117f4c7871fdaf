import { afterEach, describe, expect, it, vi } from 'vitest';
import { FilePages, type FileQuery } from '../../renderer/engine/file-pages.ts';
import { ConnectionLost } from '../../renderer/engine/remote-engine.ts';
import { doubleMirrorId, EngineDouble, row } from '../host/engine-double.ts';

const query: FileQuery = {
  mirrorId: doubleMirrorId,
  state: null,
  search: '',
  sort: 'path',
  descending: false,
};
const engineOf = (count: number) =>
  new EngineDouble(Array.from({ length: count }, (_, index) => row(`${String(index).padStart(6, '0')}.jpg`)));
const offsets = (engine: EngineDouble) =>
  engine.received.map(({ args }) => (args as { offset: number }).offset);

let pages: FilePages;
afterEach(() => pages.close());

describe('file pages', () => {
  it('fetch what is on screen, and nothing else', async () => {
    const engine = engineOf(100_000);
    pages = new FilePages(engine, query);
    pages.show(50_050, 50_090);
    await vi.waitUntil(() => pages.rowAt(50_060) !== undefined);
    expect(pages.state.get().total).toBe(100_000);
    expect(pages.rowAt(50_060)?.name).toBe('050060.jpg');
    expect(pages.rowAt(0)).toBeUndefined();
    expect(pages.indexOf('050_061.jpg')).toBe(-1);
    expect(pages.indexOf('050061.jpg')).toBe(50_061);
    expect(offsets(engine)).toEqual([50_000]);
  });

  it('skip what was only passed by', async () => {
    const engine = engineOf(100_000);
    engine.delayMs = 5;
    pages = new FilePages(engine, query);
    for (let first = 0; first < 90_000; first += 300) pages.show(first, first + 40);
    await vi.waitUntil(() => pages.rowAt(89_700) !== undefined);
    expect(engine.received.length).toBeLessThan(8);
  });

  it('send a filter and a search only where there is one', async () => {
    const engine = engineOf(10);
    pages = new FilePages(engine, { ...query, state: 'problem', search: 'x' });
    pages.fetchNow();
    await vi.waitUntil(() => pages.state.get().total !== null);
    expect(engine.received[0]?.args).toMatchObject({ state: 'problem', search: 'x' });
    const plain = new FilePages(engine, query);
    plain.fetchNow();
    await vi.waitUntil(() => plain.state.get().total !== null);
    expect(engine.received[1]?.args).not.toHaveProperty('state');
    expect(engine.received[1]?.args).not.toHaveProperty('search');
    plain.close();
  });

  it('merge many changes into few fetches, and end with the last state', async () => {
    const engine = engineOf(50);
    pages = new FilePages(engine, query);
    pages.fetchNow();
    await vi.waitUntil(() => pages.rowAt(0) !== undefined);
    for (let change = 1; change <= 200; change++) {
      engine.rows[0] = row('000000.jpg', { size: change });
      engine.changed();
      pages.refresh();
      if (change % 40 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await vi.waitUntil(() => pages.rowAt(0)?.size === 200);
    expect(engine.received.length).toBeLessThan(6);
  });

  it('keep the object of a row that did not change', async () => {
    const engine = engineOf(3);
    pages = new FilePages(engine, query);
    pages.fetchNow();
    await vi.waitUntil(() => pages.rowAt(0) !== undefined);
    const before = [pages.rowAt(0), pages.rowAt(1)];
    engine.rows = [{ ...engine.rows[0] } as never, row('000001.jpg', { annotations: 7 })];
    engine.changed();
    pages.fetchNow();
    await vi.waitUntil(() => pages.rowAt(1)?.annotations === 7);
    expect(pages.rowAt(0)).toBe(before[0]);
    expect(pages.rowAt(1)).not.toBe(before[1]);
    expect(pages.rowAt(2)).toBeUndefined();
    expect(pages.state.get().total).toBe(2);
  });

  it('hold a few thousand rows at most', async () => {
    const engine = engineOf(20_000);
    pages = new FilePages(engine, query);
    for (let first = 0; first < 20_000; first += 200) {
      pages.show(first, first + 30);
      await vi.waitUntil(() => pages.rowAt(first) !== undefined, { interval: 1 });
    }
    const held = Array.from({ length: 20_000 }, (_, index) => pages.rowAt(index)).filter(Boolean);
    expect(held.length).toBe(5_000);
    expect(pages.rowAt(19_999)).toBeDefined();
  });

  it('tell a failure, and recover from it', async () => {
    const engine = engineOf(5);
    engine.failures.set('files', new Error('locked'));
    pages = new FilePages(engine, query);
    pages.fetchNow();
    await vi.waitUntil(() => pages.state.get().problem !== null);
    expect(pages.state.get()).toMatchObject({ total: null, problem: { detail: 'locked' } });
    engine.failures.clear();
    pages.fetchNow();
    await vi.waitUntil(() => pages.rowAt(0) !== undefined);
    expect(pages.state.get().problem).toBeNull();
  });

  it('say nothing of a lost connection, which the banner tells, and go on when asked again', async () => {
    const engine = engineOf(5);
    engine.failures.set('files', new ConnectionLost('gone'));
    pages = new FilePages(engine, query);
    pages.fetchNow();
    await vi.waitUntil(() => engine.received.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(pages.state.get().problem).toBeNull();
    engine.failures.clear();
    pages.fetchNow();
    await vi.waitUntil(() => pages.rowAt(0) !== undefined);
  });

  it('do nothing once closed', async () => {
    const engine = engineOf(5);
    engine.delayMs = 10;
    pages = new FilePages(engine, query);
    pages.fetchNow();
    pages.close();
    pages.fetchNow();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(engine.received).toHaveLength(1);
    expect(pages.rowAt(0)).toBeUndefined();
  });
});
