import { describe, expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { fill, World } from '../engine/world.ts';
import { refuse } from '../vi/wire-server.ts';
import { TamperingProxy } from './tampering-proxy.ts';

describe('a session that the service does not want', () => {
  test('because of one of its files: that one is found, and the others are uploaded', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`p-${index}.png`, picture(100 + index, 400)]),
    );
    await fill(folder, files);
    const proxy = await TamperingProxy.start(world);
    proxy.tamper = async ({ purpose, request, response, forward }) => {
      const isUnwanted = purpose === 'new-session' && request.body.includes('"p-23.png"');
      return isUnwanted ? refuse(response, 400, { message: 'one of them is unwanted' }) : forward();
    };
    const mirror = await proxy.mirror(world, folder);
    await mirror.until(({ counts }) => counts['in-sync'] === 39 && counts.problem === 1, 'the others');
    expect(await mirror.files('problem')).toMatchObject([
      { path: 'p-23.png', problem: { detail: expect.stringContaining('one of them is unwanted') } },
    ]);
    expect((await world.assets()).size).toBe(39);
    expect(world.sandbox.requests.upload).toBe(39);
    // 40 → 20 → 10 → 5 → 3 → 2 → 1: two sessions at most for each halving.
    const sessions = proxy.wire.requests.filter(
      ({ method, path }) => method === 'POST' && /Sessions$/.test(path),
    );
    expect(sessions.length).toBeLessThanOrEqual(14);
    proxy.tamper = null;
    expect((await mirror.sync()).counts['in-sync']).toBe(40);
  });

  test('because of none of them: all are explained, and nothing is tried again and again', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await fill(folder, { 'a.png': picture(1, 400), 'b.png': picture(2, 400) });
    const proxy = await TamperingProxy.start(world);
    proxy.tamper = ({ purpose, response, forward }) =>
      purpose === 'new-session' ? refuse(response, 418, { message: 'no tea' }) : forward();
    const mirror = await proxy.mirror(world, folder);
    await mirror.until(({ counts }) => counts.problem === 2, 'both problems');
    for (const { problem } of await mirror.files('problem')) expect(problem?.detail).toContain('no tea');
    const seen = proxy.wire.requests.filter(({ method }) => method === 'POST').length;
    expect(seen).toBe(1);
    proxy.tamper = null;
    expect((await mirror.sync()).phase).toBe('in-sync');
  });
});
