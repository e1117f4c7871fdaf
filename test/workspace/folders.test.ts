import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { picture } from '../engine/pictures.ts';
import { refusalOf, workspaceWorld } from './workspace-world.ts';

describe('folders', () => {
  test('are listed by name, with how many images they have; hidden ones are left out', async () => {
    const { app, dir } = await workspaceWorld();
    const root = path.join(dir, 'chosen');
    for (const name of ['b10', 'b2', 'A', '.hidden'])
      await fs.mkdir(path.join(root, name), { recursive: true });
    await fs.writeFile(path.join(root, 'a.JPG'), '');
    await fs.writeFile(path.join(root, 'notes.txt'), '');
    await fs.writeFile(path.join(root, '.b.png'), '');
    await fs.symlink(path.join(root, 'A'), path.join(root, 'link'));
    await fs.symlink(path.join(root, 'a.JPG'), path.join(root, 'no-folder'));
    const listed = await app.call('folders', { path: root });
    expect(listed).toMatchObject({ path: root, parent: dir, files: 2, images: 1, isCut: false });
    expect(listed.folders.map(({ name }) => name)).toEqual(['A', 'b2', 'b10', 'link']);
    expect(listed.places.length).toBeGreaterThan(0);
    for (const { path: place } of listed.places) expect((await fs.stat(place)).isDirectory()).toBe(true);
  });

  test('begin at the person’s own, and end at the root', async () => {
    const { app } = await workspaceWorld();
    expect(path.isAbsolute((await app.call('folders', {})).path)).toBe(true);
    expect((await app.call('folders', { path: path.parse(process.cwd()).root })).parent).toBeNull();
  });

  test('beyond a number are cut, and it is said', async () => {
    const { app, dir } = await workspaceWorld();
    const root = path.join(dir, 'many');
    await fs.mkdir(root);
    for (let index = 0; index < 510; index++) await fs.mkdir(path.join(root, `f${index}`));
    const listed = await app.call('folders', { path: root });
    expect(listed.folders).toHaveLength(500);
    expect(listed.isCut).toBe(true);
  });

  test('that can’t be looked into are refused in words', async () => {
    const { app, dir } = await workspaceWorld();
    await fs.writeFile(path.join(dir, 'file'), '');
    for (const folder of [path.join(dir, 'none'), path.join(dir, 'file')])
      expect((await refusalOf(app.call('folders', { path: folder }))).detail).toContain(folder);
    expect((await refusalOf(app.call('folders', { path: 'relative' }))).code).toBe('folder-not-absolute');
    expect((await refusalOf(app.call('folders', { path: '/a\0b' }))).code).toBe('folder-not-absolute');
  });

  test('are made, one at a time and in their place', async () => {
    const { app, dir } = await workspaceWorld();
    const { path: made } = await app.call('makeFolder', { parent: dir, name: 'Neue Bilder' });
    expect((await fs.stat(made)).isDirectory()).toBe(true);
    expect((await refusalOf(app.call('makeFolder', { parent: dir, name: 'Neue Bilder' }))).code).toBe(
      'folder-taken',
    );
    for (const name of ['..', '.', 'a/b', 'a\\b', '../x', 'x\n', ' x', 'x.'])
      expect((await refusalOf(app.call('makeFolder', { parent: dir, name }))).code, name).toBe('folder-name');
    const refused = await refusalOf(app.call('makeFolder', { parent: path.join(dir, 'none'), name: 'x' }));
    expect(refused.code).toBe('folder-unusable');
  });
});

describe('a file', () => {
  test('is shown in its folder when the mirror knows it, and nothing else is', async () => {
    const shown: string[] = [];
    const { app, dir, place, datasetId, folder } = await workspaceWorld({
      hasSandbox: true,
      workspace: { showFolder: async (each) => void shown.push(each) },
    });
    const root = await folder('images');
    await fs.mkdir(path.join(root, 'train'));
    await fs.writeFile(path.join(root, 'train', 'a.png'), picture(1));
    const { mirrorId } = await app.call('addMirror', { ...place, datasetId, folder: root, go: true });
    await app.call('settled', { mirrorId });
    await app.call('showInFolder', { mirrorId, path: 'train/a.png' });
    await app.call('showInFolder', { mirrorId });
    expect(shown).toEqual([path.join(root, 'train'), root]);
    for (const file of ['../data/manifest.db', 'train/../../data', '/etc/passwd', 'b.png'])
      expect((await refusalOf(app.call('showInFolder', { mirrorId, path: file }))).code).toBe(
        'file-not-here',
      );
    // A folder that has become a link since leads elsewhere.
    await fs.rename(path.join(root, 'train'), path.join(dir, 'elsewhere'));
    await fs.symlink(path.join(dir, 'elsewhere'), path.join(root, 'train'));
    const { file } = await app.call('file', { mirrorId, path: 'train/a.png' });
    if (file?.local != null)
      expect((await refusalOf(app.call('showInFolder', { mirrorId, path: 'train/a.png' }))).code).toBe(
        'file-not-here',
      );
    expect((await refusalOf(app.call('showInFolder', { mirrorId: 'none' }))).code).toBe('unknown-mirror');
    expect(shown).toHaveLength(2);
    expect((await app.call('about', {})).capabilities.showsInFolder).toBe(true);
  });

  test('is refused in words where there is no file manager', async () => {
    const { app } = await workspaceWorld();
    expect((await refusalOf(app.call('showInFolder', { mirrorId: 'any' }))).code).toBe('cannot-show');
  });
});
