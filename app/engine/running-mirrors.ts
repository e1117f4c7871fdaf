import type { EngineEventName, EventPayload, MirrorSettingsChange, MirrorStatus } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ManifestError } from '../manifest/manifest-error.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import { mirrorFiles } from '../transfer/mirror-files.ts';
import type { SafeFiles } from '../transfer/safe-files.ts';
import type { SessionBudget } from '../transfer/session-budget.ts';
import type { TransferGate } from '../transfer/transfer-gate.ts';
import { attachMirror } from './attach.ts';
import { Clearing } from './clearing.ts';
import { EngineError } from './engine-error.ts';
import type { DatasetAddress, Environment, Remote } from './environment.ts';
import { MirrorLoop } from './mirror-loop.ts';
import { statusOf, stoppedFacts } from './mirror-status.ts';
import type { ServiceHealth } from './service-health.ts';
import type { Timing } from './timing.ts';

export interface RunningMirrorsOptions {
  readonly manifest: Manifest;
  readonly environment: Environment;
  readonly timing: Timing;
  readonly planSize: number | undefined;
  readonly log: Log;
  readonly budget: SessionBudget;
  readonly gate: TransferGate;
  readonly health: ServiceHealth;
  readonly emit: <N extends EngineEventName>(name: N, payload: EventPayload<N>) => void;
}

export interface NewMirrorOptions extends DatasetAddress {
  /** Absolute path. */
  readonly folder: string;
  /** True when the service is the embedded sandbox. Default: no. */
  readonly sandbox?: boolean;
  /** What it is told; the defaults, or what it has been told before, where left out. */
  readonly settings?: MirrorSettingsChange;
  /** The first sync need not wait for a person who has seen its preview. Default: it waits. */
  readonly go?: boolean;
}

/** The mirrors that the manifest knows, and those of them that run. */
export class RunningMirrors {
  readonly #options: RunningMirrorsOptions;
  readonly #manifest: Manifest;
  readonly #loops = new Map<string, MirrorLoop>();
  readonly #clearing: Clearing;
  readonly #abort = new AbortController();

  constructor(options: RunningMirrorsOptions) {
    this.#options = options;
    const { manifest, environment, log } = options;
    this.#manifest = manifest;
    this.#clearing = new Clearing({ manifest, clock: environment.clock, signal: this.#abort.signal, log });
    this.#clearing.begin();
  }

  /** @throws EngineError: see `Engine.addMirror` */
  async add({ settings = {}, go = false, sandbox = false, ...options }: NewMirrorOptions): Promise<string> {
    // Both forms of the ID are the same dataset, and so the same mirror.
    const prefix = `${options.organizationId}_`;
    const datasetId = options.datasetId.startsWith(prefix)
      ? options.datasetId.slice(prefix.length)
      : options.datasetId;
    const place = { ...options, datasetId, sandbox, go };
    const record = await attachMirror(this.#options.environment, this.#manifest, place);
    if (this.#loops.has(record.mirrorId)) {
      throw new EngineError({
        code: 'mirror-runs',
        facts: { folder: record.folder },
        title: 'Mirrored already',
        detail: `“${record.folder}” is being mirrored to this dataset already.`,
        suggestion: 'Choose another folder or another dataset.',
      });
    }
    this.#manifest.settings.changeMirror(record.mirrorId, settings);
    this.#run(record);
    return record.mirrorId;
  }

  /** Runs a mirror that does not run, or makes one work that only looks. */
  begin(record: MirrorRecord, looksOnly: boolean): void {
    const loop = this.#loops.get(record.mirrorId);
    if (loop === undefined) this.#run(record, looksOnly);
    else if (!looksOnly) loop.work();
  }

  #run(record: MirrorRecord, looksOnly = false): void {
    const { manifest, environment, timing, planSize, log, budget, gate, health, emit } = this.#options;
    gate.setPaused(record.mirrorId, record.isPaused);
    const loop = new MirrorLoop({
      environment,
      remote: this.#connect(record),
      looksOnly,
      manifest,
      mirror: record,
      budget,
      gate,
      health: health.of(record),
      timing,
      planSize,
      log: log.scope('mirror'),
      listener: {
        mirrorChanged: (payload) => emit('mirrorChanged', payload),
        filesChanged: (payload) => emit('filesChanged', payload),
        activityAdded: (payload) => emit('activityAdded', payload),
      },
    });
    this.#loops.set(record.mirrorId, loop);
    loop.start();
  }

  /** Ends a mirror, and forgets it. */
  async remove(mirrorId: string): Promise<void> {
    const record = this.record(mirrorId);
    await this.#loops.get(mirrorId)?.close();
    this.#loops.delete(mirrorId);
    this.#manifest.transaction(() => {
      this.#manifest.settings.forgetMirror(mirrorId);
      this.#manifest.mirrors.remove(record.id, this.#options.environment.clock.now());
    });
    this.#clearing.begin();
    this.#options.emit('mirrorRemoved', { mirrorId });
  }

  setPaused(mirrorId: string | undefined, isPaused: boolean): void {
    const records = this.records(mirrorId);
    for (const { id } of records) this.#manifest.mirrors.setPaused(id, isPaused);
    for (const record of records) {
      this.#options.gate.setPaused(record.mirrorId, isPaused);
      this.planAgain(record.mirrorId);
    }
  }

  /** A person has said something that changes what a mirror may do. */
  planAgain(mirrorId: string): void {
    this.#loops.get(mirrorId)?.planAgain();
  }

  /** What it has been told has changed: every file of it is decided about anew. */
  decideAnew(record: MirrorRecord): void {
    const loop = this.#loops.get(record.mirrorId);
    if (loop === undefined) this.#manifest.differences.unsettleAll(record.id);
    else loop.decideAnew();
  }

  /** Something has been changed in its folder by the engine itself. */
  lookAt(mirrorId: string, path: string): void {
    this.#loops.get(mirrorId)?.lookAt(path);
  }

  statuses(): MirrorStatus[] {
    if (this.#manifest.damage !== null) return [...this.#loops.values()].map((loop) => loop.status());
    return this.records(undefined).map(
      ({ id, mirrorId }) => this.#loops.get(mirrorId)?.status() ?? statusOf(this.#manifest, id, stoppedFacts),
    );
  }

  /** Part of an item's bytes that have moved; null when it does not move. */
  fraction(mirrorId: string, item: string): number | null {
    return this.#loops.get(mirrorId)?.fraction(item) ?? null;
  }

  /** Of this mirror, or of all. @throws EngineError `unknown-mirror` */
  records(mirrorId: string | undefined): MirrorRecord[] {
    return mirrorId === undefined ? this.#manifest.mirrors.all() : [this.record(mirrorId)];
  }

  /** Its number in the manifest; null for all. @throws EngineError `unknown-mirror` */
  numberOf(mirrorId: string | undefined): number | null {
    return mirrorId === undefined ? null : this.record(mirrorId).id;
  }

  /** @throws EngineError `unknown-mirror` */
  record(mirrorId: string): MirrorRecord {
    const record = this.#manifest.mirrors.all().find((mirror) => mirror.mirrorId === mirrorId);
    if (record === undefined) throw unknownMirror(mirrorId);
    return record;
  }

  /** A mirror that runs. @throws EngineError `unknown-mirror` */
  loop(mirrorId: string): MirrorLoop {
    const loop = this.#loops.get(mirrorId);
    if (loop === undefined) throw unknownMirror(mirrorId);
    return loop;
  }

  /** The way to a mirror's dataset, also of a mirror that does not run. */
  link(mirrorId: string): { remote: Remote; signal: AbortSignal } {
    const loop = this.#loops.get(mirrorId);
    if (loop !== undefined) return { remote: loop.remote, signal: loop.signal };
    return { remote: this.#connect(this.record(mirrorId)), signal: this.#abort.signal };
  }

  /** What changes a mirror's folder, also of a mirror that does not run. @param mirror its number in the manifest */
  filesOf(mirror: number): SafeFiles {
    const { environment, manifest } = this.#options;
    const record = manifest.mirrors.get(mirror);
    const loop = this.#loops.get(record.mirrorId);
    return loop?.files ?? mirrorFiles({ ...environment, manifest, mirror: record });
  }

  /** Nothing may be done that can't be written down. */
  stopAll(damage: ManifestError): void {
    this.#options.log.error('The manifest is damaged; everything is stopped', { error: damage });
    for (const loop of this.#loops.values()) {
      loop.stop();
      this.#options.emit('mirrorChanged', loop.status());
    }
  }

  async close(): Promise<void> {
    this.#abort.abort(new DOMException('The engine has been closed.', 'AbortError'));
    await Promise.all([...this.#loops.values()].map((loop) => loop.close()));
    await this.#clearing.settled();
  }

  #connect({ endpoint, organizationId, datasetId }: DatasetAddress): Remote {
    return this.#options.environment.connect({ endpoint, organizationId, datasetId });
  }
}

function unknownMirror(mirrorId: string): EngineError {
  return new EngineError({
    code: 'unknown-mirror',
    facts: { mirrorId },
    title: 'No such mirror',
    detail: `There is no mirror “${mirrorId}”, or it does not run.`,
    suggestion: 'Reload the list of mirrors.',
  });
}
