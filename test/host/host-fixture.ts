import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { type Host, type HostOptions, startHost } from '../../app/host/host.ts';
import { EngineDouble } from './engine-double.ts';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface HostFixture {
  readonly host: Host;
  readonly engine: EngineDouble;
  readonly dir: string;
  /** The cookie of a session that was begun with the token. */
  readonly cookie: string;
  /** A raw request: the path goes out as it is given, without the clean-up that a browser does. */
  request(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** A host over a small renderer folder, with a file beside that folder that must never be served. */
export async function hostFixture(
  options: Partial<Omit<HostOptions, 'app'>> & { readonly engine?: EngineDouble } = {},
): Promise<HostFixture> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  const rendererDir = path.join(dir, 'renderer');
  await mkdir(path.join(rendererDir, 'assets'), { recursive: true });
  await writeFile(path.join(rendererDir, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(path.join(rendererDir, 'assets', 'index-abc.js'), 'export {};');
  await writeFile(path.join(rendererDir, '.hidden'), 'hidden');
  await writeFile(path.join(dir, 'secret.txt'), 'secret');
  const { engine = new EngineDouble(), ...given } = options;
  const host = await startHost({ rendererDir, ...given, app: engine });
  const request: HostFixture['request'] = (path, headers = {}, method = 'GET') =>
    rawRequest(host.port, path, { host: `127.0.0.1:${host.port}`, ...headers }, method);
  const entry = await request(new URL(host.url).pathname + new URL(host.url).search);
  const cookie = entry.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  return {
    host,
    engine,
    dir,
    cookie,
    request,
    async close() {
      await host.close();
      await rm(dir, { recursive: true });
    },
  };
}

function rawRequest(
  port: number,
  path: string,
  headers: Record<string, string>,
  method: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, headers, method, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.end();
  });
}
