import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../app/manifest/manifest.ts';
import type { LocalFile, RemoteFile } from '../../app/manifest/observations.ts';
import type { BoundAnswer } from '../../app/plan/answers.ts';
import { defaultPolicy, type Policy } from '../../app/plan/decision.ts';
import { makePlan } from '../../app/plan/plan.ts';
import { unseenAssetId } from '../../app/plan/unseen.ts';
import { mostOperations, type Plan } from '../../app/plan/work.ts';
import { baseOf, localFile, memoryManifest, remoteFile } from '../manifest/temp-manifest.ts';

function setup() {
  const { manifest, mirror } = memoryManifest();
  const told: string[] = [];
  const add = (...rows: (LocalFile | RemoteFile)[]) => {
    for (const row of rows) {
      if ('assetId' in row) manifest.remote.put(mirror.id, row);
      else manifest.local.put(mirror.id, row, manifest.local.nextObservation());
    }
  };
  const bind = (local: LocalFile, remote: RemoteFile) => {
    add(local, remote);
    manifest.synced.put(mirror.id, baseOf(local, remote));
  };
  const plan = (policy: Partial<Policy> = {}, now = 1000, pause = async () => {}): Promise<Plan> =>
    makePlan({
      manifest,
      mirror: mirror.id,
      policy: { ...defaultPolicy, ...policy },
      now,
      isBusy: () => false,
      isUrgent: (path) => path.startsWith('urgent'),
      whyUnobserved: () => null,
      onActivity: ({ kind, path }) => told.push(`${kind} ${path}`),
      pause,
    });
  return { manifest, mirror: mirror.id, add, bind, plan, told };
}

function states(manifest: Manifest, mirror: number): Record<string, string> {
  const { items } = manifest.entries.page(mirror, { sort: 'path', descending: false, offset: 0, limit: 500 });
  return Object.fromEntries(
    items.map(({ item, state, problem }) => [item, problem === null ? state : `${state}: ${problem.code}`]),
  );
}

describe('a plan', () => {
  test('is made of what differs; what is settled is not looked at again', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    bind(localFile('same.png', 's'), remoteFile('same.png', 's'));
    add(localFile('new.png', 'n'), remoteFile('there.png', 't'));
    const first = await plan();
    expect(first.upload.operations.map(({ filename }) => filename)).toEqual(['new.png']);
    expect(first.download.operations.map(({ target }) => target.path)).toEqual(['there.png']);
    expect(first.upload).toMatchObject({ files: 1, bytes: 100 });
    expect(states(manifest, mirror)).toEqual({
      'f:new.png': 'waiting',
      'a:asset-there.png': 'waiting',
      'f:same.png': 'in-sync',
    });
    expect(manifest.differences.unsettled(mirror, '', '')).toEqual([]);
  });

  test('a file has one asset: another that would have its place waits for itself', async () => {
    const { manifest, mirror, add, plan } = setup();
    add(
      localFile('b.png', 'mine'),
      remoteFile('b.png', 'one'),
      remoteFile('elsewhere.png', 'two', { target: { path: 'b.png', key: 'b.png' } }),
    );
    await plan();
    expect(states(manifest, mirror)).toEqual({
      'f:b.png': 'held: both-added',
      'a:asset-elsewhere.png': 'held: place-taken',
    });
  });

  test('binds what is equal on both sides and holds what is not', async () => {
    const { manifest, mirror, add, plan, told } = setup();
    add(
      localFile('a.png', 'one'),
      remoteFile('a.png', 'one'),
      localFile('b.png', 'one!'),
      remoteFile('b.png', 'two'),
    );
    const { bound, upload, download } = await plan();
    expect({ bound, upload: upload.files, download: download.files }).toEqual({
      bound: 1,
      upload: 0,
      download: 0,
    });
    expect(states(manifest, mirror)).toEqual({ 'f:a.png': 'in-sync', 'f:b.png': 'held: both-added' });
    await plan();
    expect(told).toEqual(['bound a.png', 'held b.png']);
  });

  test('of two files of one name the first is uploaded, whatever its folder; a broken one is no first', async () => {
    const { manifest, mirror, add, plan } = setup();
    const problem = { code: 'empty', title: '', detail: '', suggestion: '' };
    add(localFile('a/x.png', '1', { problem }), localFile('b/x.png', '2'), localFile('c/x.png', '3'));
    const { upload } = await plan();
    expect(upload.operations.map(({ local }) => local.path)).toEqual(['b/x.png']);
    expect(states(manifest, mirror)).toEqual({
      'f:a/x.png': 'problem: empty',
      'f:b/x.png': 'waiting',
      'f:c/x.png': 'held: name-collision',
    });
  });

  test('two spellings of one name are one name', async () => {
    const { add, plan } = setup();
    add(localFile('u\u0308.png', '1', { key: 'ü.png\0u\u0308.png' }), localFile('\u00fc.png', '2'));
    expect((await plan()).upload.files).toBe(1);
  });

  test('a file is no upload under the name of an asset that another file is, or was', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    const gone = localFile('old/x.png', '1');
    bind(gone, remoteFile('x.png', '1'));
    manifest.local.delete(mirror, gone.key);
    add(localFile('new/x.png', 'other'));
    expect((await plan()).upload.files).toBe(0);
    expect(states(manifest, mirror)).toEqual({
      'f:old/x.png': 'remote-only: left-deleted-here',
      'f:new/x.png': 'held: name-collision',
    });
  });

  test('an asset goes to the file at its path, to one of its content, or to the first of its name', async () => {
    const { manifest, mirror, add, plan } = setup();
    const elsewhere = {
      customMetadata: { viSyncPath: 'there/p.png' },
      target: { path: 'there/p.png', key: 'there/p.png' },
    };
    add(
      localFile('a/c.png', '1'),
      localFile('b/c.png', '2'),
      remoteFile('c.png', '2'),
      localFile('here/p.png', '3'),
      remoteFile('p.png', '4', elsewhere),
    );
    const { download } = await plan();
    expect(download.operations.map(({ target }) => target.path)).toEqual(['there/p.png']);
    expect(states(manifest, mirror)).toEqual({
      'f:a/c.png': 'held: name-collision',
      'f:b/c.png': 'in-sync',
      'f:here/p.png': 'held: name-collision',
      'a:asset-p.png': 'waiting',
    });
  });

  test('duplicates stay here, unless the mirror says otherwise', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    bind(localFile('a.png', 'one'), remoteFile('a.png', 'one'));
    add(localFile('copy.png', 'one'), localFile('m.png', 'two'), localFile('n.png', 'two'));
    const { upload } = await plan();
    expect(upload.operations.map(({ local }) => local.path)).toEqual(['m.png']);
    expect(states(manifest, mirror)).toMatchObject({
      'f:copy.png': 'local-only: duplicate',
      'f:n.png': 'local-only: duplicate',
    });
    expect((await plan({ duplicates: 'upload' })).upload.files).toBe(3);
  });

  test('a duplicate takes no name from a file that is none', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    bind(localFile('z.png', 'same'), remoteFile('z.png', 'same'));
    add(localFile('a.png', 'same'), localFile('train/a.png', 'other'));
    expect((await plan()).upload.operations).toMatchObject([
      { filename: 'a.png', local: { path: 'train/a.png' } },
    ]);
    expect(states(manifest, mirror)).toMatchObject({ 'f:a.png': 'local-only: duplicate' });
  });

  test('a file that is on its way belongs to its session, whatever is seen of it meanwhile', async () => {
    const { manifest, mirror, add, plan } = setup();
    const file = localFile('a.png', 'one');
    add(file, localFile('copy.png', 'one'), localFile('x/a.png', 'two'));
    const session = manifest.sessions.insert({
      mirror,
      sessionId: 's',
      annotations: 'KeepLinkedResource',
      createdAt: 0,
      serviceCreated: 0,
    });
    manifest.sessions.insertFile(mirror, {
      session,
      filename: 'a.png',
      key: file.key,
      path: file.path,
      size: 100,
      sha256: file.content?.sha256 ?? '',
      crc32c: 7,
      identity: file.stamp,
      step: 'sending',
      target: '{}',
      replaces: null,
      replacesAsset: null,
      agreedAnnotations: null,
    });
    expect((await plan()).upload.files).toBe(0);
    expect(states(manifest, mirror)).toEqual({ 'f:copy.png': 'local-only: duplicate' });
    // Its asset is listed, and the file has been changed meanwhile: no conflict, the session will tell.
    add(remoteFile('a.png', 'one'), { ...file, content: { sha256: 'new', crc32c: 1, otherHash: null } });
    const { upload, download } = await plan();
    expect(upload.files + download.files).toBe(0);
  });

  test('a failure is waited with until its time, or until there is something else to try', async () => {
    const { manifest, mirror, add, plan } = setup();
    const file = localFile('a.png', 'one');
    add(file);
    const problem = { code: 'ENOQUOTA', title: '', detail: '', suggestion: '' };
    const fingerprint = `${file.content?.sha256} a.png`;
    const fail = (nextAt: number | null) =>
      manifest.failures.put(mirror, { item: 'f:a.png', fingerprint, problem, tries: 1, nextAt });
    fail(5000);
    expect((await plan({}, 4999)).upload.files).toBe(0);
    expect(states(manifest, mirror)).toEqual({ 'f:a.png': 'problem: ENOQUOTA' });
    expect((await plan({}, 5000)).upload.files).toBe(1);
    fail(null);
    expect((await plan({}, 9e9)).upload.files).toBe(0);
    add({ ...file, content: { sha256: 'other', crc32c: 1, otherHash: null } });
    expect((await plan()).upload.files).toBe(1);
  });

  test('deletions, and overwrites that a policy allows, are planned with what they may touch', async () => {
    const { manifest, mirror, bind, plan } = setup();
    const [kept, gone, there] = [localFile('k.png', '1'), localFile('g.png', '2'), localFile('t.png', '3')];
    bind(kept, remoteFile('k.png', '1', { annotations: 4 }));
    bind(gone, remoteFile('g.png', '2'));
    bind(there, remoteFile('t.png', '3'));
    manifest.local.put(mirror, { ...kept, content: { sha256: 'new', crc32c: 1, otherHash: null } }, 99);
    manifest.local.delete(mirror, gone.key);
    manifest.remote.delete(mirror, 'asset-t.png');
    const told = { deletePolicy: 'propagate', retentionMode: 'RemoveLinkedResource' } as const;
    const { upload, change, overwrites, trashed, deleted } = await plan(told);
    expect({ overwrites, trashed, deleted }).toEqual({ overwrites: 1, trashed: 1, deleted: 1 });
    expect(upload.operations).toMatchObject([
      { annotations: 'RemoveLinkedResource', agreedAnnotations: null },
    ]);
    expect(change.operations).toMatchObject([
      { kind: 'delete-remote', remote: { assetId: 'asset-g.png' }, agreedAnnotations: 0 },
      { kind: 'trash-local', local: { path: 't.png' }, reason: 'deleted-there' },
    ]);
  });

  test('an asset that was given another name there is overwritten by that name, whoever has the old one now', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    const file = localFile('a.png', 'before');
    bind(file, remoteFile('a.png', 'before'));
    const renamed = { assetId: 'asset-a.png', filename: 'b.png' };
    add(remoteFile('a.png', 'before', renamed));
    add(remoteFile('a.png', 'theirs', { assetId: 'asset-new' }));
    await plan();
    expect(manifest.synced.get(mirror, file.key)?.filename).toBe('b.png');
    add({ ...file, content: { sha256: 'edited', crc32c: 1, otherHash: null } });
    expect((await plan()).upload.operations).toMatchObject([{ filename: 'b.png', replaces: renamed }]);
  });

  test('a file whose asset is gone, and whose name another file’s asset has now, is uploaded by a free name', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    const [gone, other] = [localFile('a.png', 'before'), localFile('b.png', 'other')];
    bind(gone, remoteFile('a.png', 'before'));
    bind(other, remoteFile('b.png', 'other'));
    manifest.remote.delete(mirror, 'asset-a.png');
    add(remoteFile('b.png', 'other', { filename: 'a.png' }));
    add({ ...gone, content: { sha256: 'edited', crc32c: 1, otherHash: null } });
    await plan();
    const { fingerprint = '' } = manifest.entries.holdOf(mirror, 'f:a.png') ?? {};
    manifest.answers.put(mirror, 'f:a.png', { kind: 'keep-mine', fingerprint }, 0);
    manifest.synced.unsettle(mirror, gone.key);
    expect((await plan()).upload.operations).toMatchObject([{ filename: 'a-2.png', replaces: null }]);
  });

  test('an asset that no listing has ever shown is not believed to be deleted: a person is asked', async () => {
    const { manifest, mirror, add, plan } = setup();
    const local = localFile('a.png', 'a');
    add(local);
    const base = baseOf(local, remoteFile('a.png', 'a'));
    manifest.synced.put(mirror, { ...base, assetId: unseenAssetId(1, 'a.png') });
    expect((await plan()).change.files).toBe(0);
    expect(states(manifest, mirror)).toEqual({ 'f:a.png': 'held: deleted-there' });
    // It was only late.
    add(remoteFile('a.png', 'a'));
    await plan();
    expect(states(manifest, mirror)).toEqual({ 'f:a.png': 'in-sync' });
  });

  test('many deletions at once are held, also the later ones of the same hour; few are not', async () => {
    const { manifest, mirror, bind, plan } = setup();
    const files = Array.from({ length: 100 }, (_, index) => localFile(`p${index}.png`, `${index}`));
    for (const file of files) bind(file, remoteFile(file.path, file.path.slice(1, -4)));
    await plan();
    const removeAssets = (from: number, to: number) => {
      for (let index = from; index < to; index++) manifest.remote.delete(mirror, `asset-p${index}.png`);
    };
    removeAssets(0, 20);
    expect((await plan()).trashed).toBe(20);
    for (const file of files.slice(0, 20)) {
      manifest.local.delete(mirror, file.key);
      manifest.synced.delete(mirror, file.key);
      manifest.deletions.add(mirror, 'there', 1000);
    }
    removeAssets(20, 22);
    expect((await plan()).trashed).toBe(0);
    expect(states(manifest, mirror)['f:p20.png']).toBe('held: many-deleted-there');
    // Looked at again alone, it is still one of many.
    manifest.synced.unsettle(mirror, 'p20.png');
    expect((await plan({}, 10_000_000)).trashed).toBe(0);
    // A day later a single deletion is a single deletion.
    removeAssets(50, 51);
    expect((await plan({}, 10_000_000)).trashed).toBe(1);
  });

  test('an answer that comes while the plan is being made is not overlooked', async () => {
    const { manifest, mirror, bind, plan } = setup();
    const file = localFile('b.png', '1');
    bind(file, remoteFile('b.png', '1', { annotations: 4 }));
    manifest.local.put(mirror, { ...file, content: { sha256: 'new', crc32c: 1, otherHash: null } }, 99);
    await plan();
    const { fingerprint = '' } = manifest.entries.holdOf(mirror, 'f:b.png') ?? {};
    bind(localFile('a.png', '2'), remoteFile('a.png', '2'));
    let isAnswered = false;
    const { change, upload } = await plan({}, 1000, async () => {
      if (isAnswered) return;
      isAnswered = true;
      manifest.answers.put(mirror, 'f:b.png', { kind: 'keep-theirs', fingerprint }, 0);
      manifest.synced.unsettle(mirror, 'b.png');
    });
    expect([change.files, upload.files]).toEqual([0, 0]);
    expect((await plan()).download.files + (await plan()).download.files).toBeGreaterThan(0);
  });

  test('a side that is emptied of all is suspicious, however few they were; a part of few is not', async () => {
    for (const [gone, isHeld] of [
      [8, true],
      [7, false],
    ] as const) {
      const { manifest, mirror, bind, plan } = setup();
      const files = Array.from({ length: 8 }, (_, index) => localFile(`p${index}.png`, `${index}`));
      for (const file of files) bind(file, remoteFile(file.path, file.path.slice(1, -4)));
      for (const file of files.slice(0, gone)) manifest.local.delete(mirror, file.key);
      const { deleted } = await plan({ deletePolicy: 'propagate' });
      expect(deleted).toBe(isHeld ? 0 : gone);
      expect(manifest.entries.counts(mirror).held).toBe(isHeld ? gone : 0);
    }
  });

  test('an answer is carried out as long as it is for just what is there, and forgotten when it is not', async () => {
    const { manifest, mirror, bind, plan } = setup();
    const file = localFile('a.png', '1');
    bind(file, remoteFile('a.png', '1', { annotations: 4 }));
    manifest.local.put(mirror, { ...file, content: { sha256: 'new', crc32c: 1, otherHash: null } }, 99);
    await plan();
    const { fingerprint = '' } = manifest.entries.holdOf(mirror, 'f:a.png') ?? {};
    const answer = { kind: 'keep-mine', annotations: 'KeepLinkedResource', fingerprint } as const;
    const say = (said: BoundAnswer) => {
      manifest.answers.put(mirror, 'f:a.png', said, 0);
      manifest.synced.unsettle(mirror, 'a.png');
    };
    say(answer);
    expect((await plan()).upload.operations).toMatchObject([
      { annotations: 'KeepLinkedResource', agreedAnnotations: 4 },
    ]);
    // Without a word about the annotations it is no answer.
    say({ kind: 'keep-mine', fingerprint });
    expect((await plan()).upload.files).toBe(0);
    expect(manifest.answers.all(mirror).size).toBe(0);
    // One annotation more, and it was an answer to something else.
    say(answer);
    manifest.remote.put(mirror, remoteFile('a.png', '1', { annotations: 5 }));
    expect((await plan()).upload.files).toBe(0);
    expect(manifest.answers.all(mirror).size).toBe(0);
    expect(states(manifest, mirror)).toEqual({ 'f:a.png': 'held: overwrites-annotations' });
  });

  test('holds no more operations than can be begun, counts all, and keeps the urgent ones in reach', async () => {
    const { manifest, mirror, plan } = setup();
    manifest.transaction(() => {
      for (let index = 0; index < mostOperations + 50; index++) {
        manifest.local.put(mirror, localFile(`p${index}.png`, `${index}`), 1);
      }
      manifest.local.put(mirror, localFile('urgent.png', 'u'), 1);
    });
    const { upload } = await plan();
    expect(upload.files).toBe(mostOperations + 51);
    expect(upload.operations).toHaveLength(mostOperations);
    expect(upload.urgent.map(({ filename }) => filename)).toEqual(['urgent.png']);
  });
});

describe('a rename', () => {
  test('is known by the file itself, even when it was edited as well; then the edit goes to its asset', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    const before = localFile('a.png', 'one');
    bind(before, remoteFile('a.png', 'one'));
    manifest.local.delete(mirror, before.key);
    add(localFile('b.png', 'two', { stamp: before.stamp }));
    const { upload } = await plan();
    expect(upload.operations).toMatchObject([{ filename: 'a.png', replaces: { assetId: 'asset-a.png' } }]);
  });

  test('an inode that is used again is another file', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    const before = localFile('a.png', 'one');
    bind(before, remoteFile('a.png', 'one'));
    manifest.local.delete(mirror, before.key);
    add(
      localFile('b.png', 'two', { stamp: { ...before.stamp, birthtimeNs: before.stamp.birthtimeNs + 1n } }),
    );
    const { upload } = await plan();
    expect(upload.operations).toMatchObject([{ filename: 'b.png', replaces: null }]);
  });

  test('three files go round in a circle', async () => {
    const { manifest, mirror, bind, plan } = setup();
    const files = ['a.png', 'b.png', 'c.png'].map((name) => localFile(name, name));
    for (const file of files) bind(file, remoteFile(file.path, file.path));
    await plan();
    for (const [index, file] of files.entries()) {
      const from = files[(index + 1) % 3] ?? file;
      manifest.local.put(
        mirror,
        { ...from, key: file.key, path: file.path, remoteName: file.remoteName },
        99,
      );
    }
    const { upload, download, bound } = await plan();
    expect({ upload: upload.files, download: download.files, bound }).toEqual({
      upload: 0,
      download: 0,
      bound: 3,
    });
    expect(manifest.synced.get(mirror, 'a.png')?.filename).toBe('b.png');
    expect(manifest.synced.get(mirror, 'c.png')?.filename).toBe('a.png');
  });

  test('each of two equal files that moved finds one base', async () => {
    const { manifest, mirror, add, bind, plan } = setup();
    const [one, two] = [localFile('1.png', 'same'), localFile('2.png', 'same')];
    bind(one, remoteFile('1.png', 'same'));
    bind(two, remoteFile('2.png', 'same'));
    manifest.local.delete(mirror, one.key);
    manifest.local.delete(mirror, two.key);
    add(localFile('new/1.png', 'same'), localFile('new/2.png', 'same'));
    const { upload, bound } = await plan();
    expect({ upload: upload.files, bound }).toEqual({ upload: 0, bound: 2 });
    expect(manifest.synced.get(mirror, 'new/2.png')?.filename).toBe('2.png');
  });
});
