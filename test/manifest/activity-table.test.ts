import { expect, test } from 'vitest';
import type { Problem } from '../../app/contract.ts';
import { localFile, memoryManifest } from './temp-manifest.ts';

const happened = { at: 1, kind: 'uploaded', path: 'a.jpg', message: 'Uploaded “a.jpg”.' } as const;

test('what an activity tells is kept with its facts; what older versions have stored has none', () => {
  const { manifest, mirror } = memoryManifest();
  const told = { code: 'uploaded', facts: { name: 'a.jpg', count: 3 } };
  manifest.activity.add(mirror.id, happened);
  manifest.activity.add(mirror.id, { ...happened, told });
  manifest.activity.add(mirror.id, { ...happened, told: { code: 'in-sync' } });
  expect(manifest.activity.newest(3).map((activity) => activity.told)).toEqual([
    { code: 'in-sync' },
    told,
    undefined,
  ]);
});

test('a problem is kept with its facts, and without', () => {
  const { manifest, mirror } = memoryManifest();
  const old: Problem = { code: 'link', title: 't', detail: 'd', suggestion: 's' };
  for (const problem of [old, { ...old, facts: { path: 'a.jpg', line: 3 } }]) {
    const file = localFile('a.jpg', 'one', { problem });
    manifest.local.put(mirror.id, file, 1);
    expect(manifest.local.get(mirror.id, file.key)?.problem).toEqual(problem);
  }
});
