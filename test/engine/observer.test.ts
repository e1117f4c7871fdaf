import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Clock, Disk, Watch } from '../../app/engine/environment.ts';
import type { Timing } from '../../app/engine/timing.ts';
import { canMount, mountDisk, unmountDisk } from '../observe/mounting.ts';
import { type ScanWorld, scanWorld } from '../observe/scan-world.ts';
import { Observing, steppedClock } from './observing.ts';
import { picture } from './pictures.ts';

function observe(world: ScanWorld, options: { disk?: Disk; timing?: Partial<Timing>; clock?: Clock } = {}) {
  const observing = new Observing({
    disk: world.disk,
    manifest: world.manifest,
    mirror: { ...world.manifest.mirrors.get(world.mirror), mirrorId: world.mirrorId },
    ...options,
  });
  onTestFinished(() => observing.close());
  const knows = (...names: string[]) =>
    observing.until(() => JSON.stringify(world.known()) === JSON.stringify(names.sort()), names.join(', '));
  const quiet = () =>
    observing.until(() => !observing.observer.isPending && observing.observer.isProven, 'quiet');
  return { ...observing, observer: observing.observer, until: observing.until.bind(observing), knows, quiet };
}

describe('when watching is not enough', () => {
  test.for([
    ['watches', 'ENOSPC', 'max_inotify_watches', '5'],
    ['watchers', 'EMFILE', 'max_inotify_instances', '0'],
  ] as const)(
    'a limit on %s: scans do until it is raised, and the status says so',
    ([, code, name, most]) => {
      const limit = `/proc/sys/user/${name}`;
      const script = path.join(import.meta.dirname, 'limited-process.ts');
      // A user namespace has limits of its own, below those of the system.
      const tried = spawnSync('unshare', ['--user', '--map-root-user', 'test', '-w', limit]);
      if (tried.status !== 0) {
        console.warn(`\n!!! NOT TESTED on this machine, where ${limit} can’t be set: ${code} of a watcher\n`);
        return;
      }
      const args = ['--user', '--map-root-user', process.execPath, script, limit, most];
      const { stdout, stderr, status } = spawnSync('unshare', args, { encoding: 'utf8', timeout: 25_000 });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout.split('\n').slice(0, 4)).toEqual([
        expect.stringMatching(new RegExp(`^watch-failed The system’s limit .* \\(${code}\\)`)),
        'found by a scan',
        'watched again',
        'found by watching',
      ]);
    },
  );

  test('hints that never come: the next scan finds everything', async () => {
    const world = await scanWorld();
    for (const [index, name] of ['a.png', 'b.png', 'sub/c.png'].entries()) {
      await world.write(name, picture(index, 500));
    }
    let watch: Watch | undefined;
    const disk: Disk = {
      ...world.disk,
      watch: (options) => {
        watch = world.disk.watch(options);
        return watch;
      },
    };
    const { knows, quiet, observer } = observe(world, { disk, timing: { scanMs: 300 } });
    await knows('a.png', 'b.png', 'sub/c.png');
    await quiet();
    await watch?.close();
    await fs.rm(world.at('a.png'));
    await fs.rename(world.at('sub'), world.at('moved'));
    await world.write('new/d.png', picture(4, 500));
    await fs.writeFile(world.at('b.png'), picture(5, 700));
    await knows('b.png', 'moved/c.png', 'new/d.png');
    await expect
      .poll(() => world.manifest.local.get(world.mirror, 'b.png')?.stamp.size)
      .toBe(picture(5, 700).length);
    expect(observer.problem).toBeNull();
  });

  test('a network drive is scanned as well as watched, and the status says so', async () => {
    const world = await scanWorld();
    await world.write('a.png', picture(1, 500));
    const disk: Disk = {
      ...world.disk,
      driveOf: async () => ({ isShared: true, name: 'NFS' }),
      // What others do there is not reported.
      watch: (options) => world.disk.watch({ ...options, onHints: () => undefined }),
    };
    const clock = steppedClock();
    const { knows, until, observer } = observe(world, { disk, clock, timing: { blindScanMs: 15_000 } });
    await knows('a.png');
    expect(observer.problem).toMatchObject({
      code: 'watch-shared-drive',
      detail: expect.stringContaining('lies on a network drive (NFS)'),
    });
    await world.write('b.png', picture(2, 500));
    clock.pass(14_000);
    expect(observer.isScanDue).toBe(false);
    clock.pass(1000);
    // It may be too young at the first look.
    await until(() => {
      clock.pass(20);
      return world.known().length === 2;
    }, 'the file');
    expect(observer.isProven).toBe(true);
  });

  test('a network drive that is mounted in a subfolder counts too', async () => {
    if (!(await canMount('a network drive in a subfolder'))) return;
    const world = await scanWorld();
    await fs.mkdir(world.at('share'));
    mountDisk(world.at('share'));
    await world.write('share/a.png', picture(1, 500));
    const driveOf: Disk['driveOf'] = async (folder) =>
      folder === world.at('share') ? { isShared: true, name: 'SMB' } : { isShared: false, name: null };
    const { knows, observer } = observe(world, { disk: { ...world.disk, driveOf } });
    await knows('share/a.png');
    expect(observer.problem).toMatchObject({
      detail: expect.stringContaining(`“${world.at('share')}” lies on`),
    });
  });
});

describe('a watcher', () => {
  test('is set up anew when a disk comes back to the folder', async () => {
    if (!(await canMount('a disk that comes back to a mirror’s folder'))) return;
    const world = await scanWorld();
    const kept = `${world.root}-kept`;
    await fs.mkdir(kept);
    onTestFinished(() => fs.rm(kept, { recursive: true, force: true }));
    mountDisk(world.root);
    await fs.mkdir(world.at('.vi-sync'));
    await fs.writeFile(world.at(`.vi-sync/mirror-${world.mirrorId}.json`), '');
    await world.write('a.png', picture(1, 500));
    await fs.cp(world.root, kept, { recursive: true });
    const { knows, quiet, until, observer } = observe(world, { timing: { rewatchMs: 200 } });
    await knows('a.png');
    unmountDisk(world.root);
    await fs.rm(world.at('.vi-sync'), { recursive: true });
    observer.scanSoon();
    await until(() => observer.isRootMissing, 'the loss');
    mountDisk(world.root);
    await fs.cp(kept, world.root, { recursive: true });
    await until(() => !observer.isRootMissing, 'the return');
    await quiet();
    await world.write('b.png', picture(2, 500));
    await knows('a.png', 'b.png');
  });

  test('is set up anew when rules have changed: what was left out is watched now', async () => {
    const world = await scanWorld();
    await world.write('a.png', picture(1, 500));
    await world.write('raw/b.png', picture(2, 500));
    await world.write('.visyncignore', 'raw/');
    const { knows, quiet } = observe(world, { timing: { rewatchMs: 100 } });
    await knows('a.png');
    await quiet();
    await world.write('.visyncignore', '');
    await knows('a.png', 'raw/b.png');
    await quiet();
    await world.write('raw/new/c.png', picture(3, 500));
    await knows('a.png', 'raw/b.png', 'raw/new/c.png');
  });

  test('goes on when one folder is shut, and watches that one as soon as it is open', () => {
    const script = path.join(import.meta.dirname, 'shut-process.ts');
    // Whoever runs as root may look everywhere: nobody may not.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    if (spawnSync(process.execPath, ['--check', script], user).status !== 0) {
      console.warn(
        '\n!!! NOT TESTED on this machine, where nobody else may read the sources: a shut folder\n',
      );
      return;
    }
    const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
      ...user,
      encoding: 'utf8',
      timeout: 25_000,
    });
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'folder-unreadable EACCES',
      'found beside it',
      'open',
      'found in it',
    ]);
    expect(status).toBe(0);
  });
});

describe('a file that never holds still', () => {
  test('is looked at ever more seldom, shown as being written after minutes, and counts when it is left alone', async () => {
    const world = await scanWorld();
    await world.write('a.png', picture(1, 500));
    const clock = steppedClock();
    const { observer } = observe(world, { clock, timing: { quietMs: 2000 } });
    let looks = 0;
    const lookAfter = async (ms: number) => {
      const end = clock.monotonic() + ms;
      while (clock.monotonic() < end) {
        // Somebody writes to it all the time; a watcher says so each second.
        await fs.utimes(world.at('a.png'), new Date(), new Date());
        clock.pass(1000);
        if (observer.nextAt > clock.monotonic()) continue;
        looks += 1;
        await observer.look();
      }
    };
    await observer.look();
    await lookAfter(60_000);
    expect(world.known()).toEqual([]);
    expect(observer.isPending).toBe(true);
    expect(looks).toBeLessThan(25);
    await lookAfter(90_000);
    expect(world.problems()).toEqual({ 'a.png': 'being-written' });
    // It holds nothing up any more.
    expect(observer.isPending).toBe(false);
    looks = 0;
    await lookAfter(600_000);
    expect(looks).toBeLessThanOrEqual(30);
    // Another file is seen at once.
    await world.write('b.png', picture(2, 500));
    await fs.utimes(world.at('b.png'), 1000, 1000);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    observer.hint('b.png');
    await observer.look();
    expect(world.known()).toEqual(['a.png', 'b.png']);
    clock.pass(31_000);
    await observer.look();
    expect(world.problems()).toEqual({});
    expect(world.manifest.local.get(world.mirror, 'a.png')?.content).not.toBeNull();
  });
});
