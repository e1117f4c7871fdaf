import type { HoldReason } from '../contract.ts';

/**
 * The reasons for which something waits, as words of the command line. Written out here, because the contract would load zod for the sake
 * of a help text; the type makes sure that none is missing or wrong.
 */
const reasons = {
  'both-added': true,
  'both-changed': true,
  'deleted-here-changed-there': true,
  'changed-here-deleted-there': true,
  'overwrites-annotations': true,
  'deleted-here': true,
  'deleted-there': true,
  'many-deleted-here': true,
  'many-deleted-there': true,
  'name-collision': true,
  'place-taken': true,
  duplicate: true,
} as const satisfies Record<HoldReason, true>;

export const reasonWords = Object.keys(reasons) as HoldReason[];
