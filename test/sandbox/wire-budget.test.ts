import { describe, expect, onTestFinished, test } from 'vitest';
import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { picture } from './wire-pictures.ts';
import { misfits } from './wire-shape.ts';
import { errorShape, sessionShape } from './wire-tables.ts';
import { type Answer, WireDataset, WireWorld } from './wire-world.ts';

const MINUTE = 60_000;

/** A sandbox of its own, since the budget is the organization's; with the budget that it has by itself: ten in ten minutes. */
async function budgeted(
  switches: Partial<SandboxSwitches> = {},
): Promise<{ readonly world: WireWorld; readonly begin: () => Promise<Answer> }> {
  const world = await WireWorld.start({ switches }, 'default');
  onTestFinished(() => world.close());
  const dataset = new WireDataset(world, world.sandbox.createDataset({ name: 'Budget' }).datasetId);
  let count = 0;
  const begin = () => {
    count++;
    return dataset.offer([{ filename: `${count}.bmp`, content: picture(count) }]);
  };
  return { world, begin };
}

async function beginTen(begin: () => Promise<Answer>): Promise<void> {
  for (let count = 0; count < 10; count++) {
    const answer = await begin();
    expect(answer.status).toBeLessThan(300);
    expect(misfits(answer.json, sessionShape)).toEqual([]);
  }
}

describe('the session budget', () => {
  test('the eleventh is refused, and one begins again after the time that Retry-After says', async () => {
    const { world, begin } = await budgeted();
    const started = world.clock.now;
    for (let count = 0; count < 10; count++) {
      expect((await begin()).status).toBeLessThan(300);
      world.clock.now += 30_000;
    }
    const refused = await begin();
    expect(refused.status).toBe(429);
    expect(misfits(refused.json, errorShape)).toEqual([]);
    const retryAfter = refused.headers.get('retry-after') ?? '';
    expect(retryAfter).toMatch(/^[1-9]\d*$/);
    // The first session leaves the window ten minutes after it began, five of which have gone.
    expect(Number(retryAfter)).toBe((started + 10 * MINUTE - world.clock.now) / 1_000);
    world.clock.now += (Number(retryAfter) - 2) * 1_000;
    expect((await begin()).status).toBe(429);
    world.clock.now += 2_000;
    expect((await begin()).status).toBeLessThan(300);
    expect((await begin()).status).toBe(429);
  });

  test('all ten come back when ten minutes have gone', async () => {
    const { world, begin } = await budgeted();
    await beginTen(begin);
    expect((await begin()).status).toBe(429);
    world.clock.now += 10 * MINUTE + 1_000;
    await beginTen(begin);
    expect((await begin()).status).toBe(429);
  });

  test('other requests have no budget', async () => {
    const { world, begin } = await budgeted();
    await beginTen(begin);
    expect((await begin()).status).toBe(429);
    for (let count = 0; count < 30; count++)
      expect((await world.call('GET', '/workspaces')).status).toBe(200);
  });

  test('Retry-After as an HTTP date', async () => {
    const { world, begin } = await budgeted({ retryAfter: 'date' });
    await beginTen(begin);
    const value = (await begin()).headers.get('retry-after') ?? '';
    expect(value).toMatch(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
    expect(Date.parse(value)).toBe(world.clock.now + 10 * MINUTE);
  });

  test('no Retry-After', async () => {
    const { begin } = await budgeted({ retryAfter: 'absent' });
    await beginTen(begin);
    const refused = await begin();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(misfits(refused.json, errorShape)).toEqual([]);
  });

  test('another size', async () => {
    const { world, begin } = await budgeted({ sessionBudget: { sessions: 2, windowMs: 1_000 } });
    expect((await begin()).status).toBeLessThan(300);
    expect((await begin()).status).toBeLessThan(300);
    expect((await begin()).status).toBe(429);
    world.clock.now += 1_001;
    expect((await begin()).status).toBeLessThan(300);
  });
});
