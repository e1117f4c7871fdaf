import { policyOf } from '../plan/policy.ts';
import type { EngineParts, Handlers } from './call-handlers.ts';
import { answerAllHolds, answerHold, freshHold, type HoldsContext, holdCounts, holdPage } from './holds.ts';

type HoldCalls = Handlers<'holdCounts' | 'holds' | 'hold' | 'answer' | 'answerAll'>;

/** Calls about what waits for a person. */
export function holdCalls({ manifest, environment, mirrors }: EngineParts): HoldCalls {
  const holdsOf = (mirrorId: string): HoldsContext => {
    const mirror = mirrors.record(mirrorId);
    const { settings } = manifest;
    return {
      manifest,
      mirror,
      policy: policyOf(settings.ofMirror(mirrorId), settings.get()),
      now: environment.clock.now(),
      planAgain: () => mirrors.planAgain(mirrorId),
    };
  };
  return {
    holdCounts: ({ mirrorId }) => ({ counts: holdCounts(manifest, mirrors.records(mirrorId)) }),
    holds: ({ mirrorId, reason, path, ...query }) =>
      holdPage(holdsOf(mirrorId), { ...query, reason: reason ?? null, path: path ?? null }),
    hold({ mirrorId, item }) {
      const { remote, signal } = mirrors.link(mirrorId);
      return freshHold(holdsOf(mirrorId), remote, item, signal);
    },
    async answer({ mirrorId, ...given }) {
      const { remote, signal } = mirrors.link(mirrorId);
      await answerHold(holdsOf(mirrorId), remote, given, signal);
      return {};
    },
    answerAll: ({ mirrorId, reason, answer, expected }) =>
      answerAllHolds(holdsOf(mirrorId), reason, answer, expected),
  };
}
