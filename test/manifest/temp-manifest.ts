import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { openDatabase } from '../../app/manifest/database.ts';
import { type Manifest, manifestOn } from '../../app/manifest/manifest.ts';
import type { MirrorRecord } from '../../app/manifest/mirror-table.ts';
import type { LocalFile, RemoteFile, SyncedBase } from '../../app/manifest/observations.ts';
import { identityKey, remoteNameOf } from '../../app/manifest/path-key.ts';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A manifest that lives in memory, with one mirror. */
export function memoryManifest(foldsCase = false): { manifest: Manifest; mirror: MirrorRecord } {
  const manifest = manifestOn(openDatabase(':memory:'));
  onTestFinished(() => manifest.close());
  return { manifest, mirror: addMirror(manifest, '/nowhere/folder', foldsCase) };
}

export function addMirror(manifest: Manifest, folder: string, foldsCase = false): MirrorRecord {
  return manifest.mirrors.insert({
    mirrorId: `mirror-of-${path.basename(folder)}`,
    folder,
    endpoint: 'http://127.0.0.1',
    organizationId: 'organization',
    datasetId: 'dataset',
    sandbox: true,
    foldsCase,
    createdAt: 0,
    approvedAt: 0,
  });
}

/** Rows as another program sees them. */
export function readDatabase(file: string, sql: string): unknown[] {
  const database = new Sqlite(file, { readonly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** Changes rows as another program would. */
export function writeDatabase(file: string, sql: string): void {
  const database = new Sqlite(file);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

let inode = 0n;

/** A file as a scan would have seen it; `content` stands for its bytes. */
export function localFile(relative: string, content: string, changes: Partial<LocalFile> = {}): LocalFile {
  inode += 1n;
  return {
    key: identityKey(relative, false),
    path: relative,
    remoteName: remoteNameOf(relative),
    stamp: { size: 100, mtimeNs: 1n, ctimeNs: 1n, inode, birthtimeNs: 5_000_000_000n + inode },
    content: { sha256: sha256Of(content), crc32c: 7, otherHash: null },
    mime: 'image/png',
    width: 2,
    height: 1,
    problem: null,
    ...changes,
  };
}

/** An asset as a listing would have shown it. */
export function remoteFile(filename: string, content: string, changes: Partial<RemoteFile> = {}): RemoteFile {
  return {
    assetId: `asset-${filename}`,
    filename,
    size: 100,
    hash: { algorithm: 'sha256', contents: sha256Of(content) },
    etag: content,
    annotations: 0,
    contentsLastUpdated: 1000,
    mime: 'image/png',
    width: 2,
    height: 1,
    customMetadata: {},
    target: { path: filename, key: filename },
    nameProblem: null,
    sha256: sha256Of(content),
    ...changes,
  };
}

export function baseOf(local: LocalFile, remote: RemoteFile): SyncedBase {
  return {
    key: local.key,
    path: local.path,
    assetId: remote.assetId,
    filename: remote.filename,
    local: { ...local.stamp, sha256: local.content?.sha256 ?? '' },
    remote,
  };
}

/** Not a hash, but as long as one, and another one for another content. */
export function sha256Of(content: string): string {
  return Buffer.from(content).toString('hex').padEnd(64, '0').slice(0, 64);
}
