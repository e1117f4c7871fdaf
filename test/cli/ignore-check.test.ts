import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { datasetId, pictures, startMirrorWorld } from './mirror-world.ts';

vi.setConfig({ testTimeout: 60_000 });

test('`ignore check` names the rule that decides, its file and its line', async () => {
  const world = await startMirrorWorld();
  onTestFinished(() => world.end());
  for (const [name, content] of Object.entries(pictures('a.png', 'raw/b.png', 'raw/keep.png', '.c.png'))) {
    await world.write(name, content);
  }
  await world.write('.visyncignore', Buffer.from('# drafts\nraw/*\n!raw/keep.png\n'));
  await world.write('broken/.visyncignore', Buffer.from([0xff]));
  await world.json(['mirror', 'add', world.photos, datasetId, '--yes']);
  const at = (name: string) => path.join(world.photos, name);
  const names = ['a.png', 'raw/b.png', 'raw/keep.png', '.c.png', 'notes.txt', 'raw', 'broken/d.png'];
  const asked = [...names.map(at), path.dirname(world.photos)];
  const { document } = await world.json<{ items: Record<string, unknown>[] }>(['ignore', 'check', ...asked]);
  expect(document.items).toEqual([
    { path: at('a.png'), verdict: 'mirrored', detail: 'mirrored', rule: null, file: null, line: null },
    {
      path: at('raw/b.png'),
      verdict: 'ignored',
      detail: 'left out: the rule “raw/*” in “.visyncignore”, line 2, leaves out “raw/b.png”',
      rule: 'raw/*',
      file: '.visyncignore',
      line: 2,
    },
    {
      path: at('raw/keep.png'),
      verdict: 'mirrored',
      detail: 'mirrored: the rule “!raw/keep.png” in “.visyncignore”, line 3, takes back “raw/keep.png”',
      rule: '!raw/keep.png',
      file: '.visyncignore',
      line: 3,
    },
    {
      path: at('.c.png'),
      verdict: 'ignored',
      detail: 'left out: the built-in rule for names that begin with a dot leaves out “.c.png”',
      rule: 'names that begin with a dot',
      file: null,
      line: null,
    },
    expect.objectContaining({ path: at('notes.txt'), verdict: 'no-image', rule: null }),
    expect.objectContaining({ path: at('raw'), verdict: 'mirrored' }),
    expect.objectContaining({
      path: at('broken/d.png'),
      verdict: 'unknown',
      detail: expect.stringContaining('“broken/.visyncignore”'),
    }),
    expect.objectContaining({ path: path.dirname(world.photos), verdict: 'outside' }),
  ]);
});
