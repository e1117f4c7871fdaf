import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { toCallError } from '../../app/call-error.ts';
import { picture } from './pictures.ts';
import { World } from './world.ts';

// Real engines and services: they take their time on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

async function codeOf(call: Promise<unknown>): Promise<string> {
  const problem = await call.then(
    () => null,
    (error: unknown) => toCallError(error),
  );
  expect(problem).toMatchObject({
    title: expect.stringMatching(/\w/),
    suggestion: expect.stringMatching(/\w+ \w+/),
  });
  return problem?.code ?? '';
}

describe('a file', () => {
  test('is told from all three trees, with what has happened to it', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await folder.write('train/a.png', picture(1));
    await folder.write('train/b.png', picture(2));
    await world.putAsset('there.png', picture(3), { camera: 'front' });
    const mirror = await world.mirror(folder, 'data', {}, { settings: { direction: 'push' } });
    await mirror.sync();
    const { engine, mirrorId } = mirror;
    const { file } = await engine.call('file', { mirrorId, path: 'train/a.png' });
    expect(file).toMatchObject({
      row: await mirror.file('train/a.png'),
      local: { name: 'a.png', mime: 'image/png', width: 2, height: 1, size: picture(1).length },
      remote: {
        name: 'a.png',
        annotations: 0,
        hash: { algorithm: 'sha256' },
        customMetadata: { viSyncPath: 'train/a.png' },
      },
      history: [{ kind: 'uploaded', path: 'train/a.png' }],
    });
    expect(file?.local?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(file?.synced).toEqual({ sha256: file?.local?.sha256, size: picture(1).length });
    const { file: there } = await engine.call('file', { mirrorId, path: 'there.png' });
    expect(there).toMatchObject({
      row: { state: 'remote-only' },
      local: null,
      synced: null,
      remote: { customMetadata: { camera: 'front' } },
    });
    for (const none of ['none.png', 'TRAIN/a.png', '../train/a.png', ''])
      expect(await engine.call('file', { mirrorId, path: none })).toEqual({ file: null });
    expect(await codeOf(engine.call('file', { mirrorId: 'none', path: 'a' }))).toBe('unknown-mirror');
  });
});

describe('a row', () => {
  test('says whether there is a file in the folder, whatever else it waits for', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await folder.write('here.png', picture(1));
    await world.putAsset('there.png', picture(2));
    const mirror = await world.mirror(folder, 'data', {}, { go: false });
    await mirror.sync();
    const seen = async () =>
      Object.fromEntries((await mirror.files()).map((row) => [row.path, `${row.state} ${row.isOnDisk}`]));
    expect(await seen()).toEqual({ 'here.png': 'waiting true', 'there.png': 'waiting false' });
    await mirror.engine.call('go', { mirrorId: mirror.mirrorId });
    await mirror.sync();
    expect(await seen()).toEqual({ 'here.png': 'in-sync true', 'there.png': 'in-sync true' });
    await fs.rm(path.join(folder.root, 'here.png'));
    await mirror.sync();
    expect(await seen()).toEqual({ 'here.png': 'remote-only false', 'there.png': 'in-sync true' });
  });
});

describe('activities', () => {
  test('are filtered by kind and by text, page by page', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await folder.write('Äpfel.png', picture(1));
    await folder.write('b%_.png', picture(2));
    await folder.write('broken.png', Buffer.from('no picture'));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const ask = async (query: object) =>
      (await mirror.engine.call('activity', query)).items.map(({ kind, path: each }) => `${kind} ${each}`);
    expect((await ask({ kinds: ['uploaded'] })).sort()).toEqual(['uploaded b%_.png', 'uploaded Äpfel.png']);
    expect(await ask({ search: 'äPFEL' })).toEqual(['uploaded Äpfel.png']);
    expect(await ask({ search: '%_' })).toEqual(['uploaded b%_.png']);
    expect(await ask({ search: '%' })).toEqual(['uploaded b%_.png']);
    expect(await ask({ search: 'uploaded', kinds: ['problem'] })).toEqual([]);
    const [newest] = (await mirror.engine.call('activity', { limit: 1, kinds: ['uploaded'] })).items;
    expect(await ask({ kinds: ['uploaded'], before: newest?.id })).toHaveLength(1);
  });
});

describe('ignore rules', () => {
  test('are read, written in a single step, and hold at once', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await folder.write('a.png', picture(1));
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const { engine, mirrorId } = mirror;
    expect(await engine.call('ignoreRules', { mirrorId })).toEqual({ text: '' });
    const text = '# mine\na.png\n';
    await engine.call('changeIgnoreRules', { mirrorId, before: '', text });
    expect(await engine.call('ignoreRules', { mirrorId })).toEqual({ text });
    expect(await fs.readFile(path.join(folder.root, '.visyncignore'), 'utf8')).toBe(text);
    await mirror.until(async () => (await mirror.file('a.png')).state === 'ignored', 'the file is ignored');
    expect((await fs.readdir(folder.root)).sort()).toEqual(['.vi-sync', '.visyncignore', 'a.png']);
  });

  test('are refused when others have written them meanwhile, or nobody can understand them', async () => {
    const world = await World.make();
    const folder = await world.folder();
    const { engine, mirrorId } = await world.mirror(folder);
    const change = (before: string, text: string) =>
      engine.call('changeIgnoreRules', { mirrorId, before, text });
    await fs.writeFile(path.join(folder.root, '.visyncignore'), 'theirs\n');
    expect(await codeOf(change('', 'mine\n'))).toBe('rules-changed');
    expect(await codeOf(change('theirs\n', '**/a/**/b/**/c/**/d'))).toBe('rules-not-understood');
    expect(await codeOf(change('theirs\n', 'ä'.repeat(40_000)))).toBe('rules-too-long');
    expect(await fs.readFile(path.join(folder.root, '.visyncignore'), 'utf8')).toBe('theirs\n');
  });

  test.each([
    ['a link', async (file: string) => fs.symlink('/etc/hostname', file), 'rules-unreadable'],
    ['a folder', async (file: string) => fs.mkdir(file), 'rules-unreadable'],
    ['no text', async (file: string) => fs.writeFile(file, Buffer.from([0xff, 0xfe, 0])), 'rules-unreadable'],
    ['too large', async (file: string) => fs.writeFile(file, 'x'.repeat(70_000)), 'rules-unreadable'],
    [
      'away with its folder',
      async (file: string) => fs.rm(path.dirname(file), { recursive: true }),
      'folder-missing',
    ],
  ])('that are %s are refused in words, and nothing is written', async (_what, spoil, code) => {
    const world = await World.make();
    const folder = await world.folder();
    const mirror = await world.mirror(folder);
    await mirror.sync();
    const { engine, mirrorId } = mirror;
    await spoil(path.join(folder.root, '.visyncignore'));
    expect(await codeOf(engine.call('ignoreRules', { mirrorId }))).toBe(code);
    expect(await codeOf(engine.call('changeIgnoreRules', { mirrorId, before: '', text: 'x' }))).toBe(code);
  });
});

describe('usage', () => {
  test('counts the data rows of new assets, over restarts and removals, and the sessions of the budget', async () => {
    const world = await World.make();
    const folder = await world.folder();
    await folder.write('a.png', picture(1));
    await folder.write('b.png', picture(2));
    await world.putAsset('same.png', picture(3));
    await folder.write('same.png', picture(3));
    const first = await world.mirror(folder, 'data', { sessionBudget: { sessions: 10, windowMs: 600_000 } });
    await first.sync();
    const { endpoint, organizationId } = world.address();
    const usage = {
      endpoint,
      organizationId,
      sessions: 1,
      sessionsAllowed: 10,
      windowMs: 600_000,
      dataRows: 10,
    };
    expect(await first.engine.call('usage', {})).toEqual({
      organizations: [{ ...usage, nextSessionAt: null }],
    });
    // A new version of a file uses nothing more.
    await folder.write('a.png', picture(4));
    await first.sync();
    await first.engine.call('removeMirror', { mirrorId: first.mirrorId });
    await first.engine.close();
    const next = await world.engine('data', { sessionBudget: { sessions: 2, windowMs: 600_000 } });
    const { organizations } = await next.call('usage', {});
    expect(organizations).toMatchObject([{ ...usage, sessions: 2, sessionsAllowed: 2 }]);
    expect(organizations[0]?.nextSessionAt).toBeGreaterThan(Date.now());
  });
});
