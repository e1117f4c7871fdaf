import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Disk } from '../../app/engine/environment.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { type FileStamp, isSameFile, isSameStamp } from '../../app/manifest/observations.ts';
import { probeFoldsCase } from '../../app/observe/case-probe.ts';
import { isIgnoredName } from '../../app/observe/ignore-rules.ts';
import { picture } from '../engine/pictures.ts';
import { FakeDisk } from './fake-disk.ts';
import { Incarnation } from './incarnation.ts';
import { SeededRandom } from './seeded-random.ts';
import { codeOf } from './system-error.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Volume } from './volume.ts';
import { WallClock } from './wall-clock.ts';

/** A disk, and what a person does on it beside the engine. Paths are absolute. */
interface Bench {
  readonly disk: Disk;
  readonly root: string;
  write(file: string, content: Buffer): Promise<void>;
  read(file: string): Promise<Buffer>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  symlink(target: string, file: string): Promise<void>;
  /** The outcome of a call of the disk. */
  outcome<T>(work: Promise<T>): Promise<T>;
  /** Enough for times to differ. */
  wait(): Promise<void>;
}

async function realBench(): Promise<Bench> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const root = path.join(await fs.realpath(folder), 'root');
  await fs.mkdir(root);
  const disk = realDisk({ threads: 1 });
  onTestFinished(async () => {
    await disk.close();
    await fs.rm(folder, { recursive: true, force: true });
  });
  return {
    disk,
    root,
    async write(file, content) {
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    },
    read: (file) => fs.readFile(file),
    rename: (from, to) => fs.rename(from, to),
    remove: (file) => fs.rm(file),
    symlink: (target, file) => fs.symlink(target, file),
    outcome: (work) => work,
    wait: () => new Promise((resolve) => setTimeout(resolve, 15)),
  };
}

async function fakeBench(): Promise<Bench> {
  const random = new SeededRandom('conformance');
  const clock = new VirtualClock(random);
  const wall = new WallClock(clock, 1_780_000_000_000);
  const volume = new Volume({
    foldsCase: false,
    forms: 'exact',
    now: () => wall.now(),
    tickNs: 1,
    reusesInodes: true,
  });
  const root = '/tmp/root';
  volume.makeFolder(root);
  const disk = new FakeDisk(volume, clock, random).of(new Incarnation('conformance', clock, () => true));
  return {
    disk,
    root,
    async write(file, content) {
      volume.makeFolder(path.dirname(file));
      volume.write(file, content);
    },
    read: async (file) => volume.read(file),
    rename: async (from, to) => volume.rename(from, to),
    remove: async (file) => volume.remove(file),
    symlink: async (target, file) => volume.symlink(target, file),
    outcome: (work) => clock.outcome(work),
    wait: () => clock.run(15),
  };
}

/** The code that a call fails with; what it answers when it does not. */
async function codeFrom(work: Promise<unknown>): Promise<unknown> {
  try {
    return { answered: await work };
  } catch (error) {
    expect(error).toHaveProperty('errno');
    return codeOf(error);
  }
}

describe.each([
  ['the real disk', realBench],
  ['the fake disk', fakeBench],
])('%s', (_name, make) => {
  async function setup() {
    const bench = await make();
    const at = (relative: string) => path.join(bench.root, relative);
    const stamp = async (relative: string): Promise<FileStamp> => {
      const place = await bench.outcome(bench.disk.look(at(relative)));
      if (place.kind !== 'file' && place.kind !== 'folder') throw new Error(`${relative}: ${place.kind}`);
      return place.stamp;
    };
    return { ...bench, at, stamp };
  }

  test('lists supported files with the stamps that a look shows, and folders; of others, only that there are some', async () => {
    const { disk, root, write, at, symlink, stamp, outcome } = await setup();
    for (const name of [
      'a.png',
      'B.JPG',
      'notes.txt',
      '.hidden.png',
      'half.png.part',
      'sub/c.png',
      '.git/d.png',
    ])
      await write(at(name), picture(1, 300));
    await write(at('.visyncignore'), Buffer.from('*.tmp'));
    await symlink(at('a.png'), at('link.png'));
    await symlink(at('sub'), at('linked'));
    await symlink(at('a.png'), at('linked.txt'));
    await symlink(at('linked.txt'), at('.hidden-link.png'));
    const reading = await outcome(disk.readFolder(root));
    if (reading.kind !== 'listed') throw new Error(reading.kind);
    const { folders, files, links, leftOut, ruleFile, unreadable, device, hasOthers } = reading.listing;
    expect(folders).toEqual(['sub']);
    expect(hasOthers).toBe(true);
    expect(files.map(({ name }) => name).sort()).toEqual(['B.JPG', 'a.png']);
    expect(links.map(({ name }) => name).sort()).toEqual(['link.png', 'linked']);
    expect(leftOut).toEqual({
      folders: ['.git'],
      files: ['.hidden.png'],
    });
    expect(unreadable).toEqual([]);
    expect(ruleFile).toEqual(await stamp('.visyncignore'));
    expect(await outcome(disk.look(root))).toMatchObject({ kind: 'folder', device });
    for (const { name, stamp: listed } of files) expect(listed).toEqual(await stamp(name));
    const plain = await outcome(disk.readFolder(at('sub')));
    expect(plain).toMatchObject({
      kind: 'listed',
      listing: { device, folders: [], ruleFile: 'none', hasOthers: false },
    });
  });

  test('says of what is not there, or is something else, what it is', async () => {
    const { disk, write, at, symlink, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    await symlink(at('nowhere'), at('broken.png'));
    await symlink(at('a.png'), at('link.png'));
    const look = async (relative: string) => (await outcome(disk.look(at(relative)))).kind;
    expect(await look('a.png')).toBe('file');
    expect(await look('')).toBe('folder');
    expect(await look('link.png')).toBe('link');
    expect(await look('broken.png')).toBe('link');
    expect(await look('nothing.png')).toBe('missing');
    expect(await look('a.png/below.png')).toBe('missing');
    expect(await look('no/folder.png')).toBe('missing');
    expect(await outcome(disk.look(at(`${'x'.repeat(300)}.png`)))).toEqual({
      kind: 'unreadable',
      code: 'ENAMETOOLONG',
    });
    expect((await outcome(disk.readFolder(at('nothing')))).kind).toBe('missing');
    expect((await outcome(disk.readFolder(at('a.png')))).kind).toBe('not-a-folder');
    expect((await outcome(disk.readFile(at('nothing.png')))).kind).toBe('missing');
    expect((await outcome(disk.readFile(at('link.png')))).kind).toBe('missing');
    expect((await outcome(disk.readFile(at('')))).kind).toBe('missing');
  });

  test('reads a small text, and says why it does not', async () => {
    const { disk, write, at, symlink, stamp, outcome } = await setup();
    const read = (relative: string) => outcome(disk.readText(at(relative), 10));
    await write(at('a'), Buffer.from('grün\n'));
    expect(await read('a')).toEqual({ kind: 'text', text: 'grün\n', stamp: await stamp('a') });
    await write(at('empty'), Buffer.alloc(0));
    expect(await read('empty')).toMatchObject({ kind: 'text', text: '' });
    await write(at('large'), Buffer.alloc(11, 'x'));
    expect(await read('large')).toEqual({ kind: 'too-large' });
    await write(at('bytes'), Buffer.from([0x61, 0xff]));
    expect(await read('bytes')).toEqual({ kind: 'not-text' });
    await symlink(at('a'), at('link'));
    expect(await read('link')).toEqual({ kind: 'not-a-file' });
    await write(at('sub/b'), Buffer.from('x'));
    expect(await read('sub')).toEqual({ kind: 'not-a-file' });
    expect(await read('nothing')).toEqual({ kind: 'missing' });
    expect(await read('a/below')).toEqual({ kind: 'missing' });
  });

  test('reads a file whole: its hashes, its stamp, and what the picture is', async () => {
    const { disk, write, at, stamp, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    await write(at('broken.png'), picture(1, 300).subarray(0, 100));
    await write(at('empty.png'), Buffer.alloc(0));
    await write(at('wrong.jpg'), picture(2, 300));
    const good = await outcome(disk.readFile(at('a.png')));
    expect(good).toMatchObject({
      kind: 'read',
      stamp: await stamp('a.png'),
      hash: {
        size: picture(1, 300).length,
        sha256: (await import('node:crypto')).hash('sha256', picture(1, 300)),
      },
      inspection: { ok: true, mime: 'image/png', width: 2, height: 1, warning: null },
    });
    expect(await outcome(disk.readFile(at('broken.png')))).toMatchObject({
      kind: 'read',
      inspection: { ok: false, problem: { code: 'truncated' } },
    });
    expect(await outcome(disk.readFile(at('empty.png')))).toMatchObject({
      inspection: { ok: false, problem: { code: 'empty' } },
    });
    expect(await outcome(disk.readFile(at('wrong.jpg')))).toMatchObject({
      inspection: { ok: true, warning: { code: 'mislabelled' } },
    });
    const md5 = (await import('node:crypto')).hash('md5', picture(1, 300));
    expect(await outcome(disk.hashIn(at('a.png'), 'md5'))).toEqual({ algorithm: 'md5', contents: md5 });
    expect(await outcome(disk.hashIn(at('a.png'), 'of-tomorrow'))).toBeNull();
  });

  test('which parts of a stamp change with what', async () => {
    const { disk, write, rename, at, stamp, wait, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    const first = await stamp('a.png');
    expect(await stamp('a.png')).toEqual(first);
    await wait();
    await write(at('a.png'), picture(2, 300));
    const written = await stamp('a.png');
    expect(isSameFile(first, written)).toBe(true);
    expect(written.mtimeNs).toBeGreaterThan(first.mtimeNs);
    expect(written.ctimeNs).toBeGreaterThan(first.ctimeNs);
    await wait();
    await rename(at('a.png'), at('b.png'));
    const renamed = await stamp('b.png');
    expect(isSameFile(first, renamed)).toBe(true);
    expect(renamed.mtimeNs).toBe(written.mtimeNs);
    expect(renamed.ctimeNs).toBeGreaterThan(written.ctimeNs);
    await wait();
    await outcome(disk.setTimes(at('b.png'), 1_600_000_000_123));
    const touched = await stamp('b.png');
    expect(Number(touched.mtimeNs / 1000n) / 1000).toBeCloseTo(1_600_000_000_123, 2);
    expect(touched.ctimeNs).toBeGreaterThan(renamed.ctimeNs);
    await wait();
    await write(at('c.png'), picture(2, 300));
    expect(isSameFile(await stamp('c.png'), touched)).toBe(false);
    await rename(at('c.png'), at('b.png'));
    expect(isSameStamp(await stamp('b.png'), touched)).toBe(false);
    expect(isSameFile(await stamp('b.png'), touched)).toBe(false);
  });

  test('a moved folder changes nothing about the files in it', async () => {
    const { write, rename, at, stamp, wait } = await setup();
    await write(at('one/a.png'), picture(1, 300));
    const before = await stamp('one/a.png');
    await wait();
    await rename(at('one'), at('two'));
    expect(await stamp('two/a.png')).toEqual(before);
  });

  test('`placeNew` puts a file where nothing is, keeps what it is, and takes nobody’s place', async () => {
    const { disk, write, read, at, stamp, wait, symlink, outcome } = await setup();
    await write(at('tmp/1'), picture(1, 300));
    const before = await stamp('tmp/1');
    await wait();
    expect(await outcome(disk.placeNew(at('tmp/1'), at('a.png')))).toBe(true);
    const placed = await stamp('a.png');
    expect(isSameFile(before, placed)).toBe(true);
    expect(placed.mtimeNs).toBe(before.mtimeNs);
    expect(placed.ctimeNs).toBeGreaterThan(before.ctimeNs);
    expect((await outcome(disk.look(at('tmp/1')))).kind).toBe('missing');

    await write(at('tmp/2'), picture(2, 300));
    await write(at('folder/x.png'), picture(3, 300));
    await symlink(at('nowhere'), at('broken.png'));
    for (const taken of ['a.png', 'folder', 'broken.png']) {
      expect(await outcome(disk.placeNew(at('tmp/2'), at(taken)))).toBe(false);
    }
    expect(await read(at('a.png'))).toEqual(picture(1, 300));
    expect(await read(at('tmp/2'))).toEqual(picture(2, 300));
    expect(await codeFrom(outcome(disk.placeNew(at('tmp/none'), at('b.png'))))).toBe('ENOENT');
    expect(await codeFrom(outcome(disk.placeNew(at('tmp/2'), at('no/b.png'))))).toBe('ENOENT');
    expect(await codeFrom(outcome(disk.placeNew(at('tmp/2'), at('a.png/b.png'))))).toBe('ENOTDIR');
  });

  test('`copyNew` makes a file of its own, and replaces nothing', async () => {
    const { disk, write, read, at, stamp, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    await write(at('b.png'), picture(2, 300));
    await outcome(disk.copyNew(at('a.png'), at('copy.png')));
    expect(await read(at('copy.png'))).toEqual(picture(1, 300));
    expect((await stamp('copy.png')).inode).not.toBe((await stamp('a.png')).inode);
    const copy = (from: string, to: string) => codeFrom(outcome(disk.copyNew(at(from), at(to))));
    expect(await copy('a.png', 'b.png')).toBe('EEXIST');
    expect(await read(at('b.png'))).toEqual(picture(2, 300));
    expect(await copy('none.png', 'c.png')).toBe('ENOENT');
    expect(await copy('a.png', 'no/c.png')).toBe('ENOENT');
  });

  test('`rename` replaces a file and nothing else', async () => {
    const { disk, write, read, at, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    await write(at('b.png'), picture(2, 300));
    await write(at('folder/x.png'), picture(3, 300));
    await write(at('other/y.png'), picture(4, 300));
    await outcome(disk.rename(at('a.png'), at('b.png')));
    expect(await read(at('b.png'))).toEqual(picture(1, 300));
    const rename = (from: string, to: string) => codeFrom(outcome(disk.rename(at(from), at(to))));
    expect(await rename('a.png', 'c.png')).toBe('ENOENT');
    expect(await rename('b.png', 'folder')).toBe('EISDIR');
    expect(await rename('folder', 'b.png')).toBe('ENOTDIR');
    expect(await rename('folder', 'other')).toMatch(/ENOTEMPTY|EEXIST/);
    expect(await rename('folder', 'folder/deeper')).toBe('EINVAL');
    expect(await rename('b.png', 'no/b.png')).toBe('ENOENT');
    expect(await rename('b.png', `${'x'.repeat(300)}.png`)).toBe('ENAMETOOLONG');
    await outcome(disk.rename(at('b.png'), at('b.png')));
    expect(await read(at('b.png'))).toEqual(picture(1, 300));
  });

  test('makes folders, names what is in the way, and flushes only what is there', async () => {
    const { disk, write, at, symlink, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    await outcome(disk.makeFolder(at('x')));
    await outcome(disk.makeFolder(at('x/y')));
    await outcome(disk.makeFolder(at('x/y')));
    expect((await outcome(disk.look(at('x/y')))).kind).toBe('folder');
    expect(await codeFrom(outcome(disk.makeFolder(at('no/y'))))).toBe('ENOENT');
    await symlink(at('x'), at('link'));
    expect(await codeFrom(outcome(disk.makeFolder(at('link'))))).toBe('EEXIST');
    expect(await codeFrom(outcome(disk.makeFolder(at('a.png'))))).toBe('EEXIST');
    expect(await codeFrom(outcome(disk.makeFolder(at('a.png/b'))))).toBe('ENOTDIR');
    await outcome(disk.syncFolder(at('x')));
    expect(await codeFrom(outcome(disk.syncFolder(at('none'))))).toBe('ENOENT');
  });

  test('removes files, and minds none that is gone; names what is in a folder; writes small files whole', async () => {
    const { disk, write, read, at, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    await outcome(disk.remove(at('a.png')));
    await outcome(disk.remove(at('a.png')));
    expect((await outcome(disk.look(at('a.png')))).kind).toBe('missing');
    await outcome(disk.writeFile(at('note.json'), 'one'));
    await outcome(disk.writeFile(at('note.json'), 'two'));
    expect((await read(at('note.json'))).toString()).toBe('two');
    expect(await outcome(disk.names(at('')))).toEqual(['note.json']);
    expect(await outcome(disk.names(at('none')))).toEqual([]);
    expect(await outcome(disk.names(at('note.json')))).toEqual([]);
    expect(await codeFrom(outcome(disk.writeFile(at('none/note.json'), 'x')))).toBe('ENOENT');
    expect(await codeFrom(outcome(disk.setTimes(at('none'), 1)))).toBe('ENOENT');
    await write(at('full/a.png'), picture(1, 300));
    await outcome(disk.makeFolder(at('empty')));
    for (const folder of ['full', 'empty', 'none', 'note.json', 'note.json/x'])
      await outcome(disk.removeFolder(at(folder)));
    expect((await outcome(disk.look(at('full/a.png')))).kind).toBe('file');
    expect((await outcome(disk.look(at('empty')))).kind).toBe('missing');
    expect((await outcome(disk.look(at('note.json')))).kind).toBe('file');
    expect(await codeFrom(outcome(disk.remove(at('full'))))).toBe('ERR_FS_EISDIR');
  });

  test('finds the real path behind links, and none where nothing is', async () => {
    const { disk, root, write, at, symlink, outcome } = await setup();
    await write(at('folder/a.png'), picture(1, 300));
    await symlink(at('folder'), at('link'));
    await symlink(at('none'), at('broken'));
    expect(await outcome(disk.realPath(at('link/a.png')))).toBe(path.join(root, 'folder/a.png'));
    expect(await outcome(disk.realPath(at('none')))).toBeNull();
    expect(await outcome(disk.realPath(at('broken')))).toBeNull();
    expect(await outcome(disk.realPath(at('folder/a.png/b')))).toBeNull();
    // A link to a folder is none.
    expect((await outcome(disk.readFolder(at('link')))).kind).toBe('not-a-folder');
  });

  test('tells names that differ in case or form apart, and says so when probed', async () => {
    const { disk, root, write, at, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    expect((await outcome(disk.look(at('A.png')))).kind).toBe('missing');
    await write(at('\u00e9.png'), picture(1, 300));
    expect((await outcome(disk.look(at('e\u0301.png')))).kind).toBe('missing');
    expect(await outcome(probeFoldsCase(disk, root, new SeededRandom('probe')))).toBe(false);
    expect(await outcome(disk.names(at('.vi-sync/tmp')))).toEqual([]);
  });

  test('hints at what happened below a folder, not at what is ignored', async () => {
    const { disk, root, write, rename, at, wait, outcome } = await setup();
    await write(at('a.png'), picture(1, 300));
    await write(at('.vi-sync/x'), picture(1, 300));
    const hinted = new Set<string>();
    let isReady = false;
    const watch = disk.watch({
      folder: root,
      quietMs: 5,
      longestMs: 2000,
      isWatched: (each) => !each.split('/').some(isIgnoredName),
      onReady: () => undefined,
      onHints: (paths) => {
        isReady ||= paths.has('');
        for (const each of paths) hinted.add(each);
      },
      onFailure: (problem) => {
        throw new Error(problem.detail);
      },
    });
    while (!isReady) await wait();
    await write(at('.vi-sync/y'), picture(2, 300));
    await rename(at('a.png'), at('b.png'));
    await write(at('sub/c.png'), picture(3, 300));
    while (!(hinted.has('a.png') && hinted.has('b.png'))) await wait();
    while (!(hinted.has('sub') || hinted.has('sub/c.png'))) await wait();
    expect([...hinted].filter((each) => each.startsWith('.vi-sync'))).toEqual([]);
    await outcome(watch.close());
    hinted.clear();
    await write(at('late.png'), picture(4, 300));
    for (let time = 0; time < 5; time++) await wait();
    expect(hinted.size).toBe(0);
  });
});

describe('the fake disk in its other modes', () => {
  function volumeOf(foldsCase: boolean, forms: 'exact' | 'any' | 'nfd') {
    const clock = new VirtualClock(new SeededRandom('modes'));
    const volume = new Volume({ foldsCase, forms, now: () => 1, tickNs: 1, reusesInodes: true });
    volume.makeFolder('/root/.vi-sync');
    const disk = new FakeDisk(volume, clock, new SeededRandom('modes'));
    return { volume, clock, disk: disk.of(new Incarnation('modes', clock, () => true)) };
  }

  test('one that folds case takes `A` and `a` for one name, keeps the spelling, and lets it be changed', async () => {
    const { volume, clock, disk } = volumeOf(true, 'any');
    volume.write('/root/Ab.png', picture(1, 300));
    volume.write('/root/aB.png', picture(2, 300));
    expect(volume.list('/root').map(({ name }) => name)).toEqual(['.vi-sync', 'Ab.png']);
    expect(volume.read('/root/AB.png')).toEqual(picture(2, 300));
    volume.rename('/root/ab.png', '/root/aB.png');
    expect(volume.list('/root').map(({ name }) => name)).toEqual(['.vi-sync', 'aB.png']);
    expect(await clock.outcome(probeFoldsCase(disk, '/root', new SeededRandom('probe')))).toBe(true);
  });

  test('one that stores form D hands back other names than were written, and finds both', () => {
    const { volume } = volumeOf(false, 'nfd');
    volume.write('/root/\u00e9.png', picture(1, 300));
    expect(volume.list('/root').map(({ name }) => name)).toEqual(['.vi-sync', 'e\u0301.png']);
    expect(volume.read('/root/\u00e9.png')).toEqual(picture(1, 300));
    expect(volume.read('/root/e\u0301.png')).toEqual(picture(1, 300));
  });

  test('one in any form keeps the form that was written first', () => {
    const { volume } = volumeOf(false, 'any');
    volume.write('/root/\u00e9.png', picture(1, 300));
    volume.write('/root/e\u0301.png', picture(2, 300));
    expect(volume.list('/root').map(({ name }) => name)).toEqual(['.vi-sync', '\u00e9.png']);
  });

  test('inodes are used again, birth times are not', () => {
    const { volume } = volumeOf(false, 'exact');
    volume.write('/root/a.png', picture(1, 300));
    const before = volume.find('/root/a.png');
    volume.remove('/root/a.png');
    volume.write('/root/b.png', picture(1, 300));
    const after = volume.find('/root/b.png');
    expect(after?.inode).toBe(before?.inode);
    expect(after?.birthNs).not.toBe(before?.birthNs);
  });

  test('a folder that is unmounted is missing or empty, and comes back whole', () => {
    const { volume } = volumeOf(false, 'exact');
    volume.write('/root/a.png', picture(1, 300));
    volume.unmount('/root', 'empty');
    expect(volume.list('/root')).toEqual([]);
    volume.mount('/root');
    expect(volume.read('/root/a.png')).toEqual(picture(1, 300));
    volume.unmount('/root', 'nothing');
    expect(volume.find('/root')).toBeUndefined();
    volume.mount('/root');
    expect(volume.read('/root/a.png')).toEqual(picture(1, 300));
  });
});
