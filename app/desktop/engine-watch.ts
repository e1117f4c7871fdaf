import type { Activity, AppApi, AppSettings, MirrorStatus, Pull } from '../contract.ts';
import type { Log } from '../log.ts';

/** What the shell knows of the app while the engine answers. */
export interface Watched {
  readonly mirrors: readonly MirrorStatus[];
  /** The newest first. */
  readonly recent: readonly Activity[];
  readonly settings: AppSettings;
}

export interface EngineWatchOptions {
  readonly log: Log;
  /** Something that the shell shows has changed. */
  readonly onChange: (watched: Watched) => void;
  /** A mirror has changed. One that was not there before had nothing that waits, and nothing wrong. */
  readonly onMirror: (before: MirrorStatus, after: MirrorStatus) => void;
  readonly onPull: (before: Pull | null, after: Pull) => void;
}

const mostRecent = 10;

/** Follows an app for as long as its connection lasts: a snapshot at first, events from then on. */
export class EngineWatch {
  readonly #options: EngineWatchOptions;
  readonly #app: AppApi;
  readonly #ends: readonly (() => void)[];
  readonly #pulls = new Map<string, Pull>();
  /** Events of the time before the snapshot is here: they are newer than it may be. */
  readonly #early = new Map<string, MirrorStatus>();
  #watched: Watched | null = null;

  constructor(app: AppApi, options: EngineWatchOptions) {
    this.#app = app;
    this.#options = options;
    this.#ends = [
      app.on('mirrorChanged', (mirror) => this.#mirrorChanged(mirror)),
      app.on('mirrorRemoved', ({ mirrorId }) => {
        this.#early.delete(mirrorId);
        const mirrors = this.#watched?.mirrors.filter((each) => each.mirrorId !== mirrorId);
        if (mirrors !== undefined) this.#set({ mirrors });
      }),
      app.on('activityAdded', (activity) => {
        const recent = this.#watched?.recent;
        if (recent !== undefined) this.#set({ recent: [activity, ...recent].slice(0, mostRecent) });
      }),
      app.on('appSettingsChanged', (settings) => this.#set({ settings })),
      app.on('pullChanged', (pull) => {
        const before = this.#pulls.get(pull.pullId) ?? null;
        this.#pulls.set(pull.pullId, pull);
        this.#options.onPull(before, pull);
      }),
    ];
  }

  /** Null until {@link begin} has answered. */
  get watched(): Watched | null {
    return this.#watched;
  }

  /** Asks for what is so now. @throws what the calls throw */
  async begin(): Promise<Watched> {
    const [{ mirrors }, { items }, settings] = await Promise.all([
      this.#app.call('status', {}),
      this.#app.call('activity', { limit: mostRecent }),
      this.#app.call('appSettings', {}),
    ]);
    const known = mirrors.map((mirror) => this.#early.get(mirror.mirrorId) ?? mirror);
    this.#early.clear();
    this.#watched = { mirrors: known, recent: items, settings };
    this.#options.onChange(this.#watched);
    return this.#watched;
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  #mirrorChanged(mirror: MirrorStatus): void {
    const mirrors = this.#watched?.mirrors;
    if (mirrors === undefined) {
      this.#early.set(mirror.mirrorId, mirror);
      return;
    }
    const before = mirrors.find(({ mirrorId }) => mirrorId === mirror.mirrorId) ?? null;
    this.#set({
      mirrors:
        before === null
          ? [...mirrors, mirror]
          : mirrors.map((each) => (each.mirrorId === mirror.mirrorId ? mirror : each)),
    });
    this.#options.onMirror(before ?? asAdded(mirror), mirror);
  }

  #set(change: Partial<Watched>): void {
    if (this.#watched === null) return;
    this.#watched = { ...this.#watched, ...change };
    this.#options.onChange(this.#watched);
  }
}

/** A mirror as it was when it was added. */
function asAdded(mirror: MirrorStatus): MirrorStatus {
  return { ...mirror, problem: null, counts: { ...mirror.counts, held: 0 } };
}
