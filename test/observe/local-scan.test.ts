import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { realRandomness } from '../../app/engine/real-clock.ts';
import { identityKey } from '../../app/manifest/path-key.ts';
import { probeFoldsCase } from '../../app/observe/case-probe.ts';
import { writeMarker } from '../../app/observe/root-guard.ts';
import { picture } from '../engine/pictures.ts';
import { localFile } from '../manifest/temp-manifest.ts';
import { scanWorld } from './scan-world.ts';

describe('a scan of the whole folder', () => {
  test('records what is there: stamp, both hashes, type and size in pixels', async () => {
    const { write, scan, manifest, mirror } = await scanWorld();
    await write('sub/a.png', picture(1, 500));
    const result = await scan();
    expect(result).toMatchObject({ problem: null, changed: 1, gone: 0, restless: [], unreadable: [] });
    expect(manifest.local.get(mirror, 'sub/a.png')).toMatchObject({
      path: 'sub/a.png',
      remoteName: 'a.png',
      stamp: { size: picture(1, 500).length },
      content: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), crc32c: expect.any(Number) },
      mime: 'image/png',
      width: 2,
      height: 1,
      problem: null,
    });
  });

  test('reads nothing that has not changed', async () => {
    const { write, scan, reads, at } = await scanWorld();
    for (const name of ['a.png', 'b.png', 'x/c.png']) await write(name, picture(1, 500));
    await scan();
    expect(reads.sort()).toEqual(['a.png', 'b.png', 'x/c.png']);
    reads.length = 0;
    expect(await scan()).toMatchObject({ changed: 0, gone: 0 });
    expect(reads).toEqual([]);
    await fs.utimes(at('b.png'), new Date(), new Date());
    await scan();
    expect(reads).toEqual(['b.png']);
  });

  test('sees a rename, a swap and a deletion, in one go', async () => {
    const { write, scan, known, at, manifest, mirror } = await scanWorld();
    for (const [index, name] of ['a.png', 'b.png', 'c.png', 'd.png'].entries())
      await write(name, picture(index, 500));
    await scan();
    const hashes = () => ['a.png', 'b.png'].map((key) => manifest.local.get(mirror, key)?.content?.sha256);
    const before = hashes();
    await fs.rename(at('a.png'), at('t'));
    await fs.rename(at('b.png'), at('a.png'));
    await fs.rename(at('t'), at('b.png'));
    await fs.rename(at('c.png'), at('e.png'));
    await fs.rm(at('d.png'));
    expect(await scan()).toMatchObject({ gone: 2 });
    expect(known()).toEqual(['a.png', 'b.png', 'e.png']);
    expect(hashes()).toEqual(before.reverse());
  });

  test('content that was changed in place with its old time is found by its ctime', async () => {
    const { write, scan, at, manifest, mirror } = await scanWorld();
    await write('a.png', picture(1, 500));
    await fs.utimes(at('a.png'), 1000, 1000);
    await scan();
    const before = manifest.local.get(mirror, 'a.png')?.content?.sha256;
    await fs.writeFile(at('a.png'), picture(2, 500));
    await fs.utimes(at('a.png'), 1000, 1000);
    await scan();
    expect(manifest.local.get(mirror, 'a.png')?.content?.sha256).not.toBe(before);
  });

  test('a file that is changed while it is read does not count until it holds still', async () => {
    const { scan, at, known, hint, disk, faults } = await scanWorld();
    // The thread that reads is up and running.
    await disk.readFile(at('none.png'));
    // Long enough to be caught reading, and nothing on the disk.
    const handle = await fs.open(at('big.png'), 'w');
    await handle.truncate(200 * 1024 * 1024);
    faults.readFile = async (file) => {
      const reading = disk.readFile(file);
      await new Promise((resolve) => setTimeout(resolve, 40));
      await handle.write('x');
      await handle.close();
      return reading;
    };
    const scanning = scan();
    expect(await scanning).toMatchObject({ changed: 0, restless: ['big.png'] });
    expect(known()).toEqual([]);
    delete faults.readFile;
    await fs.truncate(at('big.png'), 1000);
    expect(await hint('big.png')).toMatchObject({ changed: 1, restless: [] });
  });

  test('a file that was written a moment ago is left alone for a while', async () => {
    const { write, scan, known } = await scanWorld();
    await write('a.png', picture(1, 500));
    expect(await scan(60_000)).toMatchObject({ changed: 0, restless: ['a.png'] });
    expect(known()).toEqual([]);
  });

  test('what can’t be looked at is not gone, and neither is what lies below it', async () => {
    const { write, scan, known, faults, disk, at } = await scanWorld();
    for (const name of ['a.png', 'shut/b.png', 'shut/deep/c.png', 'open/d.png'])
      await write(name, picture(1, 500));
    await scan();
    await fs.rm(at('open/d.png'));
    faults.readFolder = async (folder) =>
      folder === at('shut') ? { kind: 'unreadable', code: 'EACCES' } : disk.readFolder(folder);
    expect(await scan()).toMatchObject({ problem: null, gone: 1, unreadable: ['shut'] });
    expect(known()).toEqual(['a.png', 'shut/b.png', 'shut/deep/c.png']);
  });

  test('a file that can’t be read is there, with a problem, and is read as soon as it can be', async () => {
    const { write, scan, manifest, mirror, faults, hint } = await scanWorld();
    await write('a.png', picture(1, 500));
    faults.readFile = async () => ({ kind: 'unreadable', code: 'EBUSY' });
    expect(await scan()).toMatchObject({ changed: 0, unreadable: ['a.png'] });
    expect(manifest.local.get(mirror, 'a.png')).toMatchObject({
      content: null,
      problem: { code: 'unreadable' },
    });
    delete faults.readFile;
    expect(await hint('a.png')).toMatchObject({ changed: 1, unreadable: [] });
    expect(manifest.local.get(mirror, 'a.png')).toMatchObject({ problem: null });
  });

  test('what was recorded after the scan had looked stays', async () => {
    const { write, scan, known, manifest, mirror, faults, disk, at } = await scanWorld();
    await write('a.png', picture(1, 500));
    await write('b.png', picture(2, 500));
    await scan();
    await fs.rm(at('b.png'));
    let listings = 0;
    faults.readFolder = async (folder) => {
      const reading = await disk.readFolder(folder);
      listings += 1;
      if (listings !== 1) return reading;
      // A download ends just now.
      await write('b.png', picture(2, 500));
      manifest.local.put(mirror, localFile('b.png', 'b'), manifest.local.nextObservation());
      return reading;
    };
    expect(await scan()).toMatchObject({ gone: 0 });
    expect(known()).toEqual(['a.png', 'b.png']);
  });

  test('an empty or missing folder says nothing about files, unless it is certainly ours', async () => {
    const { write, scan, known, root, disk, at } = await scanWorld();
    await write('sub/a.png', picture(1, 500));
    await scan();
    await fs.rm(at('.vi-sync'), { recursive: true });
    await fs.rename(at('sub'), `${root}-aside`);
    onTestFinished(() => fs.rm(`${root}-aside`, { recursive: true, force: true }));
    expect(await scan()).toMatchObject({ problem: { code: 'folder-empty' }, gone: 0 });
    await fs.rmdir(root);
    expect(await scan()).toMatchObject({ problem: { code: 'folder-missing' }, gone: 0 });
    await fs.writeFile(root, 'a file');
    expect(await scan()).toMatchObject({ problem: { code: 'folder-replaced' }, gone: 0 });
    await fs.rm(root);
    await fs.mkdir(root);
    expect(known()).toEqual(['sub/a.png']);
    await writeMarker(disk, root, 'm');
    expect(await scan()).toMatchObject({ problem: null, gone: 1 });
  });

  test('another disk in the folder’s place says nothing about the files of this one', async () => {
    const { write, scan, known, root, disk, at } = await scanWorld();
    for (const name of ['a.png', 'b.png']) await write(name, picture(1, 500));
    await scan();
    await fs.rm(root, { recursive: true });
    await write('other.png', picture(2, 500));
    await writeMarker(disk, root, 'of-another-mirror');
    expect(await scan()).toMatchObject({ problem: { code: 'folder-other' }, gone: 0 });
    expect(known()).toEqual(['a.png', 'b.png']);
    // One of the files is enough to know it by, and the mark alone is too.
    await write('a.png', picture(1, 500));
    expect(await scan()).toMatchObject({ problem: null, gone: 1 });
    expect(known()).toEqual(['a.png', 'other.png']);
    for (const name of ['a.png', 'other.png']) await fs.rm(at(name));
    await write('new.png', picture(3, 500));
    await writeMarker(disk, root, 'm');
    expect(await scan()).toMatchObject({ problem: null, gone: 2 });
  });

  test('another disk with files of the same names is another disk, and a copy of this one is not', async () => {
    const { write, scan, known, root } = await scanWorld();
    for (const name of ['IMG_0001.png', 'IMG_0002.png']) await write(name, picture(1, 500));
    await scan();
    await fs.rm(root, { recursive: true });
    for (const name of ['IMG_0001.png', 'IMG_0002.png']) await write(name, picture(2, 500));
    expect(await scan()).toMatchObject({ problem: { code: 'folder-other' }, gone: 0, changed: 0 });
    await write('IMG_0002.png', picture(1, 500));
    expect(await scan()).toMatchObject({ problem: null, gone: 0, changed: 2 });
    expect(known()).toEqual(['IMG_0001.png', 'IMG_0002.png']);
  });

  test('the empty place of a disk is not believed before a first file was ever seen on it', async () => {
    const { scan, root, disk } = await scanWorld();
    await fs.rm(root, { recursive: true });
    await fs.mkdir(root);
    expect(await scan()).toMatchObject({ problem: { code: 'folder-empty' } });
    await writeMarker(disk, root, 'm');
    expect(await scan()).toMatchObject({ problem: null });
  });

  test('a disk that goes away during the scan takes no file with it', async () => {
    const { write, scan, known, faults, disk, root } = await scanWorld();
    await write('sub/a.png', picture(1, 500));
    await write('b.png', picture(2, 500));
    await scan();
    faults.readFolder = async (folder) => {
      await fs.rm(root, { recursive: true, force: true });
      await fs.mkdir(root);
      return disk.readFolder(folder);
    };
    expect(await scan()).toMatchObject({ problem: { code: 'folder-empty' }, gone: 0 });
    expect(known()).toEqual(['b.png', 'sub/a.png']);
  });

  test('dot files and litter are not seen', async () => {
    const { write, scan, known } = await scanWorld();
    await write('real/a.png', picture(1, 500));
    for (const name of [
      '.dot.png',
      '.vi-sync/tmp/b.png',
      '~$c.png',
      'd.download/e.png',
      '__MACOSX/f.png',
      'g.txt',
    ]) {
      await write(name, picture(2, 500));
    }
    await scan();
    expect(known()).toEqual(['real/a.png']);
  });

  test('two spellings of one name are two files where the disk says so', async () => {
    const { write, scan, known, hint } = await scanWorld();
    await write('u\u0308.png', picture(1, 500));
    await write('\u00fc.png', picture(2, 500));
    const first = await scan();
    // They were looked at side by side; the second is looked at again to tell them apart.
    expect(first).toMatchObject({ changed: 1, restless: [expect.any(String)] });
    await hint(...first.restless);
    expect(known()).toEqual(['u\u0308.png', '\u00fc.png']);
    expect(await scan()).toMatchObject({ changed: 0, gone: 0 });
  });

  test('where the disk folds case, another case is another spelling of the same file', async () => {
    const { write, scan, known, at, manifest, mirror } = await scanWorld({ foldsCase: true });
    await write('IMG.png', picture(1, 500));
    await scan();
    await fs.rename(at('IMG.png'), at('img.png'));
    await scan();
    expect(known()).toEqual(['img.png']);
    expect(manifest.local.get(mirror, 'img.png')?.path).toBe('img.png');
  });
});

describe('a scan of hinted paths', () => {
  test('looks there and nowhere else', async () => {
    const { write, hint, reads, known, at } = await scanWorld();
    await write('a.png', picture(1, 500));
    await write('b.png', picture(2, 500));
    await write('new/deep/c.png', picture(3, 500));
    await hint('a.png', 'gone.png');
    expect(known()).toEqual(['a.png']);
    await hint('new');
    expect(known()).toEqual(['a.png', 'new/deep/c.png']);
    await fs.rm(at('a.png'));
    await fs.rm(at('new'), { recursive: true });
    expect(await hint('a.png', 'new')).toMatchObject({ gone: 2 });
    expect(known()).toEqual([]);
    expect(reads).toEqual(['a.png', 'new/deep/c.png']);
  });

  test('a hundred hints in a folder are one listing of it', async () => {
    const { write, hint, known, faults, disk } = await scanWorld();
    const names = Array.from({ length: 100 }, (_, index) => `f/p${index}.png`);
    for (const name of names) await write(name, picture(1, 500));
    const looks: string[] = [];
    faults.look = (file) => {
      looks.push(file);
      return disk.look(file);
    };
    await hint(...names);
    expect(known()).toHaveLength(100);
    expect(looks.filter((file) => file.endsWith('.png')).length).toBeLessThanOrEqual(100);
  });

  test('does not look through a link', async () => {
    const { write, hint, known, at } = await scanWorld();
    await write('real/a.png', picture(1, 500));
    await fs.symlink(at('real'), at('linked'));
    await hint('linked/a.png', 'linked');
    expect(known()).toEqual(['linked']);
  });

  test('ignores what a scan ignores', async () => {
    const { write, hint, known } = await scanWorld();
    await write('.git/a.png', picture(1, 500));
    await write('b.txt', picture(1, 500));
    await hint('.git', '.git/a.png', 'b.txt');
    expect(known()).toEqual([]);
  });
});

test('a disk is asked whether it folds case', async () => {
  const { root, disk } = await scanWorld();
  await fs.writeFile(path.join(root, 'x'), '');
  const folds = await fs.stat(path.join(root, 'X')).then(
    () => true,
    () => false,
  );
  expect(await probeFoldsCase(disk, root, realRandomness)).toBe(folds);
  const own = await fs.readdir(path.join(root, '.vi-sync'), { recursive: true });
  expect(own.sort()).toEqual(['mirror-m.json', 'tmp']);
});

test('of two files whose names differ in their normal form alone, the one that stays goes by the plain key', async () => {
  const { manifest, mirror, write, scan, at, known } = await scanWorld();
  const [composed, decomposed] = ['\u00e9.png', 'e\u0301.png'];
  await write(decomposed, picture(1, 300));
  await scan();
  await write(composed, picture(2, 300));
  await scan();
  expect(known()).toEqual([decomposed, composed].sort());
  await fs.rm(at(decomposed));
  await scan();
  expect(known()).toEqual([composed]);
  expect(manifest.local.get(mirror, identityKey(composed, false))).toMatchObject({ path: composed });

  await write(decomposed, picture(3, 300));
  await scan();
  await fs.rm(at(composed));
  await write(decomposed, picture(4, 300));
  await scan();
  expect(known()).toEqual([decomposed]);
});
