import type { Activity } from '../../app/contract.ts';

/** Kinds that come in crowds, and are told as one when they do. */
const crowding = ['uploaded', 'downloaded', 'bound', 'removed'] as const;
export type CrowdingKind = (typeof crowding)[number];

/** One line of the list: an activity, or many of one kind that followed each other. */
export type ActivityLine =
  | { readonly form: 'single'; readonly activity: Activity }
  | {
      readonly form: 'crowd';
      readonly kind: CrowdingKind;
      /** The newest first. At least three. */
      readonly activities: readonly [Activity, Activity, Activity, ...Activity[]];
    };

/** Longest pause between two activities of a crowd, in milliseconds. */
const longestPauseMs = 10_000;

/** Merges what happened to many files at once, so that a hundred uploads do not push a problem out of sight. `activities`: the newest first. */
export function activityLines(activities: readonly Activity[]): readonly ActivityLine[] {
  const lines: ActivityLine[] = [];
  let start = 0;
  while (start < activities.length) {
    let end = start + 1;
    while (end < activities.length && belongTogether(activities[end - 1], activities[end])) end += 1;
    const run = activities.slice(start, end);
    const [first, second, third, ...rest] = run;
    if (first !== undefined && second !== undefined && third !== undefined && isCrowding(first.kind)) {
      lines.push({ form: 'crowd', kind: first.kind, activities: [first, second, third, ...rest] });
    } else lines.push(...run.map((activity): ActivityLine => ({ form: 'single', activity })));
    start = end;
  }
  return lines;
}

function belongTogether(newer: Activity | undefined, older: Activity | undefined): boolean {
  return (
    newer !== undefined &&
    older !== undefined &&
    isCrowding(newer.kind) &&
    newer.kind === older.kind &&
    newer.mirrorId === older.mirrorId &&
    newer.at - older.at <= longestPauseMs
  );
}

function isCrowding(kind: Activity['kind']): kind is CrowdingKind {
  return crowding.some((name) => name === kind);
}
