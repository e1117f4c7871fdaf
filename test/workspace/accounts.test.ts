import * as fs from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { KeychainError, KeychainProblem } from '../../app/keychain.ts';
import { picture } from '../engine/pictures.ts';
import { refusalOf, workspaceWorld } from './workspace-world.ts';

// Real engines and services: they take their time on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const wrongKey = `dtvi_${'w'.repeat(98)}`;

describe('an account', () => {
  test('is tried at the service, stored in the keychain, and told without its key', async () => {
    const { app, place, sandbox, keychain } = await workspaceWorld();
    const heard: unknown[] = [];
    app.on('accountsChanged', (payload) => heard.push(payload));
    expect(await app.call('accounts', {})).toEqual({ items: [], keychainProblem: null });
    const answer = await app.call('connectAccount', { ...place, secretKey: ` ${sandbox.secretKey}\n` });
    expect(answer.account).toEqual({
      ...place,
      organizationName: expect.any(String),
      source: 'keychain',
      problem: null,
    });
    expect([...keychain.entries.values()].join()).toContain(sandbox.secretKey);
    expect(heard).toEqual([{}]);
    const listed = await app.call('accounts', {});
    expect(listed.items).toEqual([answer.account]);
    expect(JSON.stringify([answer, listed, heard])).not.toContain('dtvi_');
  });

  test('whose key the service does not take is refused in words, and nothing is stored', async () => {
    const { app, place, keychain, logFile } = await workspaceWorld();
    const problem = await refusalOf(app.call('connectAccount', { ...place, secretKey: wrongKey }), [
      wrongKey,
    ]);
    expect(problem).toMatchObject({ code: 'AuthenticationFailed', title: 'The secret key was refused' });
    expect(keychain.entries.size).toBe(0);
    expect(await readFile(logFile, 'utf8').catch(() => '')).not.toContain(wrongKey);
  });

  test.each([
    ['a key that is cut', { secretKey: wrongKey.slice(0, -1) }, 'secret-key-malformed'],
    ['no key at all', { secretKey: 'password' }, 'secret-key-malformed'],
    ['an ID that is none', { organizationId: 'a/b' }, 'organization-malformed'],
    ['an endpoint without encryption', { endpoint: 'http://vi.example.com' }, 'endpoint-malformed'],
    ['an endpoint that is none', { endpoint: 'vi' }, 'endpoint-malformed'],
    ['an endpoint where nobody answers', { endpoint: 'http://127.0.0.1:9' }, 'NetworkError'],
  ])('with %s is refused in words', async (_what, change, code) => {
    const { app, place, keychain } = await workspaceWorld();
    const given = { ...place, secretKey: wrongKey, ...change };
    expect(await refusalOf(app.call('connectAccount', given), [given.secretKey])).toMatchObject({ code });
    expect(keychain.entries.size).toBe(0);
  });

  test('whose organization the service does not know is refused in words', async () => {
    const { app, place, sandbox } = await workspaceWorld();
    const given = { ...place, organizationId: 'other', secretKey: sandbox.secretKey };
    await refusalOf(app.call('connectAccount', given), [sandbox.secretKey]);
  });

  test('without a keychain is refused in words, and kept in memory for this session if that is wished', async () => {
    const { app, place, sandbox, keychain } = await workspaceWorld();
    keychain.failure = new KeychainError(KeychainProblem.MISSING, {
      title: 'No keychain answers on this system.',
      detail: 'The secret key is kept in the keychain and nowhere else.',
      suggestion: 'Install a keychain.',
    });
    const { secretKey } = sandbox;
    const refused = await refusalOf(app.call('connectAccount', { ...place, secretKey }), [secretKey]);
    expect(refused.code).toBe('keychain-missing');
    const { account } = await app.call('connectAccount', { ...place, secretKey, forSession: true });
    expect(account.source).toBe('session');
    const listed = await app.call('accounts', {});
    expect(listed).toMatchObject({ items: [account], keychainProblem: { code: 'keychain-missing' } });
    expect((await app.call('datasets', place)).items).toHaveLength(1);
    await app.call('disconnectAccount', place);
    expect((await app.call('accounts', {})).items).toEqual([]);
    expect(await refusalOf(app.call('datasets', place))).toMatchObject({ title: 'No account for this' });
  });

  test('of the environment is shown as such, and can’t be disconnected', async () => {
    // Its sandbox is known only once it runs: the environment is an object that both look at.
    const env: NodeJS.ProcessEnv = {};
    const { app, place, sandbox } = await workspaceWorld({ env });
    env.DATATURE_VI_SECRET_KEY = sandbox.secretKey;
    env.DATATURE_VI_ORGANIZATION_ID = place.organizationId;
    env.DATATURE_VI_API_ENDPOINT = place.endpoint;
    expect((await app.call('accounts', {})).items).toMatchObject([
      { ...place, source: 'environment', problem: null },
    ]);
    const refused = await refusalOf(app.call('disconnectAccount', place), [sandbox.secretKey]);
    expect(refused.code).toBe('key-of-environment');
    env.DATATURE_VI_SECRET_KEY = 'dtvi_short';
    expect((await app.call('accounts', {})).items).toMatchObject([
      { source: 'environment', problem: { code: 'secret-key-malformed' } },
    ]);
  });

  test('of the sandbox needs no key, and can’t be disconnected', async () => {
    const { app, place } = await workspaceWorld({ hasSandbox: true });
    expect((await app.call('accounts', {})).items).toMatchObject([
      { ...place, source: 'sandbox', problem: null },
    ]);
    expect((await refusalOf(app.call('disconnectAccount', place))).code).toBe('key-of-sandbox');
  });

  test('that the service does not take any more says so in the list', async () => {
    const { app, place, sandbox } = await workspaceWorld();
    await app.call('connectAccount', { ...place, secretKey: sandbox.secretKey });
    sandbox.faults = [{ kind: 'status', status: 401, route: 'organizations.get', when: 'before' }];
    expect((await app.call('accounts', {})).items).toMatchObject([
      { source: 'keychain', organizationName: null, problem: { title: 'The secret key was refused' } },
    ]);
  });

  test('that is not there can’t be disconnected', async () => {
    const { app, place } = await workspaceWorld();
    expect((await refusalOf(app.call('disconnectAccount', place))).code).toBe('not-connected');
  });
});

test('a mirror stops with a problem when its account is disconnected, and goes on when it is connected again', async () => {
  const { app, place, sandbox, datasetId, folder } = await workspaceWorld();
  await app.call('connectAccount', { ...place, secretKey: sandbox.secretKey });
  const root = await folder('images');
  await fs.writeFile(path.join(root, 'a.png'), picture(1));
  const { mirrorId } = await app.call('addMirror', { ...place, datasetId, folder: root, go: true });
  expect(await app.call('settled', { mirrorId })).toMatchObject({ phase: 'in-sync' });
  const until = (isSo: (problem: string | null) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const end = app.on('mirrorChanged', ({ problem }) => {
        if (!isSo(problem?.code ?? null)) return;
        end();
        resolve();
      });
    });
  const stopped = until((code) => code === 'not-logged-in');
  await app.call('disconnectAccount', place);
  await stopped;
  const back = until((code) => code === null);
  await app.call('connectAccount', { ...place, secretKey: sandbox.secretKey });
  await back;
  expect(await app.call('settled', { mirrorId })).toMatchObject({ phase: 'in-sync' });
});
