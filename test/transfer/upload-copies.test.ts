import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Disk } from '../../app/engine/environment.ts';
import { realClock, realRandomness } from '../../app/engine/real-clock.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import { silentLog } from '../../app/log.ts';
import { writeMarker } from '../../app/observe/root-guard.ts';
import { mirrorFiles } from '../../app/transfer/mirror-files.ts';
import { UploadCopies } from '../../app/transfer/upload-copies.ts';
import { steadyStream } from '../bench/steady-stream.ts';
import { picture } from '../engine/pictures.ts';
import { addMirror, localFile, memoryManifest, temporaryFolder } from '../manifest/temp-manifest.ts';
import { FakeWorld } from '../world/fake-world.ts';
import { hashOf } from '../world/file-facts.ts';

async function setup() {
  const root = await temporaryFolder();
  const { manifest } = memoryManifest();
  const mirror = addMirror(manifest, root);
  const real = realDisk({ threads: 1 });
  onTestFinished(() => real.close());
  await writeMarker(real, root, mirror.mirrorId);
  const faults: Partial<Disk> = {};
  const disk: Disk = { ...real, copyNew: (from, to) => (faults.copyNew ?? real.copyNew)(from, to) };
  const environment = { disk, clock: realClock, random: realRandomness, connect: () => never() };
  const files = mirrorFiles({ ...environment, manifest, mirror });
  const { signal } = new AbortController();
  const copies = new UploadCopies({ environment, mirror, signal, log: silentLog }, files);
  const file = path.join(root, 'a.png');
  return {
    copies,
    faults,
    real,
    file,
    known: localFile('a.png', 'an older version'),
    left: () => fs.readdir(path.join(root, '.vi-sync/tmp')).catch(() => []),
  };
}

function never(): never {
  throw new Error('no service is asked');
}

describe('a copy for an upload', () => {
  test('is the file as it is now, with its hash, and goes when it is not needed any more', async () => {
    const { copies, file, known, real, left } = await setup();
    const now = picture(7);
    await fs.writeFile(file, now);
    const copy = await copies.take(known);
    const place = await real.look(file);
    expect(copy?.local).toMatchObject({ path: 'a.png', content: { sha256: hashOf(now).sha256 } });
    expect(place).toMatchObject({ kind: 'file', stamp: copy?.local.stamp });
    await fs.writeFile(file, picture(8));
    expect(await fs.readFile(copy?.source ?? '')).toEqual(now);
    await copies.discard(copy?.source ?? '');
    expect(await left()).toEqual([]);
  });

  test('is none of a file that is written to meanwhile, is gone, or is no sound image; and nothing of it stays', async () => {
    const { copies, file, known, faults, real, left } = await setup();
    expect(await copies.take(known)).toBeNull();
    await fs.writeFile(file, 'no picture');
    expect(await copies.take(known)).toBeNull();
    await fs.writeFile(file, picture(7));
    faults.copyNew = async (from, to) => {
      await real.copyNew(from, to);
      await fs.writeFile(file, picture(8));
    };
    expect(await copies.take(known)).toBeNull();
    faults.copyNew = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC', errno: -28 }));
    expect(await copies.take(known)).toBeNull();
    expect(await left()).toEqual([]);
  });
});

test('a file that is saved every second is uploaded every few, and spends no session in vain', async () => {
  const { refused, sessions, medianMs, longestMs } = await steadyStream(1, 180, 1000);
  expect(refused).toBe(0);
  expect(sessions).toBeLessThanOrEqual(12);
  expect(medianMs).toBeLessThan(60_000);
  expect(longestMs).toBeLessThan(180_000);
});

test('copies are gone when their uploads have ended', async () => {
  const world = new FakeWorld({ seed: 5 });
  const machine = world.machine('computer');
  try {
    machine.start();
    await world.settle(machine);
    for (let version = 0; version < 20; version++) {
      machine.volume.write(machine.path('stream.png'), picture(version));
      await world.clock.run(700);
    }
    await world.settle(machine);
    const [asset] = world.service.assets();
    expect(asset?.content).toEqual(picture(19));
    const left = [...machine.volume.files()].map(({ path: each }) => each);
    expect(left.filter((each) => each.includes('/.vi-sync/tmp/'))).toEqual([]);
  } finally {
    machine.kill();
    machine.dispose();
  }
});

test('a copy whose asset can’t be asked for does not stay', async () => {
  const world = new FakeWorld({ seed: 6 });
  const machine = world.machine('computer');
  try {
    machine.volume.write(machine.path('stream.png'), picture(0));
    machine.start();
    await world.settle(machine);
    let copies = 0;
    machine.volume.listen((event) => {
      if (event.actor === 'engine' && event.kind === 'touched' && /tmp\/.+\.png$/.test(event.path))
        copies += 1;
    });
    machine.remote.faults.list = [{ kind: 'server', calls: ['get'] }];
    for (let version = 1; version < 60; version++) {
      machine.volume.write(machine.path('stream.png'), picture(version));
      await world.clock.run(700);
    }
    expect(copies).toBeGreaterThan(0);
    const left = [...machine.volume.files()].map(({ path: each }) => each);
    expect(left.filter((each) => each.includes('/.vi-sync/tmp/')).length).toBeLessThanOrEqual(1);
    machine.remote.faults.list = [];
    await world.settle(machine);
    expect(world.service.assets().map(({ content }) => content)).toEqual([picture(59)]);
    const after = [...machine.volume.files()].map(({ path: each }) => each);
    expect(after.filter((each) => each.includes('/.vi-sync/tmp/'))).toEqual([]);
  } finally {
    machine.kill();
    machine.dispose();
  }
});
