import { expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { FakeWorld } from '../world/fake-world.ts';

test('a session begins with the plan that may begin it, though the clock goes on between two looks at it', async () => {
  const world = new FakeWorld({ seed: 1 });
  const machine = world.machine('computer');
  const { wall } = machine;
  const of = wall.of.bind(wall);
  wall.of = (incarnation) => ({
    ...of(incarnation),
    now: () => {
      wall.jump(1);
      return wall.now();
    },
  });
  machine.volume.write(machine.path('a.png'), picture(1));
  machine.start();
  await world.settle(machine, 60_000);
  expect(world.sessions.created).toBe(1);
  machine.kill();
});
