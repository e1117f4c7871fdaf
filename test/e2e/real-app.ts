import path from 'node:path';
import { type Connections, openConnections } from '../../app/accounts/connections.ts';
import type { Engine } from '../../app/engine.ts';
import { startPage } from '../../app/host/start-page.ts';
import { silentLog } from '../../app/log.ts';
import { fill, type Mirror, World, type WorldFolder, type WorldOptions } from '../engine/world.ts';
import { TestKeychain } from '../workspace/workspace-world.ts';
import { rendererDir } from './page-fixture.ts';

export interface RealAppOptions extends WorldOptions {
  /** How the app has the key of the service: as that of its own sandbox (default), from the keychain, or not at all. */
  readonly key?: 'sandbox' | 'keychain' | 'none';
}

/** What `vi-sync serve` runs: engine, workspace and page over a real folder, and a sandbox as the service. */
export interface RealApp {
  readonly world: World;
  readonly engine: Engine;
  readonly connections: Connections;
  /** The page's address, with its token. */
  readonly url: string;
  /** A mirror of a folder with these files; of one of this name, when it is given. */
  mirror(
    files: Readonly<Record<string, Uint8Array>>,
    name?: string,
  ): Promise<{ readonly mirror: Mirror; readonly folder: WorldFolder }>;
  /** The page's address at a screen, without the token: for a window of a browser that has a session. */
  at(route: string): string;
}

/** Opens an app; all is gone when the test is finished. */
export async function realApp({ key = 'sandbox', ...options }: RealAppOptions = {}): Promise<RealApp> {
  const world = await World.make(options);
  const { endpoint, organizationId, secretKey } = world.sandbox;
  const keychain = new TestKeychain();
  const connections = openConnections({
    env: {},
    keychain,
    ...(key === 'sandbox' ? { sandbox: { endpoint, organizationId, secretKey } } : {}),
  });
  world.closeLater(() => connections.close());
  if (key === 'keychain')
    await connections.keys.store({ endpoint, organizationId, secretKey }, new AbortController().signal);
  const engine = await world.engine('data', { connect: connections.connect });
  const page = await startPage({
    engine,
    connections,
    dataDir: path.join(world.dir, 'data'),
    cacheDir: path.join(world.dir, 'cache'),
    sessionKeyDir: world.dir,
    log: silentLog,
    port: 0,
    rendererDir,
  });
  world.closeLater(() => page.close());
  return {
    world,
    engine,
    connections,
    url: page.url,
    async mirror(files, name) {
      const folder = await world.folder(name);
      await fill(folder, files);
      return { folder, mirror: await world.mirrorOn(engine, folder) };
    },
    at: (route) => new URL(`/#${route}`, page.url).href,
  };
}
