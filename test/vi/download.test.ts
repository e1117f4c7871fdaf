import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type DownloadAssetsOptions,
  type DownloadProgress,
  type Pace,
  type ViClient,
  ViDownloadError,
  ViInvalidParameterError,
  ViOperationError,
  ViServerError,
} from '../../app/vi/index.ts';
import { canMount, mountDisk, resizeDisk, takeAway } from '../crash/volumes.ts';
import { assetJson } from './wire-samples.ts';
import {
  clientOf,
  handled,
  refuse,
  rejection,
  rejectionOf,
  startWireServer,
  type WireServer,
} from './wire-server.ts';

/** An asset of the hand-written dataset. */
interface Remote {
  readonly assetId: string;
  readonly filename: string;
  readonly bytes: Buffer;
  /** What the service says, where it is not the truth. */
  readonly lies?: Record<string, unknown>;
}

let folder: string;
let saveDir: string;
let api: WireServer;
let storage: WireServer;
let client: ViClient;
let remotes: Remote[];
let pageSize: number;
/** Storage's answer in place of the bytes. */
let onGet: ((remote: Remote, count: number) => number | undefined) | undefined;
let gets: Map<string, number>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
  saveDir = join(folder, 'save');
  remotes = [];
  pageSize = 1000;
  onGet = undefined;
  gets = new Map();
  storage = await startWireServer((request, response) => {
    const remote = remotes.find(({ assetId }) => request.path === `/${assetId}`);
    if (remote === undefined) return refuse(response, 404);
    const count = (gets.get(remote.assetId) ?? 0) + 1;
    gets.set(remote.assetId, count);
    const status = onGet?.(remote, count);
    if (status !== undefined)
      return refuse(response, status, { message: status === 403 ? 'Request has expired' : 'no' });
    response.end(remote.bytes);
    return handled;
  });
  api = await startWireServer((request, response) => {
    const base = '/workspaces/org_1/datasets/org_1_ds/assets';
    if (request.path === base) {
      const from = Number(request.query.get('p') ?? 0);
      const items = remotes.slice(from, from + pageSize).map(toJson);
      return from + pageSize < remotes.length ? { items, nextPage: String(from + pageSize) } : { items };
    }
    const remote = remotes.find(({ assetId }) => request.path === `${base}/${assetId}`);
    return remote === undefined ? refuse(response, 404) : toJson(remote);
  });
  client = clientOf(api);
});
afterEach(async () => {
  await client.close();
  await api.close();
  await storage.close();
  await rm(folder, { recursive: true });
});

function toJson({ assetId, filename, bytes, lies }: Remote): unknown {
  return {
    ...assetJson,
    assetId,
    filename,
    datasetId: 'org_1_ds',
    metadata: {
      ...assetJson.metadata,
      fileSize: bytes.length,
      hash: { algorithm: 'sha256', contents: createHash('sha256').update(bytes).digest('hex') },
      ...lies,
    },
    contents: {
      asset: {
        url: `${storage.origin}/${assetId}?signature=x`,
        expiry: Date.now() + 900_000,
        headers: { 'x-a': '1' },
      },
    },
  };
}

function remote(filename: string, content: string = `content of ${filename}`, lies?: Remote['lies']): Remote {
  const added = {
    assetId: `asset-${remotes.length}`,
    filename,
    bytes: Buffer.from(content),
    ...(lies && { lies }),
  };
  remotes.push(added);
  return added;
}

const download = (options: Partial<DownloadAssetsOptions> = {}) =>
  client.assets.download({ datasetId: 'ds', saveDir, ...options });

const inDataset = (name: string) => join(saveDir, 'ds', name);
const read = (name: string) => readFile(inDataset(name), 'utf8');

/** Everything below the folder of the test, so that nothing can have been written elsewhere in it. */
async function everything(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('download', () => {
  test('saves every asset under saveDir/datasetId/filename, and leaves nothing else behind', async () => {
    pageSize = 2;
    for (const name of ['a.png', 'b c.png', 'ü%20.png', 'd.png', 'e.png']) remote(name);
    const result = await download();
    expect(await everything()).toEqual(
      ['a.png', 'b c.png', 'd.png', 'e.png', 'ü%2520.png'].map((name) => `save/ds/${name}`),
    );
    expect(await read('b c.png')).toBe('content of b c.png');
    expect(result).toMatchObject({
      saveDir,
      folder: join(saveDir, 'ds'),
      totalFiles: 5,
      totalDownloaded: 5,
      totalSkipped: 0,
      totalKept: 0,
      totalFailed: 0,
      failedFiles: [],
      unverified: [],
      renamed: [{ filename: 'ü%20.png', savedAs: 'ü%2520.png' }],
    });
    expect(result.totalBytes).toBe(remotes.reduce((sum, { bytes }) => sum + bytes.length, 0));
    expect(result.summary()).toContain('Downloaded 5 of 5 assets');
    expect(await readdir(saveDir)).toEqual(['ds']);
  });

  test('asks for pages of 100 with contents, and passes its query on', async () => {
    remote('a.png');
    await download({ filter: 'f', metadataQuery: 'm', ruleQuery: 'r', strictQuery: true });
    expect(Object.fromEntries(api.requests[0]?.query ?? [])).toEqual({
      s: '100',
      contents: 'y',
      filter: 'f',
      metadataQuery: 'm',
      ruleQuery: 'r',
      strictQuery: 'y',
    });
  });

  test('sends the storage only the headers that the URL asks for', async () => {
    remote('a.png');
    await download();
    expect(Object.keys(storage.requests[0]?.headers ?? {}).sort()).toEqual(['connection', 'host', 'x-a']);
  });

  test('of an empty dataset makes an empty folder', async () => {
    expect(await download()).toMatchObject({ totalFiles: 0, totalFailed: 0 });
    expect(await readdir(inDataset('.'))).toEqual([]);
  });

  test('takes the long form of the dataset ID, and saves under the short one', async () => {
    remote('a.png');
    await download({ datasetId: 'org_1_ds' });
    expect(await read('a.png')).toBe('content of a.png');
  });

  test('tells how far it is, up to the end', async () => {
    for (let index = 0; index < 20; index++) remote(`${index}.png`);
    const seen: DownloadProgress[] = [];
    await download({ onProgress: (progress) => seen.push(progress) });
    const last = seen.at(-1);
    expect(last).toMatchObject({ filesTotal: 20, listed: true, filesDone: 20 });
    expect(last?.bytesDone).toBe(last?.bytesTotal);
  });

  test('asks its pace for every byte that comes', async () => {
    for (let index = 0; index < 3; index++) remote(`${index}.png`);
    let asked = 0;
    const pace: Pace = async (bytes) => {
      const some = Math.ceil(bytes / 2);
      asked += some;
      return some;
    };
    const result = await download({ pace });
    expect(result.totalDownloaded).toBe(3);
    expect(asked).toBe(result.totalBytes);
  });

  test('needs a saveDir', async () => {
    await rejectionOf(ViInvalidParameterError, download({ saveDir: '' }));
  });
});

describe('a file that exists', () => {
  test('and is the same is verified, and not fetched', async () => {
    remote('a.png');
    await download();
    const before = await stat(inDataset('a.png'));
    expect(await download()).toMatchObject({
      totalDownloaded: 0,
      totalSkipped: 1,
      totalKept: 0,
      unverified: [],
    });
    expect(await download({ overwrite: true })).toMatchObject({ totalDownloaded: 0, totalSkipped: 1 });
    expect(storage.requests).toHaveLength(1);
    expect((await stat(inDataset('a.png'))).ino).toBe(before.ino);
  });

  for (const [what, content] of [
    ['size', 'mine'],
    ['content', 'Content of a.png'],
  ] as const) {
    test(`and differs in ${what} is kept and reported, or replaced when told so`, async () => {
      const { assetId } = remote('a.png');
      await mkdir(inDataset('.'), { recursive: true });
      await writeFile(inDataset('a.png'), content);
      const kept = await download();
      expect(kept).toMatchObject({ totalDownloaded: 0, totalSkipped: 0, totalKept: 1, totalFailed: 0 });
      expect(kept.kept).toEqual([{ path: inDataset('a.png'), assetId, filename: 'a.png', difference: what }]);
      expect(kept.summary()).toContain(inDataset('a.png'));
      expect(await read('a.png')).toBe(content);
      expect(storage.requests).toHaveLength(0);
      expect(await download({ overwrite: true })).toMatchObject({ totalDownloaded: 1, totalKept: 0 });
      expect(await read('a.png')).toBe('content of a.png');
    });
  }

  test('and can be compared by its size only is skipped, and said to be unverified', async () => {
    remote('a.png', 'aaaa', { hash: { algorithm: 'blake3', contents: 'x' } });
    expect((await download()).unverified).toEqual([inDataset('a.png')]);
    await writeFile(inDataset('a.png'), 'bbbb');
    const again = await download();
    expect(again).toMatchObject({ totalSkipped: 1, unverified: [inDataset('a.png')] });
    expect(await download({ overwrite: true })).toMatchObject({ totalDownloaded: 1 });
    expect(await read('a.png')).toBe('aaaa');
  });

  test('and can not be compared at all is kept', async () => {
    remote('a.png', 'aaaa', { hash: null, fileSize: null });
    await download();
    expect((await download()).kept[0]).toMatchObject({ difference: 'unknown' });
  });

  test('and is a link is never followed: kept, or replaced itself', async () => {
    const outside = join(folder, 'outside');
    await writeFile(outside, 'precious');
    await mkdir(inDataset('.'), { recursive: true });
    await symlink(outside, inDataset('a.png'));
    remote('a.png');
    expect((await download()).kept[0]).toMatchObject({ difference: 'not-a-file' });
    expect(await readlink(inDataset('a.png'))).toBe(outside);
    expect(await download({ overwrite: true })).toMatchObject({ totalDownloaded: 1 });
    expect(await readFile(outside, 'utf8')).toBe('precious');
    expect(await read('a.png')).toBe('content of a.png');
  });

  test('and is a folder is kept, and not replaced either', async () => {
    remote('a.png');
    await mkdir(inDataset('a.png'), { recursive: true });
    await writeFile(inDataset('a.png/mine'), 'mine');
    expect((await download()).kept[0]).toMatchObject({ difference: 'not-a-file' });
    const replaced = await download({ overwrite: true });
    expect(replaced.failures).toMatchObject([{ code: 'NotAFile', path: inDataset('a.png') }]);
    expect(replaced.failures[0]?.message).toContain('Move the folder away');
    expect(storage.requests).toHaveLength(0);
    expect(await read('a.png/mine')).toBe('mine');
  });

  test('and appears while its asset is fetched is kept', async () => {
    remote('a.png');
    onGet = () => {
      void writeFile(inDataset('a.png'), 'mine', { flag: 'wx' });
      return undefined;
    };
    expect(await download()).toMatchObject({ totalDownloaded: 0, totalKept: 1, totalFailed: 0 });
    expect(await read('a.png')).toBe('mine');
  });
});

describe('whatever an asset is called, nothing is written outside its folder', () => {
  const hostile = [
    '../up.png',
    '../../up.png',
    '/tmp/vi-sync-absolute.png',
    '..',
    '.',
    'a/b.png',
    'a\\..\\b.png',
    'C:\\x.png',
    'nul\0.png',
    'line\nbreak.png',
    'con.png',
    'trailing.',
    'trailing ',
    '%2e%2e%2fx.png',
    '..%2fx.png',
    '.vi-sync',
    '\ud800.png',
    '😀.png',
  ];
  test('and every asset that a file name can be made for is saved under its own', async () => {
    for (const filename of hostile) remote(filename, `content of ${JSON.stringify(filename)}`);
    const result = await download();
    expect(result.failures).toEqual([]);
    expect(result.totalDownloaded).toBe(hostile.length);
    expect(
      (await everything()).every((path) => path.startsWith('save/ds/') && path.split('/').length === 3),
    ).toBe(true);
    expect(await readdir(inDataset('.'))).toHaveLength(hostile.length);
    for (const { filename, savedAs } of result.renamed) {
      expect(await read(savedAs)).toBe(`content of ${JSON.stringify(filename)}`);
    }
    await expect(stat('/tmp/vi-sync-absolute.png')).rejects.toThrow();
  });

  test('and one that no file can be called is refused by name', async () => {
    remote('');
    remote('x'.repeat(300));
    remote('fine.png');
    const result = await download();
    expect(result).toMatchObject({ totalDownloaded: 1, totalFailed: 2 });
    for (const failure of result.failures) {
      expect(failure).toMatchObject({ code: 'NameImpossible', path: null });
      expect(failure.message).toContain(failure.assetId);
    }
  });

  test('and two of one name do not become one file', async () => {
    remote('a.png', 'first');
    remote('a.png', 'second');
    const result = await download({ overwrite: true });
    expect(result).toMatchObject({ totalDownloaded: 1, totalFailed: 1 });
    expect(result.failures[0]).toMatchObject({ code: 'NameCollision' });
    expect(await read('a.png')).toBe('first');
  });

  for (const link of ['ds', '.vi-sync']) {
    test(`and a link at ${link} that leads outside is refused`, async () => {
      const outside = join(folder, 'outside');
      await mkdir(outside);
      await mkdir(saveDir);
      await symlink(outside, join(saveDir, link));
      remote('a.png');
      expect((await rejectionOf(ViOperationError, download())).code).toBe('OutsideSaveDir');
      expect(await readdir(outside)).toEqual([]);
    });
  }

  test('and a saveDir that is itself a link is fine', async () => {
    const real = join(folder, 'real');
    await mkdir(real);
    await symlink(real, saveDir);
    remote('a.png');
    await download();
    expect(await readFile(join(real, 'ds/a.png'), 'utf8')).toBe('content of a.png');
  });
});

describe('an asset that can not be fetched', () => {
  test('is named with its reason, and the others are saved', async () => {
    remote('a.png');
    const bad = remote('b.png', 'what it is', {
      hash: { algorithm: 'md5', contents: createHash('md5').update('other').digest('hex') },
    });
    remote('c.png');
    const result = await download();
    expect(result).toMatchObject({ totalDownloaded: 2, totalFailed: 1, failedFiles: ['b.png'] });
    expect(result.failures[0]).toMatchObject({
      assetId: bad.assetId,
      filename: 'b.png',
      path: inDataset('b.png'),
      code: 'ContentMismatch',
    });
    expect(await everything()).toEqual(['save/ds/a.png', 'save/ds/c.png']);
    expect(() => result.throwIfFailed()).toThrow(ViDownloadError);
    expect(result.summary()).toContain('b.png: ContentMismatch');
  });

  test('because the service lies about its size is not saved', async () => {
    remote('long.png', 'twelve bytes', { fileSize: 5 });
    remote('short.png', 'twelve bytes', { fileSize: 50 });
    expect(await download()).toMatchObject({ totalDownloaded: 0, totalFailed: 2 });
    expect(await everything()).toEqual([]);
  });

  test('does not take the place of a file, even when that is to be overwritten', async () => {
    remote('a.png', 'wrong', { hash: { algorithm: 'sha256', contents: 'f'.repeat(64) } });
    await mkdir(inDataset('.'), { recursive: true });
    await writeFile(inDataset('a.png'), 'mine');
    expect(await download({ overwrite: true })).toMatchObject({ totalFailed: 1 });
    expect(await read('a.png')).toBe('mine');
  });

  test('because its URL has expired gets a new one', async () => {
    remote('a.png');
    remote('b.png');
    onGet = (_remote, count) => (count === 1 ? 403 : undefined);
    expect(await download()).toMatchObject({ totalDownloaded: 2, totalFailed: 0 });
    const renewals = api.requests.slice(1);
    expect(renewals.map(({ path, search }) => `${path}?${search}`).sort()).toEqual([
      '/workspaces/org_1/datasets/org_1_ds/assets/asset-0?contents=y',
      '/workspaces/org_1/datasets/org_1_ds/assets/asset-1?contents=y',
    ]);
  });

  test('because new URLs expire too is given up', async () => {
    remote('a.png');
    onGet = () => 403;
    expect((await download()).failures[0]).toMatchObject({ code: 'UrlExpired' });
    expect(api.requests.length).toBeLessThan(10);
  });

  test('because it is gone is named', async () => {
    remote('a.png');
    onGet = () => 404;
    expect((await download()).failures[0]).toMatchObject({ code: 'DownloadFailed', filename: 'a.png' });
  });

  test('for a moment is retried', async () => {
    remote('a.png');
    onGet = (_remote, count) => (count < 3 ? 503 : undefined);
    expect(await download()).toMatchObject({ totalDownloaded: 1 });
  });
});

test('a page that can not be listed is named, and what was fetched stays', async () => {
  pageSize = 2;
  for (let index = 0; index < 6; index++) remote(`${index}.png`);
  const list = api.answer;
  api.answer = (request, response, raw) =>
    request.query.get('p') === '4' ? refuse(response, 500) : list(request, response, raw);
  const error = await rejectionOf(ViServerError, download());
  expect(error.page).toEqual({ number: 3, pageToken: '4' });
  expect(await everything()).toEqual([0, 1, 2, 3].map((index) => `save/ds/${index}.png`));
});

test('the signal ends a download at once, and leaves no partial file', async () => {
  for (let index = 0; index < 40; index++) remote(`${index}.png`, 'x'.repeat(100_000));
  const abort = new AbortController();
  const reason = new Error('enough');
  onGet = (_remote, _count) => {
    if (storage.requests.length === 10) abort.abort(reason);
    return undefined;
  };
  expect(await rejection(download({ signal: abort.signal }))).toBe(reason);
  expect(await readdir(saveDir)).toEqual(['ds']);
  for (const name of await readdir(inDataset('.'))) expect((await stat(inDataset(name))).size).toBe(100_000);
});

test('what an interrupted download has told last is what it has done', async () => {
  for (let index = 0; index < 40; index++) remote(`${index}.png`);
  const abort = new AbortController();
  const seen: DownloadProgress[] = [];
  onGet = () => {
    if (storage.requests.length === 30) abort.abort(new Error('enough'));
    return undefined;
  };
  await rejection(download({ signal: abort.signal, onProgress: (progress) => seen.push(progress) }));
  const files = await readdir(inDataset('.'));
  expect(files.length).toBeGreaterThan(0);
  expect(seen.at(-1)?.filesDone).toBe(files.length);
});

test('partial files that a killed process has left are removed, those of another one that runs are not', async () => {
  const work = join(saveDir, '.vi-sync');
  const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  for (const [name, isOld] of [
    ['download-old', true],
    ['download-young', false],
    ['other', true],
  ] as const) {
    await mkdir(join(work, name), { recursive: true });
    await writeFile(join(work, name, 'partial'), 'x');
    if (isOld) await utimes(join(work, name), longAgo, longAgo);
  }
  await download();
  expect((await readdir(work)).sort()).toEqual(['download-young', 'other']);
});

describe('partial files of another process', () => {
  /** Starts a download in a process of its own, which gets no answer for one of its files until `release` is called. */
  async function startStuck() {
    const release = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    remote('stuck.png');
    remote('other.png');
    const answer = storage.answer;
    storage.answer = async (request, response, raw) => {
      if (request.path === '/asset-0') {
        asked.resolve();
        await release.promise;
      }
      return await answer(request, response, raw);
    };
    const script = fileURLToPath(new URL('./download-process.ts', import.meta.url));
    const child = spawn(process.execPath, [script, api.origin, saveDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    const ended = once(child, 'close').then(() => stdout);
    await asked.promise;
    storage.answer = answer;
    return { child, ended, release: release.resolve };
  }

  test('are removed at once when it was killed', async () => {
    const { child, ended, release } = await startStuck();
    child.kill('SIGKILL');
    await ended;
    release();
    expect(await readdir(join(saveDir, '.vi-sync'))).toHaveLength(1);
    expect(await download()).toMatchObject({ totalFailed: 0 });
    expect(await readdir(saveDir)).toEqual(['ds']);
  });

  test('stay while it lives, however old they are', async () => {
    const { ended, release } = await startStuck();
    const work = join(saveDir, '.vi-sync');
    const [theirs = ''] = await readdir(work);
    const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    await utimes(join(work, theirs), longAgo, longAgo);
    expect(await download()).toMatchObject({ totalFailed: 0 });
    expect(await readdir(work)).toEqual([theirs]);
    release();
    expect(JSON.parse(await ended)).toMatchObject({ totalFailed: 0 });
    expect(await readdir(saveDir)).toEqual(['ds']);
  });

  test('stay when they are of another machine, whose locks can not be seen', async () => {
    const { child, ended, release } = await startStuck();
    child.kill('SIGKILL');
    await ended;
    release();
    const work = join(saveDir, '.vi-sync');
    const [theirs = ''] = await readdir(work);
    await writeFile(join(work, theirs, 'host'), 'another');
    await download();
    expect(await readdir(work)).toEqual([theirs]);
  });
});

describe('a disk that fills up', () => {
  test('ends the fetching, and the files are named that are meant', async () => {
    if (!(await canMount('a download that fills the disk'))) return;
    await mountDisk(saveDir, 'size=1m');
    for (let index = 0; index < 60; index++) remote(`${index}.png`, 'x'.repeat(50_000));
    const result = await download();
    expect(result.totalDownloaded).toBeGreaterThan(5);
    expect(result.totalDownloaded + result.totalFailed).toBe(60);
    // The first ones meet it by themselves; the others are not even asked for.
    expect(storage.requests.length).toBeLessThan(45);
    for (const { code, message, path } of result.failures) {
      expect(code).toBe('DiskFull');
      expect(message).toContain(join(saveDir, 'ds'));
      expect(message).not.toContain('.vi-sync');
      expect(path).toMatch(/\.png$/);
    }
    expect(result.failures.some(({ message, path }) => message.includes(`Cannot write ${path}`))).toBe(true);
    expect(await readdir(saveDir)).toEqual(['ds']);

    resizeDisk(saveDir, 'size=16m');
    expect(await download()).toMatchObject({ totalFailed: 0, totalSkipped: result.totalDownloaded });
    // Before the folder of the test is removed.
    takeAway(saveDir);
  });
});

test('two downloads to one folder at once do not get into each other’s way', async () => {
  for (let index = 0; index < 60; index++) remote(`${index}.png`);
  const both = await Promise.all([download(), download(), download({ overwrite: true })]);
  for (const result of both) expect(result.failures).toEqual([]);
  expect(await readdir(inDataset('.'))).toHaveLength(60);
  expect(await readdir(saveDir)).toEqual(['ds']);
});
