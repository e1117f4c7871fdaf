import * as fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Connections, openConnections } from '../../app/accounts/connections.ts';
import { saveCredentials } from '../../app/credentials.ts';
import type { Remote } from '../../app/engine/environment.ts';
import { type Keychain, KeychainError, KeychainProblem } from '../../app/keychain.ts';
import { type Sandbox, startSandbox } from '../../app/sandbox/sandbox.ts';

let dir: string;
let sandbox: Sandbox;
beforeAll(async () => {
  dir = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  sandbox = await startSandbox({ dataDir: dir });
  sandbox.createDataset({ name: 'Shelves', datasetId: 'shelves' });
});
afterAll(async () => {
  await sandbox.close();
  await fs.rm(dir, { recursive: true, force: true });
});

const otherKey = `dtvi_${'o'.repeat(98)}`;

/** The system's keychain as far as it is used here. `failure` is thrown by the next reads; `asked` counts them. */
class TestKeychain implements Keychain {
  entry: string | null = null;
  failure: Error | null = null;
  asked = 0;
  hangs = false;

  async get(_account: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<string | null> {
    this.asked += 1;
    if (this.hangs) {
      await new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    }
    if (this.failure !== null) throw this.failure;
    return this.entry;
  }

  async set(_account: string, value: string): Promise<void> {
    this.entry = value;
  }

  async delete(): Promise<boolean> {
    return false;
  }
}

interface Scene {
  readonly keychain: TestKeychain;
  readonly connections: Connections;
  readonly remote: Remote;
}

function connect(env: NodeJS.ProcessEnv = {}, address: Partial<Remote> = {}): Scene {
  const keychain = new TestKeychain();
  const connections = openConnections({ env, keychain });
  onTestFinished(() => connections.close());
  const { endpoint, organizationId } = sandbox;
  const remote = connections.connect({ endpoint, organizationId, datasetId: 'shelves', ...address });
  return { keychain, connections, remote };
}

function credentials(fields: { secretKey?: string; organizationId?: string; endpoint?: string } = {}) {
  const { secretKey, organizationId, endpoint } = sandbox;
  return { secretKey, organizationId, endpoint, ...fields };
}

const inEnvironment = (fields: Parameters<typeof credentials>[0] = {}): NodeJS.ProcessEnv => {
  const { secretKey, organizationId, endpoint } = credentials(fields);
  return {
    DATATURE_VI_SECRET_KEY: secretKey,
    DATATURE_VI_ORGANIZATION_ID: organizationId,
    DATATURE_VI_API_ENDPOINT: endpoint,
  };
};

const never = () => new AbortController().signal;

async function failureOf(
  remote: Remote,
  signal = never(),
): Promise<{ code: string; message: string; suggestion: string }> {
  const error = await remote.dataset(signal).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: expect.any(String), suggestion: expect.stringMatching(/\w+ \w+/u) });
  const shown = inspect(error, { depth: 10 });
  expect(shown).not.toContain(sandbox.secretKey.slice(5));
  expect(shown).not.toContain(otherKey.slice(5));
  return error as never;
}

describe('credentials', () => {
  test('of the environment are used, and the keychain is not asked', async () => {
    const { remote, keychain } = connect(inEnvironment());
    expect(await remote.dataset(never())).toMatchObject({ name: 'Shelves', assetTotal: 0 });
    expect(keychain.asked).toBe(0);
  });

  test('of the keychain are used where the environment has none, or those of another place', async () => {
    for (const env of [{}, inEnvironment({ organizationId: 'other', secretKey: otherKey })]) {
      const { remote, keychain } = connect(env);
      await saveCredentials(credentials(), { keychain, env: {} });
      expect(await remote.dataset(never())).toMatchObject({ name: 'Shelves' });
    }
  });

  test('are looked for once by many calls, and not again while they are good', async () => {
    const { connections, remote, keychain } = connect();
    await saveCredentials(credentials(), { keychain, env: {} });
    const { endpoint, organizationId } = sandbox;
    const second = connections.connect({ endpoint, organizationId, datasetId: 'shelves' });
    await Promise.all([remote, second, remote, second].map((each) => each.dataset(never())));
    await second.dataset(never());
    expect(keychain.asked).toBe(1);
  });

  test('that come later are used by the next call', async () => {
    const { remote, keychain } = connect();
    expect(await failureOf(remote)).toMatchObject({ code: 'not-logged-in' });
    await saveCredentials(credentials(), { keychain, env: {} });
    expect(await remote.dataset(never())).toMatchObject({ name: 'Shelves' });
  });

  test('that the service refuses are replaced by others as soon as there are any', async () => {
    const { remote, keychain } = connect();
    await saveCredentials(credentials({ secretKey: otherKey }), { keychain, env: {} });
    expect(await failureOf(remote)).toMatchObject({ code: 'AuthenticationFailed' });
    expect(await failureOf(remote)).toMatchObject({ code: 'AuthenticationFailed' });
    await saveCredentials(credentials(), { keychain, env: {} });
    expect(await remote.dataset(never())).toMatchObject({ name: 'Shelves' });
    expect(keychain.asked).toBe(3);
  });

  test('that are malformed are told in words, without a part of them', async () => {
    const { remote } = connect(inEnvironment({ secretKey: sandbox.secretKey.slice(0, 60) }));
    expect(await failureOf(remote)).toMatchObject({ code: 'secret-key-malformed' });
  });
});

describe('a key goes nowhere but where it belongs', () => {
  test.each(['the environment', 'the keychain'])('that of %s', async (source) => {
    const requests: string[] = [];
    const stranger = http.createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.end('{}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const address = stranger.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const isStored = source === 'the keychain';
    for (const place of [{ endpoint }, { organizationId: 'somebody-else' }]) {
      const { remote, keychain } = connect(isStored ? {} : inEnvironment(), place);
      if (isStored) await saveCredentials(credentials(), { keychain, env: {} });
      const { code, message, suggestion } = await failureOf(remote);
      expect(code).toBe('other-organization');
      expect(message).toContain(sandbox.organizationId);
      expect(suggestion).toContain('vi-sync login');
    }
    expect(requests).toEqual([]);
  });
});

describe('a keychain that somebody must unlock', () => {
  const locked = new KeychainError(KeychainProblem.LOCKED, {
    title: 'It is locked.',
    detail: 'It was not unlocked.',
    suggestion: 'Unlock it and repeat.',
  });

  test('is asked once, and again when somebody asks for it', async () => {
    const { remote, keychain, connections } = connect();
    keychain.failure = locked;
    expect(await failureOf(remote)).toMatchObject({
      code: 'keychain-locked',
      suggestion: 'Unlock it and repeat.',
    });
    keychain.failure = null;
    await saveCredentials(credentials(), { keychain, env: {} });
    expect(await failureOf(remote)).toMatchObject({ code: 'keychain-locked' });
    expect(keychain.asked).toBe(1);
    connections.askAgain();
    expect(await remote.dataset(never())).toMatchObject({ name: 'Shelves' });
  });

  test('is not waited for by who has given up, nor by the end', async () => {
    const { remote, keychain, connections } = connect();
    keychain.hangs = true;
    const patience = new AbortController();
    const first = remote.dataset(patience.signal);
    const second = remote.dataset(never());
    patience.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect(keychain.asked).toBe(1);
    const ended = expect(second).rejects.toThrow('closed');
    await connections.close();
    await ended;
  });
});
