import { setMaxListeners } from 'node:events';
import type { Activity, MirrorStatus, Preview } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { MirrorRecord } from '../manifest/mirror-table.ts';
import type { Policy } from '../plan/decision.ts';
import { makePlan, type PlanOptions } from '../plan/plan.ts';
import { policyOf } from '../plan/policy.ts';
import type { Plan } from '../plan/work.ts';
import { AssetLocations } from '../transfer/asset-locations.ts';
import { mirrorFiles } from '../transfer/mirror-files.ts';
import type { MirrorGate } from '../transfer/mirror-gate.ts';
import type { SafeFiles } from '../transfer/safe-files.ts';
import type { SessionBudget } from '../transfer/session-budget.ts';
import type { TransferContext } from '../transfer/transfer-context.ts';
import type { TransferGate } from '../transfer/transfer-gate.ts';
import { TransferMeter } from '../transfer/transfer-meter.ts';
import { Transfers } from '../transfer/transfers.ts';
import { UploadOutcomes } from '../transfer/upload-outcome.ts';
import { UploadProofs } from '../transfer/upload-proofs.ts';
import type { Environment, Remote } from './environment.ts';
import { MirrorEvents, type MirrorListener } from './mirror-events.ts';
import { type MirrorFacts, statusOf } from './mirror-status.ts';
import { Observer } from './observer.ts';
import { previewOf } from './preview.ts';
import { Recovery } from './recovery.ts';
import { Rounds } from './rounds.ts';
import type { WayHealth } from './service-health.ts';
import { ServiceLink } from './service-link.ts';
import type { Timing } from './timing.ts';

export interface MirrorLoopOptions {
  readonly environment: Environment;
  readonly remote: Remote;
  readonly manifest: Manifest;
  readonly mirror: MirrorRecord;
  readonly budget: SessionBudget;
  readonly gate: TransferGate;
  readonly health: WayHealth;
  readonly timing: Timing;
  readonly planSize: PlanOptions['planSize'];
  readonly log: Log;
  readonly listener: MirrorListener;
  /** It finds out what is to be done, and does none of it until {@link MirrorLoop.work}. Default: it works. */
  readonly looksOnly?: boolean;
}

/** A plan is made again after at least so many times as long as it took. */
const planShare = 4;
/** A failed transfer that is tried again within this counts as unfinished. Milliseconds. */
const soonMs = 2 * 60_000;
const progressMs = 250;

/** One mirror at work: observe → plan → execute, again and again. */
export class MirrorLoop {
  readonly #options: MirrorLoopOptions;
  readonly #abort = new AbortController();
  readonly #rounds: Rounds;
  readonly #events: MirrorEvents;
  readonly #observer: Observer;
  readonly #link: ServiceLink;
  readonly #gate: MirrorGate;
  readonly #transfers: Transfers;
  readonly #files: SafeFiles;
  readonly #recovery: Recovery;
  readonly #proofs: UploadProofs;
  readonly #waiters = new Set<(status: MirrorStatus) => void>();
  /** Told when a listing that was begun after they have asked has ended well. */
  readonly #listedWaiters = new Set<() => void>();
  #running: Promise<void> | undefined;
  #looksOnly: boolean;
  #isPlanDue = false;
  #nextPlan = Number.NEGATIVE_INFINITY;
  /** When waiting work can be begun: a slot of the budget, the next try of a failed transfer. By the monotonic clock. */
  #nextWork = Number.POSITIVE_INFINITY;
  #plan: Plan | null = null;
  #isPlanning = false;
  /** What it has been told has changed since the last plan was begun. */
  #isDecidedAnew = false;
  #isTicking = false;
  /** Something was done since it was last said that all is in sync. */
  #hasNews = true;
  /** What a person is shown when the manifest can't be asked any more. */
  #lastStatus: MirrorStatus;

  constructor(options: MirrorLoopOptions) {
    this.#options = options;
    this.#looksOnly = options.looksOnly ?? false;
    const { environment, manifest, mirror, remote, timing, log, budget } = options;
    const { clock } = environment;
    const signal = this.#abort.signal;
    // Every transfer listens to it; that many are meant.
    setMaxListeners(0, signal);
    this.#rounds = new Rounds({
      clock,
      log,
      signal,
      round: () => this.#round(),
      onRound: () => {
        this.#events.mirrorChanged();
        this.#tellWhenInSync();
        this.#answerWaiters();
      },
      onCrash: () => {
        this.#events.mirrorChanged();
        // What was hinted at, and what was being listed, is forgotten: everything is looked at again.
        this.#observer.scanSoon();
        this.#link.pollSoon(true);
      },
      onSlept: () => this.syncNow(),
      nextAt: () => this.#nextAt(),
    });
    this.#events = new MirrorEvents(clock, signal, options.listener, mirror.mirrorId, () => this.status());
    this.#files = mirrorFiles({ ...environment, manifest, mirror });
    this.#recovery = new Recovery({ environment, manifest, mirror, files: this.#files, log });
    this.#observer = new Observer({
      environment,
      manifest,
      mirror,
      timing,
      signal,
      onHint: () => this.#rounds.wake(),
      provesDeletions: () => this.policy.deletePolicy === 'propagate',
      onRecorded: () => this.#events.filesChanged(),
    });
    this.#gate = options.gate.open(mirror.mirrorId, signal, () => this.#onPause());
    this.#link = new ServiceLink({
      environment,
      remote,
      manifest,
      mirror,
      timing,
      log,
      signal,
      health: options.health,
      onChange: () => this.#onLink(),
    });
    this.#gate.setOnline(this.#link.isOnline);
    this.#proofs = new UploadProofs({ environment, manifest, mirror, signal });
    const context = this.#transferContext(log);
    this.#transfers = new Transfers(context, this.#files, budget);
    const outcomes = new UploadOutcomes(context);
    this.#resolve = () => outcomes.resolve(this.#link.isProven);
    this.#lastStatus = statusOf(manifest, mirror.id, this.#facts());
  }

  readonly #resolve: () => number;

  get mirrorId(): string {
    return this.#options.mirror.mirrorId;
  }

  start(): void {
    this.#observer.start();
    this.#running = this.#rounds.run();
  }

  /** What it finds out from now on is carried out too. */
  work(): void {
    if (!this.#looksOnly) return;
    this.#looksOnly = false;
    if (this.#recovery.isDone) this.#transfers.resume();
    this.planAgain();
  }

  /** A person wants everything looked at, and tried again, now. */
  syncNow(): void {
    this.#options.manifest.failures.clear(this.#options.mirror.id);
    this.#observer.scanSoon();
    this.#link.pollSoon(true);
    this.#events.mirrorChanged();
    this.#rounds.wake();
  }

  /** Everything is read and listed anew, whatever is known. Resolves when that is done, and what it found is dealt with. */
  async verify(): Promise<MirrorStatus> {
    this.#observer.rereadSoon();
    this.#link.listAllSoon();
    return this.settled();
  }

  /** Something that a person has said is to be planned with. */
  planAgain(): void {
    this.#isPlanDue = true;
    this.#nextPlan = Number.NEGATIVE_INFINITY;
    this.#rounds.wake();
  }

  /** What the mirror has been told has changed: everything is decided anew. */
  decideAnew(): void {
    const { manifest, mirror } = this.#options;
    manifest.differences.unsettleAll(mirror.id);
    manifest.queued.clear(mirror.id);
    this.#isDecidedAnew = true;
    this.planAgain();
  }

  /** Something has been changed in the folder by the engine itself. */
  lookAt(path: string): void {
    this.#observer.hint(path);
  }

  get remote(): Remote {
    return this.#options.remote;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get files(): SafeFiles {
    return this.#files;
  }

  get policy(): Policy {
    const { settings } = this.#options.manifest;
    return policyOf(settings.ofMirror(this.mirrorId), settings.get());
  }

  /** What the first sync, or the next, would do. */
  preview(): Preview {
    const { manifest, mirror, budget, remote } = this.#options;
    return previewOf(this.#plan, {
      manifest,
      mirror: mirror.id,
      budget,
      organizationId: remote.organizationId,
    });
  }

  status(): MirrorStatus {
    const { manifest, mirror } = this.#options;
    try {
      this.#lastStatus = statusOf(manifest, mirror.id, this.#facts());
      return this.#lastStatus;
    } catch (error) {
      if (manifest.damage === null) throw error;
      return { ...this.#lastStatus, phase: 'attention', problem: manifest.damage.problem };
    }
  }

  /** Part of an item's bytes that have moved; null when it does not move. */
  fraction(item: string): number | null {
    return this.#transfers.fraction(item);
  }

  /** Resolves when nothing is left to be done that can be done without a person. */
  settled(): Promise<MirrorStatus> {
    const { promise, resolve } = Promise.withResolvers<MirrorStatus>();
    this.#waiters.add(resolve);
    this.#answerWaiters();
    return promise;
  }

  /** Begins nothing any more, and breaks off what runs. */
  stop(): void {
    this.#abort.abort(new DOMException('The mirror has been closed.', 'AbortError'));
    if (this.#options.manifest.damage !== null) this.#answerWaiters();
  }

  /** Ends everything. When it resolves, nothing of this mirror runs any more. */
  async close(): Promise<void> {
    this.stop();
    await this.#observer.close();
    await this.#running;
    await this.#transfers.settled();
    const status = this.status();
    for (const resolve of this.#waiters) resolve(status);
    this.#waiters.clear();
  }

  /** What only waits is begun after the pause, as it is planned then. */
  #onPause(): void {
    if (this.#gate.isPaused) {
      this.#transfers.forgetWaiting();
    } else {
      this.#link.pollSoon();
    }
    this.#events.filesChanged();
    this.planAgain();
    void this.#tick();
  }

  #onLink(): void {
    this.#gate.setOnline(this.#link.isOnline);
    this.#events.mirrorChanged();
    this.#rounds.wake();
  }

  #nextAt(): number {
    const look = Math.min(this.#observer.nextAt, this.#link.nextAt, this.#recovery.nextAt);
    // Without a plan nothing comes of work or a plan that is due: to wait for it would be to wait for nothing, again and again.
    if (!this.#canPlan()) return look;
    return Math.min(look, this.#nextWork, this.#isPlanDue ? this.#nextPlan : Number.POSITIVE_INFINITY);
  }

  /** Whether both sides have been seen whole, and can be believed. */
  #canPlan(): boolean {
    const { manifest, mirror } = this.#options;
    if (!this.#recovery.isDone || !this.#observer.isProven) return false;
    return manifest.mirrors.get(mirror.id).lastFullListingAt !== null;
  }

  /** Looks at what is due on both sides, and makes a plan of what was seen. */
  async #round(): Promise<void> {
    const { environment, manifest, mirror } = this.#options;
    await this.#recover();
    if (!this.#looksOnly) await this.#recovery.purgeTrash();
    const isListing = this.#link.isDue;
    const waiting = isListing ? [...this.#listedWaiters] : [];
    const [looked, listed] = await Promise.allSettled([
      this.#observer.look(),
      isListing ? this.#link.run() : Promise.resolve(false),
    ]);
    // Only now, so that neither goes on by itself when the other has failed.
    const hasLooked = settledValue(looked);
    const isBack = settledValue(listed);
    if (isBack) manifest.failures.retryNow(mirror.id, environment.clock.now());
    if (isListing && this.#link.isOnline) {
      await this.#proofs.complete();
      if (this.#resolve() > 0) this.#link.expectUploads(false);
      if (!this.#transfers.areUploadsRunning)
        this.#link.expectUploads(manifest.sessions.isAnyOpen(mirror.id));
      for (const resolve of waiting) resolve();
    }
    // The folder is back: it is looked at again as it is now.
    if (!this.#recovery.isDone && (await this.#recover())) return;
    const now = environment.clock.monotonic();
    if (hasLooked || isListing || this.#nextWork <= now) this.#isPlanDue = true;
    // From here on the plan is waited for, which may not be due yet.
    if (this.#nextWork <= now) this.#nextWork = Number.POSITIVE_INFINITY;
    // A listing is planned with at once: an upload must not be begun on an older one.
    if (!this.#isPlanDue || (now < this.#nextPlan && !isListing)) return;
    if (!this.#canPlan()) return;
    await this.#makePlan(isListing && this.#link.isOnline);
  }

  /** @returns whether the folder has been put in order now */
  async #recover(): Promise<boolean> {
    if (this.#observer.isRootMissing) this.#recovery.undo();
    if (this.#transfers.isFolderInUse || !(await this.#recovery.run())) return false;
    // What has been seen of the folder before was not in order yet.
    this.#observer.scanSoon();
    if (!this.#looksOnly) this.#transfers.resume();
    return true;
  }

  async #makePlan(isListed: boolean): Promise<void> {
    const { environment, manifest, mirror } = this.#options;
    const { clock } = environment;
    this.#isPlanDue = false;
    this.#isDecidedAnew = false;
    this.#isPlanning = true;
    const start = clock.monotonic();
    const plan = await makePlan({
      manifest,
      mirror: mirror.id,
      policy: this.policy,
      planSize: this.#options.planSize,
      now: clock.now(),
      isBusy: (item) => this.#transfers.isBusy(item),
      isUrgent: (path) => this.#observer.isUrgent(path),
      whyUnobserved: (path) => this.#observer.whyUnobserved(path),
      onActivity: (activity) => this.#tell(activity),
      pause: async () => {
        await clock.sleep(0);
        this.#abort.signal.throwIfAborted();
      },
    });
    this.#nextPlan = clock.monotonic() + planShare * (clock.monotonic() - start);
    this.#plan = plan;
    // What was decided while it was told otherwise must not stay so.
    if (this.#isDecidedAnew) this.decideAnew();
    if (this.#isOpen()) {
      this.#nextWork = clock.monotonic() + (this.#transfers.execute(plan, isListed) - clock.now());
      void this.#tick();
    } else {
      this.#nextWork = Number.POSITIVE_INFINITY;
    }
    this.#isPlanning = false;
    this.#events.filesChanged();
    this.#tellWhenInSync();
  }

  /** False while nobody has said that the mirror may work, or somebody has said that it must not. */
  #isOpen(): boolean {
    const { approvedAt, isPaused } = this.#options.manifest.mirrors.get(this.#options.mirror.id);
    return approvedAt !== null && !isPaused && !this.#looksOnly;
  }

  /** Shows progress while bytes move. */
  async #tick(): Promise<void> {
    if (this.#isTicking) return;
    this.#isTicking = true;
    const { signal } = this.#abort;
    while (!signal.aborted && this.#transfers.isMoving) {
      this.#events.filesChanged();
      await this.#options.environment.clock.sleep(progressMs, signal);
    }
    this.#isTicking = false;
    this.#events.filesChanged();
    if (!this.#rounds.isInRound) this.#tellWhenInSync();
    this.#answerWaiters();
  }

  get #isFolderBlocked(): boolean {
    return this.#observer.isRootMissing || this.#recovery.problem !== null;
  }

  /** True when there is nothing to look at, nothing under way, and nothing to be begun before a person or the world does something. */
  #isIdle(): boolean {
    return !this.#observer.isScanDue && !this.#link.isDue && this.#isAtRest();
  }

  /** True when no work is known of; a look that is due may find some. What is shown does not flicker with every look. */
  #isAtRest(): boolean {
    const { manifest, mirror, environment } = this.#options;
    if (this.#observer.isScanning) return false;
    if (this.#isFolderBlocked) return true;
    if (!this.#link.isOnline) return !this.#link.isUnreachable;
    const plan = this.#plan;
    if (this.#isPlanning || this.#isPlanDue || this.#transfers.isMoving) return false;
    // What waits for a go, or until it is resumed, waits for a person. What is not still yet may be work too.
    if (!this.#isOpen()) return plan !== null && !this.#observer.isPending;
    const retryAt = manifest.failures.nextAt(mirror.id, environment.clock.now());
    return (
      plan !== null &&
      plan.upload.files + plan.download.files + plan.compare.files + plan.change.files === 0 &&
      this.#observer.isProven &&
      (this.#link.isProven || this.#link.isCountDoubted) &&
      !this.#observer.isPending &&
      !manifest.sessions.isAnyOpen(mirror.id) &&
      (retryAt === null || retryAt > environment.clock.now() + soonMs)
    );
  }

  #facts(): MirrorFacts {
    return {
      isStopped: this.#abort.signal.aborted,
      isScanning: this.#observer.isScanning,
      looksOnly: this.#looksOnly,
      hasPlan: this.#plan !== null,
      nextSessionAt: this.#transfers.nextSessionAt,
      retryAt: this.#link.retryAt,
      isUnreachable: this.#link.isUnreachable,
      isBlocked: this.#isFolderBlocked || !this.#link.isOnline || this.#rounds.crash !== null,
      isPartial: this.#observer.isPartial || this.#link.advice !== null,
      isIdle: this.#isAtRest(),
      problem:
        this.#rounds.crash ??
        this.#link.problem ??
        this.#observer.problem ??
        this.#recovery.problem ??
        this.#link.advice,
      ...this.#transfers.progress(),
    };
  }

  #answerWaiters(): void {
    if (this.#waiters.size === 0) return;
    if (this.#options.manifest.damage === null && (this.#rounds.isInRound || !this.#isIdle())) return;
    const status = this.status();
    for (const resolve of this.#waiters) resolve(status);
    this.#waiters.clear();
  }

  /** Said once after each stretch of work, and not after an outage in which there was none. */
  #tellWhenInSync(): void {
    if (!this.#hasNews || this.status().phase !== 'in-sync') return;
    const at = this.#options.environment.clock.now();
    this.#tell({
      at,
      kind: 'in-sync',
      path: null,
      message: 'Folder and dataset are in sync.',
      told: { code: 'in-sync' },
    });
    this.#hasNews = false;
  }

  #tell(activity: Omit<Activity, 'id' | 'mirrorId'>): void {
    const { manifest, mirror } = this.#options;
    this.#hasNews = true;
    const id = manifest.activity.add(mirror.id, activity);
    this.#events.activityAdded({ ...activity, id, mirrorId: mirror.mirrorId });
  }

  #untilListed(): Promise<void> {
    const { signal } = this.#abort;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#listedWaiters.add(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    this.#link.pollSoon();
    this.#rounds.wake();
    return promise.finally(() => this.#listedWaiters.delete(resolve));
  }

  #transferContext(log: Log): TransferContext {
    const { environment, remote, manifest, mirror } = this.#options;
    return {
      environment,
      remote,
      manifest,
      mirror,
      signal: this.#abort.signal,
      log,
      gate: this.#gate,
      upload: new TransferMeter(environment.clock),
      download: new TransferMeter(environment.clock),
      proofs: this.#proofs,
      locations: new AssetLocations(remote, environment.clock),
      report: {
        changed: () => this.#events.filesChanged(),
        activity: (activity) => this.#tell(activity),
        lookLocally: (path) => this.#observer.hint(path),
        lookRemotely: () => {
          this.#link.pollSoon();
          this.#rounds.wake();
        },
        untilListed: () => this.#untilListed(),
        planAgain: () => {
          this.#isPlanDue = true;
          this.#rounds.wake();
        },
        serviceFailed: (error) => {
          this.#link.callFailed(error);
          this.#rounds.wake();
        },
        isUrgent: (path) => this.#observer.isUrgent(path),
      },
    };
  }
}

function settledValue<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
