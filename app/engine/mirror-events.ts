import type { Activity, MirrorStatus } from '../contract.ts';
import type { Clock } from './environment.ts';

/** Whom a mirror tells what. */
export interface MirrorListener {
  mirrorChanged(status: MirrorStatus): void;
  filesChanged(payload: { mirrorId: string }): void;
  activityAdded(activity: Activity): void;
}

/** Between two events of one kind: ten a second. Milliseconds. */
const spacingMs = 100;

type Kind = keyof MirrorListener;

/** Passes on what happens to a mirror, at most ten times a second for each kind of event; the last state always arrives. */
export class MirrorEvents {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #send: Record<Kind, () => void>;
  readonly #lastSent = new Map<Kind, number>();
  readonly #waiting = new Set<Kind>();
  #activity: Activity | undefined;

  constructor(
    clock: Clock,
    signal: AbortSignal,
    listener: MirrorListener,
    mirrorId: string,
    status: () => MirrorStatus,
  ) {
    this.#clock = clock;
    this.#signal = signal;
    this.#send = {
      mirrorChanged: () => listener.mirrorChanged(status()),
      filesChanged: () => listener.filesChanged({ mirrorId }),
      activityAdded: () => {
        if (this.#activity !== undefined) listener.activityAdded(this.#activity);
      },
    };
  }

  mirrorChanged(): void {
    this.#tell('mirrorChanged');
  }

  /** Files have changed, and with them the mirror's counts. */
  filesChanged(): void {
    this.#tell('filesChanged');
    this.#tell('mirrorChanged');
  }

  activityAdded(activity: Activity): void {
    this.#activity = activity;
    this.#tell('activityAdded');
  }

  #tell(kind: Kind): void {
    if (this.#waiting.has(kind)) return;
    this.#waiting.add(kind);
    const last = this.#lastSent.get(kind) ?? Number.NEGATIVE_INFINITY;
    const wait = Math.max(0, last + spacingMs - this.#clock.monotonic());
    void this.#clock.sleep(wait, this.#signal).then(() => {
      this.#waiting.delete(kind);
      if (this.#signal.aborted) return;
      this.#lastSent.set(kind, this.#clock.monotonic());
      this.#send[kind]();
    });
  }
}
