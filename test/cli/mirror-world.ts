import * as fs from 'node:fs/promises';
import path from 'node:path';
import type { MirrorStatus } from '../../app/contract.ts';
import { picture } from '../engine/pictures.ts';
import { type CliOptions, startCli } from './run-cli.ts';
import { startWorld, type World } from './world.ts';

export const datasetId = 'shelves';

/** A world with a dataset and a folder `photos`, both of which a test fills as it likes. */
export interface MirrorWorld extends World {
  readonly photos: string;
  /** Writes a file as a person would. */
  write(relative: string, content: Uint8Array): Promise<void>;
  read(relative: string): Promise<Buffer>;
  /** Names in the folder, without Vi Sync's own, sorted. */
  names(): Promise<string[]>;
  /** Puts an asset into the dataset as somebody else would; with so many annotations. */
  putAsset(filename: string, content: Uint8Array, annotations?: number): Promise<void>;
  deleteAsset(filename: string): Promise<void>;
  /** The dataset: filename → content and annotations. */
  assets(): Promise<Record<string, { content: Buffer; annotations: number }>>;
  /** The only mirror, as `vi-sync status` tells. */
  mirror(): Promise<MirrorStatus>;
}

export async function startMirrorWorld(): Promise<MirrorWorld> {
  const world = await startWorld({ switches: { sessionBudget: null } });
  const { sandbox, client } = world;
  sandbox.createDataset({ name: 'Warehouse shelves', datasetId });
  const photos = path.join(world.folder, 'photos');
  await fs.mkdir(photos);
  return {
    ...world,
    photos,
    async write(relative, content) {
      const file = path.join(photos, relative);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    },
    read: (relative) => fs.readFile(path.join(photos, relative)),
    async names() {
      const entries = await fs.readdir(photos, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('.vi-sync'))
        .map((entry) => path.relative(photos, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
        .sort();
    },
    async putAsset(filename, content, annotations = 0) {
      await sandbox.addAsset(datasetId, { filename, content: { bytes: content } });
      if (annotations > 0) sandbox.annotate(datasetId, filename, { pallet: annotations });
    },
    async deleteAsset(filename) {
      const { items } = await client.assets.list({ datasetId, pagination: { pageSize: 1000 } });
      const asset = items.find((each) => each.filename === filename);
      await client.assets.delete({ datasetId, assetId: asset?.assetId ?? '' });
    },
    async assets() {
      const page = await client.assets.list({ datasetId, contents: true, pagination: { pageSize: 1000 } });
      const entries = page.items.map(async ({ filename, contents, metadata }) => {
        const content = Buffer.from(await (await fetch(contents?.asset?.url ?? '')).arrayBuffer());
        return [filename, { content, annotations: metadata.annotations?.total ?? 0 }] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    },
    async mirror() {
      const { document } = await world.json<{ mirrors: MirrorStatus[] }>(['status']);
      const [mirror] = document.mirrors;
      if (mirror === undefined) throw new Error('there is no mirror');
      return mirror;
    },
  };
}

/** Pictures by name, all different. */
export function pictures(...names: string[]): Record<string, Buffer> {
  return Object.fromEntries(names.map((name, index) => [name, picture(9000 + index, 500 + 30 * index)]));
}

/** A command that stays. */
export interface Staying {
  /** Everything that it has printed on stdout so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has printed this, on either stream. */
  until(pattern: RegExp): Promise<void>;
  /** Sends a signal, and resolves with the exit code once it has ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export function startStaying(world: World, args: readonly string[], options: CliOptions = {}): Staying {
  const child = startCli(args, {
    cwd: world.folder,
    ...options,
    env: { ...world.env, ...options.env },
  });
  const shown = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      shown[name] += chunk;
      for (const look of waiting) look();
    });
  }
  child.stdin.end();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    get stdout() {
      return shown.stdout;
    },
    get stderr() {
      return shown.stderr;
    },
    async until(pattern) {
      await new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!pattern.test(shown.stdout + shown.stderr)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`It has ended: ${shown.stdout}${shown.stderr}`)));
      });
    },
    async end(signal = 'SIGINT') {
      child.kill(signal);
      return ended;
    },
  };
}
