import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { FakeService } from './fake-service.ts';
import { FakeSessions } from './fake-sessions.ts';
import { Machine, type MachineOptions } from './machine.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface FakeWorldOptions {
  readonly seed: string | number;
  readonly switches?: Partial<SandboxSwitches>;
  readonly dataRows?: number;
}

/** A moment in 2026, milliseconds since the epoch. */
const start = 1_780_000_000_000;

/** A service and some computers, in memory and in virtual time. The same seed and the same deeds give the same history. */
export class FakeWorld {
  readonly random: SeededRandom;
  readonly clock: VirtualClock;
  readonly service: FakeService;
  readonly sessions: FakeSessions;
  readonly machines: Machine[] = [];

  constructor({ seed, switches, dataRows }: FakeWorldOptions) {
    this.random = new SeededRandom(seed);
    const clock = new VirtualClock(this.random.fork('ties'));
    this.clock = clock;
    this.service = new FakeService({
      clock,
      random: this.random.fork('service'),
      start,
      ...(switches === undefined ? {} : { switches }),
      ...(dataRows === undefined ? {} : { dataRows }),
    });
    this.sessions = new FakeSessions(this.service, clock, this.random.fork('sessions'));
  }

  machine(
    name: string,
    options: Pick<MachineOptions, 'names' | 'tickNs' | 'timing' | 'settings' | 'planSize'> = {},
  ): Machine {
    const { clock, random, service, sessions } = this;
    const machine = new Machine({ ...options, name, clock, random, service, sessions, start });
    this.machines.push(machine);
    return machine;
  }

  /** Lets an engine look at both sides, and waits until it has nothing left to do. */
  async settle(machine: Machine, mostMs = 3_600_000): Promise<void> {
    const isStarted = await this.clock.runUntil(() => machine.mirrorId !== undefined, mostMs);
    const { engine, mirrorId } = machine;
    if (!isStarted || engine === undefined || mirrorId === undefined) throw new Error('no mirror has begun');
    await engine.call('syncNow', { mirrorId });
    await this.clock.outcome(engine.settled(mirrorId), mostMs);
  }
}
