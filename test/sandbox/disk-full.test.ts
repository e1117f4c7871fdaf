import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isDiskFull, SandboxFullError, withoutFlood } from '../../app/sandbox/disk-full.ts';
import { startSandbox } from '../../app/sandbox/sandbox.ts';
import { canMount, mountDisk } from '../crash/volumes.ts';
import { makeBmp } from './bmp.ts';
import { ApiCaller, finished, tempFolder } from './with-sandbox.ts';

test('a full disk is told once a minute, all else every time', () => {
  const told: unknown[] = [];
  let now = 0;
  const tell = withoutFlood(
    (error) => told.push(error),
    '/data',
    () => now,
  );
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const other = new Error('other');
  for (let second = 0; second < 150; second++) {
    now = second * 1000;
    tell(new Error('A request failed.', { cause: full }));
  }
  tell(other);
  tell(other);
  expect(told).toHaveLength(5);
  expect(told.slice(3)).toEqual([other, other]);
  for (const error of told.slice(0, 3)) {
    expect(error).toBeInstanceOf(SandboxFullError);
    expect(isDiskFull(error)).toBe(true);
    expect(String(error)).toContain('The disk of /data is full');
  }
});

test('with its disk full a sandbox refuses in words, ends nobody’s waiting in silence, and goes on when there is room', async () => {
  if (!(await canMount('a sandbox whose disk is full'))) return;
  const disk = path.join(await tempFolder(), 'disk');
  await mountDisk(disk, 'size=8m');
  const failures: unknown[] = [];
  const failed = Promise.withResolvers<void>();
  const sandbox = await startSandbox({
    dataDir: disk,
    switches: { sessionBudget: null, fileProcessingMs: 300 },
    onFailure: (error) => {
      failures.push(error);
      failed.resolve();
    },
  });
  onTestFinished(() => sandbox.close());
  sandbox.createDataset({ name: 'Dataset', datasetId: 'ds' });
  const api = new ApiCaller(sandbox);
  const files = ['a.bmp', 'b.bmp', 'c.bmp'].map((filename, seed) => ({
    filename,
    content: makeBmp(64, 64, seed),
  }));
  const session = await api.begin(files, { skip: ['b.bmp', 'c.bmp'] });

  const ballast = path.join(disk, 'ballast');
  await expect(fs.writeFile(ballast, Buffer.alloc(10_000_000))).rejects.toMatchObject({ code: 'ENOSPC' });
  // What came before can't be taken in.
  await failed.promise;
  const asked = await api.fetch(session.selfLink);
  expect(asked.status).toBe(507);
  expect(await asked.json()).toMatchObject({ error: 'InsufficientStorage' });
  // Small content is written at once, large content as it comes.
  const large = makeBmp(400, 400, 1);
  for (const content of [files[1]?.content ?? large, large]) {
    const refused = await api.put(session, 1, content);
    expect(refused.status).toBe(507);
    expect(await refused.text()).toMatch(
      /<Code>InsufficientStorage<\/Code><Message>The sandbox's disk is full[^<]*<\/Message>/,
    );
  }
  expect((await api.createSession(files)).status).toBe(507);
  // What is there is still served.
  expect((await api.list()).items).toEqual([]);
  expect(failures).toHaveLength(1);
  expect(failures[0]).toBeInstanceOf(SandboxFullError);

  await fs.rm(ballast);
  for (const index of [1, 2]) {
    const put = await api.put(session, index, files[index]?.content ?? large);
    expect(put.status).toBe(200);
  }
  const ended = await api.ended(session);
  expect(finished(ended)).toBe('Reached');
  expect(ended.status.progressCount).toEqual({ total: 3, succeeded: 3, errored: 0 });
});
