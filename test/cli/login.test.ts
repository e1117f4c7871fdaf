import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KeyringSession, startKeyringSession } from './keyring-session.ts';
import type { CliOptions, CliRun } from './run-cli.ts';
import { runCli } from './run-cli.ts';
import { runInTerminal } from './terminal.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let session: KeyringSession;
beforeAll(async () => {
  world = await startWorld();
  session = await startKeyringSession({ unlocked: true });
});
afterAll(async () => {
  await cli(['logout']);
  await session.end();
  await world.end();
});

/** The environment of a person who has no DATATURE_VI_… variables set. */
function personEnv(): Record<string, string> {
  return { ...session.env, VI_SYNC_DATA: world.env.VI_SYNC_DATA ?? '' };
}

function cli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return runCli(args, {
    ...options,
    env: { ...personEnv(), ...options.env },
    secrets: [world.sandbox.secretKey, world.sandbox.secretKey.slice(5, 40), otherKey],
  });
}

const otherKey = `dtvi_${'o'.repeat(98)}`;
const where = () => ['--organization', world.sandbox.organizationId, '--endpoint', world.sandbox.endpoint];

describe('login, whoami, logout', () => {
  test('without a terminal the key comes from stdin, and is tested before it is stored', async () => {
    const nobody = await cli(['whoami']);
    expect(nobody.exitCode).toBe(1);
    expect(nobody.stderr).toContain('vi-sync login');

    const wrong = await cli(['login', ...where(), '--json'], { input: `${otherKey}\n` });
    expect(wrong.exitCode).toBe(1);
    expect(JSON.parse(wrong.stdout).error.code).toBe('AuthenticationFailed');
    const still = await cli(['whoami', '--json']);
    expect(JSON.parse(still.stdout).error.code).toBe('not-logged-in');

    const login = await cli(['login', ...where(), '--json'], { input: `${world.sandbox.secretKey}\nmore\n` });
    expect(login.exitCode).toBe(0);
    expect(JSON.parse(login.stdout)).toEqual({
      organizationId: world.sandbox.organizationId,
      organizationName: expect.any(String),
      endpoint: world.sandbox.endpoint,
      storedIn: 'keychain',
    });

    const whoami = await cli(['whoami', '--json']);
    expect(whoami.exitCode).toBe(0);
    expect(JSON.parse(whoami.stdout)).toMatchObject({
      organizationId: world.sandbox.organizationId,
      endpoint: world.sandbox.endpoint,
      keyFrom: 'keychain',
    });
    const { stdout } = await cli(['whoami']);
    expect(stdout).toContain(`(${world.sandbox.organizationId})`);
    expect(stdout).toContain(world.sandbox.endpoint);
    expect(stdout).toContain("from the system's keychain, accepted by the service");
  });

  test('the stored key is not sent to another endpoint', async () => {
    const { exitCode, stdout } = await cli(['whoami', '--endpoint', 'https://stranger.example', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe('endpoint-differs');
  });

  test('the environment goes before the keychain', async () => {
    const { stdout } = await cli(['whoami', '--json'], { env: world.env });
    expect(JSON.parse(stdout).keyFrom).toBe('environment');
  });

  test('logout removes the key, and says so when there is none', async () => {
    expect((await cli(['logout'])).stdout).toContain('no longer');
    const again = await cli(['logout', '--json']);
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual({ removed: false });
    expect((await cli(['whoami'])).exitCode).toBe(1);
  });

  test('--from-env keeps what the environment holds', async () => {
    const empty = await cli(['login', '--from-env', '--json']);
    expect(JSON.parse(empty.stdout).error.code).toBe('environment-empty');
    expect((await cli(['login', '--from-env'], { env: world.env })).exitCode).toBe(0);
    expect((await cli(['whoami', '--json'])).exitCode).toBe(0);
    await cli(['logout']);
  });
});

describe.runIf(process.platform !== 'win32')('login in a terminal', () => {
  test('asks for organization and key, and shows nothing of the key', async () => {
    const { exitCode, screen } = await runInTerminal(['login', '--endpoint', world.sandbox.endpoint], {
      env: personEnv(),
      steps: [
        { when: 'Organization ID:', type: `${world.sandbox.organizationId}\r` },
        { when: 'Secret key (not shown):', type: `${world.sandbox.secretKey}\r` },
      ],
    });
    expect(exitCode).toBe(0);
    expect(screen).toContain(`Logged in to Vi Sync sandbox (${world.sandbox.organizationId})`);
    expect(screen).not.toContain('dtvi_');
    expect(screen).not.toContain(world.sandbox.secretKey.slice(5, 15));
    const whoami = await cli(['whoami', '--json']);
    expect(JSON.parse(whoami.stdout).keyFrom).toBe('keychain');
  });

  test('Ctrl-C at the question stores nothing', async () => {
    await cli(['logout']);
    const { exitCode, screen } = await runInTerminal(['login', ...where()], {
      env: personEnv(),
      steps: [{ when: 'Secret key (not shown):', type: '\x03' }],
    });
    expect(exitCode).toBe(130);
    expect(screen).toContain('Nothing was stored');
    expect((await cli(['whoami'])).exitCode).toBe(1);
  });
});

test('after all of this, no key is in the logs', async () => {
  const logs = await world.logs();
  expect(logs).toContain('login begins');
  expect(logs).not.toContain('dtvi_');
  expect(logs).not.toContain(world.sandbox.secretKey.slice(5, 40));
});
