import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startDamageCheck } from '../../app/manifest/damage-check.ts';
import { openDatabase } from '../../app/manifest/database.ts';
import { type Manifest, manifestOn, openManifest } from '../../app/manifest/manifest.ts';
import type { MirrorRecord } from '../../app/manifest/mirror-table.ts';
import { fillManifest } from '../bench/fill-manifest.ts';
import { damagePage, manifestIn, pageSize, pagesOf } from './damage-file.ts';
import { addMirror, baseOf, localFile, readDatabase, remoteFile, temporaryFolder } from './temp-manifest.ts';

const onItsWay = {
  filename: 'sent.png',
  key: 'a/sent.png',
  path: 'a/sent.png',
  size: 5,
  sha256: 'ab'.repeat(32),
  crc32c: -7,
  identity: { inode: 2n ** 62n, birthtimeNs: 5n },
  step: 'sent',
  target: '{"url":"http://127.0.0.1/x"}',
  replaces: null,
  replacesAsset: null,
  agreedAnnotations: null,
} as const;

/** Fills a manifest with some of everything. */
function fill(manifest: Manifest, mirror: MirrorRecord, rows: number): void {
  manifest.transaction(() => {
    for (let index = 0; index < rows; index++) {
      const name = `folder-${index % 7}/picture-${index}.png`;
      const local = localFile(name, `content ${index}`);
      const remote = remoteFile(`picture-${index}.png`, `content ${index}`);
      manifest.local.put(mirror.id, local, manifest.local.nextObservation());
      manifest.remote.put(mirror.id, remote);
      manifest.synced.put(mirror.id, baseOf(local, remote));
    }
    for (let index = 0; index < 20; index++) {
      const file = { path: `t/${index}.png`, trashPath: `.vi-sync/trash/${index}/t/${index}.png` };
      const more = { size: 5, sha256: null, reason: 'replaced-by-download' } as const;
      manifest.trash.keep(manifest.trash.insert(mirror.id, { ...file, ...more }, index));
    }
    manifest.spends.add('organization', { at: 1000, kind: 'regular' });
    const session = manifest.sessions.insert({
      mirror: mirror.id,
      sessionId: 'session',
      annotations: 'KeepLinkedResource',
      createdAt: 1000,
      serviceCreated: null,
    });
    manifest.sessions.insertFile(mirror.id, { ...onItsWay, session });
  });
}

/** The bases of a manifest, as far as they say something. */
function basesIn(file: string): string[] {
  return readDatabase(
    file,
    'SELECT key, path, asset_id, filename, sha256, hash, inode FROM synced ORDER BY key',
  ).map((row) => JSON.stringify(row));
}

test('whatever page is damaged: it opens, mirrors stay, and what is known of earlier syncs is true or not there', async () => {
  const folder = await temporaryFolder();
  const manifest = openManifest(folder);
  fill(manifest, addMirror(manifest, '/one'), 40);
  manifest.close();
  const file = manifestIn(folder);
  const bases = basesIn(file);
  const pages = (await fs.stat(file)).size / pageSize;
  expect(pages).toBeGreaterThan(50);
  let rebuilt = 0;
  for (let page = 1; page <= pages; page++) {
    const copy = await temporaryFolder();
    await fs.copyFile(file, manifestIn(copy));
    await fs.copyFile(path.join(folder, 'manifest.kept.db'), path.join(copy, 'manifest.kept.db'));
    await damagePage(manifestIn(copy), page);
    const opened = openManifest(copy, { now: 5000 });
    if (opened.rebuild !== null) rebuilt += 1;
    expect(opened.mirrors.all(), `page ${page}`).toMatchObject([
      { folder: '/one', mirrorId: 'mirror-of-one' },
    ]);
    expect(opened.spends.since('organization', 0), `page ${page}`).toContainEqual({
      at: 1000,
      kind: 'regular',
    });
    const areLost = opened.mirrors.get(1).approvedAt === null;
    opened.close();
    const left = basesIn(manifestIn(copy));
    for (const base of left) expect(bases, `page ${page}`).toContain(base);
    if (!areLost) expect(left, `page ${page}`).toEqual(bases);
  }
  // The rest are pages that hold nothing.
  expect(rebuilt).toBeGreaterThan(pages * 0.9);
}, 120_000);

test('a file that is cut short is damaged, also where nothing is missing that anybody would look at', async () => {
  const folder = await temporaryFolder();
  const file = manifestIn(folder);
  const manifest = openManifest(folder);
  fill(manifest, addMirror(manifest, '/one'), 50);
  manifest.close();
  await fs.truncate(file, (await fs.stat(file)).size - 1000);
  const opened = openManifest(folder);
  expect(opened.rebuild?.damage).toBe('it is cut short');
  expect(opened.mirrors.all()).toHaveLength(1);
  opened.close();
});

test('of a table with a damaged page, all rows are saved but those of that page', async () => {
  const folder = await temporaryFolder();
  const file = manifestIn(folder);
  const manifest = openManifest(folder);
  fill(manifest, addMirror(manifest, '/one'), 500);
  manifest.close();
  const bases = basesIn(file);
  const pages = pagesOf(file, 'synced');
  await damagePage(file, pages[Math.floor(pages.length / 2)] ?? 0);
  const opened = openManifest(folder, { now: 5000 });
  // A person sees the plan before it is carried out.
  expect(opened.mirrors.get(1).approvedAt).toBeNull();
  // What is on its way is known, and nothing has to wait for it.
  const [session] = opened.sessions.all(1);
  expect(opened.sessions.files(session?.id ?? 0)).toEqual([{ ...onItsWay, session: session?.id }]);
  expect(opened.spends.since('organization', 0)).toEqual([{ at: 1000, kind: 'regular' }]);
  opened.close();
  expect(basesIn(file).length).toBeGreaterThan(bases.length * (1 - 3 / pages.length));
  // Nobody has seen the files since: they are taken to be there, and nothing else is known of them.
  expect(readDatabase(file, 'SELECT count(*) AS n FROM local WHERE sha256 IS NULL')).toEqual([
    { n: basesIn(file).length },
  ]);
  expect(readDatabase(file, 'SELECT count(*) AS n FROM trash')).toEqual([{ n: 20 }]);
});

describe('damage that is met while the engine runs', () => {
  /** Large enough not to be checked at once. */
  async function large(): Promise<{ folder: string; file: string }> {
    const folder = await temporaryFolder();
    fillManifest(folder, 32_000);
    openManifest(folder).close();
    return { folder, file: manifestIn(folder) };
  }

  test('ends every use of the manifest; the next opening rebuilds it', async () => {
    const { folder, file } = await large();
    const [page] = pagesOf(file, 'local').slice(100);
    await damagePage(file, page ?? 0);
    const manifest = openManifest(folder);
    const told: string[] = [];
    manifest.onDamage(({ code }) => told.push(code));
    expect(manifest.rebuild).toBeNull();
    const read = () => manifest.local.folders(1).flatMap((each) => manifest.local.knownInFolder(1, each));
    const expected = expect.objectContaining({
      code: 'manifest-damaged',
      problem: expect.objectContaining({ title: 'The manifest is damaged' }),
    });
    expect(read).toThrow(expected);
    expect(() => manifest.mirrors.all()).toThrow(expected);
    expect(() => manifest.transaction(() => undefined)).toThrow(expected);
    expect(() => manifest.entries.setState(1, 'f:x', 'waiting', null, 0)).toThrow(expected);
    expect(() => manifest.listed.missing(1, 10)).toThrow(expected);
    expect(told).toEqual(['manifest-damaged']);
    expect(manifest.damage?.code).toBe('manifest-damaged');
    manifest.close();

    const again = openManifest(folder);
    expect(again.rebuild?.damage).toContain('malformed');
    expect(again.synced.count(1)).toBe(32_000);
    expect(again.mirrors.get(1).approvedAt).not.toBeNull();
    again.close();
    const third = openManifest(folder);
    expect(third.rebuild).toBeNull();
    third.close();
  });

  test('is found by the check beside the work; a whole file passes it', async () => {
    const { file } = await large();
    const check = () =>
      new Promise<string | null>((resolve, reject) => {
        startDamageCheck({ file, delayMs: 0, onDone: resolve, onFailure: reject });
      });
    expect(await check()).toBeNull();
    const [page] = pagesOf(file, 'entry_path').slice(50);
    await damagePage(file, page ?? 0);
    expect(await check()).toContain(`page ${page}`);
  });
});

describe('what is no damage', () => {
  test('a full disk: writing fails, reading goes on, and nothing is set aside', async () => {
    const folder = await temporaryFolder();
    const manifest = openManifest(folder);
    const mirror = addMirror(manifest, '/one');
    fill(manifest, mirror, 10);
    manifest.close();
    const database = openDatabase(manifestIn(folder));
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages + 1}`);
    const full = manifestOn(database);
    expect(() => fill(full, { ...mirror, id: 1 }, 500)).toThrow(
      expect.objectContaining({ code: 'SQLITE_FULL' }),
    );
    expect(full.damage).toBeNull();
    expect(full.synced.count(1)).toBe(10);
    full.close();
    const again = openManifest(folder);
    expect(again.rebuild).toBeNull();
    again.close();
  });

  test.for([
    ['a file that may not be read', 'manifest.db', 0o000],
    ['a file that may not be written', 'manifest.db', 0o444],
    ['a folder that may not be entered', '.', 0o000],
    ['a copy that may not be read', 'manifest.kept.db', 0o000],
  ] as const)('%s is refused in words, and left as it is', async ([, name, mode]) => {
    const folder = await temporaryFolder();
    const manifest = openManifest(folder);
    addMirror(manifest, '/one');
    manifest.close();
    const bytes = await fs.readFile(manifestIn(folder));
    const names = await fs.readdir(folder);
    await fs.chmod(path.join(folder, name), mode);
    const answer = await openAsOrdinaryUser(folder);
    await fs.chmod(path.join(folder, name), name === '.' ? 0o700 : 0o600);
    expect(answer).toMatch(/^manifest-unreadable The manifest can’t be opened/);
    expect(await fs.readFile(manifestIn(folder))).toEqual(bytes);
    expect((await fs.readdir(folder)).filter((each) => !/-(?:wal|shm)$/.test(each))).toEqual(names);
    const again = openManifest(folder);
    expect(again.rebuild).toBeNull();
    expect(again.mirrors.all()).toHaveLength(1);
    again.close();
  });
});

/** Opens a manifest in a process that permissions hold for: root may do anything. Returns the code of what was thrown, and its words. */
async function openAsOrdinaryUser(folder: string): Promise<string> {
  const nobody = { uid: 65_534, gid: 65_534 };
  const isRoot = process.getuid?.() === 0;
  for (const name of isRoot ? ['.', ...(await fs.readdir(folder))] : []) {
    await fs.chown(path.join(folder, name), nobody.uid, nobody.gid);
  }
  const script = `import { openManifest } from ${JSON.stringify(path.resolve('app/manifest/manifest.ts'))};
    try { openManifest(${JSON.stringify(folder)}).close(); console.log('opened'); }
    catch (error) { console.log(error.code, error.problem?.title ?? error.message); }`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(isRoot ? nobody : {}),
  });
  onTestFinished(() => void child.kill());
  const output: Buffer[] = [];
  child.stdout?.on('data', (bytes: Buffer) => output.push(bytes));
  await once(child, 'close');
  return Buffer.concat(output).toString().trim();
}
