import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { type Connections, openConnections } from '../../app/accounts/connections.ts';
import { toCallError } from '../../app/call-error.ts';
import type { AppApi, CallResult, Problem } from '../../app/contract.ts';
import { createEngine, type Engine } from '../../app/engine.ts';
import type { Keychain } from '../../app/keychain.ts';
import { openLog } from '../../app/log.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../app/sandbox/sandbox.ts';
import { Workspace, type WorkspaceOptions } from '../../app/workspace/workspace.ts';
import { quickTiming } from '../engine/world.ts';

/** The system's keychain as far as it is used here. `failure` is thrown by every use. */
export class TestKeychain implements Keychain {
  readonly entries = new Map<string, string>();
  failure: Error | null = null;

  async get(account: string): Promise<string | null> {
    if (this.failure !== null) throw this.failure;
    return this.entries.get(account) ?? null;
  }

  async set(account: string, value: string): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.entries.set(account, value);
  }

  async delete(account: string): Promise<boolean> {
    if (this.failure !== null) throw this.failure;
    return this.entries.delete(account);
  }
}

export interface WorkspaceWorldOptions {
  readonly sandbox?: Omit<SandboxOptions, 'dataDir'>;
  readonly env?: NodeJS.ProcessEnv;
  /** The sandbox is an account of its own, as with `npm start`. Default: it plays a real service, without an account. */
  readonly hasSandbox?: boolean;
  readonly workspace?: Partial<WorkspaceOptions>;
}

/** A sandbox over HTTP, an engine on a real disk, and the workspace around it. All is gone when the test is finished. */
export interface WorkspaceWorld {
  readonly dir: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly sandbox: Sandbox;
  /** Of the dataset that the sandbox begins with. */
  readonly datasetId: string;
  readonly place: { readonly endpoint: string; readonly organizationId: string };
  readonly keychain: TestKeychain;
  readonly connections: Connections;
  readonly engine: Engine;
  readonly app: Workspace;
  folder(name: string): Promise<string>;
}

/** @param onFinished when it is closed: after the test, unless several share it */
export async function workspaceWorld(
  options: WorkspaceWorldOptions = {},
  onFinished: (close: () => Promise<void>) => void = onTestFinished,
): Promise<WorkspaceWorld> {
  const { env = {}, hasSandbox = false } = options;
  const dir = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-')));
  const closing: (() => Promise<void>)[] = [];
  onFinished(async () => {
    for (const close of closing.reverse()) await close();
    await fs.rm(dir, { recursive: true, force: true, maxRetries: 3 });
  });
  const sandbox = await startSandbox({
    dataDir: path.join(dir, 'sandbox'),
    ...options.sandbox,
    switches: { sessionBudget: null, ...options.sandbox?.switches },
  });
  closing.push(() => sandbox.close());
  const { datasetId } = sandbox.createDataset({ name: 'Shelves', datasetId: 'shelves' });
  const { endpoint, organizationId, secretKey } = sandbox;
  const keychain = new TestKeychain();
  const dataDir = path.join(dir, 'data');
  const log = openLog({ folder: path.join(dir, 'logs'), name: 'app' });
  const connections = openConnections({
    env,
    keychain,
    log,
    ...(hasSandbox ? { sandbox: { endpoint, organizationId, secretKey } } : {}),
  });
  closing.push(() => connections.close());
  const engine = await createEngine({ dataDir, connect: connections.connect, timing: quickTiming, log });
  closing.push(() => engine.close());
  const logFile = path.join(dir, 'logs', 'app.log');
  const app = await Workspace.open({
    engine,
    connections,
    dataDir,
    env,
    log,
    logFile,
    ...options.workspace,
  });
  closing.push(() => app.close());
  const place = { endpoint, organizationId };
  return {
    dir,
    dataDir,
    logFile,
    sandbox,
    datasetId,
    place,
    keychain,
    connections,
    engine,
    app,
    async folder(name) {
      const folder = path.join(dir, name);
      await fs.mkdir(folder, { recursive: true });
      return folder;
    },
  };
}

/** The words of a call that is refused. It fails when they are not whole, or when one of `secrets` is anywhere in the error. */
export async function refusalOf(call: Promise<unknown>, secrets: readonly string[] = []): Promise<Problem> {
  const error = await call.then(
    (result) => {
      throw new Error(`the call was answered: ${inspect(result)}`);
    },
    (reason: unknown) => reason,
  );
  const problem = toCallError(error);
  for (const words of [problem.title, problem.detail, problem.suggestion]) expect(words).toMatch(/\w+ \w+/u);
  expect(problem.code).not.toBe('internal');
  const shown = inspect(error, { depth: 10, showHidden: false });
  for (const secret of secrets) expect(shown).not.toContain(secret);
  return problem;
}

/** Waits until a pull has ended, by its events. */
export function pullEnded(app: AppApi, pullId: string): Promise<CallResult<'pulls'>['items'][number]> {
  return new Promise((resolve) => {
    const check = async (): Promise<void> => {
      const { items } = await app.call('pulls', {});
      const pull = items.find((each) => each.pullId === pullId);
      if (pull === undefined || pull.state === 'running') return;
      end();
      resolve(pull);
    };
    const end = app.on('pullChanged', () => void check());
    void check();
  });
}
