import type { Activity, FileState, HoldReason, Problem } from '../contract.ts';
import type { Triple } from '../manifest/differences.ts';
import { assetItem, type EntryHold, fileItem } from '../manifest/entry-table.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isSameFile } from '../manifest/observations.ts';
import type { UnobservedReason } from '../observe/unobserved.ts';
import { unobservedProblem } from '../observe/unobserved-words.ts';
import { answeredDecision, type BoundAnswer, holdFingerprint } from './answers.ts';
import { assertNever } from './assert-never.ts';
import { Claims } from './claims.ts';
import { decide } from './decide.ts';
import type { Decision, LeaveReason } from './decision.ts';
import { GivenAnswers } from './given-answers.ts';
import type { DeletionGuard } from './guards.ts';
import {
  duplicateOf,
  holdProblem,
  leaveProblem,
  nameCollision,
  placeTaken,
  type SideReason,
  stateWhenLeft,
} from './hold-words.ts';
import { printable } from './names.ts';
import { agreedOf, bytesOf, fingerprintOf, type Operation } from './operation.ts';
import type { PlanOptions } from './plan.ts';
import { isUnseen } from './unseen.ts';
import { addOperation, countWork, kindOf, mostOperations, type Plan, type Work } from './work.ts';

/** Decides about one file and its asset after the other, and puts what is to be done about them into a plan. */
export class PlanWriter {
  readonly #plan: Plan;
  readonly #options: PlanOptions;
  readonly #manifest: Manifest;
  readonly #mirror: number;
  readonly #claims: Claims;
  readonly #answers: GivenAnswers;
  readonly #guard: DeletionGuard;
  /** Whether what is being decided about waits for its turn from now on. */
  #isQueued = false;

  constructor(options: PlanOptions, plan: Plan, guard: DeletionGuard) {
    this.#plan = plan;
    this.#options = options;
    this.#manifest = options.manifest;
    this.#mirror = options.mirror;
    this.#claims = new Claims(options.manifest, options.mirror, options.policy);
    this.#answers = new GivenAnswers(options.manifest, options.mirror, options.policy);
    this.#guard = guard;
  }

  decide(triple: Triple): void {
    this.#isQueued = false;
    this.#decide(triple);
    if (!this.#isQueued) this.#manifest.queued.unmark(this.#mirror, triple);
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
    const isObserved = this.#whyUnobserved(triple) === null;
    this.#carryOut(item, triple, decide(triple, this.#options.policy, isObserved));
  }

  /** An upload whose outcome is open belongs to its session: whatever is seen of it now is only half the truth. */
  #isOnItsWay({ local, remote, synced }: Triple): boolean {
    const filename = remote?.filename ?? synced?.filename ?? local?.remoteName ?? '';
    const key = synced?.key ?? local?.key ?? '';
    return this.#manifest.sessions.isOpen(this.#mirror, key, filename);
  }

  /** @param answer what a person has said, if the decision is theirs */
  #carryOut(item: string, triple: Triple, decision: Decision, answer?: BoundAnswer): void {
    switch (decision.kind) {
      case 'settled':
        this.#settle(item, triple);
        break;
      case 'bind':
        this.#bind(item, triple);
        break;
      case 'forget':
        if (triple.synced !== null) this.#manifest.synced.delete(this.#mirror, triple.synced.key);
        this.#manifest.entries.delete(this.#mirror, item);
        this.#answers.drop(item);
        break;
      case 'problem':
        this.#wait(item, triple, 'problem', triple.local?.problem ?? null);
        break;
      case 'leave':
        if (decision.reason === 'unobserved') this.#overlook(item, triple);
        else this.#leave(item, triple, decision.reason);
        break;
      case 'hold':
        this.#hold(item, triple, decision.reason);
        break;
      case 'trash-local':
        this.#trash(item, triple, answer);
        break;
      case 'delete-remote':
        this.#delete(item, triple, answer);
        break;
      case 'move-aside':
        if (triple.local === null) break;
        this.#begin(triple, this.#plan.change, { kind: 'move-aside', item, local: triple.local });
        break;
      case 'overwrite':
        this.#overwrite(item, triple, decision, answer);
        break;
      case 'upload':
        this.#upload(item, triple, answer);
        break;
      case 'download':
        this.#download(item, triple, answer);
        break;
      case 'compare':
        this.#compare(item, triple);
        break;
      default:
        assertNever(decision);
    }
  }

  #settle(item: string, triple: Triple): void {
    const { local, remote, synced } = triple;
    if (remote !== null && synced !== null && remote.filename !== synced.filename) {
      this.#manifest.synced.setFilename(this.#mirror, synced.key, remote.filename);
    }
    const isRespelled = local !== null && synced !== null && local.path !== synced.path;
    if (local !== null && synced !== null && (isRespelled || !isSameFile(local.stamp, synced.local))) {
      // Written anew with the same content, or spelled anew: it will be known by this inode and path from now on.
      const { inode, birthtimeNs } = local.stamp;
      this.#manifest.synced.move(this.#mirror, synced.key, {
        key: synced.key,
        path: local.path,
        inode,
        birthtimeNs,
      });
    }
    this.#answers.drop(item);
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
    this.#plan.bound += 1;
    if (synced === null) {
      this.#tell({
        kind: 'bound',
        path: local.path,
        message: 'The folder and the dataset have the same image.',
        told: { code: 'same-image' },
      });
    }
    this.#settle(item, triple);
  }

  #upload(item: string, triple: Triple, answer?: BoundAnswer): void {
    const { local, synced } = triple;
    if (local === null) return;
    let filename = synced?.filename ?? local.remoteName;
    if (synced === null && answer?.kind !== 'keep-mine') {
      const original = this.#claims.original(local.content?.sha256 ?? '', local.key);
      if (original !== null && answer === undefined) {
        this.#ask(item, triple, 'duplicate', 'local-only', duplicateOf(local.path, original));
        return;
      }
      const owner = this.#claims.nameOwner(local);
      if (owner !== null) {
        const proposed = this.#claims.freeAssetName(local);
        if (answer === undefined) {
          const problem = nameCollision(local.path, filename, owner, proposed);
          this.#ask(item, triple, 'name-collision', 'held', problem);
          return;
        }
        filename = proposed;
      }
    } else if (synced !== null && this.#claims.isAnothers(synced)) {
      filename = this.#claims.freeAssetName(local);
    }
    this.#begin(triple, this.#plan.upload, {
      kind: 'upload',
      item,
      local,
      filename,
      replaces: null,
      annotations: 'none',
      agreedAnnotations: null,
    });
  }

  #overwrite(
    item: string,
    triple: Triple,
    { annotations }: Extract<Decision, { kind: 'overwrite' }>,
    answer?: BoundAnswer,
  ): void {
    const { local, remote } = triple;
    if (local === null || remote === null) return;
    this.#begin(triple, this.#plan.upload, {
      kind: 'upload',
      item,
      local,
      filename: remote.filename,
      replaces: remote,
      annotations,
      agreedAnnotations: answer === undefined ? null : agreedOf(remote),
    });
  }

  #download(item: string, triple: Triple, answer?: BoundAnswer): void {
    const { local, remote, synced } = triple;
    if (remote === null) return;
    const place = local ?? (synced === null ? remote.target : this.#claims.placeOf(synced));
    if (place === null) {
      this.#wait(item, triple, 'problem', remote.nameProblem);
      return;
    }
    let target = { path: place.path, key: place.key };
    if (local === null && this.#claims.isPlaceTaken(remote, place.key)) {
      const free = this.#claims.freePlace(remote, place.path);
      if (answer === undefined) {
        const problem = placeTaken(remote.filename, place.path, free.path);
        this.#ask(item, triple, 'place-taken', 'held', problem);
        return;
      }
      target = free;
      this.#claims.givePlace(free.key);
    }
    this.#begin(triple, this.#plan.download, {
      kind: 'download',
      item,
      remote,
      target,
      replaces: local,
      synced,
    });
  }

  #trash(item: string, triple: Triple, answer?: BoundAnswer): void {
    const { local, synced } = triple;
    if (local === null) return;
    if (answer === undefined && isUnseen(synced)) {
      this.#hold(item, triple, 'deleted-there');
      return;
    }
    if (answer === undefined && this.#isGuarded(item, 'many-deleted-there', this.#guard.isManyThere)) {
      this.#hold(item, triple, 'many-deleted-there');
      return;
    }
    const reason = answer === undefined ? 'deleted-there' : 'answered';
    this.#begin(triple, this.#plan.change, { kind: 'trash-local', item, local, synced, reason });
  }

  #delete(item: string, triple: Triple, answer?: BoundAnswer): void {
    const { remote, synced } = triple;
    if (remote === null) return;
    if (answer === undefined && this.#isGuarded(item, 'many-deleted-here', this.#guard.isManyHere)) {
      this.#hold(item, triple, 'many-deleted-here');
      return;
    }
    const agreedAnnotations = answer === undefined ? 0 : agreedOf(remote);
    this.#begin(triple, this.#plan.change, {
      kind: 'delete-remote',
      item,
      remote,
      synced,
      agreedAnnotations,
    });
  }

  /** What was once one of many deletions stays so when it is looked at again alone. */
  #isGuarded(item: string, reason: HoldReason, isMany: boolean): boolean {
    return isMany || this.#manifest.entries.holdOf(this.#mirror, item)?.reason === reason;
  }

  #compare(item: string, triple: Triple): void {
    const { local, remote } = triple;
    if (local === null || remote === null) return;
    this.#begin(triple, this.#plan.compare, { kind: 'compare', item, local, remote });
  }

  /** Adds an operation to the plan, unless it has failed and its time has not come again. */
  #begin<O extends Operation>(triple: Triple, work: Work<O>, operation: O): void {
    const { now, isUrgent: isUrgentPath, planSize = mostOperations } = this.#options;
    const failure = this.#manifest.failures.get(this.#mirror, operation.item, fingerprintOf(operation));
    if (failure !== null && (failure.nextAt === null || failure.nextAt > now)) {
      this.#show(operation.item, triple, 'problem', failure.problem);
      return;
    }
    this.#show(operation.item, triple, 'waiting', null);
    const path = triple.local?.path;
    const isUrgent = path !== undefined && isUrgentPath(path);
    addOperation(work, operation, { isUrgent, most: planSize });
    const kind = kindOf(operation);
    // What somebody waits for is looked at with every plan.
    this.#isQueued = !isUrgent && this.#manifest.queued.mark(this.#mirror, triple, kind);
    // All that is marked is counted in the end.
    if (!this.#isQueued) countWork(this.#plan, { kind, files: 1, bytes: bytesOf(operation) });
  }

  #hold(item: string, triple: Triple, reason: SideReason): void {
    this.#ask(item, triple, reason, 'held', holdProblem(reason, triple));
  }

  #whyUnobserved({ local, remote, synced }: Triple): UnobservedReason | null {
    const path = local?.path ?? synced?.path ?? remote?.target?.path ?? null;
    return path === null ? null : this.#options.whyUnobserved(path);
  }

  /** What is left out on purpose is nobody's problem; what can't be looked at is. */
  #overlook(item: string, triple: Triple): void {
    const reason = this.#whyUnobserved(triple);
    // In a moment it will be known: then it is decided about.
    if (reason === null || (reason.kind === 'hidden' && reason.why.kind === 'rules-not-yet')) return;
    const path = triple.local?.path ?? triple.synced?.path ?? triple.remote?.target?.path ?? '';
    const state = reason.kind === 'hidden' ? 'problem' : 'ignored';
    this.#show(item, triple, state, unobservedProblem(printable(path), reason));
    this.#settleBase(triple);
  }

  /** Leaves both sides as they are; where a person may decide otherwise, they can. */
  #leave(item: string, triple: Triple, reason: Exclude<LeaveReason, 'unobserved'>): void {
    const problem = leaveProblem(reason, triple);
    const state = stateWhenLeft(triple);
    if (reason === 'deleted-here' || reason === 'deleted-there')
      this.#ask(item, triple, reason, state, problem);
    else this.#wait(item, triple, state, problem);
  }

  /** Does what a person has answered; without a valid answer shows the question. */
  #ask(item: string, triple: Triple, reason: HoldReason, state: FileState, problem: Problem): void {
    const fingerprint = holdFingerprint(triple);
    const hold = { reason, fingerprint };
    const answer = this.#answers.of(item, triple, hold);
    if (answer?.kind === 'skip') {
      this.#wait(item, triple, stateWhenLeft(triple), leaveProblem('skipped', triple), hold);
    } else if (answer !== null) {
      this.#carryOut(item, triple, answeredDecision(answer, triple), answer);
    } else {
      this.#wait(item, triple, state, problem, hold);
    }
  }

  /** Nothing is done for now; a person is told why. */
  #wait(
    item: string,
    triple: Triple,
    state: FileState,
    problem: Problem | null,
    hold: EntryHold | null = null,
  ): void {
    const isNew = this.#show(item, triple, state, problem, hold);
    if (isNew && problem !== null && (state === 'held' || state === 'problem')) {
      const path = triple.local?.path ?? triple.synced?.path ?? triple.remote?.target?.path ?? null;
      const { code, facts } = problem;
      this.#tell({
        kind: state,
        path,
        message: `${problem.title}: ${problem.detail}`,
        told: { code, facts },
      });
    }
    this.#settleBase(triple);
  }

  /** Nothing is done about a base until something changes; files and assets without one are looked at with every plan. */
  #settleBase({ synced, local }: Triple): void {
    const key = synced?.key ?? local?.key;
    if (key !== undefined) this.#manifest.synced.settle(this.#mirror, key);
  }

  /** True when a person sees something new. */
  #show(
    item: string,
    triple: Triple,
    state: FileState,
    problem: Problem | null,
    hold: EntryHold | null = null,
  ): boolean {
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
        hold,
      },
      this.#options.now,
    );
  }

  #tell(what: Pick<Activity, 'kind' | 'path' | 'message' | 'told'>): void {
    this.#options.onActivity({ at: this.#options.now, ...what });
  }
}
