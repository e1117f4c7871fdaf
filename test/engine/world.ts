import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { FileRow, FileState, MirrorStatus } from '../../app/contract.ts';
import type { DatasetAddress } from '../../app/engine/environment.ts';
import { viRemote } from '../../app/engine/vi-remote.ts';
import { createEngine, type Engine, type EngineOptions, type NewMirrorOptions } from '../../app/engine.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../app/sandbox/sandbox.ts';
import { ViClient } from '../../app/vi/index.ts';
import { picture } from './pictures.ts';

/** Quick enough for a test, and still the real thing. */
export const quickTiming = { quietMs: 60, pollMs: 400, scanMs: 3_600_000, blindScanMs: 1000 };
/** No test waits for the budget unless it is about the budget. */
const wideBudget = { sessions: 1000, windowMs: 60_000 };

export interface WorldOptions {
  readonly switches?: SandboxOptions['switches'];
  readonly limits?: SandboxOptions['limits'];
  readonly engine?: Partial<EngineOptions>;
}

export interface WorldFolder {
  readonly root: string;
  /** Writes a file as a person would: whole, at once, under its name. */
  write(relative: string, content: Uint8Array): Promise<void>;
  read(relative: string): Promise<Buffer>;
  /** True when it has this content now; a file that is being replaced may be missing for a moment. */
  has(relative: string, content: Uint8Array): Promise<boolean>;
  /** Relative paths of all files but Vi Sync's own, sorted. */
  list(): Promise<string[]>;
}

/** A sandbox with a dataset, and a temporary folder for everything else. All is gone when the test is finished. */
export class World {
  readonly dir: string;
  readonly datasetId: string;
  #sandbox: Sandbox;
  readonly #options: WorldOptions;
  readonly #open = new Set<() => Promise<void>>();
  #number = 0;

  private constructor(dir: string, sandbox: Sandbox, datasetId: string, options: WorldOptions) {
    this.dir = dir;
    this.#sandbox = sandbox;
    this.datasetId = datasetId;
    this.#options = options;
  }

  /** @param onFinished of the test's own context, for tests that run beside others */
  static async make(
    options: WorldOptions = {},
    onFinished: (close: () => Promise<void>) => void = onTestFinished,
  ): Promise<World> {
    const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
    const sandbox = await startSandbox({
      dataDir: path.join(dir, 'sandbox'),
      switches: { sessionBudget: null, ...options.switches },
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
    const { datasetId } = sandbox.createDataset({ name: 'Test' });
    const world = new World(dir, sandbox, datasetId, options);
    onFinished(async () => {
      for (const close of [...world.#open].reverse()) await close();
      await world.sandbox.close();
      await fs.rm(dir, { recursive: true, force: true });
    });
    return world;
  }

  get sandbox(): Sandbox {
    return this.#sandbox;
  }

  /** The service comes back at its old address, with all that it had; `options`: what it has changed meanwhile. Before, close it. */
  async startService(options: Pick<SandboxOptions, 'secretKey'> = {}): Promise<void> {
    const { port, switches } = this.#sandbox;
    this.#sandbox = await startSandbox({
      dataDir: path.join(this.dir, 'sandbox'),
      port,
      switches,
      ...(this.#options.limits === undefined ? {} : { limits: this.#options.limits }),
      ...options,
    });
  }

  client(): ViClient {
    const { secretKey, organizationId, endpoint } = this.sandbox;
    const client = new ViClient({
      secretKey,
      organizationId,
      endpoint,
      retry: { tries: 2, baseMs: 20, capMs: 100 },
    });
    this.#open.add(() => client.close());
    return client;
  }

  /** Something of a test's own that is to be closed after the engines that use it. */
  closeLater(close: () => Promise<void>): void {
    this.#open.add(close);
  }

  /** Where the dataset is. */
  address(): DatasetAddress {
    const { endpoint, organizationId } = this.sandbox;
    return { endpoint, organizationId, datasetId: this.datasetId };
  }

  async folder(name = `folder-${++this.#number}`): Promise<WorldFolder> {
    const root = path.join(this.dir, name);
    await fs.mkdir(root, { recursive: true });
    return {
      root,
      async write(relative, content) {
        const file = path.join(root, relative);
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, content);
      },
      read: (relative) => fs.readFile(path.join(root, relative)),
      async has(relative, content) {
        try {
          return (await fs.readFile(path.join(root, relative))).equals(content);
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
          throw error;
        }
      },
      async list() {
        const entries = await fs.readdir(root, { recursive: true, withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile())
          .map((entry) =>
            path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
          )
          .filter((relative) => !relative.startsWith('.vi-sync/'))
          .sort();
      },
    };
  }

  async engine(dataDir = 'data', options: Partial<EngineOptions> = {}): Promise<Engine> {
    const engine = await createEngine({
      dataDir: path.join(this.dir, dataDir),
      timing: quickTiming,
      sessionBudget: wideBudget,
      connect: ({ datasetId }) => viRemote(this.client(), datasetId),
      ...this.#options.engine,
      ...options,
    });
    this.#open.add(() => engine.close());
    return engine;
  }

  /** A mirror of a folder on an engine; with the folder of the first one if none is given. */
  async mirror(
    folder: WorldFolder,
    dataDir = 'data',
    options: Partial<EngineOptions> = {},
    given: Partial<NewMirrorOptions> = {},
  ): Promise<Mirror> {
    return this.mirrorOn(await this.engine(dataDir, options), folder, given);
  }

  /** A mirror of a folder on an engine that runs already. */
  async mirrorOn(
    engine: Engine,
    folder: WorldFolder,
    given: Partial<NewMirrorOptions> = {},
  ): Promise<Mirror> {
    const mirrorId = await engine.addMirror({
      ...this.address(),
      folder: folder.root,
      sandbox: true,
      go: true,
      ...given,
    });
    return new Mirror(engine, mirrorId);
  }

  /** The dataset's assets: name → content. */
  async assets(): Promise<Map<string, Asset>> {
    const client = this.client();
    const assets = new Map<string, Asset>();
    const list = client.assets.list({
      datasetId: this.datasetId,
      contents: true,
      pagination: { pageSize: 1000 },
    });
    for await (const asset of list.allItems()) {
      const url = asset.contents?.asset?.url ?? '';
      assets.set(asset.filename, {
        assetId: asset.assetId,
        content: Buffer.from(await (await fetch(url)).arrayBuffer()),
        annotations: asset.metadata.annotations?.total ?? 0,
        path: asset.metadata.customMetadata?.viSyncPath,
      });
    }
    return assets;
  }

  async deleteAsset(filename: string): Promise<void> {
    const asset = (await this.assets()).get(filename);
    if (asset === undefined) throw new Error(`there is no asset ${filename}`);
    await this.client().assets.delete({ datasetId: this.datasetId, assetId: asset.assetId });
  }

  /** Puts an asset into the dataset as somebody else would. */
  async putAsset(filename: string, content: Uint8Array, customMetadata = {}): Promise<void> {
    await this.sandbox.addAsset(this.datasetId, { filename, content: { bytes: content }, customMetadata });
  }
}

export interface Asset {
  readonly assetId: string;
  readonly content: Buffer;
  readonly annotations: number;
  readonly path: unknown;
}

export class Mirror {
  readonly engine: Engine;
  readonly mirrorId: string;

  constructor(engine: Engine, mirrorId: string) {
    this.engine = engine;
    this.mirrorId = mirrorId;
  }

  /** Looks at both sides anew, and waits until there is nothing left to do. */
  async sync(): Promise<MirrorStatus> {
    await this.engine.call('syncNow', { mirrorId: this.mirrorId });
    return this.engine.settled(this.mirrorId);
  }

  async status(): Promise<MirrorStatus> {
    const { mirrors } = await this.engine.call('status', {});
    const status = mirrors.find(({ mirrorId }) => mirrorId === this.mirrorId);
    if (status === undefined) throw new Error('the mirror is gone');
    return status;
  }

  async files(state?: FileState): Promise<FileRow[]> {
    const { items } = await this.engine.call('files', {
      mirrorId: this.mirrorId,
      limit: 500,
      ...(state === undefined ? {} : { state }),
    });
    return items;
  }

  async file(relative: string): Promise<FileRow> {
    const row = (await this.files()).find((each) => each.path === relative);
    if (row === undefined) throw new Error(`there is no row of ${relative}`);
    return row;
  }

  /** path → state, and the code of its problem if it has one. */
  async states(): Promise<Record<string, string>> {
    return Object.fromEntries(
      (await this.files()).map(({ path: relative, state, problem }) => [
        relative,
        problem === null ? state : `${state}: ${problem.code}`,
      ]),
    );
  }

  /** Waits until a question about the mirror is answered with yes. */
  async until(
    question: (status: MirrorStatus) => boolean | Promise<boolean>,
    what: string,
    withinMs = 20_000,
  ): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(await question(await this.status()))) {
      if (Date.now() > deadline) {
        throw new Error(`${what} did not come: ${JSON.stringify(await this.status())}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** Pictures by path, all different. */
export function pictures(...paths: string[]): Record<string, Buffer> {
  return Object.fromEntries(paths.map((each, index) => [each, picture(1000 + index, 600 + 40 * index)]));
}

export async function fill(folder: WorldFolder, files: Record<string, Uint8Array>): Promise<void> {
  for (const [relative, content] of Object.entries(files)) await folder.write(relative, content);
}
