import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { AnnouncedFile, OpenedSession, Remote, SessionReport } from '../../app/engine/environment.ts';
import { viRemote } from '../../app/engine/vi-remote.ts';
import type { RemoteAsset } from '../../app/manifest/observations.ts';
import { startSandbox } from '../../app/sandbox/sandbox.ts';
import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { type Contents, ViClient, ViError } from '../../app/vi/index.ts';
import { FakeWorld } from './fake-world.ts';
import { hashOf } from './file-facts.ts';
import { Incarnation } from './incarnation.ts';
import { address } from './machine.ts';

/** A dataset of a service, what others do to it, and a folder for files. */
export interface RemoteBench {
  readonly remote: Remote;
  readonly switches: SandboxSwitches;
  put(filename: string, content: Buffer): Promise<void>;
  annotate(filename: string, count: number): Promise<void>;
  /** Calls that break after the service has done its work. */
  loseAnswers(call: 'openSession' | 'send', times: number): void;
  refuse(filename: string, code: 'EUNKNOWN' | 'ENOQUOTA'): void;
  breakDownload(how: 'truncate' | 'corrupt'): void;
  dataRows(): number;
  /** Absolute path of a file. */
  at(name: string): string;
  write(name: string, content: Buffer): Promise<void>;
  read(name: string): Promise<Buffer>;
  outcome<T>(work: Promise<T>): Promise<T>;
  wait(ms: number): Promise<void>;
}

export type BenchOptions = { readonly switches?: Partial<SandboxSwitches>; readonly dataRows?: number };

async function realBench({ switches, dataRows }: BenchOptions): Promise<RemoteBench> {
  const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const sandbox = await startSandbox({
    dataDir: path.join(dir, 'sandbox'),
    switches: { sessionBudget: null, ...switches },
    ...(dataRows === undefined ? {} : { limits: { dataRows } }),
  });
  const { datasetId } = sandbox.createDataset({ name: 'Dataset', datasetId: 'dataset' });
  const { secretKey, organizationId, endpoint } = sandbox;
  const client = new ViClient({
    secretKey,
    organizationId,
    endpoint,
    retry: { tries: 1, rateLimitTries: 1 },
  });
  onTestFinished(async () => {
    await client.close();
    await sandbox.close();
    await fs.rm(dir, { recursive: true, force: true });
  });
  const at = (name: string) => path.join(dir, name);
  return {
    remote: viRemote(client, datasetId),
    switches: sandbox.switches,
    async put(filename, content) {
      await sandbox.addAsset(datasetId, { filename, content: { bytes: content } });
    },
    annotate: async (filename, count) => sandbox.annotate(datasetId, filename, { cat: count }),
    loseAnswers(call, times) {
      const route = call === 'send' ? 'upload' : 'sessions.create';
      sandbox.faults.push({ kind: 'reset', route, when: 'after', times });
    },
    refuse: (filename, code) => sandbox.faults.push({ kind: 'ingestion-error', filename, code }),
    // Downloads are tried again by the client itself.
    breakDownload: (kind) => sandbox.faults.push({ kind, route: 'download' }),
    dataRows: () => sandbox.dataRows().used,
    at,
    write: (name, content) => fs.writeFile(at(name), content),
    read: (name) => fs.readFile(at(name)),
    outcome: (work) => work,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

async function fakeBench({ switches, dataRows }: BenchOptions): Promise<RemoteBench> {
  const world = new FakeWorld({
    seed: 'conformance',
    switches: { sessionBudget: null, ...switches },
    ...(dataRows === undefined ? {} : { dataRows }),
  });
  const machine = world.machine('ada');
  const { volume, remote } = machine;
  const { service, sessions, clock } = world;
  return {
    remote: remote.of(new Incarnation('conformance', clock, () => true), address),
    switches: service.switches,
    async put(filename, content) {
      await service.put(filename, content);
    },
    annotate: async (filename, count) => service.annotate(filename, count),
    loseAnswers(call, times) {
      remote.faults.list = [...remote.faults.list, { kind: 'network', calls: [call], when: 'after', times }];
    },
    refuse: (filename, code) => sessions.refusals.set(filename, code),
    breakDownload(kind) {
      remote.faults.list = [...remote.faults.list, { kind, calls: ['fetch'] }];
    },
    dataRows: () => service.dataRowsUsed,
    at: (name) => machine.path(name),
    write: async (name, content) => volume.write(machine.path(name), content),
    read: async (name) => volume.read(machine.path(name)),
    outcome: (work) => clock.outcome(work),
    wait: (ms) => clock.run(ms),
  };
}

export type MakeBench = (options: BenchOptions) => Promise<RemoteBench>;

/** What the same tests run on. */
export const remoteBenches: readonly (readonly [name: string, make: MakeBench])[] = [
  ['the sandbox over HTTP', realBench],
  ['the fake service', fakeBench],
];

export const { signal } = new AbortController();

/** A bench, and how the tests work with it. */
export async function onBench(make: MakeBench, options: BenchOptions = {}) {
  const bench = await make(options);
  const { remote, outcome, write, at, wait } = bench;
  const announced = (filename: string, content: Buffer): AnnouncedFile => {
    const { size, crc32c } = hashOf(content);
    return { filename, mime: 'image/png', size, crc32c, customMetadata: { viSyncPath: `sub/${filename}` } };
  };
  const targetOf = (session: OpenedSession, filename: string): Contents => {
    const target = session.targets.get(filename);
    if (target === undefined) throw new Error(`no address for ${filename}`);
    return target;
  };
  const send = async (session: OpenedSession, filename: string, content: Buffer) => {
    await write(filename, content);
    const { size, crc32c } = hashOf(content);
    const source = { path: at(filename), size, crc32c };
    await outcome(remote.send(targetOf(session, filename), source, { onBytes: () => undefined, signal }));
  };
  const ended = async ({ sessionId }: OpenedSession): Promise<SessionReport> => {
    for (;;) {
      const report = await outcome(remote.session(sessionId, signal));
      if (report === null) throw new Error('the session is gone');
      if (report.state !== 'running') return report;
      await wait(20);
    }
  };
  const open = (files: Record<string, Buffer>, fate: 'KeepLinkedResource' | 'RemoveLinkedResource') =>
    outcome(
      remote.openSession(
        Object.entries(files).map(([name, content]) => announced(name, content)),
        fate,
        signal,
      ),
    );
  /** Uploads in one session; answers the codes of what was not taken. */
  const upload = async (
    files: Record<string, Buffer>,
    fate: 'KeepLinkedResource' | 'RemoveLinkedResource' = 'KeepLinkedResource',
  ): Promise<Record<string, string>> => {
    const session = await open(files, fate);
    for (const [name, content] of Object.entries(files)) await send(session, name, content);
    const { errors, progress } = await ended(session);
    const total = Object.keys(files).length;
    expect(progress).toEqual({ total, done: total });
    return Object.fromEntries(errors);
  };
  const all = async (order: 'stable' | 'newest-first' = 'stable', size = 1000): Promise<RemoteAsset[]> => {
    const assets: RemoteAsset[] = [];
    let token: string | null = null;
    do {
      const page: Awaited<ReturnType<Remote['list']>> = await outcome(
        remote.list(order, { size, token }, signal),
      );
      assets.push(...page.assets);
      token = page.nextPageToken;
    } while (token !== null);
    return assets;
  };
  const asset = async (filename: string): Promise<RemoteAsset> => {
    const found = (await all()).find((each) => each.filename === filename);
    if (found === undefined) throw new Error(`no asset ${filename}`);
    return found;
  };
  const total = async () => (await outcome(remote.dataset(signal))).assetTotal;
  const fetch = async (assetId: string, name: string) => {
    const located = await outcome(remote.locate(assetId, signal));
    if (located === null || located.contents === null) throw new Error('not to be located');
    return outcome(
      remote.fetch(located.contents, at(name), located.asset, { onBytes: () => undefined, signal }),
    );
  };
  return { ...bench, announced, targetOf, send, open, ended, upload, all, asset, total, fetch };
}

/** Class and code of the error of a call. */
export async function errorFrom(
  work: Promise<unknown>,
): Promise<{ kind: string; code: string; isExpired?: unknown }> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ViError)) throw error;
    const { name, code } = error;
    return 'isExpired' in error && error.isExpired === true
      ? { kind: name, code, isExpired: true }
      : { kind: name, code };
  }
  throw new Error('it did not fail');
}
