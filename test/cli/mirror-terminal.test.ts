import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hold, MirrorStatus } from '../../app/contract.ts';
import { picture } from '../engine/pictures.ts';
import { datasetId, type MirrorWorld, pictures, startMirrorWorld } from './mirror-world.ts';
import { runInTerminal } from './terminal.ts';

// What a person is asked. Names are as hostile as a disk and a service allow.

const hostile = 'we\x1b[31mird\x07\u202egnp.png';
/** What would drive a terminal, or deceive who reads it. Colors are the program's own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come.
const unsafe = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/u;

describe.runIf(process.platform !== 'win32')('on a terminal', { timeout: 60_000 }, () => {
  let world: MirrorWorld;
  const inTerminal = (args: string[], when: string | RegExp, type: string) =>
    runInTerminal(args, { env: world.env, cwd: world.folder, steps: [{ when, type }] });

  beforeAll(async () => {
    world = await startMirrorWorld();
    const files = pictures('a.png', 'b.png', hostile);
    for (const [name, content] of Object.entries(files)) await world.write(name, content);
  });
  afterAll(() => world.end());

  test('a first sync is shown and asked about; no leaves all as it is', async () => {
    const { exitCode, screen } = await inTerminal(
      ['mirror', 'add', 'photos', datasetId],
      'Carry this out on Warehouse shelves?',
      'n\r',
    );
    expect(exitCode).toBe(0);
    expect(screen).toMatch(/Upload +\d files/u);
    expect(screen).toContain('Nothing has been changed yet');
    expect(await world.assets()).toEqual({});
  });

  test('yes carries it out', async () => {
    const { exitCode, screen } = await inTerminal(['sync'], 'Carry this out', 'y\r');
    expect([0, 3]).toContain(exitCode);
    expect(screen).toMatch(/\d files uploaded/u);
    expect(await world.assets()).toHaveProperty('a.png');
  });

  test('annotations that would be lost are asked about with their number; so is a bulk answer with its count', async () => {
    for (const name of ['a.png', 'b.png']) {
      await world.write(name, picture(700, 700));
      await world.putAsset(name, picture(name.charCodeAt(0), 800), 12);
    }
    await world.cli(['sync']);
    const one = await inTerminal(
      ['conflicts', 'resolve', 'photos', 'a.png', '--keep', 'mine', '--annotations', 'remove'],
      /12 annotations of “a\.png” would be lost for good\..+Go on\?/su,
      'n\r',
    );
    expect(one.exitCode).toBe(1);
    expect(one.screen).toContain('Nothing was answered');
    const all = ['conflicts', 'resolve', 'photos', '--all', 'both-changed', '--keep'];
    const declined = await inTerminal(
      [...all, 'mine', '--annotations', 'remove'],
      /side of 2 files; annotations are removed\. 24 annotations would be lost for good\..+Go on\?/su,
      'n\r',
    );
    expect(declined.exitCode).toBe(1);
    const other = await world.json<{ error: { code: string } }>([...all, 'theirs', '--expect', '3']);
    expect(other).toMatchObject({ exitCode: 1, document: { error: { code: 'changed-meanwhile' } } });
    const lossy = await world.json<{ error: { detail: string } }>([
      ...all,
      ...['mine', '--annotations', 'remove', '--expect', '2'],
    ]);
    expect(lossy.exitCode).toBe(2);
    expect(lossy.document.error.detail).toContain('24 annotations would be lost');
    expect((await world.json<{ items: Hold[] }>(['conflicts', 'list'])).document.items).toHaveLength(2);

    const answered = await inTerminal(
      [...all, 'theirs'],
      /side of 2 files;.+24 annotations stay\..+Go on\?/su,
      'y\r',
    );
    expect(answered.exitCode).toBe(0);
    await world.cli(['sync']);
    expect(await world.read('b.png')).toEqual(picture('b'.charCodeAt(0), 800));
    expect((await world.assets())['a.png']?.annotations).toBe(12);
  });

  test('a mirror is removed after a question', async () => {
    const { exitCode, screen } = await inTerminal(
      ['mirror', 'remove', 'photos'],
      /mirrored no longer.+Go on\?/su,
      'n\r',
    );
    expect(exitCode).toBe(1);
    expect(screen).toContain('The mirror was not removed');
    expect((await world.mirror()).phase).toBe('stopped');
  });

  test('no name acts on the terminal, and JSON keeps the names as they are', async () => {
    for (const args of [['files', 'photos'], ['log'], ['status'], ['conflicts', 'list', '--optional']]) {
      const { stdout, stderr } = await world.cli(args);
      expect({ args, stdout: unsafe.exec(stdout), stderr: unsafe.exec(stderr) }).toEqual({
        args,
        stdout: null,
        stderr: null,
      });
    }
    const { stdout } = await world.cli(['files', 'photos', '--search', 'we']);
    expect(stdout).toContain('we\\x1b[31mird\\x07\\u{202e}gnp.png');
    const { document } = await world.json<{ items: { path: string }[] }>(['files', 'photos']);
    expect(document.items.map(({ path }) => path)).toContain(hostile);
    const mirror: MirrorStatus = await world.mirror();
    expect(mirror.fileTotal).toBe(3);
  });
});
