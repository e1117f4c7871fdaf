import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SortCriterion } from '../../app/vi/assets/enums.ts';
import { makeDataset, makePictures, startWorld, type World } from './world.ts';

interface UploadDocument {
  readonly totalFiles: number;
  readonly totalSucceeded: number;
  readonly totalAlreadyThere: number;
  readonly totalFailed: number;
  readonly totalPending: number;
  readonly sessionIds: readonly string[];
  readonly failures: readonly { path: string; code: string; message: string }[];
  readonly alreadyThere: readonly { comparedBy: string }[];
  readonly error?: { code: string };
}

let world: World;
beforeAll(async () => {
  world = await startWorld({ switches: { sessionBudget: null } });
});
afterAll(async () => {
  await world.end();
});

async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const entries = names.map(async (name) => [
    name,
    (await readFile(path.join(folder, name))).toString('base64'),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

describe('upload and download', () => {
  test('200 pictures come back equal to the byte; a repetition sends and fetches nothing', async () => {
    const pictures = await makePictures(path.join(world.folder, 'two-hundred'), 200);
    world.sandbox.createDataset({ name: 'Round trip', datasetId: 'round-trip' });

    const upload = await world.cli(['upload', 'round-trip', 'two-hundred']);
    expect(upload.stderr).toContain('200 of 200 files');
    expect(upload.stdout).toContain('Uploaded 200 of 200 files.');
    expect(upload.exitCode).toBe(0);

    const download = await world.json<{ totalDownloaded: number; folder: string }>([
      'download',
      'round-trip',
      'back',
    ]);
    expect(download).toMatchObject({ exitCode: 0, document: { totalFiles: 200, totalDownloaded: 200 } });
    expect(await contents(path.join(world.folder, 'back', 'round-trip'))).toEqual(await contents(pictures));

    const again = await world.json<UploadDocument>(['upload', 'round-trip', 'two-hundred']);
    expect(again).toMatchObject({
      exitCode: 0,
      document: { totalFiles: 200, totalSucceeded: 0, totalAlreadyThere: 200, totalFailed: 0, failures: [] },
    });
    expect(new Set(again.document.alreadyThere.map((file) => file.comparedBy))).toEqual(new Set(['hash']));
    const downloadAgain = await world.json(['download', 'round-trip', 'back']);
    expect(downloadAgain).toMatchObject({ exitCode: 0, document: { totalDownloaded: 0, totalSkipped: 200 } });
  });

  test('what fails is named and the rest is done: exit code 3', async () => {
    const folder = await makePictures(path.join(world.folder, 'mixed'), 3);
    await writeFile(path.join(folder, 'empty.png'), '');
    await writeFile(path.join(folder, 'text.jpg'), 'no picture at all');
    await writeFile(path.join(folder, 'notes.txt'), 'left out');
    world.sandbox.createDataset({ name: 'Mixed', datasetId: 'mixed' });

    const { exitCode, stdout } = await world.cli(['upload', 'mixed', 'mixed']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Uploaded 3 of 5 files.');
    expect(stdout).toMatch(/empty\.png: .+\n/u);
    expect(stdout).toMatch(/text\.jpg: .+\n/u);
    expect(stdout).toContain('1 other file left out');

    const { document } = await world.json<UploadDocument>([
      'upload',
      'mixed',
      'mixed/empty.png',
      'mixed/text.jpg',
    ]);
    expect(document.failures.map((failure) => path.basename(failure.path)).sort()).toEqual([
      'empty.png',
      'text.jpg',
    ]);
  });

  test('what can not be read below a folder is told apart from what is no image, and stops nothing', async () => {
    const folder = await makePictures(path.join(world.folder, 'odd'), 2);
    world.sandbox.createDataset({ name: 'Odd', datasetId: 'odd' });
    await symlink(path.join(folder, 'nothing'), path.join(folder, 'dangling.png'));
    await symlink(world.folder, path.join(folder, 'elsewhere'));
    await writeFile(path.join(folder, 'notes.txt'), '');
    const { exitCode, stdout } = await world.cli(['upload', 'odd', 'odd', '--annotations', 'remove']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Uploaded 2 of 3 files.');
    expect(stdout).toContain('dangling.png: it is a link to a file that is not there.');
    expect(stdout).toContain('1 other file left out: no images that the service takes.');
    expect(stdout).toContain('1 left out: no file, but links to folders, pipes and the like.');
    world.sandbox.annotate('odd', 'picture000.png', { car: 1 });
    const asked = await world.cli(['upload', 'odd', 'odd', '--annotations', 'remove']);
    expect(asked.stderr).toContain('1 annotation on 1 image');
  });

  test('nothing done is exit code 1', async () => {
    world.sandbox.createDataset({ name: 'None', datasetId: 'none' });
    await mkdir(path.join(world.folder, 'bad'));
    await writeFile(path.join(world.folder, 'bad', 'empty.png'), '');
    expect((await world.json(['upload', 'none', 'bad'])).exitCode).toBe(1);
    await mkdir(path.join(world.folder, 'nothing'));
    expect(await world.json(['upload', 'none', 'nothing'])).toMatchObject({
      exitCode: 1,
      document: { error: { code: 'no-images' } },
    });
    expect(await world.json(['upload', 'none', 'not-there'])).toMatchObject({
      exitCode: 1,
      document: { error: { code: 'FileNotFound' } },
    });
    expect(await world.json(['upload', 'no-such-dataset', 'mixed'])).toMatchObject({
      exitCode: 1,
      document: { error: { code: 'ResourceNotFound' } },
    });
  });

  test('two files of one name are refused before anything is sent', async () => {
    await makePictures(path.join(world.folder, 'twins', 'a'), 1);
    await makePictures(path.join(world.folder, 'twins', 'b'), 1, { prefix: 'picture' });
    world.sandbox.createDataset({ name: 'Twins', datasetId: 'twins' });
    const { exitCode, stdout, stderr } = await world.cli(['upload', 'twins', 'twins']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('picture000.png');
    expect((await world.cli(['upload', 'twins', 'twins/a', 'twins/b'])).exitCode).toBe(2);
    expect((await world.client.assets.list({ datasetId: 'twins' })).items).toEqual([]);
  });

  test('a refusal for the name alone is a failure: the dataset has other content', async () => {
    // Of the same size, so that only the hash can tell.
    const folder = await makeDataset(world, 'taken', 1, { bytes: 3000 });
    await makePictures(path.join(world.folder, 'other'), 2, { prefix: 'other', bytes: 3000 });
    await writeFile(
      path.join(folder, 'picture000.png'),
      await readFile(path.join(world.folder, 'other', 'other001.png')),
    );
    world.sandbox.switches.existingFilename = 'EALREADY';
    const { exitCode, document } = await world.json<UploadDocument>(['upload', 'taken', folder]);
    world.sandbox.switches.existingFilename = 'overwrite';
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ totalAlreadyThere: 0, failures: [{ code: 'EALREADY' }] });
  });

  test('files that differ are kept unless --overwrite says otherwise', async () => {
    await makeDataset(world, 'differ', 2);
    await mkdir(path.join(world.folder, 'mine', 'differ'), { recursive: true });
    const mine = path.join(world.folder, 'mine', 'differ', 'picture000.png');
    await writeFile(mine, 'mine');

    const kept = await world.cli(['download', 'differ', 'mine']);
    expect(kept.exitCode).toBe(3);
    expect(kept.stdout).toContain(mine);
    expect(kept.stderr).toContain('--overwrite');
    expect(await readFile(mine, 'utf8')).toBe('mine');

    expect((await world.cli(['download', 'differ', 'mine', '--overwrite'])).exitCode).toBe(0);
    expect(await readFile(mine)).toEqual(await readFile(path.join(world.folder, 'differ', 'picture000.png')));
  });

  test('--no-wait names the session, and assets wait waits for it', async () => {
    await makePictures(path.join(world.folder, 'later'), 4);
    world.sandbox.createDataset({ name: 'Later', datasetId: 'later' });
    world.sandbox.switches.sessionMinimumMs = 1500;
    const { exitCode, document } = await world.json<UploadDocument>([
      'upload',
      'later',
      'later',
      '--no-wait',
    ]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ totalSucceeded: 0, totalPending: 4 });
    const [session = ''] = document.sessionIds;
    const waited = await world.json(['assets', 'wait', 'later', session]);
    world.sandbox.switches.sessionMinimumMs = 0;
    expect(waited).toMatchObject({
      exitCode: 0,
      document: { state: 'finished', status: { progressCount: { total: 4, succeeded: 4, errored: 0 } } },
    });
    expect(await world.cli(['assets', 'wait', 'later', session])).toMatchObject({
      exitCode: 0,
      stdout: '4 of 4 files processed.\n',
    });
    expect(await world.json(['assets', 'wait', 'later', 'no-such-session'])).toMatchObject({ exitCode: 1 });
  });

  test('custom metadata go with the files and can be asked for', async () => {
    await makePictures(path.join(world.folder, 'front'), 2, { prefix: 'front' });
    await makePictures(path.join(world.folder, 'rear'), 1, { prefix: 'rear' });
    world.sandbox.createDataset({ name: 'Cameras', datasetId: 'cameras' });
    await world.cli(['upload', 'cameras', 'front', '--metadata', 'camera=front', '--metadata', 'height=2.5']);
    await world.cli(['upload', 'cameras', 'rear', '--metadata', 'camera=rear']);
    const { document } = await world.json<{
      items: { filename: string; metadata: { customMetadata: unknown } }[];
    }>(['assets', 'list', 'cameras', '--query', 'camera == "front"']);
    expect(document.items.map((asset) => asset.filename).sort()).toEqual(['front000.png', 'front001.png']);
    expect(document.items[0]?.metadata.customMetadata).toEqual({ camera: 'front', height: 2.5 });
    const some = await world.json(['download', 'cameras', 'some', '--query', 'camera == "rear"']);
    expect(some).toMatchObject({ exitCode: 0, document: { totalDownloaded: 1 } });
  });
});

test('a service that asks to wait is waited for, and a person is told', async () => {
  await makePictures(path.join(world.folder, 'patient'), 1);
  world.sandbox.createDataset({ name: 'Patient', datasetId: 'patient' });
  world.sandbox.faults = [{ kind: 'status', status: 429, retryAfter: 2, route: 'sessions.create', times: 1 }];
  const { exitCode, stderr } = await world.cli(['upload', 'patient', 'patient']);
  world.sandbox.faults = [];
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/429.+Trying again in \d s\./u);
  expect(await world.logs()).toContain('tries again');
});

describe('annotations of overwritten assets', () => {
  /** A dataset with annotations, and a folder with other content under the same filenames. */
  async function annotated(datasetId: string): Promise<string> {
    const folder = await makeDataset(world, datasetId, 2);
    world.sandbox.annotate(datasetId, 'picture000.png', { car: 3, bike: 2 });
    return makePictures(`${folder}-new`, 2, { bytes: 5000 });
  }
  async function annotationsAndSizes(datasetId: string): Promise<[number | undefined, boolean][]> {
    const { items } = await world.client.assets.list({
      datasetId,
      sortBy: { criterion: SortCriterion.FILENAME },
    });
    return items.map(({ metadata }) => [metadata.annotations?.total, metadata.fileSize === 5000]);
  }

  test('stay by default', async () => {
    const changed = await annotated('keeps');
    expect((await world.cli(['upload', 'keeps', changed])).exitCode).toBe(0);
    expect(await annotationsAndSizes('keeps')).toEqual([
      [5, true],
      [0, true],
    ]);
  });

  test('are not removed without an answer: --annotations remove alone changes nothing', async () => {
    const changed = await annotated('asks');
    const { exitCode, stderr } = await world.cli(['upload', 'asks', changed, '--annotations', 'remove']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('5 annotations on 1 image');
    expect(await annotationsAndSizes('asks')).toEqual([
      [5, false],
      [0, false],
    ]);
  });

  test('go with --annotations remove --yes', async () => {
    const changed = await annotated('drops');
    expect((await world.cli(['upload', 'drops', changed, '--annotations', 'remove', '--yes'])).exitCode).toBe(
      0,
    );
    expect(await annotationsAndSizes('drops')).toEqual([
      [0, true],
      [0, true],
    ]);
  });

  test('need no question where there are none', async () => {
    const folder = await makeDataset(world, 'bare', 1);
    const changed = await makePictures(`${folder}-new`, 1, { bytes: 5000 });
    expect((await world.cli(['upload', 'bare', changed, '--annotations', 'remove'])).exitCode).toBe(0);
  });
});

test('after all of this, no key is in the logs', async () => {
  const logs = await world.logs();
  expect(logs).toContain('upload begins');
  expect(logs).not.toContain('dtvi_');
  expect(logs).not.toContain(world.sandbox.secretKey.slice(5, 40));
});
