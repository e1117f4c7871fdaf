import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  FailureMode,
  type Pace,
  ResourceRetentionMode,
  type UploadAssetsOptions,
  type UploadProgress,
  ViAuthenticationError,
  type ViClient,
  ViInvalidFileFormatError,
  ViInvalidParameterError,
  ViOperationError,
  ViServerError,
  ViTimeoutError,
  ViUploadError,
} from '../../app/vi/index.ts';
import { fixturePath } from '../fixtures/index.ts';
import { type IngestionService, startIngestionService } from './ingestion-service.ts';
import { clientOf, rejection, rejectionOf } from './wire-server.ts';

/** The part of a session's JSON that has its URLs. */
const urls = z.object({ status: z.looseObject({ assets: z.array(z.unknown()).optional() }) });

let folder: string;
let service: IngestionService;
let client: ViClient;
let png: Buffer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vi-sync-'));
  service = await startIngestionService();
  client = clientOf(service.api);
  png = await readFile(fixturePath('good/scene.png'));
});
afterEach(async () => {
  await client.close();
  await service.close();
  await rm(folder, { recursive: true });
});

/** Writes a picture of its own content, or other content, below the folder. */
async function file(name: string, content?: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content ?? Buffer.concat([png, Buffer.from(name)]));
  return path;
}

async function files(count: number): Promise<string[]> {
  return await Promise.all(
    Array.from({ length: count }, (_, index) => file(`f${String(index).padStart(3, '0')}.png`)),
  );
}

const upload = (options: Partial<UploadAssetsOptions> = {}) =>
  client.assets.upload({ datasetId: 'ds', paths: folder, failureMode: 'FailAfterAll', ...options });

const announced = () =>
  service.sessions.flatMap((session) => session.spec.assets.map(({ filename }) => filename));

describe('upload', () => {
  test('of one file announces it, sends its bytes, waits, and tells what became of it', async () => {
    const path = await file('a b.png');
    const result = await client.assets.upload({ datasetId: 'ds', paths: path });
    const [session] = service.sessions;
    expect(session?.spec).toEqual({
      kind: 'Upload',
      failureMode: 'FailAfterOne',
      onAssetOverwritten: 'RemoveLinkedResource',
      assets: [
        {
          kind: 'Image',
          filename: 'a b.png',
          mime: 'image/png',
          size: png.length + 7,
          crc32c: expect.any(Number),
        },
      ],
    });
    expect(session?.put.get('a b.png')?.equals(await readFile(path))).toBe(true);
    expect(result).toMatchObject({
      totalFiles: 1,
      totalSucceeded: 1,
      totalFailed: 0,
      totalPending: 0,
      successRate: 100,
      sessionIds: ['session-1'],
      failedFiles: [],
      failures: [],
      notAttempted: [],
      errors: [],
    });
    expect(result.sessions[0]?.organizationId).toBe('org_1');
    expect(result.summary()).toBe('Uploaded 1 of 1 files (100.0 %) in 1 session.');
  });

  test('of a folder takes the images in it and below it, in order, and tells what it left out', async () => {
    for (const name of [
      'b.png',
      'a/z.JPG',
      'a/y.jpeg',
      'c/d/e.gif',
      '.hidden.png',
      '.git/x.png',
      'c/notes.txt',
      'README',
    ]) {
      await file(name);
    }
    await mkdir(join(folder, 'folder.png'));
    const result = await upload();
    expect(announced()).toEqual(['y.jpeg', 'z.JPG', 'b.png', 'e.gif']);
    expect(result.totalFiles).toBe(4);
    expect(result.skipped).toEqual([
      { path: join(folder, 'README'), reason: 'unsupported-extension' },
      { path: join(folder, 'c/notes.txt'), reason: 'unsupported-extension' },
    ]);
    expect(result.summary()).toContain('2 files left out');
  });

  test('asks its pace for every byte that it sends', async () => {
    const paths = await files(3);
    let asked = 0;
    const pace: Pace = async (bytes) => {
      const some = Math.ceil(bytes / 2);
      asked += some;
      return some;
    };
    const result = await upload({ pace });
    expect(result.totalSucceeded).toBe(paths.length);
    const sizes = await Promise.all(paths.map(async (path) => (await readFile(path)).length));
    expect(asked).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });

  test('of a list takes files and folders in their order, each file once', async () => {
    const [one, two] = [await file('x/one.png'), await file('x/two.png')];
    const three = await file('three.png');
    await upload({ paths: [three, join(folder, 'x'), one, two, `${folder}/./three.png`] });
    expect(announced()).toEqual(['three.png', 'one.png', 'two.png']);
  });

  test('follows a link to a file, and not one to a folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'vi-sync-'));
    await writeFile(join(outside, 'real.png'), png);
    await symlink(join(outside, 'real.png'), join(folder, 'link.png'));
    await symlink(outside, join(folder, 'folder'));
    await symlink(outside, join(folder, 'folder.png'));
    const result = await upload();
    expect(announced()).toEqual(['link.png']);
    expect(result.skipped).toContainEqual({ path: join(folder, 'folder.png'), reason: 'not-a-file' });
    await rm(outside, { recursive: true });
  });

  test('of a folder without images sends nothing', async () => {
    await file('notes.txt');
    expect(await upload()).toMatchObject({ totalFiles: 0, successRate: 100, sessions: [] });
    expect(service.api.requests).toHaveLength(0);
  });

  test('sends failure mode, retention mode and custom metadata', async () => {
    await files(2);
    await upload({
      failureMode: FailureMode.FAIL_AFTER_ALL,
      onAssetOverwritten: ResourceRetentionMode.KEEP_LINKED_RESOURCES,
      customMetadata: { camera: 'front', run: 7, ratio: 0.5, night: true },
    });
    await upload({
      customMetadata: ({ path, filename }) => (filename === 'f000.png' ? { path } : undefined),
    });
    const [same, each] = service.sessions;
    expect(same?.spec).toMatchObject({
      failureMode: 'FailAfterAll',
      onAssetOverwritten: 'KeepLinkedResource',
    });
    expect(same?.spec.assets[1]?.customMetadata).toEqual({
      camera: 'front',
      run: 7,
      ratio: 0.5,
      night: true,
    });
    expect(each?.spec.assets.map(({ customMetadata }) => customMetadata)).toEqual([
      { path: join(folder, 'f000.png') },
      undefined,
    ]);
  });

  test('does not wait when told so, and the sessions can be waited for later', async () => {
    await files(2);
    service.pollsUntilDone = 1;
    const result = await upload({ waitUntilDone: false });
    expect(result).toMatchObject({ totalSucceeded: 0, totalPending: 2, totalFailed: 0 });
    expect(result.unconfirmed).toHaveLength(2);
    expect(service.sessions[0]?.polls).toBe(0);
    const [assetIngestionSessionId = ''] = result.sessionIds;
    const session = await client.assets.waitUntilDone({ datasetId: 'ds', assetIngestionSessionId });
    expect(session.status.progressCount.succeeded).toBe(2);
  });

  test('never sends the secret key to the storage, nor any header that the URL does not ask for', async () => {
    await files(3);
    await upload();
    expect(service.storage.requests).toHaveLength(3);
    for (const { headers } of service.storage.requests) {
      expect(Object.keys(headers).sort()).toEqual(['connection', 'content-length', 'content-type', 'host']);
    }
  });

  test('tells how far it is, up to the end', async () => {
    await files(5);
    const seen: UploadProgress[] = [];
    await upload({ onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toMatchObject({ phase: 'uploading', filesTotal: 5, filesSent: 0, bytesSent: 0 });
    const last = seen.at(-1);
    expect(last).toMatchObject({
      phase: 'done',
      filesHashed: 5,
      filesSent: 5,
      filesSucceeded: 5,
      filesFailed: 0,
    });
    expect(last?.bytesSent).toBe(last?.bytesTotal);
    expect(seen.map(({ phase }) => phase)).toContain('processing');
  });

  test('makes sessions of up to 5,000 files', async () => {
    const tiny = png.subarray(0, 200);
    await Promise.all(Array.from({ length: 5002 }, (_, index) => file(`many/${index}.png`, tiny)));
    // One file of each session gets a URL: 5,002 requests would prove no more.
    service.adorn = (_session, json) => {
      const { status } = urls.parse(json);
      return { ...json, status: { ...status, ...(status.assets && { assets: status.assets.slice(0, 1) }) } };
    };
    const result = await upload();
    expect(service.sessions.map((session) => session.spec.assets.length)).toEqual([5000, 2]);
    expect(result).toMatchObject({
      totalFiles: 5002,
      totalSucceeded: 2,
      totalFailed: 5000,
      sessionIds: ['session-1', 'session-2'],
    });
    // The lists of files would fill the memory of a large upload.
    expect(result.sessions[0]?.status.assets).toBeUndefined();
    expect(result.sessions[0]?.spec.assets).toBeUndefined();
  });
});

describe('an upload is refused before a byte is sent', () => {
  afterEach(() => expect(service.api.requests).toHaveLength(0));

  test('when two files have one base name, and both are named', async () => {
    const [one, two] = [await file('train/a.png'), await file('val/a.png')];
    const error = await rejectionOf(ViInvalidParameterError, upload());
    expect(error.code).toBe('DuplicateFilename');
    for (const part of [one, two, '"a.png"']) expect(error.message).toContain(part);
    expect(error.details).toMatchObject({ collisions: [{ filename: 'a.png', paths: [one, two] }], total: 1 });
  });

  test('when a path does not exist', async () => {
    const error = await rejectionOf(
      ViOperationError,
      upload({ paths: [await file('a.png'), join(folder, 'none.png')] }),
    );
    expect(error).toMatchObject({ code: 'FileNotFound', details: { path: join(folder, 'none.png') } });
  });

  test('when a file that was named itself has an unsupported extension', async () => {
    const error = await rejectionOf(ViInvalidFileFormatError, upload({ paths: [await file('notes.txt')] }));
    expect(error.message).toContain('notes.txt');
  });

  test('when there is no path', async () => {
    await rejectionOf(ViInvalidParameterError, upload({ paths: [] }));
    await rejectionOf(ViInvalidParameterError, upload({ paths: '' }));
  });

  test('when custom metadata is of another type, or an ID is none', async () => {
    await files(1);
    await rejectionOf(ViInvalidParameterError, upload({ customMetadata: { a: Number.NaN } }));
    await rejectionOf(ViInvalidParameterError, upload({ datasetId: 'a/b' }));
  });

  test('when it stops at the first failure, and a file is empty', async () => {
    await files(2);
    const empty = await file('zero.png', '');
    const result = await upload({ failureMode: 'FailAfterOne' });
    expect(result).toMatchObject({ totalSucceeded: 0, totalFailed: 1, failedFiles: [empty] });
    expect(result.failures[0]?.error).toBeInstanceOf(ViInvalidFileFormatError);
    expect(result.notAttempted).toHaveLength(2);
  });

  test('when its signal is aborted already', async () => {
    await files(1);
    const reason = new Error('enough');
    expect(await rejection(upload({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

// Windows makes links for few, and has no other names than valid ones.
describe.runIf(process.platform !== 'win32')('what can not be read below a folder', () => {
  /** The good file that is there as well must be uploaded, whatever is wrong with the other. */
  async function expectOneFailure(failure: Record<string, unknown>): Promise<string> {
    await file('good.png');
    const result = await upload();
    expect(announced()).toEqual(['good.png']);
    expect(result).toMatchObject({ totalFiles: 2, totalSucceeded: 1, totalFailed: 1, totalSkipped: 0 });
    expect(result.failures[0]).toMatchObject(failure);
    expect(result.failedFiles).toEqual([failure.path]);
    expect(result.failures[0]?.error).toBeInstanceOf(ViOperationError);
    return result.failures[0]?.message ?? '';
  }

  test('fails alone: a link to nothing', async () => {
    const path = join(folder, 'dangling.png');
    await symlink(join(folder, 'nothing'), path);
    const message = await expectOneFailure({ path, filename: 'dangling.png', code: 'LinkBroken' });
    expect(message).toContain('a link to a file that is not there');
  });

  test('fails alone: a link to itself', async () => {
    const path = join(folder, 'loop.png');
    await symlink(path, path);
    expect(await expectOneFailure({ path, code: 'LinkBroken' })).toContain('leads to itself');
  });

  // macOS refuses to make such names.
  test.runIf(process.platform === 'linux')('fails alone: a name that is no text', async () => {
    const raw = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.png')]);
    await writeFile(raw, png);
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/note`), Buffer.from([0xe9]), Buffer.from('.txt')]),
      '',
    );
    const path = join(folder, 'caf\ufffd.png');
    expect(await expectOneFailure({ path, code: 'NameInvalid' })).toContain('its name is not valid');
  });

  test('fails alone: a subfolder, here one whose path is too long', async () => {
    const [upper = '', lower = ''] = ['x', 'y'].map((letter) => Array(15).fill(letter.repeat(200)).join('/'));
    const [top = '', name = ''] = [upper.split('/')[0], lower.split('/')[0]];
    await file(`${upper}/deep.png`);
    await file(`${lower}/lost.png`);
    // So long a path can't be made; it can only come about.
    await rename(join(folder, name), join(folder, upper, name));
    await file('good.png');
    const result = await upload();
    await rename(join(folder, upper, name), join(folder, name));
    await rm(join(folder, top), { recursive: true });
    expect(announced()).toEqual(['good.png', 'deep.png']);
    expect(result).toMatchObject({ totalFiles: 3, totalSucceeded: 2, totalFailed: 1 });
    expect(result.failures[0]).toMatchObject({ code: 'NameTooLong', filename: name });
  });

  test('ends an upload that stops at the first failure, and is named', async () => {
    await file('good.png');
    await symlink(join(folder, 'nothing'), join(folder, 'dangling.png'));
    const result = await upload({ failureMode: 'FailAfterOne' });
    expect(service.sessions).toHaveLength(0);
    expect(result).toMatchObject({
      totalFailed: 1,
      totalNotAttempted: 1,
      failures: [{ code: 'LinkBroken' }],
    });
  });

  test('is no failure when no upload would take it', async () => {
    await file('good.png');
    await symlink(join(folder, 'nothing'), join(folder, 'dangling.txt'));
    await promisify(execFile)('mkfifo', [join(folder, 'pipe.png'), join(folder, 'pipe')]);
    const result = await upload();
    expect(result).toMatchObject({ totalFiles: 1, totalSucceeded: 1, totalFailed: 0, totalSkipped: 3 });
    expect(result.skipped).toEqual([
      { path: join(folder, 'pipe'), reason: 'not-a-file' },
      { path: join(folder, 'pipe.png'), reason: 'not-a-file' },
      { path: join(folder, 'dangling.txt'), reason: 'unsupported-extension' },
    ]);
    expect(result.summary()).toContain('1 file left out: not a supported image file.');
    expect(result.summary()).toContain('2 left out: no files, but links to folders, pipes and the like.');
  });

  test('is thrown when it was named itself', async () => {
    await symlink(join(folder, 'nothing'), join(folder, 'dangling.png'));
    const error = await rejectionOf(ViOperationError, upload({ paths: join(folder, 'dangling.png') }));
    expect(error.code).toBe('FileNotFound');
  });
});

describe('a file that is no image', () => {
  const wrong: [string, () => Promise<string | Buffer>, string][] = [
    ['empty', async () => '', 'EmptyFile'],
    ['text', async () => 'hello, this is text', 'WrongContent'],
    ['a PDF', () => readFile(fixturePath('hostile/pdf-named.png')), 'WrongContent'],
    ['a film', () => readFile(fixturePath('hostile/film-named.jpg')), 'WrongContent'],
  ];
  for (const [what, content, code] of wrong) {
    test(`but ${what} is not announced, and the others are uploaded`, async () => {
      const good = await file('good.png');
      const bad = await file('bad.png', await content());
      const result = await upload();
      expect(announced()).toEqual(['good.png']);
      expect(result).toMatchObject({
        totalFiles: 2,
        totalSucceeded: 1,
        totalFailed: 1,
        failedFiles: [bad],
        successRate: 50,
      });
      expect(result.failures[0]).toMatchObject({ path: bad, filename: 'bad.png', code });
      expect(result.failures[0]?.message).toContain(bad);
      expect(result.failures[0]?.error).toBeInstanceOf(ViInvalidFileFormatError);
      expect(result.summary()).toContain(`${bad}: ${code}`);
      expect(good).not.toBe(bad);
      expect(() => result.throwIfFailed()).toThrow(ViInvalidFileFormatError);
    });
  }

  test('of its own extension, but of another supported format, is taken', async () => {
    await file('jpeg.png', await readFile(fixturePath('hostile/jpeg-named.png')));
    expect(await upload()).toMatchObject({ totalSucceeded: 1 });
    expect(service.sessions[0]?.spec.assets[0]?.mime).toBe('image/png');
  });

  test('every supported format is taken with its MIME type', async () => {
    const mimes = {
      jpg: 'jpeg',
      jpeg: 'jpeg',
      jfif: 'jpeg',
      png: 'png',
      tiff: 'tiff',
      tif: 'tiff',
      bmp: 'bmp',
      webp: 'webp',
      heif: 'heif',
      heic: 'heic',
      avif: 'avif',
      jp2: 'jp2',
      j2k: 'jp2',
      gif: 'gif',
    };
    for (const extension of Object.keys(mimes)) {
      await file(`${extension}.${extension}`, await readFile(fixturePath(`good/scene.${extension}`)));
    }
    expect(await upload()).toMatchObject({ totalSucceeded: 14, totalFailed: 0 });
    for (const { filename, mime } of service.sessions[0]?.spec.assets ?? []) {
      expect(mime).toBe(`image/${mimes[filename.split('.')[0] as keyof typeof mimes]}`);
    }
  });
});

describe('a failure of the service', () => {
  test('in a file is named with its code and what to do', async () => {
    const paths = await files(3);
    service.codes.set('f001.png', 'ECORRUPT').set('f002.png', 'ENEWCODE');
    const result = await upload();
    expect(result).toMatchObject({
      totalFiles: 3,
      totalSucceeded: 1,
      totalFailed: 2,
      failedFiles: paths.slice(1),
    });
    expect(result.failures.map(({ code }) => code)).toEqual(['ECORRUPT', 'ENEWCODE']);
    for (const { error, path } of result.failures) {
      expect(error).toBeInstanceOf(ViUploadError);
      expect(error.message).toContain(path);
    }
  });

  test('to take the bytes of a file is named, and nobody waits for its time-out', async () => {
    const paths = await files(3);
    service.onPut = (filename) => (filename === 'f001.png' ? 400 : undefined);
    service.pollsUntilDone = 1_000_000;
    service.adorn = (session, json) =>
      session.put.size === 2 && session.polls > 0
        ? {
            ...json,
            status: { conditions: [], events: [], progressCount: { total: 3, succeeded: 2, errored: 0 } },
          }
        : json;
    const result = await upload();
    expect(result).toMatchObject({ totalSucceeded: 2, totalFailed: 1, failedFiles: [paths[1]], errors: [] });
    expect(result.failures[0]).toMatchObject({ code: 'UploadFailed' });
    expect(result.failures[0]?.error.status).toBe(400);
  });

  test('for a moment is retried', async () => {
    await files(2);
    let failures = 0;
    service.onPut = () => (failures++ < 2 ? 503 : undefined);
    service.onCreate = () => (service.api.requests.length < 3 ? 500 : undefined);
    expect(await upload()).toMatchObject({ totalSucceeded: 2, totalFailed: 0 });
  });

  test('to take any more, for want of room, ends the sending', async () => {
    await files(60);
    service.onPut = (_filename, session) => (session.put.size >= 10 ? 507 : undefined);
    service.pollsUntilDone = 1;
    const careful = clientOf(service.api, { uploadConcurrency: 2 });
    const result = await careful.assets.upload({
      datasetId: 'ds',
      paths: folder,
      failureMode: 'FailAfterAll',
    });
    await careful.close();
    expect(result).toMatchObject({ totalSucceeded: 10, totalFailed: 50 });
    expect(service.storage.requests.length).toBeLessThanOrEqual(12);
    expect(new Set(result.failures.map(({ code }) => code))).toEqual(new Set(['InsufficientStorage']));
    expect(result.failures.at(-1)?.message).toContain('Not sent: the storage of the service has no room');
  });

  test('before anything was handed over is thrown', async () => {
    await files(2);
    service.onCreate = () => 401;
    await rejectionOf(ViAuthenticationError, upload());
    service.onCreate = () => 500;
    await rejectionOf(ViServerError, upload());
  });

  test('to count what it took is told, instead of guessed', async () => {
    await files(3);
    service.adorn = (session, json) =>
      session.polls === 0
        ? json
        : {
            ...json,
            status: {
              conditions: [{ condition: 'Finished', status: 'FailedReach', message: 'disk full' }],
              events: [],
              progressCount: { total: 3, succeeded: 1, errored: 2 },
            },
          };
    const result = await upload();
    expect(result).toMatchObject({ totalSucceeded: 1, totalPending: 2, totalFailed: 0 });
    expect(result.unconfirmed).toHaveLength(3);
    expect(result.errors[0]).toMatchObject({ code: 'SessionIncomplete' });
    expect(result.errors[0]?.message).toContain('disk full');
    expect(() => result.throwIfFailed()).toThrow(ViOperationError);
  });

  test('to give a URL is named', async () => {
    const [first = ''] = await files(1);
    service.adorn = (session, json) => (session.polls === 0 ? { ...json, status: { assets: [] } } : json);
    expect((await upload()).failures[0]).toMatchObject({ path: first, code: 'UrlMissing' });
  });

  test('to finish in time leaves the files pending, and says so', async () => {
    await files(2);
    service.pollsUntilDone = 1_000_000;
    const result = await upload({ timeoutMs: 300 });
    expect(result).toMatchObject({ totalSucceeded: 0, totalFailed: 0, totalPending: 2 });
    expect(result.errors[0]).toBeInstanceOf(ViTimeoutError);
    expect(result.summary()).toContain('sent and not confirmed');
  });
});

describe('an upload that stops at the first failure', () => {
  const failing = (options: Partial<UploadAssetsOptions> = {}) =>
    upload({ failureMode: 'FailAfterOne', ...options });

  test('sends no other file after one that could not be sent', async () => {
    const paths = await files(40);
    const slow = clientOf(service.api, { uploadConcurrency: 2 });
    service.onPut = (filename) => (filename === 'f003.png' ? 400 : undefined);
    const result = await slow.assets.upload({ datasetId: 'ds', paths: folder });
    expect(result.failedFiles).toEqual([paths[3]]);
    expect(service.storage.requests.length).toBeLessThan(8);
    expect(result.notAttempted.length).toBeGreaterThan(30);
    expect(result.totalSucceeded + 1 + result.notAttempted.length).toBe(40);
    await slow.close();
  });

  test('does not announce what comes after content that is wrong', async () => {
    await files(3);
    await file('a-first.png', 'text');
    const result = await failing();
    expect(service.sessions).toHaveLength(0);
    expect(result).toMatchObject({ totalFailed: 1, totalSucceeded: 0 });
    expect(result.notAttempted).toHaveLength(3);
  });

  test('tells what the service did not take', async () => {
    const paths = await files(3);
    service.codes.set('f000.png', 'ENOQUOTA');
    const result = await failing();
    expect(result).toMatchObject({ failedFiles: [paths[0]], totalSucceeded: 2 });
    expect(result.failures[0]).toMatchObject({ code: 'ENOQUOTA' });
  });
});

describe('a URL that expires while others are sent', () => {
  test('is replaced by one of another session', async () => {
    await files(30);
    const careful = clientOf(service.api, { uploadConcurrency: 2 });
    service.onPut = (_filename, session) =>
      session.id === 'session-1' && session.put.size >= 10 ? 403 : undefined;
    const result = await careful.assets.upload({
      datasetId: 'ds',
      paths: folder,
      failureMode: 'FailAfterAll',
    });
    expect(result).toMatchObject({ totalSucceeded: 30, totalFailed: 0, totalPending: 0, errors: [] });
    expect(service.sessions.map((session) => session.put.size)).toEqual([10, 20]);
    // Once one has expired, the others of its session are not tried.
    expect(service.storage.requests.length).toBeLessThanOrEqual(33);
    await careful.close();
  });

  test('is an error when no URL of a session has worked', async () => {
    await files(5);
    service.onPut = () => 403;
    const result = await upload();
    expect(service.sessions).toHaveLength(1);
    expect(result).toMatchObject({ totalFailed: 5 });
    expect(result.failures.every(({ code }) => code === 'UrlExpired')).toBe(true);
  });
});

describe('a file of the upload', () => {
  test('that changes before its turn is named, and not sent', async () => {
    const paths = await files(3);
    service.onCreate = () => {
      void truncate(paths[1] ?? '', 50);
      return undefined;
    };
    const result = await upload();
    expect(result).toMatchObject({ totalSucceeded: 2, failedFiles: [paths[1]] });
    expect(result.failures[0]).toMatchObject({ code: 'FileChanged' });
  });

  test('that is gone when its turn comes is named', async () => {
    const paths = await files(3);
    service.onPut = (filename) => {
      if (filename === 'f000.png') void rm(paths[2] ?? '');
      return undefined;
    };
    const careful = clientOf(service.api, { uploadConcurrency: 1 });
    const result = await careful.assets.upload({
      datasetId: 'ds',
      paths: folder,
      failureMode: 'FailAfterAll',
    });
    expect(result).toMatchObject({ totalSucceeded: 2, failedFiles: [paths[2]] });
    expect(result.failures[0]).toMatchObject({ code: 'FileNotFound' });
    await careful.close();
  });
});

test('what an interrupted upload has told last is what it has done', async () => {
  await files(40);
  const abort = new AbortController();
  const seen: UploadProgress[] = [];
  const careful = clientOf(service.api, { uploadConcurrency: 1 });
  service.onPut = (filename) => {
    if (filename === 'f030.png') abort.abort(new Error('enough'));
    return undefined;
  };
  await rejection(
    careful.assets.upload({
      datasetId: 'ds',
      paths: folder,
      signal: abort.signal,
      onProgress: (progress) => seen.push(progress),
    }),
  );
  expect(seen.at(-1)?.filesSent).toBe(30);
  await careful.close();
});

test('the signal ends an upload at once, wherever it is', async () => {
  await files(10);
  const reason = new Error('enough');
  const at = async (arrange: (abort: AbortController) => void): Promise<void> => {
    const abort = new AbortController();
    service.onPut = undefined;
    service.pollsUntilDone = 0;
    arrange(abort);
    expect(await rejection(upload({ signal: abort.signal }))).toBe(reason);
  };
  await at((abort) => {
    service.onPut = () => {
      abort.abort(reason);
      return undefined;
    };
  });
  await at((abort) => {
    service.pollsUntilDone = 1_000_000;
    service.adorn = (session, json) => {
      if (session.polls > 0) abort.abort(reason);
      return json;
    };
  });
});
