import type { Activity, FileState, Problem } from '../contract.ts';
import type { Triple } from '../manifest/differences.ts';
import { assetItem, fileItem } from '../manifest/entry-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isSameFile, type LocalFile, type RemoteFile } from '../manifest/observations.ts';
import { assertNever } from './assert-never.ts';
import { decide } from './decide.ts';
import type { Decision, Policy } from './decision.ts';
import { duplicateOf, holdProblem, nameCollision, placeTaken } from './hold-words.ts';
import { bytesOf, fingerprintOf, type Operation } from './operation.ts';
import { pairByName } from './pairing.ts';
import { followRenames } from './renames.ts';

export interface PlanOptions {
  readonly manifest: Manifest;
  /** Number of the mirror in the manifest. */
  readonly mirror: number;
  readonly policy: Policy;
  readonly now: number;
  /** Items that an operation is carried out for right now: their state is the operation's to say. */
  readonly isBusy: (item: string) => boolean;
  /** Paths that somebody has just changed, and waits for. */
  readonly isUrgent: (path: string) => boolean;
  readonly onActivity: (activity: Omit<Activity, 'id' | 'mirrorId'>) => void;
  /** Lets others run between two pages of rows; rejects when the engine is closed. */
  readonly pause: () => Promise<void>;
}

/** Operations of one kind: urgent ones, as many others as can be begun soon, and the size of the whole. */
export interface Work<O extends Operation> {
  readonly operations: O[];
  /** Those among all that somebody waits for; few. */
  readonly urgent: O[];
  files: number;
  bytes: number;
}

export interface Plan {
  readonly upload: Work<Extract<Operation, { kind: 'upload' }>>;
  readonly download: Work<Extract<Operation, { kind: 'download' }>>;
  readonly compare: Work<Extract<Operation, { kind: 'compare' }>>;
  /** Files that were found to be equal to their assets, or known again after a rename: done with this plan itself. */
  bound: number;
}

/** As many operations as one ingestion session takes; the others are planned again when these are done. */
export const mostOperations = 5000;
const mostUrgent = 20;

/**
 * Derives from the three trees what is to be done. What needs no transfer is done at once, in the manifest alone; everything that a
 * person is shown is written beside it.
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const planner = new Planner(options);
  await planner.run();
  return planner.plan;
}

class Planner {
  readonly plan: Plan = {
    upload: { operations: [], urgent: [], files: 0, bytes: 0 },
    download: { operations: [], urgent: [], files: 0, bytes: 0 },
    compare: { operations: [], urgent: [], files: 0, bytes: 0 },
    bound: 0,
  };
  readonly #options: PlanOptions;
  readonly #manifest: Manifest;
  readonly #mirror: number;

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#manifest = options.manifest;
    this.#mirror = options.mirror;
  }

  async run(): Promise<void> {
    const { differences } = this.#manifest;
    for (const { from, to } of followRenames(this.#manifest, this.#mirror)) {
      this.plan.bound += 1;
      this.#tell('bound', to, `Renamed from “${from}”; its asset stays as it is.`);
    }
    await this.#each(
      (after) => differences.unsettled(this.#mirror, after),
      (triple) => triple.synced?.key ?? '',
      (triple) => this.#decide(this.#withRenamedAsset(triple)),
    );
    const paired = new Set<string>();
    await this.#each(
      (after) => differences.unboundRemote(this.#mirror, after),
      (remote) => remote.assetId,
      (remote) => {
        const local = pairByName(remote, this.#candidatesFor(remote));
        if (local !== null) paired.add(local.key);
        this.#decide({ local, remote, synced: null });
      },
    );
    await this.#each(
      (after) => differences.unboundLocal(this.#mirror, after),
      (local) => local.key,
      (local) => {
        if (!paired.has(local.key)) this.#decide({ local, remote: null, synced: null });
      },
    );
  }

  /** Files without an asset that this one may be: those that want its name, and the one that is in its place. */
  #candidatesFor(remote: RemoteFile): LocalFile[] {
    const { differences, synced, local } = this.#manifest;
    const candidates = differences.unboundByName(this.#mirror, remote.filename);
    const key = remote.target?.key;
    if (key === undefined || synced.get(this.#mirror, key) !== null) return candidates;
    const inItsPlace = local.get(this.#mirror, key);
    return inItsPlace === null ? candidates : [...candidates, inItsPlace];
  }

  /** Goes through rows page by page, each page in a transaction of its own. */
  async #each<T>(
    page: (after: string) => T[],
    keyOf: (row: T) => string,
    visit: (row: T) => void,
  ): Promise<void> {
    let after = '';
    for (;;) {
      const rows = page(after);
      const last = rows.at(-1);
      if (last === undefined) return;
      this.#manifest.transaction(() => {
        for (const row of rows) visit(row);
      });
      after = keyOf(last);
      await this.#options.pause();
    }
  }

  /** An asset that was uploaded again may have come back under another ID. Its name is what it is known by then. */
  #withRenamedAsset(triple: Triple): Triple {
    if (triple.remote !== null || triple.synced === null) return triple;
    const { synced, local } = triple;
    const remote = this.#manifest.differences.unboundRemoteByName(this.#mirror, synced.filename);
    if (remote === null) return triple;
    this.#manifest.synced.setAsset(this.#mirror, synced.key, remote.assetId);
    return { local, remote, synced: { ...synced, assetId: remote.assetId } };
  }

  #decide(triple: Triple): void {
    const { local, remote, synced } = triple;
    const key = local?.key ?? synced?.key;
    const item = key === undefined ? assetItem(remote?.assetId ?? '') : fileItem(key);
    if (this.#options.isBusy(item)) return;
    if (this.#isOnItsWay(triple)) return;
    if (key !== undefined && remote !== null) {
      this.#manifest.entries.delete(this.#mirror, assetItem(remote.assetId));
    }
    this.#carryOut(item, triple, decide(triple, this.#options.policy));
  }

  /** An upload whose outcome is open belongs to its session: whatever is seen of it now is only half the truth. */
  #isOnItsWay({ local, remote, synced }: Triple): boolean {
    const filename = synced?.filename ?? remote?.filename ?? local?.remoteName ?? '';
    const key = synced?.key ?? local?.key ?? '';
    return this.#manifest.sessions.isOpen(this.#mirror, key, filename);
  }

  #carryOut(item: string, triple: Triple, decision: Decision): void {
    switch (decision.kind) {
      case 'settled':
        this.#settle(item, triple);
        break;
      case 'bind':
        this.#bind(item, triple);
        break;
      case 'keep':
        // Nothing waits for an answer, but a person who deleted the file is told where it still is.
        this.#show(item, triple, 'remote-only', holdProblem('deleted-here', triple));
        this.#settleBase(triple);
        break;
      case 'forget':
        if (triple.synced !== null) this.#manifest.synced.delete(this.#mirror, triple.synced.key);
        this.#manifest.entries.delete(this.#mirror, item);
        break;
      case 'problem':
        this.#hold(item, triple, 'problem', triple.local?.problem ?? null);
        break;
      case 'hold':
        this.#hold(item, triple, 'held', holdProblem(decision.reason, triple));
        break;
      // Deletions are not carried out without a person's answer.
      case 'trash-local':
        this.#hold(item, triple, 'held', holdProblem('deleted-there', triple));
        break;
      case 'delete-remote':
        this.#hold(item, triple, 'held', holdProblem('deleted-here', triple));
        break;
      case 'overwrite':
        if (decision.annotations === 'none') this.#upload(item, triple);
        else this.#hold(item, triple, 'held', holdProblem('overwrites-annotations', triple));
        break;
      case 'upload':
        this.#upload(item, triple);
        break;
      case 'download':
        this.#download(item, triple);
        break;
      case 'compare':
        this.#compare(item, triple);
        break;
      default:
        assertNever(decision);
    }
  }

  #settle(item: string, triple: Triple): void {
    const { local, synced } = triple;
    if (local !== null && synced !== null && !isSameFile(local.stamp, synced.local)) {
      // Written anew with the same content: it will be known by this inode from now on.
      const { inode, birthtimeNs } = local.stamp;
      this.#manifest.synced.move(this.#mirror, synced.key, {
        key: synced.key,
        path: local.path,
        inode,
        birthtimeNs,
      });
    }
    this.#show(item, triple, 'in-sync', null);
    this.#settleBase(triple);
  }

  #bind(item: string, triple: Triple): void {
    const { local, remote, synced } = triple;
    if (local === null || remote === null || local.content === null) return;
    this.#manifest.synced.put(this.#mirror, {
      key: local.key,
      path: local.path,
      assetId: remote.assetId,
      filename: remote.filename,
      local: { ...local.stamp, sha256: local.content.sha256 },
      remote,
    });
    this.#manifest.failures.delete(this.#mirror, item);
    this.plan.bound += 1;
    if (synced === null) this.#tell('bound', local.path, 'The folder and the dataset have the same image.');
    this.#settle(item, triple);
  }

  #upload(item: string, triple: Triple): void {
    const { local, remote, synced } = triple;
    if (local === null) return;
    const filename = synced?.filename ?? local.remoteName;
    const owner = synced === null ? this.#nameOwner(local) : null;
    const original = synced === null ? this.#original(local) : null;
    if (owner !== null) {
      this.#hold(item, triple, 'held', nameCollision(local.path, filename, owner));
    } else if (original !== null) {
      this.#show(item, triple, 'local-only', duplicateOf(local.path, original));
    } else {
      this.#begin(triple, this.plan.upload, { kind: 'upload', item, local, filename, replaces: remote });
    }
  }

  /** Path or name of what has, or is about to have, the asset name that a new file wants. */
  #nameOwner(local: LocalFile): string | null {
    const { synced, remote, differences } = this.#manifest;
    const bound = synced.byFilename(this.#mirror, local.remoteName);
    if (bound !== null) return bound.path;
    const asset = remote.byFilename(this.#mirror, local.remoteName);
    if (asset !== null) return asset.filename;
    const first = differences.firstByName(this.#mirror, local.remoteName);
    return first === null || first.key === local.key ? null : first.path;
  }

  #original(local: LocalFile): string | null {
    if (this.#options.policy.duplicates === 'upload' || local.content === null) return null;
    const { sessions, differences } = this.#manifest;
    const { sha256 } = local.content;
    return (
      sessions.pathOfContent(this.#mirror, sha256) ?? differences.sameContent(this.#mirror, sha256, local.key)
    );
  }

  #download(item: string, triple: Triple): void {
    const { local, remote, synced } = triple;
    if (remote === null) return;
    const place = local ?? synced ?? remote.target;
    if (place === null) {
      this.#hold(item, triple, 'problem', remote.nameProblem);
    } else if (local === null && this.#isPlaceTaken(remote, place.key)) {
      this.#hold(item, triple, 'held', placeTaken(remote.filename, place.path));
    } else {
      const target = { path: place.path, key: place.key };
      this.#begin(triple, this.plan.download, {
        kind: 'download',
        item,
        remote,
        target,
        replaces: local,
        synced,
      });
    }
  }

  /** By a file of another asset, or by an asset that comes first. */
  #isPlaceTaken(remote: RemoteFile, key: string): boolean {
    if (this.#manifest.local.known(this.#mirror, key) !== null) return true;
    const owner = this.#manifest.synced.get(this.#mirror, key);
    if (owner !== null && owner.assetId !== remote.assetId) return true;
    const first = this.#manifest.differences.firstForPlace(this.#mirror, key);
    return first !== null && first !== remote.assetId;
  }

  #compare(item: string, triple: Triple): void {
    const { local, remote } = triple;
    if (local === null || remote === null) return;
    this.#begin(triple, this.plan.compare, { kind: 'compare', item, local, remote });
  }

  /** Adds an operation to the plan, unless it has failed and its time has not come again. */
  #begin<O extends Operation>(triple: Triple, work: Work<O>, operation: O): void {
    const failure = this.#manifest.failures.get(this.#mirror, operation.item, fingerprintOf(operation));
    if (failure !== null && (failure.nextAt === null || failure.nextAt > this.#options.now)) {
      this.#show(operation.item, triple, 'problem', failure.problem);
      return;
    }
    this.#show(operation.item, triple, 'waiting', null);
    work.files += 1;
    work.bytes += bytesOf(operation);
    const path = triple.local?.path;
    if (path !== undefined && work.urgent.length < mostUrgent && this.#options.isUrgent(path)) {
      work.urgent.push(operation);
    } else if (work.operations.length < mostOperations) {
      work.operations.push(operation);
    }
  }

  #hold(item: string, triple: Triple, state: 'held' | 'problem', problem: Problem | null): void {
    if (this.#show(item, triple, state, problem) && problem !== null) {
      const path = triple.local?.path ?? triple.synced?.path ?? triple.remote?.target?.path ?? null;
      this.#tell(state, path, `${problem.title}: ${problem.detail}`);
    }
    this.#settleBase(triple);
  }

  /** Nothing is done about a base until something changes; files and assets without one are looked at with every plan. */
  #settleBase({ synced, local }: Triple): void {
    const key = synced?.key ?? local?.key;
    if (key !== undefined) this.#manifest.synced.settle(this.#mirror, key);
  }

  /** True when a person sees something new. */
  #show(item: string, triple: Triple, state: FileState, problem: Problem | null): boolean {
    const { local, remote, synced } = triple;
    return this.#manifest.entries.put(
      this.#mirror,
      {
        item,
        path: local?.path ?? synced?.path ?? remote?.target?.path ?? remote?.filename ?? '',
        state,
        size: local?.stamp.size ?? remote?.size ?? null,
        key: local?.key ?? null,
        assetId: remote?.assetId ?? null,
        problem,
      },
      this.#options.now,
    );
  }

  #tell(kind: Activity['kind'], path: string | null, message: string): void {
    this.#options.onActivity({ at: this.#options.now, kind, path, message });
  }
}
