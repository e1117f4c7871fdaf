import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ViClient } from '../../app/vi/index.ts';

/** Requests that both ours and the yardstick have in flight. */
export const concurrency = 16;

/** A client, and what it takes to speak to the sandbox behind it. */
export interface Bench {
  readonly client: ViClient;
  readonly headers: Readonly<Record<string, string>>;
}

const serverReady = z.object({ endpoint: z.string(), organizationId: z.string(), secretKey: z.string() });

/** A sandbox in a process of its own, without a session budget, for as long as `use` takes. */
export async function withSandbox<Result>(
  dataDir: string,
  use: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const script = fileURLToPath(new URL('../sandbox/sandbox-process.ts', import.meta.url));
  const server: ChildProcess = spawn(process.execPath, [script, dataDir, '{"sessionBudget":null}'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    if (server.stdout === null) throw new Error('The sandbox has no output.');
    const [line]: unknown[] = await once(readline.createInterface({ input: server.stdout }), 'line');
    const { endpoint, organizationId, secretKey } = serverReady.parse(JSON.parse(String(line)));
    await using client = new ViClient({
      endpoint,
      organizationId,
      secretKey,
      env: {},
      uploadConcurrency: concurrency,
      downloadConcurrency: concurrency,
    });
    const headers = { authorization: `Bearer ${secretKey}`, 'organization-id': organizationId };
    return await use({ client, headers });
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
}

export async function makeDataset({ client, headers }: Bench, datasetId: string): Promise<void> {
  const response = await fetch(`${client.endpoint}/sandbox/datasets`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: datasetId, datasetId }),
  });
  if (!response.ok) throw new Error(`Making a dataset: ${response.status} ${await response.text()}`);
}

/** Does some work for each number from 0 to `count`, so many at once as both sides may have in flight. */
export async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/** A bare keep-alive client: as many connections as requests in flight. */
export function bareAgent(): http.Agent {
  return new http.Agent({ keepAlive: true, maxSockets: concurrency });
}

/** Its answer, if that is 200. */
export async function answer(request: http.ClientRequest): Promise<http.IncomingMessage> {
  const [response]: http.IncomingMessage[] = await once(request, 'response');
  if (response?.statusCode !== 200) throw new Error(`${request.method}: ${response?.statusCode}`);
  return response;
}

export async function drain(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function median(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)] ?? Number.NaN;
}
