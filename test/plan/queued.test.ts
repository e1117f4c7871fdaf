import { describe, expect, test } from 'vitest';
import type { LocalFile, RemoteFile } from '../../app/manifest/observations.ts';
import { defaultPolicy } from '../../app/plan/decision.ts';
import { makePlan } from '../../app/plan/plan.ts';
import type { Plan } from '../../app/plan/work.ts';
import { baseOf, localFile, memoryManifest, remoteFile } from '../manifest/temp-manifest.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}.png`);

/** A manifest, and plans of it that gather two operations of a kind. */
function setup() {
  const { manifest, mirror } = memoryManifest();
  let looked: string[] = [];
  const busy = new Set<string>();
  const put = (...rows: (LocalFile | RemoteFile)[]) => {
    for (const row of rows) {
      if ('assetId' in row) manifest.remote.put(mirror.id, row);
      else manifest.local.put(mirror.id, row, manifest.local.nextObservation());
    }
  };
  const bind = (local: LocalFile, remote: RemoteFile) => {
    put(local, remote);
    manifest.synced.put(mirror.id, baseOf(local, remote));
  };
  const plan = async (planSize: number | undefined = 2): Promise<Plan> => {
    looked = [];
    return makePlan({
      manifest,
      mirror: mirror.id,
      policy: { ...defaultPolicy, deletePolicy: 'propagate' },
      planSize,
      now: 1000,
      isBusy: (item) => {
        looked.push(item);
        return busy.has(item);
      },
      isUrgent: (path) => path.startsWith('urgent'),
      whyUnobserved: () => null,
      onActivity: () => undefined,
      pause: async () => {},
    });
  };
  const stateOf = (item: string) => {
    const entry = manifest.entries.get(mirror.id, item);
    return entry?.problem ? `${entry.state}: ${entry.problem.code}` : entry?.state;
  };
  return { manifest, mirror: mirror.id, busy, put, bind, plan, stateOf, looked: () => looked };
}

function sizeOf({ upload, download, compare, change, overwrites, trashed, deleted }: Plan) {
  const sizes = [upload, download, compare, change].map(({ files, bytes }) => [files, bytes]);
  return { sizes, overwrites, trashed, deleted };
}

describe('what waits for its turn', () => {
  test('is not looked at again by a plan that has enough to do, and is counted all the same', async () => {
    const { put, plan, looked } = setup();
    put(...names(10).map((name) => localFile(name, name)));
    const first = await plan();
    expect(looked()).toHaveLength(10);
    const second = await plan();
    expect(looked()).toEqual(['f:p0.png', 'f:p1.png']);
    expect(sizeOf(second)).toEqual(sizeOf(first));
    expect(second.upload).toMatchObject({ files: 10, bytes: 1000 });
    expect(second.upload.operations).toEqual(first.upload.operations);
  });

  test('is counted as in a plan that looks at everything, whatever is to be done', async () => {
    const { manifest, mirror, put, bind, plan } = setup();
    const changed = { sha256: 'new', crc32c: 1, otherHash: null };
    for (const name of names(60)) bind(localFile(name, name), remoteFile(name, name));
    for (const name of names(5)) put(localFile(name, name, { content: changed }));
    for (const name of names(9).slice(5)) manifest.local.delete(mirror, localFile(name, name).key);
    for (const name of names(13).slice(9)) manifest.remote.delete(mirror, remoteFile(name, name).assetId);
    put(...names(4).map((name) => localFile(`new/${name}`, `new ${name}`, { remoteName: `new-${name}` })));
    put(...names(4).map((name) => remoteFile(`there-${name}`, `there ${name}`)));
    const whole = sizeOf(await plan());
    expect(whole).toMatchObject({ overwrites: 5, trashed: 4, deleted: 4 });
    expect(sizeOf(await plan())).toEqual(whole);
    manifest.queued.clear(mirror);
    expect(sizeOf(await plan(5000))).toEqual(whole);
  });

  test('comes up as what was before it is done', async () => {
    const { manifest, mirror, put, plan, busy } = setup();
    put(...names(5).map((name) => localFile(name, name)));
    await plan();
    busy.add('f:p0.png').add('f:p1.png');
    expect((await plan()).upload).toMatchObject({
      files: 3,
      operations: [{ item: 'f:p2.png' }, { item: 'f:p3.png' }],
    });
    busy.clear();
    for (const name of ['p0.png', 'p1.png', 'p2.png', 'p3.png']) manifest.local.delete(mirror, name);
    expect((await plan()).upload).toMatchObject({ files: 1, operations: [{ item: 'f:p4.png' }] });
    manifest.local.delete(mirror, 'p4.png');
    expect((await plan()).upload.files).toBe(0);
  });

  test('is looked at when the file changes', async () => {
    const { put, plan, stateOf, looked } = setup();
    const seenAgain = localFile('p3.png', 'p3.png');
    put(...names(5).map((name) => localFile(name, name)), seenAgain);
    await plan();
    const problem = { code: 'broken', title: 't', detail: 'd', suggestion: 's' };
    put(localFile('p4.png', 'other', { problem }));
    expect((await plan()).upload.files).toBe(4);
    expect(stateOf('f:p4.png')).toBe('problem: broken');
    // Seen again just as it was, it is not.
    put(seenAgain);
    await plan();
    expect(looked()).not.toContain('f:p3.png');
  });

  test('is paired with an asset that comes, and with a file that comes', async () => {
    const { put, plan, stateOf } = setup();
    put(...names(5).map((name) => localFile(name, name)));
    put(...names(5).map((name) => remoteFile(`there-${name}`, `there ${name}`)));
    await plan();
    put(remoteFile('p4.png', 'not the same'), localFile('there-p4.png', 'not the same either'));
    const { upload, download } = await plan();
    expect([upload.files, download.files]).toEqual([4, 4]);
    expect(stateOf('f:p4.png')).toBe('held: both-added');
    expect(stateOf('f:there-p4.png')).toBe('held: both-added');
  });

  test('is looked at when its base is forgotten, and when everything is to be decided anew', async () => {
    const { manifest, mirror, bind, put, plan, looked } = setup();
    put(...names(5).map((name) => localFile(name, name)));
    await plan();
    for (const name of names(5)) bind(localFile(name, name), remoteFile(name, name));
    await plan();
    for (const name of names(5)) {
      manifest.remote.delete(mirror, remoteFile(name, name).assetId);
      manifest.synced.delete(mirror, name);
    }
    expect((await plan()).upload.files).toBe(5);
    expect(looked()).toHaveLength(5);
    manifest.queued.clear(mirror);
    await plan();
    expect(looked()).toHaveLength(5);
  });

  test('is not what somebody waits for, nor what has failed: those are looked at with every plan', async () => {
    const { manifest, mirror, put, plan, looked, stateOf } = setup();
    put(...names(5).map((name) => localFile(name, name)), localFile('urgent.png', 'urgent'));
    await plan();
    const { operations, urgent } = (await plan()).upload;
    expect([operations.length, urgent.length]).toEqual([2, 1]);
    manifest.entries.setState(mirror, 'f:p4.png', 'problem', null, 1000);
    expect((await plan()).upload.files).toBe(6);
    expect(looked()).toContain('f:p4.png');
    expect(stateOf('f:p4.png')).toBe('waiting');
  });
});
