import { bytesOf, type CompareOperation, type DownloadOperation, fingerprintOf } from '../plan/operation.ts';
import { compare } from './compare.ts';
import { download } from './download.ts';
import { RunningSet } from './running-set.ts';
import type { SafeFiles } from './safe-files.ts';
import { recordFailure, type TransferContext } from './transfer-context.ts';
import { failedTransfer } from './transfer-failure.ts';

/** Assets fetched at once. */
const atOnce = 16;

/** Carries out downloads and comparisons, some at a time, in the order of the plan. */
export class Downloads {
  readonly #context: TransferContext;
  readonly #files: SafeFiles;
  readonly #running: RunningSet;
  readonly #busy = new Set<string>();
  #queue: (DownloadOperation | CompareOperation)[] = [];

  constructor(context: TransferContext, files: SafeFiles) {
    this.#context = context;
    this.#files = files;
    this.#running = new RunningSet((error) =>
      context.log.error('A download has failed in the program', { error }),
    );
  }

  isBusy(item: string): boolean {
    return this.#busy.has(item);
  }

  get isRunning(): boolean {
    return this.#busy.size > 0;
  }

  /** Takes over a new plan: what is under way goes on, what only waited is replaced. */
  start(operations: readonly (DownloadOperation | CompareOperation)[]): void {
    this.#queue = operations.filter(({ item }) => !this.#busy.has(item));
    this.#fill();
  }

  async settled(): Promise<void> {
    await this.#running.settled();
  }

  #fill(): void {
    const { report, signal } = this.#context;
    while (this.#busy.size < atOnce && report.isOnline() && !signal.aborted) {
      const operation = this.#queue.shift();
      if (operation === undefined) return;
      this.#busy.add(operation.item);
      this.#running.add(this.#run(operation));
    }
  }

  async #run(operation: DownloadOperation | CompareOperation): Promise<void> {
    const { environment, manifest, mirror, download: meter, report, signal } = this.#context;
    const { item } = operation;
    meter.begin(item, bytesOf(operation));
    manifest.entries.setState(mirror.id, item, 'downloading', null, environment.clock.now());
    report.changed();
    let isDone = false;
    try {
      if (operation.kind === 'compare') await compare(this.#context, this.#files, operation);
      else isDone = (await download(this.#context, this.#files, operation)) === 'done';
    } catch (error) {
      if (!signal.aborted) this.#fail(operation, error);
    } finally {
      meter.end(item, isDone);
      this.#busy.delete(item);
      report.changed();
      this.#fill();
      // The last one of a plan asks for the next; before that, a plan would find nothing that is not queued already.
      if (this.#queue.length === 0) report.planAgain();
    }
  }

  #fail(operation: DownloadOperation | CompareOperation, error: unknown): void {
    const path = operation.kind === 'download' ? operation.target.path : operation.local.path;
    const failed = failedTransfer(error, path);
    this.#context.log.warn('A download has failed', { path, error });
    if (failed.isService) this.#context.report.serviceFailed(error);
    recordFailure(
      this.#context,
      { item: operation.item, fingerprint: fingerprintOf(operation), path },
      failed,
    );
  }
}
