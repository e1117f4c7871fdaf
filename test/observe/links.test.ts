import * as fs from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { baseOf, temporaryFolder } from '../manifest/temp-manifest.ts';
import { scanWorld } from './scan-world.ts';
import { nothingToDo, planOf, statesOf, syncedWorld } from './synced-world.ts';

describe('links', () => {
  test('are shown and not followed: to files, to folders, out of the mirror, in circles, to nothing', async () => {
    const world = await scanWorld();
    const outside = await temporaryFolder();
    await fs.writeFile(`${outside}/secret.png`, picture(5, 500));
    await world.write('real/a.png', picture(1, 500));
    const links: Record<string, string> = {
      'link.png': 'real/a.png',
      'to-folder': 'real',
      'real/up': '..',
      outside,
      'secret.png': `${outside}/secret.png`,
      'circle.png': 'circle.png',
      'nowhere.png': 'none/there.png',
      // Of no interest to anybody.
      circle: 'circle',
      nowhere: 'none',
      'notes.txt': 'real/a.png',
      '.hidden': 'real',
    };
    for (const [name, target] of Object.entries(links)) await fs.symlink(target, world.at(name));
    const shown = ['circle.png', 'link.png', 'nowhere.png', 'outside', 'real/up', 'secret.png', 'to-folder'];
    for (const look of [() => world.scan(), () => world.hint(...Object.keys(links))]) {
      expect(await look()).toMatchObject({ problem: null, gone: 0, unreadable: [], restless: [] });
      expect(world.known()).toEqual([...shown, 'real/a.png'].sort());
      expect(world.problems()).toEqual(Object.fromEntries(shown.map((name) => [name, 'link'])));
    }
    expect(world.reads).toEqual(['real/a.png']);
    // They are no news at the second look.
    expect(await world.scan()).toMatchObject({ changed: 0 });
    expect(world.unobserved.why('to-folder/a.png')).toEqual({ kind: 'link', link: 'to-folder' });
    expect(world.unobserved.why('real/up/real/a.png')).toEqual({ kind: 'link', link: 'real/up' });
  });

  test('are found by hints alone, and are gone when they are', async () => {
    const world = await scanWorld();
    await world.write('real/a.png', picture(1, 500));
    await world.scan();
    await fs.symlink('real', world.at('to-folder'));
    await world.hint('to-folder/a.png', 'to-folder');
    expect(world.problems()).toEqual({ 'to-folder': 'link' });
    await fs.rm(world.at('to-folder'));
    expect(await world.hint('to-folder')).toMatchObject({ gone: 1 });
    expect(world.unobserved.why('to-folder/a.png')).toBeNull();
    await fs.mkdir(world.at('to-folder'));
    await world.write('to-folder/b.png', picture(2, 500));
    await world.hint('to-folder');
    expect(world.known()).toEqual(['real/a.png', 'to-folder/b.png']);
  });

  test('a rule silences them', async () => {
    const world = await scanWorld();
    await world.write('a.png', picture(1, 500));
    await fs.symlink('a.png', world.at('b.png'));
    await fs.symlink('.', world.at('loop'));
    await world.scan();
    expect(world.problems()).toEqual({ 'b.png': 'link', loop: 'link' });
    await world.write('.visyncignore', '/b.png\n/loop\n');
    expect(await world.scan()).toMatchObject({ gone: 0 });
    expect(world.known()).toEqual(['a.png']);
  });

  test('a file that was replaced by a link is not gone, and comes back', async () => {
    const world = await scanWorld();
    await world.write('a.png', picture(1, 500));
    await world.scan();
    await fs.mkdir(world.at('.store'));
    await fs.rename(world.at('a.png'), world.at('.store/a.png'));
    await fs.symlink('.store/a.png', world.at('a.png'));
    expect(await world.hint('a.png')).toMatchObject({ gone: 0, changed: 1 });
    expect(world.problems()).toEqual({ 'a.png': 'link' });
    await fs.rename(world.at('.store/a.png'), world.at('a.png'));
    expect(await world.hint('a.png')).toMatchObject({ changed: 1 });
    expect(world.problems()).toEqual({});
    expect(world.manifest.local.get(world.mirror, 'a.png')?.content).not.toBeNull();
  });

  test('files of a folder that was replaced by a link are not gone either', async () => {
    const world = await scanWorld();
    await world.write('train/a.png', picture(1, 500));
    await world.write('train/x/b.png', picture(2, 500));
    await world.scan();
    const elsewhere = await temporaryFolder();
    await fs.rename(world.at('train'), `${elsewhere}/train`);
    await fs.symlink(`${elsewhere}/train`, world.at('train'));
    for (const look of [() => world.hint('train/a.png', 'train/x', 'train'), () => world.scan()]) {
      // Only what is seen through the link is not known any more, and the link itself is.
      expect(await look()).toMatchObject({ gone: 0 });
      expect(world.known()).toEqual(['train']);
      expect(world.unobserved.why('train/x/b.png')).toEqual({ kind: 'link', link: 'train' });
    }
    await fs.rm(world.at('train'));
    await fs.rename(`${elsewhere}/train`, world.at('train'));
    await world.hint('train');
    expect(world.known()).toEqual(['train/a.png', 'train/x/b.png']);
    expect(world.unobserved.why('train/x/b.png')).toBeNull();
  });
});

describe('hard links', () => {
  test('two names of one file are two files with one content', async () => {
    const world = await scanWorld();
    await world.write('a.png', picture(1, 500));
    await world.scan();
    await fs.link(world.at('a.png'), world.at('b.png'));
    await world.scan();
    expect(world.known()).toEqual(['a.png', 'b.png']);
    const [a, b] = ['a.png', 'b.png'].map((key) => world.manifest.local.get(world.mirror, key));
    expect(b?.content).toEqual(a?.content);
    expect(b?.stamp).toEqual(a?.stamp);
    expect(await world.scan()).toMatchObject({ changed: 0, gone: 0 });
  });

  test.for([['b.png'], ['a.png', 'b.png'], ['b.png', 'a.png'], ['']].map((hints) => ({ hints })))(
    'a second name is a duplicate and no rename, whatever is hinted: $hints',
    async ({ hints }) => {
      const world = await syncedWorld(['a.png', 'c.png']);
      await fs.link(world.at('a.png'), world.at('b.png'));
      await world.hint(...hints);
      expect(await planOf(world)).toMatchObject({ bound: 0, ...nothingToDo });
      const states = { 'a.png': 'in-sync', 'b.png': 'local-only: duplicate', 'c.png': 'in-sync' };
      expect(statesOf(world)).toEqual(states);
      expect(world.manifest.synced.get(world.mirror, 'a.png')).toMatchObject({ assetId: 'asset-of-a.png' });
      // The first name goes: now it is a rename, done in two steps.
      await fs.rm(world.at('a.png'));
      await world.hint('a.png');
      expect(await planOf(world)).toMatchObject({ bound: 1, ...nothingToDo });
      expect(statesOf(world)).toEqual({ 'b.png': 'in-sync', 'c.png': 'in-sync' });
    },
  );

  test('one name that takes the place of another file is a change of that file', async () => {
    const world = await syncedWorld(['a.png', 'b.png']);
    await fs.rm(world.at('b.png'));
    await fs.link(world.at('a.png'), world.at('b.png'));
    await world.hint('b.png');
    const { upload, bound } = await planOf(world);
    expect(bound).toBe(0);
    expect(upload.operations).toMatchObject([{ filename: 'b.png', replaces: { assetId: 'asset-of-b.png' } }]);
    expect(world.manifest.synced.get(world.mirror, 'a.png')).toMatchObject({ assetId: 'asset-of-a.png' });
  });

  test('two names that are both assets are renamed together, and each finds one of them', async () => {
    const world = await syncedWorld(['a.png', 'b.png']);
    const { manifest, mirror } = world;
    await fs.rm(world.at('b.png'));
    await fs.link(world.at('a.png'), world.at('b.png'));
    await world.scan();
    // The mirror uploads duplicates: both are in sync.
    for (const key of ['a.png', 'b.png']) {
      const file = manifest.local.get(mirror, key);
      const asset = manifest.remote.get(mirror, `asset-of-${key}`);
      if (file !== null && asset !== null) manifest.synced.put(mirror, baseOf(file, asset));
    }
    await fs.rename(world.at('a.png'), world.at('c.png'));
    await fs.rename(world.at('b.png'), world.at('d.png'));
    await world.scan();
    expect(await planOf(world)).toMatchObject({ bound: 2, upload: { files: 0 } });
    const assets = ['c.png', 'd.png'].map((key) => manifest.synced.get(mirror, key)?.assetId);
    expect(assets.sort()).toEqual(['asset-of-a.png', 'asset-of-b.png']);
  });

  test('also two spellings of one name: neither takes the other’s place with each scan', async () => {
    const world = await scanWorld();
    await world.write('\u00fc.png', picture(1, 500));
    await world.scan();
    await fs.link(world.at('\u00fc.png'), world.at('u\u0308.png'));
    await world.scan();
    expect(world.known()).toEqual(['u\u0308.png', '\u00fc.png']);
    expect(await world.scan()).toMatchObject({ changed: 0, gone: 0, restless: [] });
    await fs.rm(world.at('\u00fc.png'));
    await world.scan();
    expect(world.known()).toEqual(['u\u0308.png']);
  });
});
