import type { MirrorSettings, Settings } from '../contract.ts';
import type { Policy } from './decision.ts';

/** What a mirror does by itself: what it has been told, and what holds for all where it has been told nothing. */
export function policyOf(mirror: MirrorSettings, all: Settings): Policy {
  return {
    direction: mirror.direction,
    deletePolicy: mirror.deletePolicy,
    retentionMode: mirror.retentionMode ?? all.retentionMode,
    duplicates: mirror.duplicates,
  };
}
