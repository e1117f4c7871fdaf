import type { TransferProgress } from '../contract.ts';
import type { Plan } from '../plan/work.ts';
import { Changes } from './changes.ts';
import { Downloads } from './downloads.ts';
import type { SafeFiles } from './safe-files.ts';
import type { SessionBudget } from './session-budget.ts';
import type { TransferContext } from './transfer-context.ts';
import { UploadCopies } from './upload-copies.ts';
import { Uploads } from './uploads.ts';

/** All that a mirror has under way, both directions and the changes that move no bytes. */
export class Transfers {
  readonly #context: TransferContext;
  readonly #uploads: Uploads;
  readonly #downloads: Downloads;
  readonly #changes: Changes;
  /** Sessions of an earlier engine have been picked up. */
  #isResumed = false;
  /** When an upload that waits for the budget may begin, milliseconds since the epoch. */
  #nextSessionAt: number | null = null;

  constructor(context: TransferContext, files: SafeFiles, budget: SessionBudget) {
    this.#context = context;
    this.#uploads = new Uploads(context, budget, new UploadCopies(context, files));
    this.#downloads = new Downloads(context, files);
    this.#changes = new Changes(context, files);
  }

  get nextSessionAt(): number | null {
    return this.#nextSessionAt;
  }

  get areUploadsRunning(): boolean {
    return this.#uploads.isRunning;
  }

  /** Something of this mirror is about to change in its folder. */
  get isFolderInUse(): boolean {
    return this.#downloads.isRunning || this.#changes.isRunning;
  }

  /** What waits for the gate to open does not count. */
  get isMoving(): boolean {
    const { gate } = this.#context;
    if (this.#changes.isRunning) return true;
    if (!gate.isOpen) return gate.isMoving;
    return this.#uploads.isRunning || this.#downloads.isRunning;
  }

  /** Whether something is being done with this item. */
  isBusy(item: string): boolean {
    return this.#uploads.isBusy(item) || this.#downloads.isBusy(item) || this.#changes.isBusy(item);
  }

  /** Part of an item's bytes that have moved; null when it does not move. */
  fraction(item: string): number | null {
    return this.#context.upload.fraction(item) ?? this.#context.download.fraction(item);
  }

  progress(): { readonly upload: TransferProgress; readonly download: TransferProgress } {
    return { upload: this.#context.upload.progress(), download: this.#context.download.progress() };
  }

  /** Picks up the sessions that an earlier engine has left behind; once. */
  resume(): void {
    if (this.#isResumed) return;
    this.#isResumed = true;
    this.#uploads.resume();
  }

  /** What has not begun is forgotten: it is planned again when it may. */
  forgetWaiting(): void {
    this.#downloads.start([]);
    this.#changes.start([]);
  }

  /**
   * Begins what a plan says, as far as slots and budget go.
   *
   * @param isListed the plan was made of a listing of this very moment
   * @returns when more of it may be begun, milliseconds since the epoch; infinite: when something has ended
   */
  execute(plan: Plan, isListed: boolean): number {
    const { manifest, mirror, environment, upload, download: meter } = this.#context;
    upload.beginRound();
    meter.beginRound();
    const unsent = this.#uploads.unsent();
    upload.setWaiting(plan.upload.files + unsent.files, plan.upload.bytes + unsent.bytes);
    meter.setWaiting(plan.download.files + plan.compare.files, plan.download.bytes + plan.compare.bytes);
    const { compare, download, change } = plan;
    this.#downloads.start([
      ...compare.urgent,
      ...compare.operations,
      ...download.urgent,
      ...download.operations,
    ]);
    this.#changes.start([...change.urgent, ...change.operations]);
    const uploadAt = this.#beginUploads(plan, isListed);
    this.#nextSessionAt = Number.isFinite(uploadAt) ? uploadAt : null;
    const retryAt = manifest.failures.nextAt(mirror.id, environment.clock.now()) ?? Number.POSITIVE_INFINITY;
    return Math.min(retryAt, uploadAt);
  }

  async settled(): Promise<void> {
    await Promise.all([this.#uploads.settled(), this.#downloads.settled(), this.#changes.settled()]);
  }

  /**
   * Begins a session if the budget has one. What others have uploaded since the last listing would be overwritten by it, so the plan must
   * have been made of a listing of this very moment.
   */
  #beginUploads({ upload }: Plan, isListed: boolean): number {
    const { clock } = this.#context.environment;
    const wishes = [
      { purpose: 'bulk', operations: [...upload.urgent, ...upload.operations] },
      { purpose: 'edit', operations: upload.urgent },
    ] as const;
    let next = Number.POSITIVE_INFINITY;
    for (const { purpose, operations } of wishes) {
      const at = operations.length === 0 ? null : this.#uploads.nextAt(purpose);
      if (at === null) continue;
      // Looked at after it: the moment has passed in which it was "now".
      if (at > clock.now()) next = Math.min(next, at);
      else if (isListed) this.#uploads.start(operations, purpose);
      else this.#context.report.lookRemotely();
    }
    return next;
  }
}
