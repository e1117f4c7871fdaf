import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliRun, readAll, runCli, startCli } from './run-cli.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
});
afterAll(async () => {
  await rm(data, { recursive: true, force: true });
});

const key = `dtvi_${'z'.repeat(98)}`;

function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
  return runCli(args, { env: { VI_SYNC_DATA: data, ...env }, secrets: [key, key.slice(0, 30)] });
}

describe('help', () => {
  test('is on stdout, with examples and exit codes, and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await cli(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
    expect(stderr).toBe('');
  });

  test('of a command has examples too', async () => {
    expect((await cli(['assets', 'list', '--help'])).stdout).toMatch(
      /Examples:\n {2}# .+\n {2}\$ vi-sync assets list/u,
    );
  });

  test('is what comes without any command, on stderr and with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await cli([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: vi-sync');
  });

  test('needs none of the heavy parts: a listing of what was loaded has no client, no zod, no keytar', async () => {
    const child = startCli(['--help'], { env: { NODE_DEBUG: 'module,esm', VI_SYNC_DATA: data } });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.stdout.resume();
    await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toContain('app/cli/program.ts');
    expect(stderr).not.toMatch(
      /node_modules\/(zod|got|undici|keytar|electron-log|better-sqlite3|string-width)\//u,
    );
  });
});

describe('wrong usage ends with 2 and words', () => {
  test.each([
    [['frobnicate'], "Unknown command 'frobnicate'"],
    [['upload'], "Missing required argument 'dataset'"],
    [['upload', 'abc123', 'x', '--frob'], "Unknown option '--frob'"],
    [['assets', 'list', 'abc123', '--sort', 'color'], 'Allowed choices are filename, size'],
    [['assets', 'list', 'abc123', '--limit', '0'], 'whole number from 1'],
    [['assets', 'list', 'abc123', '--desc'], '--desc needs an order'],
    [['assets', 'delete', 'abc123', 'xyz789'], 'nobody to ask'],
    [['whoami', 'too', 'much'], 'Too many arguments'],
    [['mirror', 'remove', 'photos'], 'nobody to ask'],
    [['mirror', 'change', 'photos'], 'nothing to change'],
    [['mirror', 'add', 'photos', 'abc123', '--direction', 'up'], 'Allowed choices are two-way'],
    [['conflicts', 'resolve', 'photos', '--keep', 'mine'], 'not said what is answered'],
    [
      ['conflicts', 'resolve', 'photos', 'a.png', '--keep', 'theirs', '--annotations', 'keep'],
      'keep mine alone',
    ],
    [['trash', 'restore', 'a.png'], 'no number of a file'],
    [['trash', 'empty', 'photos'], 'nobody to ask'],
    [['settings', 'set', 'uploads-at-once', '65'], 'from 1 to 64'],
    [['settings', 'set', 'color', 'red'], 'no setting “color”'],
    [['login'], 'organization ID is missing'],
    [['upload', '', 'a.jpg'], 'It must be an ID'],
    [['upload', 'abc123', ''], 'It must be a path, and is empty'],
    [['upload', 'abc123', 'a.jpg', ''], 'It must be a path, and is empty'],
    [['download', 'abc123', ''], 'It must be a path, and is empty'],
    [['datasets', 'get', '../x'], 'It must be an ID'],
    [['assets', 'delete', 'abc123', 'xyz789', 'a b', '--yes'], 'It must be an ID'],
    [['pull', 'a/b', 'folder'], 'It must be an ID'],
  ])('%j', async (args, words) => {
    const { exitCode, stdout, stderr } = await cli(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('What to do:');
  });

  test('with --json it is one JSON document on stdout', async () => {
    const { exitCode, stdout, stderr } = await cli(['assets', 'list', '--json']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'usage',
        title: 'The command line is not right.',
        detail: "Missing required argument 'dataset'.",
        suggestion: 'See vi-sync assets list --help.',
      },
    });
  });
});

describe('a key among the arguments', () => {
  test.each([
    [['login', '--key', key]],
    [['login', `--key=${key}`]],
    [['login', `--frob=${key}`]],
    [['assets', 'list', key]],
    [[key]],
    [['login', '--json', key]],
  ])('is refused and not repeated', async (args) => {
    const { exitCode, stdout, stderr } = await cli(args);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain('Other programs can see arguments');
  });

  test('leaves no trace in the log', async () => {
    await cli(['login', key]);
    await cli(['whoami'], { DATATURE_VI_SECRET_KEY: key });
    expect(await readAll(data)).not.toContain('dtvi_');
  });
});

describe('credentials from the environment', () => {
  test.each([
    ['a key without an organization', { DATATURE_VI_SECRET_KEY: key }, 'organization-missing'],
    [
      'half a key',
      { DATATURE_VI_SECRET_KEY: key.slice(0, 60), DATATURE_VI_ORGANIZATION_ID: 'o' },
      'secret-key-malformed',
    ],
    [
      'an endpoint that others can read',
      {
        DATATURE_VI_SECRET_KEY: key,
        DATATURE_VI_ORGANIZATION_ID: 'o',
        DATATURE_VI_API_ENDPOINT: 'http://vi.example',
      },
      'endpoint-malformed',
    ],
  ])('%s is told in words', async (_what, env, code) => {
    const { exitCode, stdout } = await cli(['whoami', '--json'], env);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe(code);
  });

  test('a service that is not there is told in words', async () => {
    const { exitCode, stderr } = await cli(['whoami'], {
      DATATURE_VI_SECRET_KEY: key,
      DATATURE_VI_ORGANIZATION_ID: 'org42',
      DATATURE_VI_API_ENDPOINT: 'http://127.0.0.1:1',
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('could not be reached');
    expect(stderr).toContain('What to do:');
  });
});

test('login refuses what is no key before anything is sent', async () => {
  const { exitCode, stderr } = await runCli(
    ['login', '--organization', 'org42', '--endpoint', 'http://127.0.0.1:1'],
    {
      env: { VI_SYNC_DATA: data },
      input: 'my password, not a key\n',
      secrets: ['my password, not a key'],
    },
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('begins with dtvi_');
});

test('login reads nothing from an empty stdin', async () => {
  const { exitCode, stdout } = await cli(['login', '--organization', 'org42', '--json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout).error.code).toBe('nothing-on-stdin');
});
