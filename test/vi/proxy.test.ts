import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downloadContents, ViClient, ViError } from '../../app/vi/index.ts';
import { SignedUrlTransport } from '../../app/vi/signed-url.ts';
import { assetJson } from './wire-samples.ts';
import { clientOf, organizationId, rejectionOf, secretKey, startWireServer } from './wire-server.ts';

let proxy: Server;
/** Hosts that the proxy was asked to connect to, and what came through in the clear. */
let asked: string[];
let saved: NodeJS.ProcessEnv;

beforeEach(async () => {
  asked = [];
  saved = { ...process.env };
  proxy = createServer((request, response) => {
    asked.push(`in the clear: ${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    expect(JSON.stringify(request.headers)).not.toContain(secretKey);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of ['NO_PROXY', 'no_proxy', 'http_proxy', 'https_proxy']) delete process.env[name];
  process.env.HTTP_PROXY = address;
  process.env.HTTPS_PROXY = address;
});
afterEach(() => {
  process.env = saved;
  proxy.closeAllConnections();
  proxy.close();
});

test('the API is reached through the proxy that the environment names', async () => {
  const client = new ViClient({
    secretKey,
    organizationId,
    endpoint: 'https://api.vi.test',
    env: {},
    retry: { tries: 1 },
  });
  await rejectionOf(ViError, client.organizations.get());
  expect(asked).toEqual(['api.vi.test:443']);
  await client.close();
});

test('so are signed URLs', async () => {
  const transport = new SignedUrlTransport();
  const target = join(tmpdir(), `vi-sync-${randomUUID()}`);
  const contents = { url: 'https://storage.vi.test/a?signature=s' };
  await rejectionOf(ViError, downloadContents(contents, target, { transport, retry: { tries: 1 } }));
  expect(asked).toEqual(['storage.vi.test:443']);
  await rm(target);
  await transport.close();
});

test('this computer is not', async () => {
  const server = await startWireServer(() => assetJson);
  const client = clientOf(server);
  expect((await client.assets.get({ datasetId: 'ds', assetId: 'a' })).assetId).toBe('asset_1');
  expect(asked).toEqual([]);
  await client.close();
  await server.close();
});
