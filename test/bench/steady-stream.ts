import { picture } from '../engine/pictures.ts';
import { FakeWorld } from '../world/fake-world.ts';

export interface SteadyStream {
  /** Ingestion sessions that were made, and how many of them the service refused with 429. */
  readonly sessions: number;
  readonly refused: number;
  /** How long a saved version waited until it, or a newer one, was the asset's content. Milliseconds of virtual time. */
  readonly medianMs: number;
  readonly longestMs: number;
}

/** A file that is saved again and again at the same pace, in virtual time, and the default budget of sessions. */
export async function steadyStream(seed: number, saves: number, everyMs: number): Promise<SteadyStream> {
  const world = new FakeWorld({ seed });
  const machine = world.machine('computer');
  const saved: number[] = [];
  const waits: (number | undefined)[] = [];
  const versions = new Map<string, number>();
  world.service.listen((event) => {
    if (event.kind !== 'put') return;
    const version = versions.get(event.asset.content.toString('base64'));
    for (let older = version ?? -1; older >= 0 && waits[older] === undefined; older--) {
      waits[older] = world.clock.steady - (saved[older] ?? 0);
    }
  });
  const save = (version: number) => {
    const content = picture(version);
    versions.set(content.toString('base64'), version);
    saved[version] = world.clock.steady;
    machine.volume.write(machine.path('stream.png'), content);
  };
  try {
    machine.start();
    await world.settle(machine);
    for (let version = 0; version < saves; version++) {
      save(version);
      await world.clock.run(everyMs);
    }
    await world.settle(machine);
    if (machine.crashes.length > 0) throw new AggregateError(machine.crashes, 'The engine has crashed.');
    const sorted = saved
      .map((_, version) => waits[version] ?? Number.POSITIVE_INFINITY)
      .sort((a, b) => a - b);
    return {
      sessions: world.sessions.created,
      refused: world.sessions.refused,
      medianMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
      longestMs: sorted.at(-1) ?? Number.NaN,
    };
  } finally {
    machine.kill();
  }
}
