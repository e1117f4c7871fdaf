import type { Triple } from '../manifest/differences.ts';
import { assertNever } from './assert-never.ts';
import type { Decision, LeaveReason, Policy } from './decision.ts';
import type { SideReason } from './hold-words.ts';
import { type Situation, situationOf } from './situation.ts';

/**
 * What is to be done about one file and its asset. Pure: the same three observations and policy give the same decision.
 *
 * @param isObserved whether scans look at the place of the file
 */
export function decide(triple: Triple, policy: Policy, isObserved = true): Decision {
  return decideSituation(situationOf(triple, isObserved), policy);
}

/** The decision table; `docs/decisions.md` shows it whole. */
export function decideSituation(situation: Situation, policy: Policy): Decision {
  // Nothing is done to a file whose content nobody knows, and nothing because of it.
  if (situation.local === 'unreadable') return { kind: 'problem' };
  // That it is not known does not mean that it is gone.
  if (situation.local === 'unobserved') return leave('unobserved');
  const decision = situation.base ? decideWithBase(situation, policy) : decideWithoutBase(situation);
  return withinDirection(decision, situation, policy);
}

function decideWithoutBase({ local, remote, contents }: Situation): Decision {
  if (local === 'absent')
    return remote === 'absent' ? { kind: 'forget' } : { kind: 'download', replace: false };
  if (remote === 'absent') return local === 'broken' ? { kind: 'problem' } : { kind: 'upload' };
  return reconcile(contents, 'both-added');
}

function decideWithBase(situation: Situation, policy: Policy): Decision {
  const { local, remote, contents } = situation;
  switch (local) {
    case 'absent':
      if (remote === 'absent') return { kind: 'forget' };
      return remote === 'unchanged' ? deletedHere(situation, policy) : hold('deleted-here-changed-there');
    case 'unchanged':
      if (remote === 'absent') return { kind: 'trash-local' };
      if (remote === 'unchanged') return { kind: 'settled' };
      return contents === 'same' ? { kind: 'bind' } : { kind: 'download', replace: true };
    default:
      if (remote === 'absent') return hold('changed-here-deleted-there');
      if (remote === 'changed') return reconcile(contents, 'both-changed');
      if (contents === 'same') return { kind: 'bind' };
      return local === 'broken' ? { kind: 'problem' } : overwrite(situation, policy);
  }
}

/** Both sides have something that the other does not know: no harm if it is the same. */
function reconcile(contents: Situation['contents'], conflict: SideReason): Decision {
  if (contents === 'same') return { kind: 'bind' };
  return contents === 'unknown' ? { kind: 'compare' } : hold(conflict);
}

function overwrite({ annotated }: Situation, { retentionMode }: Policy): Decision {
  if (!annotated) return { kind: 'overwrite', annotations: 'none' };
  return retentionMode === 'ask'
    ? hold('overwrites-annotations')
    : { kind: 'overwrite', annotations: retentionMode };
}

function deletedHere({ annotated }: Situation, { deletePolicy }: Policy): Decision {
  switch (deletePolicy) {
    case 'keep':
      return leave('deleted-here');
    case 'ask':
      return hold('deleted-here');
    case 'propagate':
      return annotated ? hold('deleted-here') : { kind: 'delete-remote' };
    default:
      return assertNever(deletePolicy);
  }
}

/** A push mirror never writes to the disk, a pull mirror never to the service: what it would do there is shown instead. */
function withinDirection(decision: Decision, situation: Situation, { direction }: Policy): Decision {
  switch (direction) {
    case 'two-way':
      return decision;
    case 'push':
      return withoutLocalWrites(decision, situation);
    case 'pull':
      return withoutRemoteWrites(decision);
    default:
      return assertNever(direction);
  }
}

function withoutLocalWrites(decision: Decision, { base }: Situation): Decision {
  if (decision.kind === 'download') {
    if (decision.replace) return leave('changed-there');
    return leave(base ? 'deleted-here' : 'added-there');
  }
  // The folder is what counts, but what somebody has deleted in the dataset is not uploaded again behind their back.
  return decision.kind === 'trash-local' ? hold('deleted-there') : decision;
}

function withoutRemoteWrites(decision: Decision): Decision {
  switch (decision.kind) {
    case 'upload':
      return leave('added-here');
    case 'overwrite':
      return leave('changed-here');
    case 'delete-remote':
      return leave('deleted-here');
    case 'hold':
      if (decision.reason === 'overwrites-annotations') return leave('changed-here');
      if (decision.reason === 'changed-here-deleted-there') return leave('deleted-there');
      if (decision.reason === 'deleted-here') return leave('deleted-here');
      return decision;
    default:
      return decision;
  }
}

function hold(reason: SideReason): Decision {
  return { kind: 'hold', reason };
}

function leave(reason: LeaveReason): Decision {
  return { kind: 'leave', reason };
}
