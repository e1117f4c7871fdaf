import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished } from 'vitest';
import type { EngineCallName, MirrorStatus, Place } from '../../app/contract.ts';
import { connectToEngine, type EngineClient } from '../../app/host/engine-client.ts';
import { findSocketAddress } from '../../app/host/socket-place.ts';
import { silentLog } from '../../app/log.ts';
import { LaunchedApp, type LaunchOptions } from '../electron-double/launch.ts';

/** A folder for everything that the app of one test keeps, gone when the test is. */
export async function dataFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Starts the app, and ends it with the test. It must have done nothing that Electron could not, and have asked nobody elsewhere. */
export function launch(options: LaunchOptions): LaunchedApp {
  const app = new LaunchedApp(options);
  onTestFinished(async () => {
    const breaches = app.output.split('\n').filter((line) => line.startsWith('electron double:'));
    await app.kill();
    expect(breaches).toEqual([]);
  });
  return app;
}

/** Looks again and again until it is so; a busy machine has time. */
export const poll = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

/** Waits until the engine answers. */
export const started = (app: LaunchedApp) =>
  app.until('the engine runs', ({ tray }) => tray !== null && !/Starting…$/.test(tray.toolTip));

/** The engine of the app, by the socket that it has for other programs. */
export async function engineOf(dataDir: string): Promise<EngineClient> {
  const address = findSocketAddress(dataDir);
  const client = address === null ? null : await connectToEngine(address, silentLog);
  if (client === null) throw new Error('The engine does not listen.');
  onTestFinished(() => client.close());
  return client;
}

/** The first of the app's mirrors, once it is as wanted. */
export async function mirrorOnce(
  engine: EngineClient,
  isSo: (mirror: MirrorStatus) => boolean,
): Promise<MirrorStatus> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const [mirror] = (await engine.call('status' satisfies EngineCallName, {})).mirrors;
    if (mirror !== undefined && isSo(mirror)) return mirror;
    if (performance.now() > deadline) throw new Error(`The mirror stays ${JSON.stringify(mirror)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Different pictures that hardly compress, of about 1.2 MB each. */
export async function makePictures(folder: string, count: number): Promise<string[]> {
  await fs.mkdir(folder, { recursive: true });
  const names = Array.from({ length: count }, (_, index) => `picture-${index}.png`);
  for (const name of names) {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const image = sharp({ create: { width: 640, height: 640, channels: 3, background: '#888', noise } });
    await image.png().toFile(path.join(folder, name));
  }
  return names;
}

/** Where the sandbox of an app listens, as its page is told at the first run. */
export async function sandboxPlace(app: LaunchedApp): Promise<Place> {
  await app.do({ do: 'clickMenu', in: 'tray', path: ['Open Vi Sync'] });
  const page = await app.page();
  await page.getByRole('button', { name: 'Try the sandbox' }).click();
  await page.waitForURL(/#\/add-mirror\//);
  const [, key = ''] = new URL(page.url()).hash.split('#/add-mirror/');
  const [organizationId, endpoint] = decodeURIComponent(key).split(' ');
  if (organizationId === undefined || endpoint === undefined) throw new Error(`No account: ${key}`);
  return { organizationId, endpoint };
}
