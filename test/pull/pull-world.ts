import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { Disk } from '../../app/engine/environment.ts';
import { realClock, realRandomness } from '../../app/engine/real-clock.ts';
import { realDisk } from '../../app/engine/real-disk.ts';
import {
  type PullEnvironment,
  type PullLock,
  type PullOptions,
  type PullResult,
  pullDataset,
  readLock,
} from '../../app/pull/index.ts';
import { World as EngineWorld, type World, type WorldFolder, type WorldOptions } from '../engine/world.ts';

/** A sandbox with a dataset, and a folder to pull it into. */
export class PullWorld {
  readonly world: World;
  readonly folder: WorldFolder;

  private constructor(world: World, folder: WorldFolder) {
    this.world = world;
    this.folder = folder;
  }

  static async make(options: WorldOptions = {}): Promise<PullWorld> {
    const world = await EngineWorld.make(options);
    return new PullWorld(world, await world.folder('pulled'));
  }

  get sandbox(): World['sandbox'] {
    return this.world.sandbox;
  }

  get lockFile(): string {
    return path.join(this.folder.root, 'vi-sync.lock.json');
  }

  /** Puts an asset into the dataset; with a path, as a mirror would have uploaded it. */
  async put(filename: string, content: Uint8Array, viSyncPath?: string): Promise<string> {
    const { assetId } = await this.sandbox.addAsset(this.world.datasetId, {
      filename,
      content: { bytes: content },
      customMetadata: viSyncPath === undefined ? {} : { viSyncPath },
    });
    return assetId;
  }

  async putAll(files: Readonly<Record<string, Uint8Array>>): Promise<void> {
    for (const [relative, content] of Object.entries(files)) {
      await this.put(path.posix.basename(relative), content, relative);
    }
  }

  pull(options: Partial<PullOptions> = {}): Promise<PullResult> {
    return pullDataset({
      client: this.world.client(),
      datasetId: this.world.datasetId,
      folder: this.folder.root,
      ...options,
    });
  }

  lock(): Promise<PullLock> {
    return readLock(this.folder.root);
  }

  /** path → content of every file but Vi Sync's own. */
  async contents(): Promise<Record<string, Buffer>> {
    const contents: Record<string, Buffer> = {};
    for (const relative of await this.folder.list()) {
      if (relative !== 'vi-sync.lock.json') contents[relative] = await this.folder.read(relative);
    }
    return contents;
  }

  /** Everything in the trash: path → content. */
  async trash(): Promise<Buffer[]> {
    const root = path.join(this.folder.root, '.vi-sync/trash');
    const entries = await fs.readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((entry) => entry.isFile() && entry.parentPath !== root)
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    return Promise.all(files.map((file) => fs.readFile(file)));
  }

  /** Names of unfinished files. */
  async partials(): Promise<string[]> {
    const names = await fs.readdir(path.join(this.folder.root, '.vi-sync/pull')).catch(() => []);
    return names.filter((name) => name.endsWith('.part'));
  }

  /** How many requests of a kind some work makes. */
  async requests<T>(
    route: keyof World['sandbox']['requests'],
    work: () => Promise<T>,
  ): Promise<{ readonly count: number; readonly result: T }> {
    const before = this.sandbox.requests[route];
    const result = await work();
    return { count: this.sandbox.requests[route] - before, result };
  }
}

/** The real world, but for some functions of its disk: they get the real one to go on with. */
export function environmentWith(hooks: (disk: Disk) => Partial<Disk>): PullEnvironment {
  const disk = realDisk();
  return { disk: { ...disk, ...hooks(disk) }, clock: realClock, random: realRandomness };
}

/** Something is done once, and whoever comes meanwhile waits for its end. */
export function once(action: () => Promise<unknown>): () => Promise<void> {
  let done: Promise<unknown> | null = null;
  return async () => {
    done ??= action();
    await done;
  };
}
