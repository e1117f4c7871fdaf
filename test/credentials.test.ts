import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CredentialsError,
  DEFAULT_ENDPOINT,
  deleteCredentials,
  loadCredentials,
  normalizeEndpoint,
  saveCredentials,
} from '../app/credentials.ts';
import type { Keychain } from '../app/keychain.ts';
import { type KeyringSession, startKeyringSession } from './cli/keyring-session.ts';

const key = `dtvi_${'a'.repeat(98)}`;
const otherKey = `dtvi_${'b'.repeat(98)}`;

function memoryKeychain(entries: Record<string, string> = {}): Keychain & { entries: Map<string, string> } {
  const map = new Map(Object.entries(entries));
  return {
    entries: map,
    get: async (account) => map.get(account) ?? null,
    set: async (account, value) => {
      map.set(account, value);
    },
    delete: async (account) => map.delete(account),
  };
}

const unusedKeychain: Keychain = {
  get: () => Promise.reject(new Error('the keychain was asked')),
  set: () => Promise.reject(new Error('the keychain was asked')),
  delete: () => Promise.reject(new Error('the keychain was asked')),
};

const stored = (fields: Partial<Record<'secretKey' | 'organizationId' | 'endpoint', string>> = {}) =>
  memoryKeychain({
    default: JSON.stringify({
      secretKey: key,
      organizationId: 'org1',
      endpoint: 'https://vi.example.com',
      ...fields,
    }),
  });

async function problemCode(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  const { code, suggestion, detail, title } = error as CredentialsError;
  for (const words of [title, detail, suggestion]) expect(words).toMatch(/\w+ \w+.*[.]/u);
  expect(inspect(error)).not.toContain('dtvi_a');
  expect(inspect(error)).not.toContain('dtvi_b');
  return code;
}

describe('loadCredentials', () => {
  test('arguments go before the environment, the environment before the keychain', async () => {
    const env = {
      DATATURE_VI_SECRET_KEY: otherKey,
      DATATURE_VI_ORGANIZATION_ID: 'org2',
      DATATURE_VI_API_ENDPOINT: 'http://127.0.0.1:8080/',
    };
    const explicit = { secretKey: key, organizationId: 'org3', endpoint: 'https://other.example.com' };
    expect(await loadCredentials({ explicit, env, keychain: unusedKeychain })).toEqual({
      ...explicit,
      source: 'arguments',
    });
    expect(await loadCredentials({ env, keychain: unusedKeychain })).toEqual({
      secretKey: otherKey,
      organizationId: 'org2',
      endpoint: 'http://127.0.0.1:8080',
      source: 'environment',
    });
    expect(await loadCredentials({ env: {}, keychain: stored() })).toEqual({
      secretKey: key,
      organizationId: 'org1',
      endpoint: 'https://vi.example.com',
      source: 'keychain',
    });
  });

  test('no key anywhere is null', async () => {
    expect(await loadCredentials({ env: {}, keychain: memoryKeychain() })).toBeNull();
    expect(
      await loadCredentials({ env: { DATATURE_VI_SECRET_KEY: '' }, keychain: memoryKeychain() }),
    ).toBeNull();
  });

  test('a key from the environment goes to the usual endpoint unless another is named', async () => {
    const env = { DATATURE_VI_SECRET_KEY: `${key}\n`, DATATURE_VI_ORGANIZATION_ID: 'org1' };
    expect(await loadCredentials({ env })).toMatchObject({ secretKey: key, endpoint: DEFAULT_ENDPOINT });
  });

  test('the stored key is not sent to another endpoint', async () => {
    const env = { DATATURE_VI_API_ENDPOINT: 'https://stranger.example.com' };
    expect(await problemCode(loadCredentials({ env, keychain: stored() }))).toBe('endpoint-differs');
    const same = { endpoint: 'https://VI.example.com/' };
    expect(await loadCredentials({ explicit: same, env: {}, keychain: stored() })).toMatchObject({
      endpoint: 'https://vi.example.com',
    });
  });

  test('another organization can be used with the stored key', async () => {
    const options = { explicit: { organizationId: 'org9' }, env: {}, keychain: stored() };
    expect(await loadCredentials(options)).toMatchObject({ secretKey: key, organizationId: 'org9' });
  });

  test.each([
    ['key too short', { DATATURE_VI_SECRET_KEY: key.slice(1) }, 'secret-key-malformed'],
    ['key too short, prefix right', { DATATURE_VI_SECRET_KEY: key.slice(0, -1) }, 'secret-key-malformed'],
    [
      'key with a space',
      { DATATURE_VI_SECRET_KEY: `${key.slice(0, 50)} ${key.slice(51)}` },
      'secret-key-malformed',
    ],
    ['no organization', { DATATURE_VI_ORGANIZATION_ID: '' }, 'organization-missing'],
    ['an organization with a slash', { DATATURE_VI_ORGANIZATION_ID: '../x' }, 'organization-malformed'],
    ['an endpoint that is none', { DATATURE_VI_API_ENDPOINT: 'vi.example.com' }, 'endpoint-malformed'],
    [
      'an endpoint that others can read',
      { DATATURE_VI_API_ENDPOINT: 'http://vi.example.com' },
      'endpoint-malformed',
    ],
    [
      'an endpoint with a password',
      { DATATURE_VI_API_ENDPOINT: 'https://a:b@vi.example.com' },
      'endpoint-malformed',
    ],
  ])('refuses %s, in words and without the key', async (_what, fields, code) => {
    const env = { DATATURE_VI_SECRET_KEY: key, DATATURE_VI_ORGANIZATION_ID: 'org1', ...fields };
    expect(await problemCode(loadCredentials({ env, keychain: unusedKeychain }))).toBe(code);
  });

  test.each(['not json', '{"secretKey":1}', '{}', `${key}`])(
    'refuses an entry that is not ours',
    async (entry) => {
      const keychain = memoryKeychain({ default: entry });
      expect(await problemCode(loadCredentials({ env: {}, keychain }))).toBe('keychain-entry-unreadable');
    },
  );

  test('an installation with a data folder of its own has an entry of its own', async () => {
    const keychain = stored();
    const env = { VI_SYNC_DATA: '/somewhere/else' };
    expect(await loadCredentials({ env, keychain })).toBeNull();
    await saveCredentials(
      { secretKey: otherKey, organizationId: 'org2', endpoint: DEFAULT_ENDPOINT },
      { env, keychain },
    );
    expect(await loadCredentials({ env, keychain })).toMatchObject({ secretKey: otherKey });
    expect(await loadCredentials({ env: {}, keychain })).toMatchObject({ secretKey: key });
    expect(await deleteCredentials({ env, keychain })).toBe(true);
    expect([...keychain.entries.keys()]).toEqual(['default']);
  });
});

test('saveCredentials stores nothing that could not be used', async () => {
  const keychain = memoryKeychain();
  const bad = { secretKey: 'nonsense', organizationId: 'org1', endpoint: DEFAULT_ENDPOINT };
  expect(await problemCode(saveCredentials(bad, { env: {}, keychain }))).toBe('secret-key-malformed');
  expect(keychain.entries.size).toBe(0);
});

test.each([
  ['https://api.vi.datature.com/', 'https://api.vi.datature.com'],
  [' https://example.com/base// ', 'https://example.com/base'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
])('the endpoint %j is written %j', (given, normal) => {
  expect(normalizeEndpoint(given)).toBe(normal);
});

/** Runs one keychain call in a process of its own, because D-Bus is found through the environment of a process. */
async function keychainCall(
  env: Readonly<Record<string, string>>,
  call: string,
): Promise<{ value?: unknown; code?: string; words?: string; ms: number }> {
  const keychain = new URL('../app/keychain.ts', import.meta.url);
  const credentials = new URL('../app/credentials.ts', import.meta.url);
  const script = `
    import { openKeychain } from ${JSON.stringify(keychain)};
    import { loadCredentials, saveCredentials, deleteCredentials } from ${JSON.stringify(credentials)};
    const started = performance.now();
    const ms = () => performance.now() - started;
    const report = (fields) => console.log(JSON.stringify({ ...fields, ms: ms() }));
    await (async () => ${call})().then(
      (value) => report({ value }),
      (error) => report({ code: error.code, words: [error.title, error.detail, error.suggestion].join(' ') }),
    );
  `;
  const {
    DBUS_SESSION_BUS_ADDRESS: _bus,
    DISPLAY: _display,
    VI_SYNC_DATA: _data,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(text);
}

describe('with the real keychain', () => {
  let session: KeyringSession;
  let data: string;
  beforeAll(async () => {
    session = await startKeyringSession({ unlocked: true });
    data = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  });
  afterAll(async () => {
    await session.end();
    await rm(data, { recursive: true, force: true });
  });

  test('credentials are stored, found, replaced and removed', async () => {
    const env = { ...session.env, VI_SYNC_DATA: data };
    const save = (secretKey: string) =>
      keychainCall(
        env,
        `saveCredentials({ secretKey: '${secretKey}', organizationId: 'org1', endpoint: 'https://vi.example.com' })`,
      );
    expect(await keychainCall(env, 'loadCredentials()')).toMatchObject({ value: null });
    expect((await save(key)).code).toBeUndefined();
    expect((await save(otherKey)).code).toBeUndefined();
    expect(await keychainCall(env, 'loadCredentials()')).toMatchObject({
      value: {
        secretKey: otherKey,
        organizationId: 'org1',
        endpoint: 'https://vi.example.com',
        source: 'keychain',
      },
    });
    expect(await keychainCall(env, 'deleteCredentials()')).toMatchObject({ value: true });
    expect(await keychainCall(env, 'deleteCredentials()')).toMatchObject({ value: false });
    expect(await keychainCall(env, 'loadCredentials()')).toMatchObject({ value: null });
  });
});

describe.runIf(process.platform === 'linux')('where the keychain of Linux can not be used', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const get = "openKeychain().get('x')";
  const set = "openKeychain().set('x', 'y')";

  test('no D-Bus session: tells what to install and what to do without', async () => {
    const answer = await keychainCall({ HOME: folder, XDG_RUNTIME_DIR: folder }, get);
    expect(answer.code).toBe('keychain-missing');
    expect(answer.words).toContain('gnome-keyring');
    expect(answer.words).toContain('DATATURE_VI_SECRET_KEY');
  });

  test('libsecret not there: tells so', async () => {
    const libraries = path.join(folder, 'libraries');
    await mkdir(libraries);
    await writeFile(path.join(libraries, 'libsecret-1.so.0'), 'no library');
    const answer = await keychainCall({ LD_LIBRARY_PATH: libraries }, get);
    expect(answer.code).toBe('keychain-missing');
    expect(answer.words).toContain('libsecret');
  });

  test('a locked keyring: tells so, stores nothing, and does not take what it holds for gone', async () => {
    const home = path.join(folder, 'home');
    const unlocked = await startKeyringSession({ unlocked: true, home });
    expect((await keychainCall(unlocked.env, set)).code).toBeUndefined();
    await unlocked.end();
    const locked = await startKeyringSession({ unlocked: false, home });
    const withoutSystemd = path.join(folder, 'programs');
    await mkdir(withoutSystemd);
    await symlink('/usr/bin/dbus-send', path.join(withoutSystemd, 'dbus-send'));
    const answers = [
      await keychainCall(locked.env, "openKeychain().set('x', 'z')"),
      await keychainCall(locked.env, get),
      await keychainCall(locked.env, "openKeychain().delete('x')"),
      await keychainCall({ ...locked.env, PATH: withoutSystemd }, get),
    ];
    const other = await keychainCall(locked.env, "openKeychain().get('nobody, ever')");
    await locked.end();
    for (const answer of answers) {
      expect(answer.code).toBe('keychain-locked');
      expect(answer.words).toContain('Unlock');
    }
    expect(other.value).toBeNull();
    const again = await startKeyringSession({ unlocked: true, home });
    expect((await keychainCall(again.env, get)).value).toBe('y');
    await again.end();
  });

  test('a keychain that never answers: ends after the time limit, and the process can end', async () => {
    const socket = path.join(folder, 'silent');
    const server = net.createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const silent = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` };
    const answer = await keychainCall(silent, "openKeychain({ timeoutMs: 1000 }).get('x')");
    server.close();
    expect(answer.code).toBe('keychain-timeout');
    expect(answer.ms).toBeGreaterThan(900);
    expect(answer.words).toContain('DATATURE_VI_SECRET_KEY');
  });

  test('an aborted signal ends a call that waits', async () => {
    const socket = path.join(folder, 'silent-too');
    const server = net.createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const silent = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` };
    const answer = await keychainCall(
      silent,
      "openKeychain().get('x', { signal: AbortSignal.timeout(300) }).catch((error) => error.name)",
    );
    server.close();
    expect(answer.value).toBe('TimeoutError');
  });
});
