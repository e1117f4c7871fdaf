import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

test('a rule takes files out of the mirror without a trace on either side, and gives them back', async () => {
  const world = await World.make({ engine: { timing: { quietMs: 60, pollMs: 400, rewatchMs: 200 } } });
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'raw/b.png', 'raw/c.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  const { upload } = world.sandbox.requests;
  // Found by watching, as all that follows.
  await folder.write('.visyncignore', Buffer.from('raw/\n'));
  await mirror.until((status) => status.counts.ignored === 2, 'the rule');
  expect(await mirror.states()).toEqual({
    'a.png': 'in-sync',
    'raw/b.png': 'ignored: ignored',
    'raw/c.png': 'ignored: ignored',
  });
  await mirror.until(({ phase }) => phase === 'in-sync', 'the rest');
  expect(await mirror.status()).toMatchObject({ problem: null, fileTotal: 3 });
  // Edits and deletions there are nobody's business, and neither are assets that belong there.
  await folder.write('raw/b.png', picture(70, 900));
  await fs.rm(path.join(folder.root, 'raw/c.png'));
  await world.putAsset('new.png', picture(71, 900), { viSyncPath: 'raw/new.png' });
  await mirror.until((status) => status.counts.ignored === 3, 'the asset');
  await mirror.sync();
  expect(await folder.list()).toEqual(['.visyncignore', 'a.png', 'raw/b.png']);
  expect(world.sandbox.requests.upload).toBe(upload);
  expect([...(await world.assets()).keys()].sort()).toEqual(['a.png', 'b.png', 'c.png', 'new.png']);

  await fs.rm(path.join(folder.root, '.visyncignore'));
  await mirror.until(
    (status) => status.counts.ignored === 0 && status.counts['in-sync'] === 3,
    'the end of the rule',
  );
  expect(await mirror.states()).toEqual({
    'a.png': 'in-sync',
    'raw/b.png': 'in-sync',
    'raw/c.png': 'remote-only: left-deleted-here',
    'raw/new.png': 'in-sync',
  });
  expect(world.sandbox.requests.upload).toBe(upload + 1);
  expect((await world.assets()).get('b.png')?.content).toEqual(picture(70, 900));
});

test('a mirror that starts with rules uploads and downloads nothing of what they leave out', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'private/b.png', 'c_draft.png'));
  await folder.write('.visyncignore', Buffer.from('private/\n*_draft.png\n'));
  await world.putAsset('d_draft.png', picture(72, 900));
  const mirror = await world.mirror(folder);
  expect(await mirror.sync()).toMatchObject({ phase: 'in-sync' });
  expect(await mirror.states()).toEqual({ 'a.png': 'in-sync', 'd_draft.png': 'ignored: ignored' });
  expect([...(await world.assets()).keys()].sort()).toEqual(['a.png', 'd_draft.png']);
  expect((await mirror.file('d_draft.png')).problem?.detail).toContain(
    '“*_draft.png” in “.visyncignore”, line 2',
  );
});

test('rules that can’t be told stop their folder, and the mirror says so', async () => {
  const world = await World.make();
  const folder = await world.folder();
  await fill(folder, pictures('a.png', 'sub/b.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  await folder.write('sub/.visyncignore', Buffer.from([0xff, 0xfe, 0x61, 0x00]));
  await folder.write('sub/c.png', picture(73, 900));
  await fs.rm(path.join(folder.root, 'sub/b.png'));
  const status = await mirror.sync();
  expect(status).toMatchObject({ phase: 'attention', problem: { code: 'ignore-rules-unknown' } });
  expect([...(await world.assets()).keys()].sort()).toEqual(['a.png', 'b.png']);
  expect(await mirror.states()).toEqual({ 'a.png': 'in-sync', 'sub/b.png': 'in-sync' });
});

test('links are shown, and leave the mirror wanting attention until a rule says that they are meant', async () => {
  const world = await World.make();
  const folder = await world.folder();
  const elsewhere = await world.folder('elsewhere');
  await fill(folder, pictures('a.png'));
  await elsewhere.write('b.png', picture(74, 900));
  await fs.symlink(elsewhere.root, path.join(folder.root, 'linked'));
  await fs.symlink('a.png', path.join(folder.root, 'again.png'));
  const mirror = await world.mirror(folder);
  expect(await mirror.sync()).toMatchObject({ phase: 'attention', problem: null });
  expect(await mirror.states()).toEqual({
    'a.png': 'in-sync',
    'again.png': 'problem: link',
    linked: 'problem: link',
  });
  await folder.write('.visyncignore', Buffer.from('/linked\n/again.png\n'));
  expect(await mirror.sync()).toMatchObject({ phase: 'in-sync' });
  expect(await mirror.states()).toEqual({ 'a.png': 'in-sync' });
  // An asset whose place lies behind a link is not written through it.
  await world.putAsset('c.png', picture(75, 900), { viSyncPath: 'linked/c.png' });
  await mirror.sync();
  expect(await elsewhere.list()).toEqual(['b.png']);
  expect((await mirror.states())['linked/c.png']).toMatch(/^ignored/);
});
