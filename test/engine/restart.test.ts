import { expect, test } from 'vitest';
import { FakeWorld } from '../world/fake-world.ts';
import { picture } from './pictures.ts';

test('a session that a kill has left behind is gone on with: what the service still works on is not sent again', async () => {
  const world = new FakeWorld({ seed: 3, switches: { fileProcessingMs: 60_000 } });
  const machine = world.machine('computer');
  try {
    machine.start();
    await world.settle(machine);
    for (const name of ['a.png', 'b.png']) machine.volume.write(machine.path(name), picture(name.length + 7));
    machine.volume.write(machine.path('b.png'), picture(9));
    await world.clock.runUntil(() => world.sessions.sent.length === 2, 60_000);
    // The answer to the last file is on its way.
    await world.clock.run(2000);
    machine.kill();
    expect(world.service.assets()).toEqual([]);
    machine.start();
    await world.settle(machine);
    expect(
      world.service
        .assets()
        .map(({ filename }) => filename)
        .sort(),
    ).toEqual(['a.png', 'b.png']);
    expect(world.sessions.sent).toHaveLength(2);
    expect(world.sessions.created).toBe(1);
  } finally {
    machine.kill();
    machine.dispose();
  }
});

test('a start puts in order what a kill has left: unfinished files go', async () => {
  const world = new FakeWorld({ seed: 4 });
  const machine = world.machine('computer');
  try {
    machine.volume.write(machine.path('a.png'), picture(1));
    machine.start();
    await world.settle(machine);
    machine.kill();
    const left = machine.path('.vi-sync/tmp/left');
    machine.volume.write(left, picture(2));
    machine.start();
    await world.settle(machine);
    expect(machine.volume.find(left)).toBeUndefined();
    expect(machine.volume.read(machine.path('a.png'))).toEqual(picture(1));
  } finally {
    machine.kill();
    machine.dispose();
  }
});
