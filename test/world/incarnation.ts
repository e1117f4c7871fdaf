import type { VirtualClock } from './virtual-clock.ts';

/**
 * One life of an engine, from its start to its kill. A kill is the end of everything that it waits for: no promise that the world has
 * given to it is ever fulfilled again, and nothing that it asks for afterwards happens.
 */
export class Incarnation {
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #onKill: () => boolean;
  #isDead = false;
  #left = Number.POSITIVE_INFINITY;

  /** @param onKill called at the very moment; false: it can't be killed now, and lives on until the next checkpoint */
  constructor(name: string, clock: VirtualClock, onKill: () => boolean) {
    this.name = name;
    this.#clock = clock;
    this.#onKill = onKill;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  kill(): void {
    if (!this.#isDead && this.#onKill()) this.#isDead = true;
  }

  /** Kills it when it has come by so many checkpoints more: each is a moment at which it waits for the world. */
  killAfter(checkpoints: number): void {
    this.#left = checkpoints;
  }

  checkpoint(): void {
    this.#left -= 1;
    if (this.#left < 0) this.kill();
  }

  /** Does something, unless it is dead. */
  go(what: () => void): void {
    if (!this.#isDead) what();
  }

  /** Time that a deed of the world takes. Never ends for the dead. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (ms <= 0) this.go(resolve);
      else this.#clock.after(ms, () => this.go(resolve));
    });
  }

  /** A deed that is begun, and whose outcome is told, only to the living. */
  call<T>(deed: () => Promise<T>): Promise<T> {
    this.checkpoint();
    return new Promise((resolve, reject) => {
      if (this.#isDead) return;
      deed().then(
        (value) => {
          this.checkpoint();
          this.go(() => resolve(value));
        },
        (error: unknown) => {
          this.checkpoint();
          this.go(() => reject(error));
        },
      );
    });
  }
}
