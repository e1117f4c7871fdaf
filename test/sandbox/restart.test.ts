import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { startSandbox } from '../../app/sandbox/sandbox.ts';
import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { makeBmp } from './bmp.ts';
import {
  ApiCaller,
  errorCodes,
  finished,
  type SessionJson,
  tempFolder,
  withSandbox,
} from './with-sandbox.ts';

const readyJson = z.object({ endpoint: z.string(), organizationId: z.string(), secretKey: z.string() });
const script = fileURLToPath(new URL('./sandbox-process.ts', import.meta.url));

/** A sandbox in a process of its own. */
async function startProcess(
  dataDir: string,
  switches: Partial<SandboxSwitches> = {},
): Promise<{ readonly api: ApiCaller; readonly kill: () => Promise<void> }> {
  const child: ChildProcess = spawn(
    process.execPath,
    [script, dataDir, JSON.stringify({ sessionBudget: null, ...switches })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  if (child.stdout === null) throw new Error('The process has no output.');
  const [line]: unknown[] = await once(readline.createInterface({ input: child.stdout }), 'line');
  return { api: new ApiCaller(readyJson.parse(JSON.parse(String(line)))), kill };
}

/** All files under `blobs/`, without their folders. */
async function blobFiles(dataDir: string): Promise<string[]> {
  const entries = await fs.readdir(path.join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Every asset can be downloaded, and is what its listing says. */
async function expectSound(api: ApiCaller): Promise<number> {
  const { items } = await api.list({ s: '1000', contents: 'y' });
  for (const { filename, metadata, contents } of items) {
    const response = await fetch(contents?.asset.url ?? '');
    expect(response.status, filename).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length, filename).toBe(metadata.fileSize);
    expect(createHash('sha256').update(bytes).digest('hex'), filename).toBe(metadata.hash.contents);
  }
  expect((await api.statistic()).assetTotal).toBe(items.length);
  return items.length;
}

describe('a sandbox that is killed', () => {
  test('in the middle of uploads loses nothing that it answered for, and goes on', async () => {
    const dataDir = await tempFolder();
    const files = Array.from({ length: 30 }, (_, index) => ({
      filename: `${index}.bmp`,
      // Small ones, and some that are written bit by bit.
      content: makeBmp(index % 4 === 0 ? 500 : 20, 900, index),
    }));
    const first = await startProcess(dataDir);
    await first.api.json('/sandbox/datasets', 'POST', { name: 'Dataset', datasetId: 'ds' });
    const session = await first.api.begin(files, { skip: files.map(({ filename }) => filename) });

    const answered = new Set<number>();
    let next = 0;
    const uploader = async () => {
      for (let index = next++; index < files.length; index = next++) {
        const file = files[index];
        if (file === undefined) return;
        // The kill breaks some of them off.
        const response = await first.api.put(session, index, file.content).catch(() => undefined);
        if (response?.status === 200) answered.add(index);
      }
    };
    const uploading = Promise.all(Array.from({ length: 6 }, uploader));
    while (answered.size < 8) await sleep(1);
    await first.kill();
    await uploading;
    expect(answered.size).toBeLessThan(files.length);
    const stored = await first.api.json('/workspaces').catch((error: Error) => error);
    expect(stored).toBeInstanceOf(Error);

    const second = await startProcess(dataDir);
    expect(second.api).toMatchObject({
      secretKey: first.api.secretKey,
      organizationId: first.api.organizationId,
    });
    // What was answered for comes in by itself.
    await expect
      .poll(async () => (await second.api.session(session.selfLink)).status.progressCount.succeeded, {
        timeout: 10_000,
      })
      .toBeGreaterThanOrEqual(answered.size);
    await expectSound(second.api);
    const names = new Set((await second.api.list({ s: '1000' })).items.map(({ filename }) => filename));
    for (const index of answered) expect(names).toContain(`${index}.bmp`);

    // The rest can still be sent to the same URLs, at the new port.
    const port = new URL(second.api.endpoint).port;
    for (const [index, file] of files.entries()) {
      if (names.has(file.filename)) continue;
      const response = await second.api.put(atPort(session, port), index, file.content);
      expect(response.status).toBe(200);
    }
    const ended = await second.api.ended(session);
    expect(finished(ended)).toBe('Reached');
    expect(errorCodes(ended)).toEqual({});
    expect(await expectSound(second.api)).toBe(files.length);
    expect(await blobFiles(dataDir)).toHaveLength(files.length);
  });

  test('again and again at random moments is sound every time', async () => {
    const dataDir = await tempFolder();
    let sandbox = await startProcess(dataDir, { identicalBytes: 'overwrite' });
    await sandbox.api.json('/sandbox/datasets', 'POST', { name: 'Dataset', datasetId: 'ds' });
    for (let round = 0; round < 3; round++) {
      const { api } = sandbox;
      const work = (async () => {
        for (let step = 0; ; step++) {
          const files = Array.from({ length: 5 }, (_, index) => ({
            filename: `${(step + index) % 9}.bmp`,
            content: makeBmp(200, 200 + index, round * 1000 + step),
          }));
          await api.upload(files);
          const { items } = await api.list();
          const victim = items[step % Math.max(1, items.length)];
          if (victim !== undefined) await api.fetch(victim.selfLink, 'DELETE');
        }
      })();
      const broken = work.catch((error: Error) => error);
      await sleep(150 + round * 70);
      await sandbox.kill();
      expect(await broken).toBeInstanceOf(Error);
      sandbox = await startProcess(dataDir, { identicalBytes: 'overwrite' });
      // Sessions that were complete come in meanwhile.
      const { api: now } = sandbox;
      await vi.waitFor(() => expectSound(now), { timeout: 10_000 });
    }
    // Files of sessions that wait for the rest of their uploads may be there beside the assets; nothing else.
    await sandbox.kill();
    const { default: BetterSqlite3 } = await import('better-sqlite3');
    const db = new BetterSqlite3(path.join(dataDir, 'sandbox.sqlite'));
    const known = new Set(db.prepare('SELECT blob_id FROM blob').pluck().all());
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const totals = db
      .prepare(
        `SELECT dataset.asset_total = (SELECT count(*) FROM asset WHERE dataset = dataset.id) AS sound FROM dataset`,
      )
      .pluck()
      .all();
    db.close();
    expect(totals).toEqual([1]);
    for (const name of await blobFiles(dataDir)) expect(known).toContain(name);
  });

  test('in the middle of a bulk delete goes on with it', async () => {
    const { sandbox, api, dataDir } = await withSandbox();
    for (let index = 0; index < 30; index++) {
      await sandbox.addAsset('ds', { filename: `${index}.bmp`, content: { bytes: makeBmp(2, 2, index) } });
    }
    // Begun, but not a step of it done: closing stops it at once.
    const begun = api.json(`${api.dataset}/deleteManyAssetsSessions`, 'POST', {
      spec: { filter: 'width > 1' },
    });
    const { selfLink } = z.object({ selfLink: z.string() }).parse(await begun);
    await sandbox.close();
    const again = await startSandbox({ dataDir });
    onTestFinished(() => again.close());
    const other = new ApiCaller(again);
    await expect
      .poll(() => other.json(selfLink))
      .toMatchObject({
        status: { conditions: [{ condition: 'Finished', status: 'Reached' }, { status: 'Reached' }] },
      });
    expect((await other.list()).items).toEqual([]);
    expect(again.dataRows().used).toBe(0);
  });
});

describe('a sandbox that starts', () => {
  test('goes on with a session in flight, and times out what never came', async () => {
    const { sandbox, api, dataDir } = await withSandbox({
      switches: { urlLifetimeMs: 1_000, finishOrder: 'listed' },
    });
    const session = await api.begin(
      [
        { filename: 'a.bmp', content: makeBmp(2, 2) },
        { filename: 'b.bmp', content: makeBmp(2, 2, 1) },
      ],
      { skip: ['b.bmp'] },
    );
    await sandbox.close();
    const again = await startSandbox({ dataDir });
    onTestFinished(() => again.close());
    const other = new ApiCaller(again);
    const ended = await other.ended(session);
    expect(errorCodes(ended)).toEqual({ 'b.bmp': 'ETIMEOUT' });
    expect(ended.status.progressCount).toEqual({ total: 2, succeeded: 1, errored: 1 });
    expect((await other.list()).items).toHaveLength(1);
  });

  test('remembers the session budget that was spent', async () => {
    const { sandbox, api, dataDir } = await withSandbox({
      switches: { sessionBudget: { sessions: 2, windowMs: 60_000 } },
    });
    const file = { filename: 'a.bmp', content: makeBmp(1, 1) };
    for (let count = 0; count < 2; count++) expect((await api.createSession([file])).status).toBe(200);
    await sandbox.close();
    const again = await startSandbox({
      dataDir,
      switches: { sessionBudget: { sessions: 2, windowMs: 60_000 } },
    });
    onTestFinished(() => again.close());
    expect((await new ApiCaller(again).createSession([file])).status).toBe(429);
  });

  test('after a kill removes the files that nobody knows, and leaves those of assets', async () => {
    const dataDir = await tempFolder();
    const first = await startProcess(dataDir);
    await first.api.json('/sandbox/datasets', 'POST', { name: 'Dataset', datasetId: 'ds' });
    await first.api.upload([{ filename: 'a.bmp', content: makeBmp(30, 30) }]);
    const { contents } = await first.api.asset('a.bmp');
    expect((await fetch(contents?.thumbnail.url ?? '')).status).toBe(200);
    await first.kill();
    const [kept] = await blobFiles(dataDir);
    const orphans = ['blobs/f/orphan.jpg', 'blobs/0/other', 'thumbnails/f/orphan.jpg.thumbnail', 'tmp/half'];
    for (const orphan of orphans) {
      await fs.mkdir(path.join(dataDir, path.dirname(orphan)), { recursive: true });
      await fs.writeFile(path.join(dataDir, orphan), 'x');
    }
    const second = await startProcess(dataDir);
    expect(await blobFiles(dataDir)).toEqual([kept]);
    for (const orphan of orphans) {
      await expect(fs.stat(path.join(dataDir, orphan))).rejects.toMatchObject({ code: 'ENOENT' });
    }
    expect(await expectSound(second.api)).toBe(1);
    const again = await second.api.asset('a.bmp');
    expect((await fetch(again.contents?.thumbnail.url ?? '')).status).toBe(200);
  });

  test('refuses a database of a newer version', async () => {
    const { sandbox, dataDir } = await withSandbox();
    await sandbox.close();
    const { default: BetterSqlite3 } = await import('better-sqlite3');
    const db = new BetterSqlite3(path.join(dataDir, 'sandbox.sqlite'));
    db.pragma('user_version = 99');
    db.close();
    await expect(startSandbox({ dataDir })).rejects.toThrow('newer version');
  });
});

/** The session's URLs at another port: where a client looks after it fetched them anew. */
function atPort(session: SessionJson, port: string): SessionJson {
  const assets = session.status.assets?.map((asset) => {
    const url = new URL(asset.upload.url);
    url.port = port;
    return { ...asset, upload: { ...asset.upload, url: String(url) } };
  });
  return { ...session, status: { ...session.status, assets } };
}
