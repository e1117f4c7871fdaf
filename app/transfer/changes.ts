import type { SyncedBase } from '../manifest/observations.ts';
import { baseNameOf } from '../manifest/path-key.ts';
import { assertNever } from '../plan/assert-never.ts';
import { isSameVersion } from '../plan/content.ts';
import {
  agreedOf,
  type ChangeOperation,
  type DeleteOperation,
  fingerprintOf,
  type MoveAsideOperation,
  type TrashOperation,
} from '../plan/operation.ts';
import { isId } from '../vi/ids.ts';
import { ViError } from '../vi/index.ts';
import { RunningSet } from './running-set.ts';
import { PlaceBlockedError, type SafeFiles } from './safe-files.ts';
import { noteOutdated, recordFailure, type TransferContext } from './transfer-context.ts';
import { failedTransfer, placeBlocked } from './transfer-failure.ts';

/** Files moved, and assets deleted, at once. */
const atOnce = 4;
/** Of more vanished assets than this a person has been asked, and the dataset's own count has said so too: none is asked for again. */
const mostQuestions = 50;

/** Carries out what changes a side without moving bytes: files to the trash or aside, assets deleted. */
export class Changes {
  readonly #context: TransferContext;
  readonly #files: SafeFiles;
  readonly #running: RunningSet;
  readonly #busy = new Set<string>();
  #queue: ChangeOperation[] = [];
  /** The plan has few enough files whose assets have vanished. */
  #asksAgain = true;

  constructor(context: TransferContext, files: SafeFiles) {
    this.#context = context;
    this.#files = files;
    this.#running = new RunningSet((error) =>
      context.log.error('A change has failed in the program', { error }),
    );
  }

  isBusy(item: string): boolean {
    return this.#busy.has(item);
  }

  get isRunning(): boolean {
    return this.#busy.size > 0;
  }

  /** Takes over a new plan: what is under way goes on, what only waited is replaced. */
  start(operations: readonly ChangeOperation[]): void {
    this.#queue = operations.filter(({ item }) => !this.#busy.has(item));
    this.#asksAgain = this.#queue.filter(isOfVanished).length <= mostQuestions;
    this.#fill();
  }

  async settled(): Promise<void> {
    await this.#running.settled();
  }

  #fill(): void {
    const { gate } = this.#context;
    while (this.#busy.size < atOnce && gate.isOpen) {
      const operation = this.#queue.shift();
      if (operation === undefined) return;
      this.#busy.add(operation.item);
      this.#running.add(this.#run(operation));
    }
  }

  async #run(operation: ChangeOperation): Promise<void> {
    const { report, signal } = this.#context;
    try {
      await this.#carryOut(operation);
    } catch (error) {
      if (!signal.aborted) this.#fail(operation, error);
    } finally {
      this.#busy.delete(operation.item);
      report.changed();
      this.#fill();
      if (this.#queue.length === 0) report.planAgain();
    }
  }

  async #carryOut(operation: ChangeOperation): Promise<void> {
    switch (operation.kind) {
      case 'trash-local':
        return this.#trash(operation);
      case 'move-aside':
        return this.#moveAside(operation);
      case 'delete-remote':
        return this.#delete(operation);
      default:
        return assertNever(operation);
    }
  }

  async #trash(operation: TrashOperation): Promise<void> {
    const { item, local, synced, reason } = operation;
    const { environment, manifest, mirror, report } = this.#context;
    if (isOfVanished(operation) && this.#asksAgain && !(await this.#isGone(synced))) return;
    if (!(await this.#files.trash(local.path, local, reason))) return report.lookLocally(local.path);
    const at = environment.clock.now();
    manifest.transaction(() => {
      manifest.local.delete(mirror.id, local.key);
      if (synced !== null) manifest.synced.delete(mirror.id, synced.key);
      manifest.answers.delete(mirror.id, item);
      manifest.failures.delete(mirror.id, item);
      manifest.deletions.add(mirror.id, 'there', at);
    });
    report.activity({
      at,
      kind: 'removed',
      path: local.path,
      message:
        reason === 'deleted-there'
          ? `“${baseNameOf(local.path)}” is in the trash, because its asset was deleted from the dataset.`
          : `“${baseNameOf(local.path)}” is in the trash, as you said.`,
      told: {
        code: reason === 'deleted-there' ? 'trashed-as-deleted-there' : 'trashed-as-answered',
        facts: { name: baseNameOf(local.path) },
      },
    });
  }

  /** Whether an asset that a listing has not shown is gone: listings slip, and that one may be an hour old. */
  async #isGone(synced: SyncedBase | null): Promise<boolean> {
    // What has never had an ID can't be asked for.
    if (synced === null || !isId(synced.assetId)) return true;
    const asset = await this.#context.remote.get(synced.assetId, this.#context.signal);
    if (asset === null) return true;
    noteOutdated(this.#context, asset);
    return false;
  }

  async #moveAside({ item, local }: MoveAsideOperation): Promise<void> {
    const { environment, manifest, mirror, report } = this.#context;
    // First the base: after a kill in between, both are new to each other, and the answer still holds.
    manifest.synced.delete(mirror.id, local.key);
    const place = await this.#files.moveAside(local.path, local);
    report.lookLocally(local.path);
    if (place === null) return;
    report.lookLocally(place);
    manifest.transaction(() => {
      manifest.local.delete(mirror.id, local.key);
      manifest.answers.delete(mirror.id, item);
      manifest.failures.delete(mirror.id, item);
    });
    report.activity({
      at: environment.clock.now(),
      kind: 'removed',
      path: local.path,
      message: `“${baseNameOf(local.path)}” is “${baseNameOf(place)}” now, so that both versions stay.`,
      told: { code: 'moved-aside', facts: { name: baseNameOf(local.path), now: baseNameOf(place) } },
    });
  }

  async #delete({ item, remote, synced, agreedAnnotations }: DeleteOperation): Promise<void> {
    const { environment, manifest, mirror, report, signal } = this.#context;
    const asset = await this.#context.remote.get(remote.assetId, signal);
    if (asset === null || !isSameVersion(asset, remote) || agreedOf(asset) !== agreedAnnotations) {
      return noteOutdated(this.#context, asset);
    }
    await this.#context.remote.delete(remote.assetId, signal);
    const at = environment.clock.now();
    manifest.transaction(() => {
      manifest.remote.delete(mirror.id, remote.assetId);
      if (synced !== null) manifest.synced.delete(mirror.id, synced.key);
      manifest.answers.delete(mirror.id, item);
      manifest.failures.delete(mirror.id, item);
      manifest.deletions.add(mirror.id, 'here', at);
    });
    report.lookRemotely();
    report.activity({
      at,
      kind: 'removed',
      path: synced?.path ?? null,
      message: `The asset “${remote.filename}” was deleted from the dataset, because its file was deleted here.`,
      told: { code: 'deleted-asset', facts: { name: remote.filename } },
    });
  }

  #fail(operation: ChangeOperation, error: unknown): void {
    const path = pathOf(operation);
    const failed =
      error instanceof PlaceBlockedError ? placeBlocked(error, path) : failedTransfer(error, path);
    this.#context.log.warn('A change has failed', { kind: operation.kind, path, error });
    if (error instanceof ViError && failed.isService) this.#context.report.serviceFailed(error);
    recordFailure(
      this.#context,
      { item: operation.item, fingerprint: fingerprintOf(operation), path },
      failed,
    );
  }
}

function isOfVanished(operation: ChangeOperation): boolean {
  return operation.kind === 'trash-local' && operation.reason === 'deleted-there';
}

function pathOf(operation: ChangeOperation): string {
  if (operation.kind === 'delete-remote') return operation.synced?.path ?? operation.remote.filename;
  return operation.local.path;
}
