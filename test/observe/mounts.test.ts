import * as fs from 'node:fs/promises';
import { expect, test } from 'vitest';
import { writeMarker } from '../../app/observe/root-guard.ts';
import { Unobserved } from '../../app/observe/unobserved.ts';
import { picture } from '../engine/pictures.ts';
import { bindFolder, canMount, mountDisk, unmountDisk } from './mounting.ts';
import { type ScanWorld, scanWorld } from './scan-world.ts';

/** A mirror with a file of its own, and a disk with three mounted in its folder. */
async function withCard(): Promise<ScanWorld> {
  const world = await scanWorld();
  await world.write('a.png', picture(0, 500));
  await fs.mkdir(world.at('card'));
  mountDisk(world.at('card'));
  for (const name of ['card/b.png', 'card/sub/c.png', 'card/sub/d.png'])
    await world.write(name, picture(1, 500));
  expect(await world.scan()).toMatchObject({ changed: 4, mounts: ['card'] });
  return world;
}

const all = ['a.png', 'card/b.png', 'card/sub/c.png', 'card/sub/d.png'];

test('a disk in a subfolder that is unmounted takes no file with it', async () => {
  if (!(await canMount('a disk in a subfolder that is unmounted'))) return;
  const world = await withCard();
  unmountDisk(world.at('card'));
  // As a watcher would hint it, and as a scan of everything finds it; also one by an engine that has just been started.
  for (const look of [
    () => world.hint('card/b.png', 'card/sub/c.png', 'card/sub/d.png', 'card/sub'),
    () => world.hint('card'),
    () => world.scan(),
  ]) {
    world.unobserved = new Unobserved(false);
    expect(await look()).toMatchObject({ problem: null, gone: 0, changed: 0, unreadable: ['card'] });
    expect(world.known()).toEqual(all);
    expect(world.unobserved.why('card/sub/c.png')).toMatchObject({
      kind: 'hidden',
      why: { kind: 'unmounted' },
    });
    expect(world.unobserved.why('a.png')).toBeNull();
  }
  // Something that has strayed into the empty place changes nothing about that.
  await world.write('card/stray.png', picture(2, 500));
  expect(await world.scan()).toMatchObject({ gone: 0, changed: 0 });
  await fs.rm(world.at('card/stray.png'));
  // Whoever deletes the place itself means it.
  await fs.rmdir(world.at('card'));
  expect(await world.hint('card')).toMatchObject({ gone: 3 });
  expect(world.known()).toEqual(['a.png']);
});

test('a disk that comes back goes on where it was; one that was replaced by its files in a folder does too', async () => {
  if (!(await canMount('a disk in a subfolder that comes back'))) return;
  const world = await withCard();
  const copy = world.at('.copy');
  await fs.cp(world.at('card'), copy, { recursive: true });
  unmountDisk(world.at('card'));
  await world.scan();
  const { reach } = world.unobserved;
  bindFolder(copy, world.at('card'));
  // The copy lies on the mirror's own disk: it is no disk of its own any more, and its files are there.
  expect(await world.hint('card')).toMatchObject({ gone: 0, changed: 3, unreadable: [], mounts: [] });
  expect(world.unobserved.hidden).toEqual([]);
  expect(world.unobserved.reach).toBeGreaterThan(reach);
  unmountDisk(world.at('card'));
  await fs.rm(world.at('card'), { recursive: true });
  await fs.rename(copy, world.at('card'));
  expect(await world.scan()).toMatchObject({ gone: 0, mounts: [] });
  expect(world.known()).toEqual(all);
  await fs.rm(world.at('card/b.png'));
  expect(await world.scan()).toMatchObject({ gone: 1 });
});

test('files deleted on a disk that stays connected are deleted', async () => {
  if (!(await canMount('files deleted on a disk in a subfolder'))) return;
  const world = await withCard();
  await fs.rm(world.at('card/sub'), { recursive: true });
  expect(await world.scan()).toMatchObject({ gone: 2 });
  await fs.rm(world.at('card/b.png'));
  expect(await world.hint('card/b.png')).toMatchObject({ gone: 1 });
});

test('a disk that is mounted over a folder with files hides them, and they are not gone', async () => {
  if (!(await canMount('a disk that is mounted over a folder with files'))) return;
  const world = await scanWorld();
  for (const name of ['a.png', 'sub/b.png', 'sub/x/c.png']) await world.write(name, picture(1, 500));
  await world.scan();
  mountDisk(world.at('sub'));
  await world.write('sub/new.png', picture(2, 500));
  expect(await world.scan()).toMatchObject({ gone: 0, changed: 0, unreadable: ['sub'], mounts: [] });
  expect(world.unobserved.why('sub/b.png')).toMatchObject({ why: { kind: 'covered' } });
  unmountDisk(world.at('sub'));
  expect(await world.hint('sub')).toMatchObject({ gone: 0, changed: 0, unreadable: [] });
  expect(world.known()).toEqual(['a.png', 'sub/b.png', 'sub/x/c.png']);
  expect(world.unobserved.hidden).toEqual([]);
});

test('a disk that is taken away in the middle of a scan takes no file with it', async () => {
  if (!(await canMount('a disk that is taken away in the middle of a scan'))) return;
  const world = await withCard();
  // Its root is listed while it is there; what lies below it is looked for when it is not.
  world.faults.readFolder = async (folder) => {
    if (folder === world.at('card/sub')) unmountDisk(world.at('card'));
    return world.disk.readFolder(folder);
  };
  expect(await world.scan()).toMatchObject({ gone: 0 });
  delete world.faults.readFolder;
  expect(world.known()).toEqual(all);
  mountDisk(world.at('card'));
  await world.write('card/b.png', picture(1, 500));
  await world.scan();
  world.faults.look = async (file) => {
    if (file === world.at('card/b.png')) {
      delete world.faults.look;
      unmountDisk(world.at('card'));
    }
    return world.disk.look(file);
  };
  expect(await world.hint('card/b.png')).toMatchObject({ gone: 0, unreadable: ['card'] });
  expect(world.known()).toContain('card/b.png');
});

test('the mirror’s own folder on a disk of its own: its empty place is not believed, nor another disk', async () => {
  if (!(await canMount('a mirror whose folder is a disk of its own'))) return;
  const world = await scanWorld();
  await fs.rm(world.at('.vi-sync'), { recursive: true });
  mountDisk(world.root);
  await writeMarker(world.disk, world.root, world.mirrorId);
  for (const name of ['a.png', 'sub/b.png']) await world.write(name, picture(1, 500));
  await world.scan();
  unmountDisk(world.root);
  for (const look of [() => world.scan(), () => world.hint('a.png', 'sub', '')]) {
    expect(await look()).toMatchObject({ problem: { code: 'folder-empty' }, gone: 0 });
  }
  // Whatever has been written into the empty place in the meantime.
  await world.write('stray.png', picture(2, 500));
  expect(await world.scan()).toMatchObject({ problem: { code: 'folder-other' }, gone: 0, changed: 0 });
  mountDisk(world.root);
  await world.write('of-another-disk.png', picture(3, 500));
  expect(await world.scan()).toMatchObject({ problem: { code: 'folder-other' }, gone: 0, changed: 0 });
  expect(world.known()).toEqual(['a.png', 'sub/b.png']);
});

test.for(['EIO', 'ESTALE', 'ELOOP', 'EACCES', 'ENAMETOOLONG'])(
  '%s of a folder, or of a file in it, is no deletion',
  async (code) => {
    const world = await scanWorld();
    for (const name of ['a.png', 'sub/b.png', 'sub/x/c.png']) await world.write(name, picture(1, 500));
    await world.scan();
    const isBad = (place: string) => place.startsWith(world.at('sub'));
    world.faults.readFolder = async (folder) =>
      isBad(folder) ? { kind: 'unreadable', code } : world.disk.readFolder(folder);
    expect(await world.scan()).toMatchObject({ gone: 0, unreadable: ['sub'] });
    expect(world.unobserved.why('sub/x/c.png')).toMatchObject({ why: { kind: 'unreadable', code } });
    world.faults.look = async (place) =>
      isBad(place) ? { kind: 'unreadable', code } : world.disk.look(place);
    expect(await world.hint('sub/b.png', 'sub/x', 'sub')).toMatchObject({ gone: 0 });
    // A single file that can't be looked at hides no other one.
    delete world.faults.look;
    world.faults.readFolder = async (folder) => {
      const reading = await world.disk.readFolder(folder);
      if (reading.kind !== 'listed' || folder !== world.at('sub')) return reading;
      const files = reading.listing.files.filter(({ name }) => name !== 'b.png');
      return {
        kind: 'listed',
        listing: { ...reading.listing, files, unreadable: [{ name: 'b.png', code }] },
      };
    };
    await fs.rm(world.at('sub/x/c.png'));
    expect(await world.scan()).toMatchObject({ gone: 1, unreadable: ['sub/b.png'] });
    expect(world.known()).toEqual(['a.png', 'sub/b.png']);
    expect(world.unobserved.hidden).toEqual([]);
  },
);
