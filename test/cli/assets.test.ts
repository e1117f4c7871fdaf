import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCli } from './run-cli.ts';
import { runInTerminal } from './terminal.ts';
import { makeDataset, makePictures, startWorld, type World } from './world.ts';

interface Listing {
  readonly items: readonly { filename: string; assetId: string; datasetId: string; organizationId: string }[];
  readonly nextPage: string | null;
  readonly error?: { code: string; detail: string };
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await makeDataset(world, 'birds', 12, { prefix: 'bird' });
  world.sandbox.annotate('birds', 'bird003.png', { wing: 4, beak: 1 });
});
afterAll(async () => {
  await world.end();
});

async function assetIds(datasetId: string): Promise<Map<string, string>> {
  const { items } = await world.client.assets.list({ datasetId, pagination: { pageSize: 1000 } });
  return new Map(items.map((asset) => [asset.filename, asset.assetId]));
}

describe('datasets', () => {
  test('list and get, as a table and as JSON', async () => {
    const { exitCode, stdout } = await world.cli(['datasets', 'list']);
    expect(exitCode).toBe(0);
    const [header, row] = stdout.split('\n');
    expect(header).toMatch(/^NAME +TYPE +ASSETS +ANNOTATIONS +ID$/u);
    expect(row).toMatch(/^Dataset birds +phrase-grounding +12 +5 +birds$/u);
    expect(await world.json(['datasets', 'list'])).toMatchObject({
      exitCode: 0,
      document: { items: [{ datasetId: 'birds', statistic: { assetTotal: 12 } }], nextPage: null },
    });
    const one = await world.cli(['datasets', 'get', 'birds']);
    expect(one.stdout).toMatch(/^Name +Dataset birds$/mu);
    expect(one.stdout).toMatch(/^Annotations +5$/mu);
    expect(await world.json(['datasets', 'get', 'nope'])).toMatchObject({
      exitCode: 1,
      document: { error: { code: 'ResourceNotFound' } },
    });
  });
});

describe('assets list', () => {
  test('is a table of filename, size, pixels, annotations and ID', async () => {
    const { stdout, stderr, exitCode } = await world.cli(['assets', 'list', 'birds', '--sort', 'filename']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(13);
    expect(lines[0]).toMatch(/^FILENAME +SIZE +PIXELS +ANNOTATIONS +ID$/u);
    const ids = await assetIds('birds');
    expect(lines[4]).toMatch(new RegExp(`^bird003\\.png +\\d+ B +8×6 +5 +${ids.get('bird003.png')}$`, 'u'));
    // No colors in a pipe.
    expect(stdout).not.toContain('\x1b');
  });

  test('shows so many, tells how to go on, and goes on from there', async () => {
    const args = ['assets', 'list', 'birds', '--sort', 'filename', '--desc', '--limit', '5'];
    const first = await world.json<Listing>(args);
    expect(first.document.items.map((asset) => asset.filename)).toEqual(
      [11, 10, 9, 8, 7].map((number) => `bird${String(number).padStart(3, '0')}.png`),
    );
    const token = first.document.nextPage ?? '';
    const second = await world.cli([...args, '--page-token', token]);
    expect(second.stdout).toMatch(/^bird006\.png/mu);
    expect(second.stdout).not.toMatch(/^bird007\.png/mu);
    expect(second.stderr).toMatch(/5 assets shown, and there are more: --page-token \S+ goes on/u);
  });

  test('--all shows all, page by page', async () => {
    await makeDataset(world, 'many', 0);
    const png = path.join(world.folder, 'birds', 'bird000.png');
    for (let number = 0; number < 1003; number += 1) {
      await world.sandbox.addAsset('many', { filename: `n${number}.png`, content: { path: png } });
    }
    const before = world.sandbox.requests['assets.list'];
    const { document, exitCode } = await world.json<Listing>(['assets', 'list', 'many', '--all']);
    expect({ exitCode, nextPage: document.nextPage }).toEqual({ exitCode: 0, nextPage: null });
    expect(new Set(document.items.map((asset) => asset.filename)).size).toBe(1003);
    expect(world.sandbox.requests['assets.list'] - before).toBe(2);
  });

  test('a page that fails ends the document in order, with the items so far and where to go on', async () => {
    world.sandbox.faults = [{ kind: 'status', status: 400, route: 'assets.list', skip: 1 }];
    const { document, exitCode } = await world.json<Listing>(['assets', 'list', 'many', '--all']);
    world.sandbox.faults = [];
    expect(exitCode).toBe(1);
    expect(document.items).toHaveLength(1000);
    expect(document.error?.detail).toContain('--page-token');
  });

  test('a reader that has seen enough is no error', async () => {
    const child = startCli(['assets', 'list', 'many', '--all'], { env: world.env });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('an empty dataset and one that is not there are told apart', async () => {
    await makeDataset(world, 'empty', 0);
    expect(await world.cli(['assets', 'list', 'empty'])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await world.json(['assets', 'list', 'empty'])).toMatchObject({
      document: { items: [], nextPage: null },
    });
    expect(await world.json(['assets', 'list', 'nope'])).toMatchObject({
      exitCode: 1,
      document: { error: { code: 'ResourceNotFound' } },
    });
  });

  test('no filename can drive the terminal, and JSON has it as it is', async () => {
    const evil = '\x1b]0;owned\x07\x1b[31mred\u202egpj\n.png';
    await makeDataset(world, 'evil', 0);
    const png = path.join(world.folder, 'birds', 'bird000.png');
    await world.sandbox.addAsset('evil', { filename: evil, content: { path: png } });
    const { stdout } = await world.cli(['assets', 'list', 'evil']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/u);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout).toContain('\\x1b[31mred');
    const { document } = await world.json<Listing>(['assets', 'list', 'evil']);
    expect(document.items[0]?.filename).toBe(evil);
    const [id = ''] = (await assetIds('evil')).values();
    const one = await world.cli(['assets', 'get', 'evil', id]);
    expect(one.stdout).not.toContain('\x1b');
  });
});

describe('assets get', () => {
  test('shows one asset; its links only when asked for', async () => {
    const id = (await assetIds('birds')).get('bird003.png') ?? '';
    const plain = await world.cli(['assets', 'get', 'birds', id]);
    expect(plain.exitCode).toBe(0);
    expect(plain.stdout).toContain('Asset bird003.png');
    expect(plain.stdout).toMatch(/tag wing: +4/u);
    expect(plain.stdout).not.toContain('http');

    const { document } = await world.json<{ contents: { asset: { url: string } } }>([
      'assets',
      'get',
      'birds',
      id,
      '--contents',
    ]);
    const response = await fetch(document.contents.asset.url);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    // The link is for the person who asked, not for the log.
    expect(await world.logs()).not.toContain(new URL(document.contents.asset.url).search);
    expect(await world.json(['assets', 'get', 'birds', 'nope'])).toMatchObject({
      exitCode: 1,
      document: { error: { code: 'ResourceNotFound' } },
    });
  });
});

describe('assets delete', () => {
  test('does nothing without an answer', async () => {
    await makeDataset(world, 'safe', 1);
    const [id = ''] = (await assetIds('safe')).values();
    for (const extra of [[], ['--json']]) {
      expect((await world.cli(['assets', 'delete', 'safe', id, ...extra])).exitCode).toBe(2);
    }
    expect((await assetIds('safe')).size).toBe(1);
  });

  test('--yes deletes, names what was lost, and goes on past what is not there', async () => {
    await makeDataset(world, 'doomed', 3);
    world.sandbox.annotate('doomed', 'picture001.png', { car: 7 });
    const ids = [...(await assetIds('doomed')).values()];
    const { exitCode, stdout, stderr } = await world.cli([
      'assets',
      'delete',
      'doomed',
      ...ids.slice(0, 2),
      'nope',
      '--yes',
    ]);
    expect(exitCode).toBe(3);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout).toContain('with 7 annotations');
    expect(stderr).toContain('Not deleted: nope.');
    expect([...(await assetIds('doomed')).values()]).toEqual(ids.slice(2));
    expect(await world.json(['assets', 'delete', 'doomed', 'nope', '--yes'])).toMatchObject({
      exitCode: 1,
      document: { deleted: [], failed: [{ assetId: 'nope', error: { code: 'ResourceNotFound' } }] },
    });
  });

  describe.runIf(process.platform !== 'win32')('on a terminal', () => {
    const terminal = (args: readonly string[], answer: string) =>
      runInTerminal(args, { env: world.env, steps: [{ when: /Delete .+\?/u, type: answer }] });

    test('asks, names the annotations, and takes Enter for no', async () => {
      await makeDataset(world, 'asked', 2);
      world.sandbox.annotate('asked', 'picture000.png', { car: 37 });
      const ids = await assetIds('asked');
      const args = ['assets', 'delete', 'asked', ids.get('picture000.png') ?? ''];
      const no = await terminal(args, '\r');
      expect(no.screen).toContain('picture000.png');
      expect(no.screen).toContain('37 annotations');
      expect(no.screen).toContain('Nothing was deleted');
      expect(no.exitCode).toBe(1);
      expect((await assetIds('asked')).size).toBe(2);

      const yes = await terminal(args, 'y\r');
      expect(yes.exitCode).toBe(0);
      expect([...(await assetIds('asked')).keys()]).toEqual(['picture001.png']);
    });

    test('does not delete when the annotations changed while it asked', async () => {
      await makeDataset(world, 'changing', 1);
      const [id = ''] = (await assetIds('changing')).values();
      const run = runInTerminal(['assets', 'delete', 'changing', id], {
        env: world.env,
        steps: [
          {
            when: /no annotations.+\?/u,
            before: () => world.sandbox.annotate('changing', id, { car: 1 }),
            type: 'y\r',
          },
        ],
      });
      const { exitCode, screen } = await run;
      expect(exitCode).toBe(1);
      expect(screen).toContain('has 1 now');
      expect((await assetIds('changing')).size).toBe(1);
    });

    test('Ctrl-C at the question ends with 130 and changes nothing', async () => {
      await makeDataset(world, 'broken-off', 1);
      const [id = ''] = (await assetIds('broken-off')).values();
      const { exitCode, screen } = await terminal(['assets', 'delete', 'broken-off', id], '\x03');
      expect(exitCode).toBe(130);
      expect(screen).toContain('0 of 1 asset deleted');
      expect((await assetIds('broken-off')).size).toBe(1);
    });
  });
});

describe.runIf(process.platform !== 'win32')('on a terminal', () => {
  test('an upload shows a bar with files, bytes and rate, and takes it away at the end', async () => {
    const folder = await makePictures(path.join(world.folder, 'bar'), 30, { bytes: 30_000 });
    world.sandbox.createDataset({ name: 'Bar', datasetId: 'bar' });
    world.sandbox.faults = [{ kind: 'slow', route: 'upload', bytesPerSecond: 20_000 }];
    const { exitCode, screen } = await runInTerminal(['upload', 'bar', folder], { env: world.env });
    world.sandbox.faults = [];
    expect(exitCode).toBe(0);
    expect(screen).toMatch(
      /Uploading [█░]+ +\d+ % +\d+ of 30 files · [\d.]+ \w?B of 900(\.\d)? kB · [\d.]+ kB\/s · \d+ s left/u,
    );
    // The cursor is back, and the result is in color.
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'));
    expect(screen).toContain('\x1b[32mUploaded 30 of 30 files.');
  });

  test('NO_COLOR is heeded', async () => {
    const { screen } = await runInTerminal(['assets', 'list', 'birds'], {
      env: { ...world.env, NO_COLOR: '1' },
    });
    expect(screen).toContain('FILENAME');
    expect(screen).not.toContain('\x1b[');
  });
});
