import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { type Sandbox, startSandbox } from '../../app/sandbox/sandbox.ts';
import { ViClient } from '../../app/vi/client.ts';
import { type CliOptions, type CliRun, readAll, runCli } from './run-cli.ts';

/** A sandbox, a folder for files, and the command line pointed at both. */
export interface World {
  readonly sandbox: Sandbox;
  /** For looking at the sandbox without a process. */
  readonly client: ViClient;
  /** For pictures and downloads. */
  readonly folder: string;
  /** What a command needs in its environment to find the sandbox and keep to this world. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command in the world's folder; fails when it shows the key. */
  cli(args: readonly string[], options?: CliOptions): Promise<CliRun>;
  /** Runs a command with `--json`; the exit code and the parsed document. */
  json<T>(args: readonly string[], options?: CliOptions): Promise<{ exitCode: number | null; document: T }>;
  /** Everything that the commands wrote into their logs so far. */
  logs(): Promise<string>;
  end(): Promise<void>;
}

export async function startWorld(
  options: Omit<Parameters<typeof startSandbox>[0], 'dataDir'> = {},
): Promise<World> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const sandbox = await startSandbox({ ...options, dataDir: path.join(root, 'sandbox') });
  const folder = path.join(root, 'files');
  const data = path.join(root, 'data');
  await mkdir(folder);
  const env = {
    VI_SYNC_DATA: data,
    DATATURE_VI_API_ENDPOINT: sandbox.endpoint,
    DATATURE_VI_ORGANIZATION_ID: sandbox.organizationId,
    DATATURE_VI_SECRET_KEY: sandbox.secretKey,
  };
  const secrets = [sandbox.secretKey, sandbox.secretKey.slice(5, 40)];
  const { endpoint, organizationId, secretKey } = sandbox;
  const client = new ViClient({ endpoint, organizationId, secretKey, env: {} });
  const cli = (args: readonly string[], given: CliOptions = {}) =>
    runCli(args, { cwd: folder, secrets, ...given, env: { ...env, ...given.env } });
  return {
    sandbox,
    client,
    folder,
    env,
    cli,
    json: async (args, given) => {
      const { exitCode, stdout } = await cli([...args, '--json'], given);
      return { exitCode, document: JSON.parse(stdout) };
    },
    logs: () => readAll(path.join(data, 'logs')),
    end: async () => {
      await client.close();
      await sandbox.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Makes distinct pictures `<prefix>000.png` …, and returns the folder that they are in. */
export async function makePictures(
  folder: string,
  count: number,
  options: { readonly prefix?: string; readonly bytes?: number } = {},
): Promise<string> {
  const { prefix = 'picture', bytes = 0 } = options;
  await mkdir(folder, { recursive: true });
  for (let number = 0; number < count; number += 1) {
    const background = { r: number % 256, g: Math.floor(number / 256), b: prefix.length };
    const png = await sharp({ create: { width: 8, height: 6, channels: 3, background } })
      .png()
      .toBuffer();
    const name = `${prefix}${String(number).padStart(3, '0')}.png`;
    await writeFile(path.join(folder, name), bytes === 0 ? png : padPng(png, bytes, number));
  }
  return folder;
}

/** Makes a dataset that has these pictures, without a process. */
export async function makeDataset(
  world: World,
  datasetId: string,
  count: number,
  options: { readonly prefix?: string; readonly bytes?: number } = {},
): Promise<string> {
  const folder = await makePictures(path.join(world.folder, datasetId), count, options);
  world.sandbox.createDataset({ name: `Dataset ${datasetId}`, datasetId });
  for (const filename of await readdir(folder)) {
    await world.sandbox.addAsset(datasetId, { filename, content: { path: path.join(folder, filename) } });
  }
  return folder;
}

/** A PNG grown to a size by a private chunk that decoders pass over. */
function padPng(png: Buffer, bytes: number, seed: number): Buffer {
  const body = Buffer.alloc(Math.max(0, bytes - png.length - 12), seed % 251);
  const chunk = Buffer.alloc(body.length + 12);
  chunk.writeUInt32BE(body.length, 0);
  chunk.write('prVt', 4, 'latin1');
  body.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length);
  // Before the last chunk, IEND, which is 12 bytes long.
  return Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)]);
}
