import { describe, expect, it } from 'vitest';
import type { Activity } from '../../app/contract.ts';
import { activityLines } from '../../renderer/activity/activity-groups.ts';

let nextId = 1000;
const activity = (kind: Activity['kind'], at: number, mirrorId = 'm'): Activity => ({
  id: nextId--,
  at,
  mirrorId,
  kind,
  path: `${at}.jpg`,
  message: `${kind} ${at}.jpg`,
});
/** Lines as `3×uploaded` or `problem`. */
const told = (activities: readonly Activity[]): string[] =>
  activityLines(activities).map((line) =>
    line.form === 'crowd' ? `${line.activities.length}×${line.kind}` : line.activity.kind,
  );

describe('lines of the activity', () => {
  it.each<[string, Activity[], string[]]>([
    ['nothing', [], []],
    ['two of a kind', [activity('uploaded', 9), activity('uploaded', 8)], ['uploaded', 'uploaded']],
    [
      'three of a kind',
      [activity('uploaded', 9), activity('uploaded', 8), activity('uploaded', 7)],
      ['3×uploaded'],
    ],
    [
      'a problem between them',
      [
        ...[9, 8, 7].map((at) => activity('uploaded', at)),
        activity('problem', 6),
        ...[5, 4, 3, 2].map((at) => activity('uploaded', at)),
      ],
      ['3×uploaded', 'problem', '4×uploaded'],
    ],
    [
      'two kinds',
      [
        ...[9, 8, 7].map((at) => activity('downloaded', at)),
        ...[6, 5, 4].map((at) => activity('uploaded', at)),
      ],
      ['3×downloaded', '3×uploaded'],
    ],
    [
      'problems, which are never merged',
      [9, 8, 7, 6].map((at) => activity('problem', at)),
      Array(4).fill('problem'),
    ],
    [
      'a long pause',
      [90_000, 89_000, 88_000, 77_999, 77_000, 76_000].map((at) => activity('uploaded', at)),
      ['3×uploaded', '3×uploaded'],
    ],
    [
      'two mirrors',
      [9, 8, 7, 6].map((at) => activity('uploaded', at, at > 7 ? 'a' : 'b')),
      Array(4).fill('uploaded'),
    ],
  ])('of %s', (_name, activities, lines) => {
    expect(told(activities)).toEqual(lines);
    const kept = activityLines(activities).flatMap((line) =>
      line.form === 'crowd' ? line.activities : [line.activity],
    );
    expect(kept).toEqual(activities);
  });
});
