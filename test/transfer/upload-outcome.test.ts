import { describe, expect, test } from 'vitest';
import type { Activity } from '../../app/contract.ts';
import type { Disk } from '../../app/engine/environment.ts';
import { silentLog } from '../../app/log.ts';
import type { RemoteFile } from '../../app/manifest/observations.ts';
import type { SessionFile } from '../../app/manifest/session-table.ts';
import { versionText } from '../../app/plan/content.ts';
import type { TransferContext } from '../../app/transfer/transfer-context.ts';
import { TransferMeter } from '../../app/transfer/transfer-meter.ts';
import { UploadOutcomes } from '../../app/transfer/upload-outcome.ts';
import { UploadProofs } from '../../app/transfer/upload-proofs.ts';
import { baseOf, localFile, memoryManifest, remoteFile } from '../manifest/temp-manifest.ts';

const created = 50_000;
const ourMd5 = 'a'.repeat(32);

function setup(changes: Partial<SessionFile> = {}) {
  const { manifest, mirror } = memoryManifest();
  const clock = {
    at: 10_000,
    setAhead: 0,
    now: () => clock.at + clock.setAhead,
    monotonic: () => clock.at,
    sleep: async () => undefined,
  };
  const told: Activity['kind'][] = [];
  const unused = new Proxy({}, { get: () => () => Promise.reject(new Error('not asked for')) });
  const { signal } = new AbortController();
  const local = localFile('x/a.png', 'ours');
  const onDisk = { stamp: local.stamp, md5: ourMd5, hashed: 0 };
  const disk: Pick<Disk, 'look' | 'hashIn'> = {
    look: async () => ({ kind: 'file', stamp: onDisk.stamp }),
    hashIn: async (_path, algorithm) => {
      onDisk.hashed += 1;
      return algorithm === 'md5' ? { algorithm, contents: onDisk.md5 } : null;
    },
  };
  const proofs = new UploadProofs({ environment: { disk: disk as Disk }, manifest, mirror, signal });
  const context = {
    environment: { clock, disk: unused, random: unused },
    remote: unused,
    manifest,
    mirror,
    signal,
    log: silentLog,
    proofs,
    upload: new TransferMeter(clock),
    download: new TransferMeter(clock),
    report: {
      changed: () => undefined,
      activity: ({ kind }: { kind: Activity['kind'] }) => told.push(kind),
      planAgain: () => undefined,
    },
  } as unknown as TransferContext;
  const outcomes = new UploadOutcomes(context);
  manifest.local.put(mirror.id, local, manifest.local.nextObservation());
  const session = manifest.sessions.insert({
    mirror: mirror.id,
    sessionId: 's',
    annotations: 'KeepLinkedResource',
    createdAt: clock.at,
    serviceCreated: created,
  });
  manifest.sessions.insertFile(mirror.id, {
    session,
    filename: 'a.png',
    key: local.key,
    path: local.path,
    size: local.stamp.size,
    sha256: local.content?.sha256 ?? '',
    crc32c: 7,
    identity: local.stamp,
    step: 'sent',
    target: '{"url":"http://x"}',
    replaces: null,
    replacesAsset: null,
    agreedAnnotations: null,
    ...changes,
  });
  return {
    manifest,
    clock,
    told,
    finish: (serviceFinished: number | null) => manifest.sessions.finish(session, clock.at, serviceFinished),
    see: (asset: RemoteFile) => manifest.remote.put(mirror.id, asset),
    resolve: (isComplete = true) => outcomes.resolve(isComplete),
    proofs,
    local,
    onDisk,
    mirrorId: mirror.id,
    base: () => manifest.synced.get(mirror.id, local.key),
    isOpen: () => manifest.sessions.isAnyOpen(mirror.id),
    failure: () => manifest.failures.nextAt(mirror.id, 0),
  };
}

const bare = (changes: Partial<RemoteFile> = {}) =>
  remoteFile('a.png', '', { hash: null, sha256: null, contentsLastUpdated: created + 5, ...changes });

describe('an upload has ended well when a listing shows it', () => {
  test('by the hash, whatever else', () => {
    const { see, resolve, base, isOpen, told } = setup({ step: 'sending' });
    expect(resolve()).toBe(0);
    see(remoteFile('a.png', 'ours', { contentsLastUpdated: 3 }));
    expect(resolve()).toBe(1);
    expect(base()).toMatchObject({
      path: 'x/a.png',
      assetId: 'asset-a.png',
      remote: { contentsLastUpdated: 3 },
    });
    expect(isOpen()).toBe(false);
    expect(told).toEqual(['uploaded']);
  });

  test('not by the hash of something else', () => {
    const { see, resolve, isOpen, base, finish } = setup();
    see(remoteFile('a.png', 'theirs'));
    expect(resolve()).toBe(0);
    expect(isOpen()).toBe(true);
    // The session is over, and this is what is there: theirs came over ours.
    finish(created + 10);
    resolve();
    expect(isOpen()).toBe(false);
    expect(base()).toBeNull();
  });

  test('overwritten by somebody else before it was listed: not waited for, whatever shows that it is theirs', () => {
    const later = { contentsLastUpdated: created + 20 };
    for (const theirs of [
      bare({ ...later, size: 101 }),
      bare({ ...later, hash: { algorithm: 'crc32c', contents: '00000008' } }),
      bare({ ...later, hash: { algorithm: 'md5', contents: '0'.repeat(32) } }),
    ]) {
      const { see, resolve, isOpen, base, finish, failure } = setup();
      see(theirs);
      finish(created + 10);
      expect(resolve()).toBe(0);
      expect(isOpen(), JSON.stringify(theirs)).toBe(false);
      expect(base()).toBeNull();
      expect(failure()).toBeNull();
    }
  });

  test('without a hash by size and time, within the session', () => {
    for (const [asset, expected] of [
      [bare(), 1],
      [bare({ size: 101 }), 0],
      [bare({ contentsLastUpdated: created - 1 }), 0],
      [bare({ hash: { algorithm: 'crc32c', contents: '00000007' } }), 1],
      [bare({ hash: { algorithm: 'crc32c', contents: '00000008' } }), 0],
    ] as const) {
      const { see, resolve, finish } = setup();
      see(asset);
      finish(created + 10);
      expect(resolve(), JSON.stringify(asset)).toBe(expected);
    }
  });

  test('without a hash never a file that was not sent, nor the version that was to be replaced', () => {
    const unsent = setup({ step: 'announced' });
    unsent.see(bare());
    expect(unsent.resolve()).toBe(0);
    const old = bare();
    const replacing = setup({ replaces: versionText(old) });
    replacing.finish(created + 10);
    replacing.see(old);
    expect(replacing.resolve()).toBe(0);
    replacing.see(bare({ contentsLastUpdated: created + 9, etag: 'x' }));
    expect(replacing.resolve()).toBe(1);
  });

  test('without a hash not before the session is over: somebody else’s may be there, and ours still coming', () => {
    const { see, resolve, isOpen, finish, base } = setup();
    see(bare());
    expect(resolve()).toBe(0);
    expect(isOpen()).toBe(true);
    // Nobody can say any more when it was over: both are compared.
    finish(null);
    expect(resolve()).toBe(0);
    expect(isOpen()).toBe(false);
    expect(base()).toBeNull();
  });

  test('by a hash in the service’s own algorithm, taken of the file', async () => {
    for (const [md5, expected] of [
      [ourMd5, 1],
      ['b'.repeat(32), 0],
    ] as const) {
      const { see, resolve, proofs, base, isOpen, finish } = setup();
      see(bare({ hash: { algorithm: 'md5', contents: md5 } }));
      // Within the session, by the time: that alone is no proof.
      expect(resolve()).toBe(0);
      await proofs.complete();
      expect(resolve()).toBe(expected);
      expect(base() !== null).toBe(expected === 1);
      finish(created + 10);
      resolve();
      expect(isOpen()).toBe(false);
    }
  });

  test('by such a hash also of a file that was edited while it was sent', async () => {
    const { see, resolve, proofs, onDisk, local, manifest, mirrorId } = setup();
    manifest.remote.put(
      mirrorId,
      remoteFile('b.png', '', { ...bare(), hash: { algorithm: 'md5', contents: ourMd5 } }),
    );
    await proofs.prepare(local);
    expect(onDisk.hashed).toBe(1);
    manifest.local.put(mirrorId, localFile('x/a.png', 'edited'), manifest.local.nextObservation());
    onDisk.stamp = localFile('x/a.png', 'edited').stamp;
    see(bare({ hash: { algorithm: 'md5', contents: ourMd5 } }));
    await proofs.complete();
    expect(onDisk.hashed).toBe(1);
    expect(resolve()).toBe(1);
  });

  test('by the time where the service’s hash is one that nobody can compute here', async () => {
    const { see, resolve, proofs, finish } = setup();
    see(bare({ hash: { algorithm: 'whirlpool', contents: 'c'.repeat(128) } }));
    await proofs.complete();
    expect(resolve()).toBe(0);
    finish(created + 10);
    expect(resolve()).toBe(1);
  });

  test('changed after the session: ours was the version before, and theirs will show as a change', () => {
    const { see, resolve, base, finish } = setup();
    finish(created + 10);
    see(bare({ contentsLastUpdated: created + 99 }));
    expect(resolve()).toBe(1);
    expect(base()?.remote).toEqual({ size: 100, hash: null, contentsLastUpdated: created + 10 });
  });

  test('one that is deleted there before it was ever listed is not uploaded again by itself', () => {
    const { resolve, finish, clock, isOpen, base, failure } = setup();
    finish(created + 10);
    resolve();
    clock.at += 19_000;
    resolve();
    expect(isOpen()).toBe(true);
    clock.at += 2000;
    resolve();
    expect(isOpen()).toBe(false);
    expect(failure()).toBeNull();
    expect(base()).toMatchObject({ path: 'x/a.png', local: { sha256: expect.any(String) } });
  });

  test('one that nobody knows to have arrived, and that never shows, is uploaded again and not taken for deleted there', () => {
    const interrupted = setup({ step: 'sending' });
    interrupted.finish(null);
    interrupted.resolve();
    interrupted.clock.at += 21_000;
    interrupted.resolve();
    expect(interrupted.isOpen()).toBe(false);
    expect(interrupted.base()).toBeNull();
    // The service has ended the session, and named no error.
    const answerLost = setup({ step: 'sending' });
    answerLost.finish(created + 10);
    answerLost.resolve();
    answerLost.clock.at += 21_000;
    answerLost.resolve();
    expect(answerLost.base()).toMatchObject({ path: 'x/a.png' });
  });

  test('a new version whose asset is gone keeps its base: changed here, deleted there', () => {
    const { resolve, finish, clock, isOpen, base, manifest, mirrorId } = setup();
    const before = baseOf(localFile('x/a.png', 'before'), remoteFile('a.png', 'before'));
    manifest.synced.put(mirrorId, before);
    finish(created + 10);
    resolve();
    clock.at += 21_000;
    resolve();
    expect(isOpen()).toBe(false);
    expect(base()).toMatchObject({ assetId: before.assetId, local: { sha256: before.local.sha256 } });
  });

  test('while the dataset counts more than it lists, it may only be late; in the end it is uploaded again', () => {
    const { resolve, finish, clock, isOpen, failure } = setup();
    finish(created + 10);
    resolve(false);
    clock.at += 29_000;
    resolve(false);
    expect(isOpen()).toBe(true);
    clock.at += 2000;
    resolve(false);
    expect(isOpen()).toBe(false);
    expect(failure()).toBe(clock.at + 600_000);
  });

  test('a clock that is set ahead, or a night in which nothing ran, does not shorten the wait for a listing', () => {
    for (const isComplete of [true, false]) {
      const { resolve, finish, clock, isOpen, failure, base } = setup();
      finish(created + 10);
      clock.setAhead = 100 * 3_600_000;
      resolve(isComplete);
      clock.at += 19_000;
      resolve(isComplete);
      expect(isOpen()).toBe(true);
      expect(base()).toBeNull();
      expect(failure()).toBeNull();
    }
  });

  test('somebody else’s version of another size or checksum is theirs, once the session is over', () => {
    for (const asset of [
      bare({ size: 101 }),
      bare({ hash: { algorithm: 'crc32c', contents: '00000008' } }),
    ]) {
      const { see, resolve, finish, isOpen, base } = setup();
      see(asset);
      expect(resolve()).toBe(0);
      expect(isOpen()).toBe(true);
      finish(created + 10);
      expect(resolve()).toBe(0);
      expect(isOpen()).toBe(false);
      expect(base()).toBeNull();
    }
  });
});
