import { setTimeout as sleep } from 'node:timers/promises';

/** When, within the n-th call, the process kills itself. */
export const killMoments = ['before', 'during', 'after'] as const;
export type KillMoment = (typeof killMoments)[number];

export interface SelfKill {
  /** Which call of the disk or the service, counted from 1. */
  readonly call: number;
  readonly moment: KillMoment;
  /** For `during`: how long after the call began. Milliseconds. */
  readonly delayMs: number;
}

/** Methods that wait for nothing, or that only an orderly end calls. */
const notCounted: ReadonlySet<PropertyKey> = new Set(['watch', 'close']);

/** Counts every call of the disk and of the service, and kills its own process at one of them: so every `await` of the engine is hit. */
export class KillSwitch {
  readonly #kill: SelfKill | null;
  #calls = 0;

  constructor(kill: SelfKill | null) {
    this.#kill = kill;
  }

  get calls(): number {
    return this.#calls;
  }

  /** The same object, with its calls counted. */
  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (from, name) => {
        const value: unknown = Reflect.get(from, name);
        if (typeof value !== 'function' || notCounted.has(name)) return value;
        return (...args: unknown[]) => this.#around(() => Reflect.apply(value, from, args));
      },
    });
  }

  async #around(call: () => unknown): Promise<unknown> {
    this.#calls += 1;
    const kill = this.#kill !== null && this.#kill.call === this.#calls ? this.#kill : null;
    if (kill?.moment === 'before') die();
    if (kill?.moment === 'during') void sleep(kill.delayMs).then(die);
    const result = await call();
    if (kill !== null && kill.moment !== 'before') die();
    return result;
  }
}

/** Ends the process as a power cut would, as far as it can tell: nothing of it runs any more. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
