import { describe, expect, test } from 'vitest';
import { type Direction, directionSchema } from '../../app/contract.ts';
import { decide, decideSituation } from '../../app/plan/decide.ts';
import { type Decision, defaultPolicy, type Policy } from '../../app/plan/decision.ts';
import {
  decisionTableMarkdown,
  decisionText,
  everyPolicy,
  everySituation,
} from '../../app/plan/decision-table.ts';
import type { LocalSide, RemoteSide, Situation } from '../../app/plan/situation.ts';
import { baseOf, localFile, remoteFile, sha256Of } from '../manifest/temp-manifest.ts';

const titles: Record<Direction, string> = {
  'two-way': 'Two-way mirrors',
  push: 'Push mirrors',
  pull: 'Pull mirrors',
};

type Row = readonly [local: LocalSide, remote: RemoteSide, base: boolean, expected: string | Rule];
/** Where a decision depends on more than the sides. */
type Rule = (situation: Situation, policy: Policy) => string;

const byContents =
  (conflict: string): Rule =>
  ({ contents }) =>
    ({ same: 'bind', unknown: 'compare', different: `hold: ${conflict}` })[contents];
const overwrite: Rule = ({ contents, annotated }, { retentionMode }) => {
  if (contents === 'same') return 'bind';
  if (!annotated) return 'overwrite';
  return retentionMode === 'ask' ? 'hold: overwrites-annotations' : `overwrite, ${retentionMode}`;
};
const deletedHere: Rule = ({ annotated }, { deletePolicy }) => {
  if (deletePolicy === 'keep') return 'leave: deleted-here';
  return deletePolicy === 'propagate' && !annotated ? 'delete-remote' : 'hold: deleted-here';
};
const bindIfSame =
  (otherwise: string): Rule =>
  ({ contents }) =>
    contents === 'same' ? 'bind' : otherwise;

/** The table of the design, written down a second time, by hand. */
const twoWay: readonly Row[] = [
  ['absent', 'new', false, 'download'],
  ['new', 'absent', false, 'upload'],
  ['new', 'new', false, byContents('both-added')],
  ['broken', 'absent', false, 'problem'],
  ['broken', 'new', false, byContents('both-added')],
  ['unreadable', 'absent', false, 'problem'],
  ['unreadable', 'new', false, 'problem'],
  ['unobserved', 'absent', false, 'leave: unobserved'],
  ['unobserved', 'new', false, 'leave: unobserved'],
  ['absent', 'absent', true, 'forget'],
  ['absent', 'unchanged', true, deletedHere],
  ['absent', 'changed', true, 'hold: deleted-here-changed-there'],
  ['unchanged', 'absent', true, 'trash-local'],
  ['unchanged', 'unchanged', true, 'settled'],
  ['unchanged', 'changed', true, bindIfSame('download, the old version to the trash')],
  ['changed', 'absent', true, 'hold: changed-here-deleted-there'],
  ['changed', 'unchanged', true, overwrite],
  ['changed', 'changed', true, byContents('both-changed')],
  ['broken', 'absent', true, 'hold: changed-here-deleted-there'],
  ['broken', 'unchanged', true, bindIfSame('problem')],
  ['broken', 'changed', true, byContents('both-changed')],
  ['unreadable', 'absent', true, 'problem'],
  ['unreadable', 'unchanged', true, 'problem'],
  ['unreadable', 'changed', true, 'problem'],
  ['unobserved', 'absent', true, 'leave: unobserved'],
  ['unobserved', 'unchanged', true, 'leave: unobserved'],
  ['unobserved', 'changed', true, 'leave: unobserved'],
];

/** What is otherwise in a push mirror: nothing is written to the disk. */
const push: readonly Row[] = [
  ['absent', 'new', false, 'leave: added-there'],
  ['unchanged', 'absent', true, 'hold: deleted-there'],
  ['unchanged', 'changed', true, bindIfSame('leave: changed-there')],
];

/** What is otherwise in a pull mirror: nothing is written to the service. */
const pull: readonly Row[] = [
  ['new', 'absent', false, 'leave: added-here'],
  ['absent', 'unchanged', true, 'leave: deleted-here'],
  ['changed', 'absent', true, 'leave: deleted-there'],
  ['changed', 'unchanged', true, bindIfSame('leave: changed-here')],
  ['broken', 'absent', true, 'leave: deleted-there'],
];

const tables: Record<Direction, readonly Row[]> = {
  'two-way': twoWay,
  push: changedRows(push),
  pull: changedRows(pull),
};

function changedRows(changes: readonly Row[]): Row[] {
  return twoWay.map((row) => changes.find((change) => placeOf(change) === placeOf(row)) ?? row);
}

function placeOf([local, remote, base]: Row): string {
  return `${local} ${remote} ${base}`;
}

const rows = directionSchema.options.flatMap((direction) =>
  tables[direction].map(([local, remote, base, expected]) => ({ direction, local, remote, base, expected })),
);

describe('the decision table', () => {
  test('has a row for every situation, and no other', () => {
    const places = new Set(everySituation().map(({ local, remote, base }) => `${local} ${remote} ${base}`));
    expect(new Set(twoWay.map(placeOf))).toEqual(places);
    for (const changes of [push, pull]) {
      for (const change of changes) expect(places).toContain(placeOf(change));
    }
  });

  test.for(rows)(
    '$direction: local $local, remote $remote, base $base',
    ({ direction, local, remote, base, expected }) => {
      const situations = everySituation().filter(
        (each) => each.local === local && each.remote === remote && each.base === base,
      );
      expect(situations.length).toBeGreaterThan(0);
      for (const situation of situations) {
        for (const policy of everyPolicy(direction)) {
          const text = typeof expected === 'string' ? expected : expected(situation, policy);
          expect(
            decisionText(decideSituation(situation, policy)),
            JSON.stringify({ situation, policy }),
          ).toBe(text);
        }
      }
    },
  );

  test('docs/decisions.md shows it as it is', async () => {
    const page = [
      '# Decisions',
      'What a mirror does about one file and its asset. `base` is what both were when they were last equal; `unchanged` and `changed` compare with it. `broken` is a file that can’t be uploaded as it is, `unreadable` one whose content nobody could read, `unobserved` one whose place is not looked at: left out by a rule, behind a link, on a disk that is not connected, in a folder that can’t be read. `contents` says whether file and asset have the same content, as far as that can be told. The table is made by asking `decide` (`app/plan/decide.ts`) about every situation; `npx vitest -u test/plan/decide.test.ts` writes it anew.',
      '`hold` waits for a person; `leave` leaves both sides as they are and shows it. A push mirror never writes to the disk, a pull mirror never to the service.',
      ...directionSchema.options.flatMap((direction) => [
        `## ${titles[direction]}`,
        decisionTableMarkdown(direction),
      ]),
      '## Then',
      'Before an upload or download is begun, names are checked: a file whose name another asset has is held (`name-collision`), one with the content of another file is left alone (`duplicate`), and an asset whose place is another file’s is held (`place-taken`). Over 20 deletions that are over 10 % of all, within an hour, are held, and so is the deletion of all that was in sync from 6 on: `many-deleted-here` or `many-deleted-there`.',
      'A person’s answer to a hold is bound to the content of the file, the version of the asset and the number of its annotations; when one of them changes, it is void. `keep-mine` makes the folder’s side the dataset’s, `keep-theirs` the dataset’s the folder’s, `keep-both` gives one of them another name, `skip` leaves all as it is.',
      '',
    ].join('\n\n');
    await expect(page).toMatchFileSnapshot('../../docs/decisions.md');
  });
});

describe('the situation is read off the trees', () => {
  const file = localFile('a.png', 'one');
  const asset = remoteFile('a.png', 'one');
  const base = baseOf(file, asset);
  const changedFile = localFile('a.png', 'two');
  const decided = (
    local: typeof file | null,
    remote: typeof asset | null,
    synced: typeof base | null,
  ): Decision => decide({ local, remote, synced }, defaultPolicy);

  test('a touch is no change, and neither is an asset that was only written anew', () => {
    const touched = { ...file, stamp: { ...file.stamp, mtimeNs: 99n, inode: 77n } };
    expect(decided(touched, { ...asset, contentsLastUpdated: 5000, etag: 'x' }, base).kind).toBe('settled');
  });

  test('another size, hash or, without one, time is a change', () => {
    expect(decided(file, { ...asset, size: 101, sha256: null }, base).kind).toBe('download');
    const other = { algorithm: 'sha256', contents: sha256Of('two') };
    expect(decided(file, { ...asset, hash: other, sha256: other.contents }, base).kind).toBe('download');
    const bare = { ...asset, hash: null, sha256: null };
    expect(decided(file, { ...bare, contentsLastUpdated: 5000 }, baseOf(file, bare)).kind).toBe('download');
    expect(decided(file, bare, baseOf(file, bare)).kind).toBe('settled');
  });

  test('a checksum of 32 bits proves a difference, never an identity', () => {
    const crc = (contents: string) => ({
      ...asset,
      hash: { algorithm: 'crc32c', contents },
      sha256: null,
    });
    expect(decided(file, crc('00000007'), null).kind).toBe('compare');
    expect(decided(file, crc('00000008'), null)).toEqual({ kind: 'hold', reason: 'both-added' });
    expect(
      decided(file, { ...crc('00000007'), contentsLastUpdated: 5000 }, baseOf(file, crc('00000007'))).kind,
    ).toBe('download');
  });

  test('a hash that can’t be computed tells versions apart, and nothing else', () => {
    const odd = { ...asset, hash: { algorithm: 'blake3', contents: 'b'.repeat(64) }, sha256: null };
    expect(decided(file, odd, null).kind).toBe('compare');
    expect(decided(file, { ...odd, contentsLastUpdated: 9 }, baseOf(file, odd)).kind).toBe('settled');
  });

  test('annotations that the service does not count are not none', () => {
    expect(decided(changedFile, { ...asset, annotations: null }, base)).toEqual({
      kind: 'hold',
      reason: 'overwrites-annotations',
    });
    expect(decided(changedFile, asset, base)).toEqual({ kind: 'overwrite', annotations: 'none' });
  });

  test('a broken image that the dataset has as well is no problem', () => {
    const problem = { code: 'truncated', title: '', detail: '', suggestion: '' };
    expect(decided({ ...file, problem }, asset, base).kind).toBe('settled');
    expect(decided({ ...changedFile, problem }, asset, base).kind).toBe('problem');
    expect(decided({ ...file, content: null, problem }, asset, base).kind).toBe('problem');
  });
});
