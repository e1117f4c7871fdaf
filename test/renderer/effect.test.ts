import { describe, expect, it } from 'vitest';
import type { Answer, Hold } from '../../app/contract.ts';
import {
  answersOf,
  type Effect,
  effectOf,
  losesAnnotations,
  mayMisplaceAnnotations,
} from '../../renderer/views/waiting/effect.ts';
import { hold } from '../host/app-double.ts';

const both = hold('both-changed', 'a.jpg');
const gone = { here: { ...both, local: null }, there: { ...both, remote: null } };

describe('what an answer does', () => {
  it.each<[string, Pick<Hold, 'local' | 'remote'>, Answer, Effect]>([
    ['overwrites', both, { kind: 'keep-mine' }, 'overwrite-asset'],
    [
      'keeps annotations',
      both,
      { kind: 'keep-mine', annotations: 'KeepLinkedResource' },
      'overwrite-keeping-annotations',
    ],
    [
      'removes annotations',
      both,
      { kind: 'keep-mine', annotations: 'RemoveLinkedResource' },
      'overwrite-removing-annotations',
    ],
    ['deletes the asset', gone.here, { kind: 'keep-mine' }, 'delete-asset'],
    ['uploads', gone.there, { kind: 'keep-mine' }, 'upload'],
    ['replaces the file', both, { kind: 'keep-theirs' }, 'replace-file'],
    ['downloads', gone.here, { kind: 'keep-theirs' }, 'download'],
    ['trashes the file', gone.there, { kind: 'keep-theirs' }, 'trash-file'],
    ['keeps both', both, { kind: 'keep-both' }, 'keep-both'],
    ['uploads renamed', gone.there, { kind: 'keep-both' }, 'upload-renamed'],
    ['downloads renamed', gone.here, { kind: 'keep-both' }, 'download-renamed'],
    ['does nothing', both, { kind: 'skip' }, 'skip'],
  ])('%s', (_, sides, answer, effect) => {
    expect(effectOf(sides, answer)).toBe(effect);
  });

  it('asks about annotations wherever some are, or may be, lost', () => {
    expect(losesAnnotations('delete-asset', 3)).toBe(true);
    expect(losesAnnotations('delete-asset', null)).toBe(true);
    expect(losesAnnotations('overwrite-removing-annotations', 1)).toBe(true);
    expect(losesAnnotations('delete-asset', 0)).toBe(false);
    expect(losesAnnotations('overwrite-keeping-annotations', 9)).toBe(false);
  });

  it('offers both ways of treating annotations where one must be chosen', () => {
    expect(answersOf({ answers: ['keep-mine', 'skip'], needsRetention: true })).toEqual([
      { kind: 'keep-mine', annotations: 'KeepLinkedResource' },
      { kind: 'keep-mine', annotations: 'RemoveLinkedResource' },
      { kind: 'skip' },
    ]);
    expect(answersOf({ answers: ['keep-mine', 'skip'], needsRetention: false })).toEqual([
      { kind: 'keep-mine' },
      { kind: 'skip' },
    ]);
  });

  it('warns where annotations stay on an image of other pixels', () => {
    const other = both.remote === null ? null : { ...both.remote, width: 10 };
    expect(mayMisplaceAnnotations({ ...both, remote: other }, 'overwrite-keeping-annotations')).toBe(true);
    expect(mayMisplaceAnnotations(both, 'overwrite-keeping-annotations')).toBe(false);
    expect(mayMisplaceAnnotations({ ...both, remote: other }, 'replace-file')).toBe(false);
  });
});
