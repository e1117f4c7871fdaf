import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { fill, World, type WorldFolder } from '../engine/world.ts';
import { RunningEngine, type RunOptions } from './running-engine.ts';
import { notTested } from './volumes.ts';

/** `nobody`, on every Linux. */
const nobody = { uid: 65_534, gid: 65_534 };

/** As whom an engine runs that the system says no to: root is refused nothing. Null, and loudly so: nobody is refused anything here. */
function mortal(what: string): Pick<RunOptions, 'user'> | null {
  if (process.platform === 'win32') {
    notTested(what, 'permissions are not those of folders');
    return null;
  }
  if (process.getuid?.() !== 0) return {};
  // The clone may lie where only root can read.
  const readSource = ['-e', 'fs.readFileSync(process.argv[1])', import.meta.filename];
  if (spawnSync(process.execPath, readSource, nobody).status === 0) return { user: nobody };
  notTested(what, 'only root can read this clone');
  return null;
}

/** A world in which that user has a folder. */
async function ownedWorld({
  user,
}: Pick<RunOptions, 'user'>): Promise<{ world: World; folder: WorldFolder }> {
  const world = await World.make();
  const folder = await world.folder();
  await fs.mkdir(path.join(world.dir, 'data'));
  await fs.chmod(world.dir, 0o755);
  onTestFinished(() => fs.chmod(folder.root, 0o755));
  if (user !== undefined) {
    for (const place of [folder.root, path.join(world.dir, 'data')])
      await fs.chown(place, user.uid, user.gid);
  }
  return { world, folder };
}

async function giveAll(folder: WorldFolder, { user }: Pick<RunOptions, 'user'>): Promise<void> {
  if (user === undefined) return;
  for (const name of await fs.readdir(folder.root, { recursive: true }))
    await fs.chown(path.join(folder.root, name), user.uid, user.gid);
}

function start(world: World, folder: WorldFolder, options: RunOptions): RunningEngine {
  const engine = new RunningEngine(world, folder, options);
  onTestFinished(() => engine.kill());
  return engine;
}

test('a folder that has become read-only: what can’t be put there says so, nothing is lost, and all comes when it may', async () => {
  const user = mortal('a folder that has become read-only');
  if (user === null) return;
  const { world, folder } = await ownedWorld(user);
  const files = { 'a.png': picture(1, 900), 'b.png': picture(2, 900), 'c.png': picture(3, 900) };
  await fill(folder, files);
  await giveAll(folder, user);
  const engine = start(world, folder, user);
  expect((await engine.settled())?.status.phase).toBe('in-sync');

  await fs.chmod(folder.root, 0o555);
  await world.putAsset('a.png', picture(11, 900));
  await world.deleteAsset('b.png');
  await world.putAsset('new.png', picture(12, 900));
  engine.order('sync');
  const stuck = await engine.settled(1);
  const problems = new Map(stuck?.files.map(({ path: relative, problem }) => [relative, problem]));
  for (const name of ['a.png', 'b.png', 'new.png']) {
    expect(problems.get(name), name).toMatchObject({
      title: 'The disk refused it',
      suggestion: expect.stringContaining('permissions'),
    });
  }
  expect(stuck?.status.phase).toBe('attention');
  expect(await folder.list()).toEqual(Object.keys(files));
  for (const [name, content] of Object.entries(files)) expect(await folder.read(name)).toEqual(content);
  expect(await fs.readdir(path.join(folder.root, '.vi-sync/tmp'))).toEqual([]);

  await fs.chmod(folder.root, 0o755);
  engine.order('sync');
  expect((await engine.settled(2))?.status.phase).toBe('in-sync');
  expect(await folder.list()).toEqual(['a.png', 'c.png', 'new.png']);
  expect(await folder.read('a.png')).toEqual(picture(11, 900));
  expect(world.sandbox.requests.upload).toBe(3);
});

test('a subfolder that can’t be looked into any more: nothing in it counts as deleted', async () => {
  const user = mortal('a subfolder that can’t be looked into');
  if (user === null) return;
  const { world, folder } = await ownedWorld(user);
  await fill(folder, {
    'a.png': picture(1, 900),
    'shut/b.png': picture(2, 900),
    'shut/c.png': picture(3, 900),
  });
  await giveAll(folder, user);
  const engine = start(world, folder, { ...user, settings: { deletePolicy: 'propagate' } });
  expect((await engine.settled())?.status.phase).toBe('in-sync');
  const shut = path.join(folder.root, 'shut');
  await fs.chmod(shut, 0);
  onTestFinished(() => fs.chmod(shut, 0o755));
  await folder.write('d.png', picture(4, 900));
  engine.order('sync');
  await engine.settled(1);
  expect([...(await world.assets()).keys()].sort()).toEqual(['a.png', 'b.png', 'c.png', 'd.png']);
  await fs.chmod(shut, 0o755);
  engine.order('verify');
  expect((await engine.settled(2))?.status).toMatchObject({ phase: 'in-sync', fileTotal: 4 });
  expect(world.sandbox.requests.upload).toBe(4);
});

test('a folder that is not to be written to is refused with a reason, and nothing is left in it', async () => {
  const user = mortal('a folder that is not to be written to');
  if (user === null) return;
  const { world, folder } = await ownedWorld(user);
  await fs.chmod(folder.root, 0o555);
  const engine = start(world, folder, { ...user, isExpectedToFail: true });
  expect(await engine.said('refused')).toMatchObject({
    code: 'folder-not-writable',
    suggestion: expect.stringContaining('permissions'),
  });
  expect(await fs.readdir(folder.root)).toEqual([]);
});
