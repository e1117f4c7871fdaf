import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { picture } from './pictures.ts';
import { fill, pictures, World } from './world.ts';

/** What the service does not publish about itself: the same story must end well with every setting. */
const settings: Record<string, Partial<SandboxSwitches>> = {
  'an overwritten asset gets a new ID': { overwrittenAssetId: 'new' },
  'hashes are MD5 in base64': { hashAlgorithm: 'md5', hashEncoding: 'base64' },
  'hashes are SHA-1': { hashAlgorithm: 'sha1' },
  'hashes are SHA-256 in base64': { hashEncoding: 'base64' },
  'hashes are CRC-32C': { hashAlgorithm: 'crc32c' },
  'there are no hashes': { hashAlgorithm: 'none' },
  'no hashes, and new IDs': { hashAlgorithm: 'none', overwrittenAssetId: 'new' },
  'uploads are listed late': { listingDelayMs: 700 },
  'uploads are listed late, without hashes': { listingDelayMs: 700, hashAlgorithm: 'none' },
  'sessions take long, files end in any order': { sessionMinimumMs: 800, finishOrder: 'shuffled' },
  'identical bytes overwrite': { identicalBytes: 'overwrite' },
  'failed files fail the session': { failAfterAllWithErrors: 'FailedReach' },
  'the service’s clock is ahead': { clockOffsetMs: 3 * 60_000 },
  'the service’s clock is behind, without hashes': { clockOffsetMs: -10 * 60_000, hashAlgorithm: 'none' },
};

describe.concurrent('upload, edit, change in the dataset, restart', () => {
  test.for(Object.entries(settings))('%s', async ([, switches], { expect, onTestFinished }) => {
    const world = await World.make({ switches }, onTestFinished);
    const folder = await world.folder();
    await fill(folder, pictures('a.png', 'sub/b.png', 'c.png'));
    await world.putAsset('c.png', pictures('a.png', 'sub/b.png', 'c.png')['c.png'] ?? Buffer.alloc(0));
    const mirror = await world.mirror(folder);
    expect((await mirror.sync()).phase).toBe('in-sync');
    expect(world.sandbox.requests.upload).toBe(2);

    await folder.write('a.png', picture(20, 800));
    expect((await mirror.sync()).phase).toBe('in-sync');
    expect((await world.assets()).get('a.png')?.content).toEqual(picture(20, 800));
    expect(world.sandbox.requests.upload).toBe(3);

    // Within the same millisecond no time of change would tell two versions apart.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await world.putAsset('b.png', picture(21, 800));
    await mirror.until(() => folder.has('sub/b.png', picture(21, 800)), 'the new version');
    expect((await mirror.sync()).phase).toBe('in-sync');

    await mirror.engine.close();
    const again = await world.mirror(folder);
    const before = { ...world.sandbox.requests };
    const status = await again.sync();
    expect(status).toMatchObject({ phase: 'in-sync', fileTotal: 3 });
    expect(world.sandbox.requests).toMatchObject({ upload: before.upload, download: before.download });
    expect((await world.assets()).size).toBe(3);
  });
});

test('an existing filename is refused: the new version waits with a reason, and only one session is spent on it', async () => {
  const world = await World.make({ switches: { existingFilename: 'EALREADY' } });
  const folder = await world.folder();
  await fill(folder, pictures('a.png'));
  const mirror = await world.mirror(folder);
  await mirror.sync();
  await folder.write('a.png', picture(22, 800));
  await mirror.until(async () => (await mirror.files('problem')).length === 1, 'the refusal');
  expect(await mirror.states()).toEqual({ 'a.png': 'problem: EALREADY' });
  const { 'sessions.create': sessions } = world.sandbox.requests;
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(world.sandbox.requests['sessions.create']).toBe(sessions);
  expect(await folder.read('a.png')).toEqual(picture(22, 800));
});

test('the budget of sessions is kept: nothing is refused with 429, and a restart does not forget', async () => {
  const world = await World.make({ switches: { sessionBudget: { sessions: 4, windowMs: 3000 } } });
  const folder = await world.folder();
  const sessionBudget = { sessions: 4, windowMs: 3000 };
  await fill(folder, pictures('a.png'));
  let mirror = await world.mirror(folder, 'data', { sessionBudget });
  await mirror.sync();
  for (let index = 0; index < 6; index++) {
    await folder.write(`more-${index}.png`, picture(300 + index, 500));
    await mirror.until(async () => (await mirror.files()).length === index + 2, 'the file');
    if (index === 2) {
      await mirror.engine.close();
      mirror = await world.mirror(folder, 'data', { sessionBudget });
    }
  }
  expect((await mirror.sync()).phase).toBe('in-sync');
  expect((await world.assets()).size).toBe(7);
  expect(world.sandbox.requests.upload).toBe(7);
  expect(await fs.readdir(path.join(folder.root, '.vi-sync'))).toContainEqual(
    expect.stringMatching(/^mirror-.*\.json$/),
  );
});
