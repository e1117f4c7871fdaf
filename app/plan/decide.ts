import type { Triple } from '../manifest/differences.ts';
import type { Decision, HoldReason, Policy } from './decision.ts';
import { type Situation, situationOf } from './situation.ts';

/** What is to be done about one file and its asset. Pure: the same three observations and policy give the same decision. */
export function decide(triple: Triple, policy: Policy): Decision {
  return decideSituation(situationOf(triple), policy);
}

/** The decision table; `docs/decisions.md` shows it whole. */
export function decideSituation(situation: Situation, policy: Policy): Decision {
  // Nothing is done to a file whose content nobody knows, and nothing because of it.
  if (situation.local === 'unreadable') return { kind: 'problem' };
  return situation.base ? decideWithBase(situation, policy) : decideWithoutBase(situation);
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
function reconcile(contents: Situation['contents'], conflict: HoldReason): Decision {
  if (contents === 'same') return { kind: 'bind' };
  return contents === 'unknown' ? { kind: 'compare' } : hold(conflict);
}

function overwrite({ annotated }: Situation, { retention }: Policy): Decision {
  if (!annotated) return { kind: 'overwrite', annotations: 'none' };
  return retention === 'ask' ? hold('overwrites-annotations') : { kind: 'overwrite', annotations: retention };
}

function deletedHere({ annotated }: Situation, { deletions }: Policy): Decision {
  switch (deletions) {
    case 'keep':
      return { kind: 'keep' };
    case 'ask':
      return hold('deleted-here');
    case 'propagate':
      return annotated ? hold('deleted-here') : { kind: 'delete-remote' };
  }
}

function hold(reason: HoldReason): Decision {
  return { kind: 'hold', reason };
}
