import type { FileRow, MirrorSettingsChange, MirrorStatus } from '../../app/contract.ts';
import type { DatasetAddress } from '../../app/engine/environment.ts';
import type { Timing } from '../../app/engine/timing.ts';
import { createEngine, type Engine, EngineError } from '../../app/engine.ts';
import { type Log, silentLog } from '../../app/log.ts';
import type { Database } from '../../app/manifest/database.ts';
import { FakeDisk } from './fake-disk.ts';
import { FakeRemote } from './fake-remote.ts';
import type { FakeService } from './fake-service.ts';
import type { FakeSessions } from './fake-sessions.ts';
import { Incarnation } from './incarnation.ts';
import { KillableManifest } from './killable-manifest.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { Volume, type VolumeNames } from './volume.ts';
import { WallClock } from './wall-clock.ts';

export interface MachineOptions {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly service: FakeService;
  readonly sessions: FakeSessions;
  /** Milliseconds since the epoch at the beginning. */
  readonly start: number;
  readonly names?: VolumeNames;
  readonly tickNs?: number;
  readonly timing?: Partial<Timing>;
  /** Operations of a kind that a plan of it gathers at most. */
  readonly planSize?: number | undefined;
  /** What the mirror is told from the beginning. */
  readonly settings?: MirrorSettingsChange;
}

export const address: DatasetAddress = {
  endpoint: 'https://vi.invalid',
  organizationId: 'org',
  datasetId: 'dataset',
};

interface PowerCut {
  readonly lostMs: number;
  readonly onCut: (before: readonly Buffer[]) => void;
}

interface Life {
  readonly incarnation: Incarnation;
  readonly manifest: KillableManifest;
  engine: Engine | undefined;
  mirrorId: string | undefined;
  isClosed: boolean;
}

/** One computer: its disk and its clock, and the engine that lives on it, dies, and lives again. */
export class Machine {
  readonly name: string;
  readonly root: string;
  readonly volume: Volume;
  readonly disk: FakeDisk;
  readonly wall: WallClock;
  readonly remote: FakeRemote;
  /** Errors that no engine may have. */
  readonly crashes: unknown[] = [];
  /** Called when an engine has died or was ended. */
  onDeath: () => void = () => undefined;
  readonly #options: MachineOptions;
  readonly #names: SeededRandom;
  readonly #cuts: SeededRandom;
  #left: Buffer | null = null;
  readonly #manifests: KillableManifest[] = [];
  #life: Life | undefined;
  #lives = 0;
  #told: MirrorSettingsChange;
  /** What a person wants; null: they have never paused it. */
  #isPaused: boolean | null = null;
  #powerCut: PowerCut | null = null;

  constructor(options: MachineOptions) {
    this.#options = options;
    const { name, clock, service, sessions, start } = options;
    const random = options.random.fork(name);
    this.#told = options.settings ?? {};
    this.#cuts = random.fork('power');
    this.#names = random.fork('engine');
    this.name = name;
    this.root = `/home/${name}/pictures`;
    this.wall = new WallClock(clock, start);
    this.volume = new Volume({
      foldsCase: false,
      forms: 'exact',
      ...options.names,
      now: () => this.wall.now(),
      tickNs: options.tickNs ?? 1,
      reusesInodes: true,
    });
    this.volume.makeFolder(this.root);
    this.disk = new FakeDisk(this.volume, clock, random.fork('disk'));
    this.remote = new FakeRemote({
      service,
      sessions,
      disk: this.disk,
      clock,
      random: random.fork('remote'),
      machine: name,
    });
  }

  /** Counts the lives of its engines. */
  get life(): number {
    return this.#lives;
  }

  get isRunning(): boolean {
    return this.#life !== undefined && !this.#life.incarnation.isDead;
  }

  /** The mirror's ID once it has begun. */
  get mirrorId(): string | undefined {
    return this.isRunning ? this.#life?.mirrorId : undefined;
  }

  get engine(): Engine | undefined {
    return this.mirrorId === undefined ? undefined : this.#life?.engine;
  }

  /** The manifest's own database, for a look at what an engine has written. */
  get database(): Database | undefined {
    return this.#life?.manifest.database;
  }

  path(relative: string): string {
    return `${this.root}/${relative}`;
  }

  /** Starts an engine on what the last one has left. Does nothing while one runs. */
  start(): void {
    if (this.isRunning) return;
    this.#lives += 1;
    const incarnation = new Incarnation(`${this.name}-${this.#lives}`, this.#options.clock, () => {
      const left = life.isClosed ? this.#left : this.#leftBy(life.manifest);
      // Within a transaction nobody waits for the world.
      if (left === null && !life.isClosed) return false;
      this.#left = left;
      this.#losePower();
      this.onDeath();
      return true;
    });
    const manifest = new KillableManifest(this.#left, {
      onKill: () => incarnation.kill(),
      onClose: (left) => {
        if (!incarnation.isDead) this.#left = left;
        life.isClosed = true;
      },
      steady: () => this.#options.clock.steady,
      wall: () => this.wall.now(),
    });
    this.#manifests.push(manifest);
    if (this.#powerCut !== null) manifest.expectPowerCut();
    const life: Life = { incarnation, manifest, engine: undefined, mirrorId: undefined, isClosed: false };
    this.#life = life;
    this.#begin(life).catch((error: unknown) => {
      if (!incarnation.isDead) this.crashes.push(error);
    });
  }

  /** The end without a warning, now. */
  kill(): void {
    this.#life?.incarnation.kill();
  }

  /** The same when the engine has waited so many times more for anything. */
  killAfter(checkpoints: number): void {
    this.#life?.incarnation.killAfter(checkpoints);
  }

  killAfterCommits(commits: number): void {
    this.#life?.manifest.killAfterCommits(commits);
  }

  /**
   * The next end without a warning is one of the whole computer: what is not on the disk is lost.
   *
   * @param lostMs how long before a commit may have been for the manifest to have lost it
   * @param onCut called when it has happened, with the contents that were on the disk just before, whatever holds them
   */
  expectPowerCut(lostMs: number, onCut: PowerCut['onCut']): void {
    this.#powerCut = { lostMs, onCut };
    const life = this.#life;
    if (life !== undefined && !life.isClosed) life.manifest.expectPowerCut();
  }

  /** No power cut comes any more. */
  forgetPowerCut(): void {
    this.#powerCut = null;
  }

  #leftBy(manifest: KillableManifest): Buffer | null {
    return this.#powerCut === null ? manifest.snapshot() : manifest.snapshotBefore(this.#powerCut.lostMs);
  }

  #losePower(): void {
    const cut = this.#powerCut;
    if (cut === null) return;
    this.#powerCut = null;
    // What an engine keeps for itself is no version of anything.
    const before = [...this.volume.files()].filter(
      ({ path }) => !path.includes('/.vi-sync/') || path.includes('/.vi-sync/trash/'),
    );
    this.volume.cutPower(this.#cuts.whole(0, this.volume.unsynced));
    cut.onCut(before.map(({ node }) => node.content));
  }

  /** A person has both sides looked at. */
  async syncNow(): Promise<void> {
    const { engine, mirrorId } = this;
    if (engine !== undefined && mirrorId !== undefined) await engine.call('syncNow', { mirrorId });
  }

  /** What the mirror has been told, as far as it is not the default. */
  get told(): MirrorSettingsChange {
    return this.#told;
  }

  get isPaused(): boolean {
    return this.#isPaused ?? false;
  }

  /** Tells the mirror what it may do: now, or when it begins. */
  async tell(settings: MirrorSettingsChange): Promise<void> {
    this.#told = { ...this.#told, ...settings };
    const { engine, mirrorId } = this;
    if (engine !== undefined && mirrorId !== undefined)
      await engine.call('changeMirror', { mirrorId, settings });
  }

  /** The same for a pause. @param all of whatever mirrors there are */
  async pause(isPaused: boolean, all = false): Promise<void> {
    this.#isPaused = isPaused;
    const { engine, mirrorId } = this;
    if (engine === undefined || mirrorId === undefined) return;
    await engine.call(isPaused ? 'pause' : 'resume', { mirrorId: all ? null : mirrorId });
  }

  /** Gives back what all its engines have used. None of them may be running. */
  dispose(): void {
    for (const manifest of this.#manifests) manifest.dispose();
    this.#manifests.length = 0;
  }

  /** Ends the engine in order, in its time. */
  end(): void {
    const life = this.#life;
    if (life?.engine === undefined || life.incarnation.isDead) {
      this.kill();
      return;
    }
    life.engine.close().then(
      () => life.incarnation.kill(),
      (error: unknown) => this.crashes.push(error),
    );
  }

  async status(): Promise<MirrorStatus | undefined> {
    const { engine, mirrorId } = this;
    if (engine === undefined) return undefined;
    const { mirrors } = await engine.call('status', {});
    return mirrors.find((mirror) => mirror.mirrorId === mirrorId);
  }

  /** All rows that a person would see. */
  async rows(): Promise<FileRow[]> {
    const { engine, mirrorId } = this;
    if (engine === undefined || mirrorId === undefined) return [];
    const rows: FileRow[] = [];
    for (;;) {
      const { items } = await engine.call('files', { mirrorId, limit: 500, offset: rows.length });
      rows.push(...items);
      if (items.length < 500) return rows;
    }
  }

  /** What an engine calls an error is a fault of the program. */
  #log(incarnation: Incarnation): Log {
    const log: Log = {
      ...silentLog,
      error: (message, details) => {
        if (!incarnation.isDead) this.crashes.push({ message, ...details });
      },
      scope: () => log,
    };
    return log;
  }

  async #begin(life: Life): Promise<void> {
    const { timing, planSize } = this.#options;
    const { incarnation } = life;
    const engine = await createEngine({
      dataDir: '/nowhere',
      manifest: life.manifest.manifest,
      environment: {
        disk: this.disk.of(incarnation),
        clock: this.wall.of(incarnation),
        random: this.#names.fork(incarnation.name),
      },
      connect: (where) => this.remote.of(incarnation, where),
      planSize,
      log: this.#log(incarnation),
      ...(timing === undefined ? {} : { timing }),
    });
    life.engine = engine;
    await this.#add(life, engine);
  }

  /** A person has replaced the folder, and begins anew with it. */
  async addAgain(): Promise<void> {
    const life = this.#life;
    if (life?.engine === undefined || life.mirrorId === undefined) return;
    await life.engine.call('removeMirror', { mirrorId: life.mirrorId });
    life.mirrorId = undefined;
    await this.#add(life, life.engine);
  }

  async #add(life: Life, engine: Engine): Promise<void> {
    while (life.mirrorId === undefined) {
      try {
        const told = this.#told;
        life.mirrorId = await engine.addMirror({ ...address, folder: this.root, go: true, settings: told });
        if (this.#told !== told) await this.tell(this.#told);
        // What a person wants is said again where it may have been lost.
        if (this.#isPaused !== null) await this.pause(this.#isPaused);
      } catch (error) {
        // The folder is not there, or its disk has a bad moment: a person tries again.
        if (!(error instanceof EngineError) && !isSystemError(error)) throw error;
        await this.#options.clock.wait(5000);
      }
    }
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'errno' in error;
}
