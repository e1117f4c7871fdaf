import { describe, expect, test } from 'vitest';
import { fileItem } from '../../app/manifest/entry-table.ts';
import { baseOf, localFile, memoryManifest, remoteFile } from './temp-manifest.ts';

describe('the three trees', () => {
  test('what is put is what is got, to the last bit of an inode', () => {
    const { manifest, mirror } = memoryManifest();
    const local = localFile('train/ä.png', 'one', {
      stamp: {
        size: 2 ** 40,
        mtimeNs: 1_763_000_000_123_456_789n,
        ctimeNs: 1_763_000_000_123_456_790n,
        inode: -(2n ** 62n),
        birthtimeNs: 1_700_000_000_000_000_001n,
      },
      content: { sha256: 'ab'.repeat(32), crc32c: -5, otherHash: { algorithm: 'md5', contents: 'ff' } },
      problem: { code: 'x', title: 't', detail: 'd', suggestion: 's' },
    });
    manifest.local.put(mirror.id, local, 1);
    expect(manifest.local.get(mirror.id, local.key)).toEqual(local);
    const remote = remoteFile('ä.png', 'one', { customMetadata: { viSyncPath: 'train/ä.png', n: 1 } });
    manifest.remote.put(mirror.id, remote);
    expect(manifest.remote.get(mirror.id, remote.assetId)).toEqual(remote);
    const base = baseOf(local, remote);
    manifest.synced.put(mirror.id, base);
    expect(manifest.synced.get(mirror.id, local.key)).toMatchObject({
      path: 'train/ä.png',
      assetId: remote.assetId,
      local: { inode: -(2n ** 62n), sha256: 'ab'.repeat(32) },
      remote: { size: 100, hash: remote.hash, contentsLastUpdated: 1000 },
    });
  });

  test('a base is looked at when its file or asset has changed, and at no other time', () => {
    const { manifest, mirror } = memoryManifest();
    const { local, remote, synced, differences } = manifest;
    const file = localFile('a.png', 'one');
    const asset = remoteFile('a.png', 'one');
    local.put(mirror.id, file, 1);
    remote.put(mirror.id, asset);
    expect(differences.unboundLocal(mirror.id, '', '')).toHaveLength(1);
    expect(differences.unboundRemote(mirror.id, '', '')).toHaveLength(1);
    synced.put(mirror.id, baseOf(file, asset));
    expect(differences.unboundLocal(mirror.id, '', '')).toEqual([]);
    expect(differences.unboundRemote(mirror.id, '', '')).toEqual([]);

    const isLookedAt = () => {
      const found = differences.unsettled(mirror.id, '', '').length === 1;
      synced.settle(mirror.id, 'a.png');
      return found;
    };
    expect(isLookedAt()).toBe(true);
    expect(isLookedAt()).toBe(false);
    remote.put(mirror.id, asset);
    local.put(mirror.id, { ...file, stamp: { ...file.stamp, ctimeNs: 9n } }, 2);
    expect(isLookedAt()).toBe(false);
    remote.put(mirror.id, { ...asset, annotations: 3 });
    expect(isLookedAt()).toBe(true);
    remote.delete(mirror.id, asset.assetId);
    expect(isLookedAt()).toBe(true);
    // Its name is back under another ID.
    remote.put(mirror.id, { ...asset, assetId: 'other' });
    expect(isLookedAt()).toBe(true);
    expect(differences.unboundRemote(mirror.id, '', '')).toEqual([]);
    local.delete(mirror.id, 'a.png');
    expect(isLookedAt()).toBe(true);
    local.put(mirror.id, file, 3);
    expect(isLookedAt()).toBe(true);
    expect(differences.unboundLocal(mirror.id, '', '')).toEqual([]);
    synced.delete(mirror.id, 'a.png');
    expect(differences.unboundLocal(mirror.id, '', '')).toHaveLength(1);
  });

  test('a check of everything finds a difference whatever the marks say', async () => {
    const { manifest, mirror } = memoryManifest();
    const { local, remote, synced, differences } = manifest;
    for (const name of ['a.png', 'b.png']) {
      const file = localFile(name, name);
      const asset = remoteFile(name, name);
      local.put(mirror.id, file, 1);
      remote.put(mirror.id, asset);
      const base = baseOf(file, asset);
      synced.put(mirror.id, name === 'a.png' ? base : { ...base, local: { ...base.local, sha256: 'other' } });
      synced.settle(mirror.id, name);
    }
    expect(differences.unsettled(mirror.id, '', '')).toEqual([]);
    expect(await differences.unsettleDiffering(mirror.id, async () => undefined)).toBe(1);
    expect(differences.unsettled(mirror.id, '', '').map(({ synced: base }) => base?.key)).toEqual(['b.png']);
  });

  test('what was measured of an asset is forgotten with its content, and not before', () => {
    const { manifest, mirror } = memoryManifest();
    const asset = remoteFile('a.png', 'one', { hash: null, sha256: null });
    manifest.remote.put(mirror.id, asset);
    manifest.remote.setSha256(mirror.id, asset, 'measured');
    manifest.remote.put(mirror.id, { ...asset, annotations: 5 });
    expect(manifest.remote.get(mirror.id, asset.assetId)).toMatchObject({
      sha256: 'measured',
      annotations: 5,
    });
    manifest.remote.put(mirror.id, { ...asset, contentsLastUpdated: 2000, etag: 'new' });
    expect(manifest.remote.get(mirror.id, asset.assetId)?.sha256).toBeNull();
    manifest.remote.setSha256(mirror.id, asset, 'of the old one');
    expect(manifest.remote.get(mirror.id, asset.assetId)?.sha256).toBeNull();
  });

  test('an asset has one file', () => {
    const { manifest, mirror } = memoryManifest();
    const asset = remoteFile('a.png', 'one');
    manifest.synced.put(mirror.id, baseOf(localFile('a.png', 'one'), asset));
    manifest.synced.put(mirror.id, baseOf(localFile('b.png', 'one'), asset));
    expect(manifest.synced.get(mirror.id, 'a.png')).toBeNull();
    expect(manifest.synced.byAsset(mirror.id, asset.assetId)?.key).toBe('b.png');
  });

  test('observations are counted on after a restart', () => {
    const { manifest, mirror } = memoryManifest();
    manifest.local.put(mirror.id, localFile('a.png', 'one'), 41);
    expect(manifest.local.known(mirror.id, 'a.png')?.observed).toBe(41);
  });
});

describe('the list that a person sees', () => {
  function filled() {
    const { manifest, mirror } = memoryManifest();
    const names = ['b.png', 'A.png', 'sub/Äpfel.png', 'sub/100%_x.png', 'c.png'];
    manifest.transaction(() => {
      for (const [index, path] of names.entries()) {
        manifest.entries.put(
          mirror.id,
          {
            item: fileItem(path),
            path,
            state: index % 2 === 0 ? 'in-sync' : 'held',
            size: 100 - index,
            key: path,
            assetId: null,
            problem: null,
            hold: null,
          },
          index,
        );
      }
    });
    return { manifest, mirror };
  }
  const query = { sort: 'path', descending: false, offset: 0, limit: 10 } as const;

  test('is sorted, filtered, searched and cut', () => {
    const { manifest, mirror } = filled();
    const paths = (more: object) =>
      manifest.entries.page(mirror.id, { ...query, ...more }).items.map(({ path }) => path);
    expect(paths({})).toEqual(['A.png', 'b.png', 'c.png', 'sub/100%_x.png', 'sub/Äpfel.png']);
    expect(paths({ descending: true, limit: 2 })).toEqual(['sub/Äpfel.png', 'sub/100%_x.png']);
    expect(paths({ sort: 'size', offset: 1, limit: 2 })).toEqual(['sub/100%_x.png', 'sub/Äpfel.png']);
    expect(paths({ sort: 'changedAt', descending: true })[0]).toBe('c.png');
    expect(paths({ state: 'held' })).toEqual(['A.png', 'sub/100%_x.png']);
    expect(paths({ sort: 'state' }).slice(0, 2)).toEqual(['A.png', 'sub/100%_x.png']);
    expect(paths({ search: 'ÄPF' })).toEqual(['sub/Äpfel.png']);
    expect(paths({ search: 'A\u0308pfel'.toLowerCase() })).toEqual(['sub/Äpfel.png']);
    expect(paths({ search: '%_' })).toEqual(['sub/100%_x.png']);
    expect(paths({ search: 'sub', state: 'in-sync' })).toEqual(['sub/Äpfel.png']);
    expect(manifest.entries.page(mirror.id, { ...query, search: 'sub', limit: 1 }).total).toBe(2);
    expect(manifest.entries.page(mirror.id, { ...query, state: 'held', limit: 1 }).total).toBe(2);
    expect(manifest.entries.page(mirror.id, { ...query, offset: 4 })).toMatchObject({ total: 5 });
  });

  test('counts follow every change', () => {
    const { manifest, mirror } = filled();
    expect(manifest.entries.counts(mirror.id)).toMatchObject({ 'in-sync': 3, held: 2, waiting: 0 });
    manifest.entries.setState(mirror.id, fileItem('b.png'), 'uploading', null, 9);
    manifest.entries.delete(mirror.id, fileItem('c.png'));
    expect(manifest.entries.counts(mirror.id)).toMatchObject({ 'in-sync': 1, held: 2, uploading: 1 });
  });

  test('a file without a base takes its line with it; one with a base stays', () => {
    const { manifest, mirror } = filled();
    for (const path of ['A.png', 'b.png']) manifest.local.put(mirror.id, localFile(path, path), 1);
    manifest.synced.put(mirror.id, baseOf(localFile('b.png', 'b.png'), remoteFile('b.png', 'b.png')));
    manifest.local.delete(mirror.id, 'A.png');
    manifest.local.delete(mirror.id, 'b.png');
    const paths = manifest.entries.page(mirror.id, query).items.map(({ path }) => path);
    expect(paths).not.toContain('A.png');
    expect(paths).toContain('b.png');
  });
});
