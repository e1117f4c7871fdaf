import { bytesOf, type CompareOperation, type DownloadOperation, fingerprintOf } from '../plan/operation.ts';
import { compare } from './compare.ts';
import { download } from './download.ts';
import type { Pass } from './mirror-gate.ts';
import { RunningSet } from './running-set.ts';
import { PlaceBlockedError, type SafeFiles } from './safe-files.ts';
import { recordFailure, type TransferContext } from './transfer-context.ts';
import { failedTransfer, placeBlocked } from './transfer-failure.ts';

type Operation = DownloadOperation | CompareOperation;

/** Carries out downloads and comparisons as the gate lets them pass: urgent ones first, then in the order of the plan. */
export class Downloads {
  readonly #context: TransferContext;
  readonly #files: SafeFiles;
  readonly #running: RunningSet;
  readonly #busy = new Set<string>();
  /** Keys of the places that files are about to come to. */
  readonly #targets = new Set<string>();
  #queue: Operation[] = [];
  #asking = new AbortController();

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
  start(operations: readonly Operation[]): void {
    const waiting = operations.filter(({ item }) => !this.#busy.has(item));
    this.#context.locations.expect(operations);
    const { urgent = [], others = [] } = Object.groupBy(waiting, (operation) =>
      this.#isUrgent(operation) ? 'urgent' : 'others',
    );
    this.#queue = [...urgent, ...others];
    // Whoever waits at the gate asks for the first of the old plan: that of the new one may be urgent.
    this.#asking.abort();
    this.#asking = new AbortController();
    this.#running.add(this.#begin(this.#asking.signal));
  }

  async settled(): Promise<void> {
    await this.#running.settled();
  }

  /** Begins one after the other, as the gate opens for it, until another plan comes. */
  async #begin(replaced: AbortSignal): Promise<void> {
    while (!replaced.aborted) {
      const [first] = this.#queue;
      if (first === undefined) return;
      const pass = await this.#context.gate.enter('download', this.#isUrgent(first), replaced);
      if (pass === null) return;
      // With a new plan it may be another one, or none.
      const operation = this.#queue.shift();
      if (operation === undefined) {
        pass.leave();
        return;
      }
      const target = operation.kind === 'download' ? operation.target.key : '';
      if (this.#targets.has(target)) {
        // Another asset, of an earlier plan, is about to be there. Once it is, the next plan finds this one another place.
        pass.leave();
        continue;
      }
      if (target !== '') this.#targets.add(target);
      this.#busy.add(operation.item);
      this.#running.add(this.#run(operation, pass).finally(() => this.#targets.delete(target)));
    }
  }

  #isUrgent(operation: Operation): boolean {
    return this.#context.report.isUrgent(pathOf(operation));
  }

  async #run(operation: Operation, pass: Pass): Promise<void> {
    const { environment, manifest, mirror, download: meter, report, signal } = this.#context;
    const { item } = operation;
    meter.begin(item, bytesOf(operation));
    let isDone = false;
    try {
      manifest.entries.setState(mirror.id, item, 'downloading', null, environment.clock.now());
      report.changed();
      if (operation.kind === 'compare') await compare(this.#context, this.#files, operation, pass);
      else isDone = (await download(this.#context, this.#files, operation, pass)) === 'done';
    } catch (error) {
      if (!signal.aborted) this.#fail(operation, error);
    } finally {
      pass.leave();
      meter.end(item, isDone);
      this.#busy.delete(item);
      report.changed();
      // The last one of a plan asks for the next; before that, a plan would find nothing that is not queued already.
      if (this.#queue.length === 0) report.planAgain();
    }
  }

  #fail(operation: Operation, error: unknown): void {
    const path = pathOf(operation);
    const failed =
      error instanceof PlaceBlockedError ? placeBlocked(error, path) : failedTransfer(error, path);
    this.#context.log.warn('A download has failed', { path, error });
    if (failed.isService) this.#context.report.serviceFailed(error);
    recordFailure(
      this.#context,
      { item: operation.item, fingerprint: fingerprintOf(operation), path },
      failed,
    );
  }
}

function pathOf(operation: Operation): string {
  return operation.kind === 'download' ? operation.target.path : operation.local.path;
}
