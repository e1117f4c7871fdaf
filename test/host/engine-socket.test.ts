import * as fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { engineEvents } from '../../app/contract.ts';
import { connectToEngine, type EngineClient } from '../../app/host/engine-client.ts';
import { type EngineSocket, serveOnSocket } from '../../app/host/engine-socket.ts';
import { EngineLost } from '../../app/host/port-client.ts';
import { findSocketAddress } from '../../app/host/socket-place.ts';
import { silentLog } from '../../app/log.ts';
import { doubleMirrorId, EngineDouble, row } from './engine-double.ts';

const onUnix = describe.runIf(process.platform !== 'win32');

async function dataFolder(name = 'data'): Promise<string> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  onTestFinished(() => fs.rm(root, { recursive: true, force: true }));
  const folder = path.join(root, name);
  await fs.mkdir(folder, { recursive: true });
  return folder;
}

interface Served {
  readonly engine: EngineDouble;
  readonly dataDir: string;
  readonly address: string;
  readonly socket: EngineSocket;
  /** A client, closed when the test is finished. */
  client(): Promise<EngineClient>;
}

async function serve(dataDir?: string): Promise<Served> {
  const folder = dataDir ?? (await dataFolder());
  const engine = new EngineDouble([row('a.jpg'), row('b.png', { state: 'problem' })]);
  const socket = await serveOnSocket(engine, folder, silentLog);
  const address = findSocketAddress(folder);
  if (socket === null || address === null) throw new Error('nobody listens');
  onTestFinished(() => socket.close());
  return {
    engine,
    dataDir: folder,
    address,
    socket,
    async client() {
      const client = await connectToEngine(address, silentLog);
      if (client === null) throw new Error('nobody listens');
      onTestFinished(() => client.close());
      return client;
    },
  };
}

/** What nobody's own code would send. Resolves with what came back once the connection has ended. */
async function sendRaw(address: string, ...chunks: (string | Uint8Array)[]): Promise<string> {
  const socket = net.connect(address);
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // The other side may have hung up in the middle: that is what is tested.
  socket.on('error', () => undefined);
  for (const chunk of chunks) socket.write(chunk);
  await closed;
  return received;
}

/** Sends a line, and resolves with the first that comes back. */
async function ask(address: string, line: string): Promise<string> {
  const socket = net.connect(address);
  socket.write(line);
  try {
    for await (const answer of createInterface({ input: socket })) return answer;
    throw new Error('the connection was ended without an answer');
  } finally {
    socket.destroy();
  }
}

const call = (id: string, name: unknown, args: unknown = {}) =>
  `${JSON.stringify({ t: 'q', i: id, m: 'call', a: [name, args] })}\n`;

describe('a client', () => {
  test('calls with its arguments parsed, and hears events until it unsubscribes', async () => {
    const served = await serve();
    const client = await served.client();
    const { total } = await client.call('files', { mirrorId: doubleMirrorId, state: 'problem' });
    expect(total).toBe(1);
    const seen: number[] = [];
    const end = client.on('mirrorChanged', ({ fileTotal }) => seen.push(fileTotal));
    served.engine.changed();
    await vi.waitUntil(() => seen.length === 1);
    end();
    const heard = new Promise<void>((resolve) => void client.on('activityAdded', () => resolve()));
    served.engine.changed();
    served.engine.add({ at: 1, kind: 'uploaded', path: 'a.jpg', message: 'Uploaded a.jpg' });
    await heard;
    expect(seen).toEqual([2]);
  });

  test('is told in words what the engine can’t do', async () => {
    const served = await serve();
    const client = await served.client();
    const problem = { code: 'c', title: 'Title', detail: 'Detail.', suggestion: 'Suggestion.' };
    served.engine.failures.set('status', Object.assign(new Error('x'), { problem }));
    await expect(client.call('status', {})).rejects.toMatchObject({ problem });
    await expect(client.call('files', { mirrorId: 'm', limit: 501 })).rejects.toMatchObject({
      problem: { code: 'invalid-arguments' },
    });
  });

  test('is told when the engine gives an answer that this version does not know', async () => {
    const served = await serve();
    const client = await served.client();
    served.engine.rows = [{ ...row('a.jpg'), state: 'frozen' as never }];
    await expect(client.call('files', { mirrorId: doubleMirrorId })).rejects.toMatchObject({
      problem: { code: 'engine-version' },
    });
  });

  test('is told that nobody listens where a socket is left over', async () => {
    const served = await serve();
    await served.socket.close();
    expect(await connectToEngine(served.address, silentLog)).toBeNull();
  });
});

describe('the end of an engine', () => {
  test('waits for the answer to a call that is under way', async () => {
    const served = await serve();
    const client = await served.client();
    served.engine.delayMs = 300;
    const answer = client.call('status', {});
    await vi.waitUntil(() => served.engine.received.some(({ name }) => name === 'status'));
    await served.socket.close();
    expect((await answer).mirrors).toHaveLength(1);
    await client.ended;
  });

  test('does not wait for a call that lasts as long as the work, and the caller knows', async () => {
    const served = await serve();
    const client = await served.client();
    served.engine.delayMs = 60_000;
    const answer = client.call('settled', { mirrorId: doubleMirrorId });
    const failed = expect(answer).rejects.toBeInstanceOf(EngineLost);
    await vi.waitUntil(() => served.engine.received.some(({ name }) => name === 'settled'));
    await served.socket.close();
    await failed;
    await expect(client.call('status', {})).rejects.toBeInstanceOf(EngineLost);
  });

  test('leaves nothing behind, neither in the engine nor on the disk', async () => {
    const served = await serve();
    await served.client();
    await vi.waitUntil(() => served.engine.subscriptions === Object.keys(engineEvents).length);
    await served.socket.close();
    expect(served.engine.subscriptions).toBe(0);
    expect(findSocketAddress(served.dataDir)).toBeNull();
  });
});

describe('a hostile client', () => {
  test.each([
    ['no JSON', 'hello\n'],
    ['an HTTP request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0, 0x0a])],
    ['another JSON', '{"t":"x"}\n'],
    ['null', 'null\n'],
    ['a list', '[]\n'],
    ['a function that is not offered', '{"t":"q","i":"1","m":"constructor","a":[]}\n'],
    ['a function of the object’s prototype', '{"t":"q","i":"1","m":"__proto__","a":[]}\n'],
    ['too many arguments', '{"t":"q","i":"1","m":"call","a":["status",{},1]}\n'],
    ['a line of 1.1 MB', `${call('1', 'x'.repeat(1_100_000))}`],
    ['1.1 MB without an end', 'x'.repeat(1_100_000)],
  ])('that sends %s is cut off, and nobody else', async (_what, message) => {
    const served = await serve();
    const client = await served.client();
    expect(await sendRaw(served.address, message)).toBe('');
    expect((await client.call('status', {})).mirrors).toHaveLength(1);
  });

  test.each(['drop', 'constructor', '__proto__', 'toString', 7, null])(
    'that calls %s is refused in words',
    async (name) => {
      const served = await serve();
      const answer = await ask(served.address, call('1', name));
      expect(JSON.parse(answer)).toMatchObject({
        t: 's',
        i: '1',
        r: { ok: false, error: { code: 'unknown-call' } },
      });
      expect(served.engine.received).toEqual([]);
    },
  );

  test('that sends a message in pieces, and several at once, is understood', async () => {
    const served = await serve();
    const socket = net.connect(served.address);
    onTestFinished(() => void socket.destroy());
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
    });
    const [first, second, third] = ['1', '2', '3'].map((id) => call(id, 'status'));
    socket.write(first?.slice(0, 10) ?? '');
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(`${first?.slice(10)}${second}${third}`);
    await vi.waitUntil(() => received.split('\n').length === 4);
    const ids = received
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).i);
    expect(ids.toSorted()).toEqual(['1', '2', '3']);
  });

  test('that does not read what it asks for is cut off before it fills the memory', async () => {
    const served = await serve();
    served.engine.rows = Array.from({ length: 500 }, (_, index) => row(`${'x'.repeat(3000)}${index}.jpg`));
    const socket = net.connect(served.address);
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    for (let id = 0; id < 60; id++) {
      socket.write(call(String(id), 'files', { mirrorId: doubleMirrorId, limit: 500 }));
    }
    await vi.waitUntil(() => served.engine.received.length >= 25, { timeout: 10_000 });
    // Only now: what was not read until then is too much.
    await vi.waitUntil(() => served.engine.subscriptions === 0, { timeout: 10_000 });
    socket.resume();
    await closed;
    expect((await (await served.client()).call('status', {})).mirrors).toHaveLength(1);
  });

  test('that opens connections without end leaves room for nobody, but does no other harm', async () => {
    const served = await serve();
    const client = await served.client();
    const sockets = Array.from({ length: 80 }, () => net.connect(served.address));
    for (const socket of sockets) socket.on('error', () => undefined);
    await vi.waitUntil(() => sockets.filter(({ closed }) => closed).length >= 80 - 63);
    expect((await client.call('status', {})).mirrors).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
    await vi.waitUntil(() => served.engine.subscriptions === Object.keys(engineEvents).length);
    expect((await (await served.client()).call('status', {})).mirrors).toHaveLength(1);
  });
});

onUnix('the place of the socket', () => {
  const modeOf = async (file: string) => (await fs.lstat(file)).mode & 0o777;

  test('is for its owner alone, however open the data folder is', async () => {
    const dataDir = await dataFolder();
    await fs.chmod(dataDir, 0o777);
    const served = await serve(dataDir);
    expect(served.address).toBe(path.join(dataDir, 'run', 'engine.sock'));
    expect(await modeOf(served.address)).toBe(0o600);
    expect(await modeOf(path.dirname(served.address))).toBe(0o700);
    expect(await modeOf(dataDir)).toBe(0o777);
  });

  test('is closed to others where its folder was open, and is not found while it is', async () => {
    const dataDir = await dataFolder();
    const run = path.join(dataDir, 'run');
    await fs.mkdir(run);
    await fs.chmod(run, 0o755);
    const served = await serve(dataDir);
    expect(await modeOf(run)).toBe(0o700);
    await fs.chmod(run, 0o770);
    expect(() => findSocketAddress(served.dataDir)).toThrow(/nobody else may enter/u);
  });

  test('is not made behind a link', async () => {
    const dataDir = await dataFolder();
    const elsewhere = await dataFolder('elsewhere');
    await fs.symlink(elsewhere, path.join(dataDir, 'run'));
    expect(await serveOnSocket(new EngineDouble(), dataDir, silentLog)).toBeNull();
    expect(await fs.readdir(elsewhere)).toEqual([]);
  });

  test('is a short path elsewhere when its own is too long for the system, and goes with it', async () => {
    const dataDir = await dataFolder(path.join('long'.repeat(20), 'longer'.repeat(20)));
    const served = await serve(dataDir);
    expect(Buffer.byteLength(served.address)).toBeLessThan(100);
    expect(path.dirname(path.dirname(served.address))).toBe(os.tmpdir());
    expect(await modeOf(path.dirname(served.address))).toBe(0o700);
    expect(await modeOf(served.address)).toBe(0o600);
    expect((await (await served.client()).call('status', {})).mirrors).toHaveLength(1);
    await served.socket.close();
    expect(await fs.readdir(path.join(dataDir, 'run'))).toEqual([]);
    await expect(fs.lstat(path.dirname(served.address))).rejects.toThrow(/ENOENT/u);
  });

  test('is not looked for where a note leads that we have not written', async () => {
    const dataDir = await dataFolder(path.join('long'.repeat(20), 'longer'.repeat(20)));
    await fs.mkdir(path.join(dataDir, 'run'), { mode: 0o700 });
    const note = path.join(dataDir, 'run', 'engine.path');
    const precious = path.join(await dataFolder('precious'), 'engine.sock');
    await fs.writeFile(precious, 'not ours');
    await fs.writeFile(note, precious);
    expect(findSocketAddress(dataDir)).toBeNull();
    const served = await serve(dataDir);
    expect(await fs.readFile(precious, 'utf8')).toBe('not ours');
    expect(served.address).not.toBe(precious);
  });

  test('is not believed when something else answers there', async () => {
    const address = path.join(await dataFolder(), 's');
    const server = net.createServer((socket) => socket.end('what?\n'));
    await new Promise<void>((resolve) => server.listen(address, resolve));
    onTestFinished(() => void server.close());
    expect(await connectToEngine(address, silentLog)).toBeNull();
  });

  test('is taken over from a process that has died', async () => {
    const dataDir = await dataFolder();
    const run = path.join(dataDir, 'run');
    await fs.mkdir(run, { mode: 0o700 });
    // A process that dies leaves its socket; so does a server that is closed behind Node's back.
    const dead = net.createServer();
    const place = path.join(run, 'dead.sock');
    await new Promise<void>((resolve) => dead.listen(place, resolve));
    await fs.rename(place, path.join(run, 'engine.sock'));
    await new Promise((resolve) => dead.close(resolve));
    expect(await connectToEngine(findSocketAddress(dataDir) ?? '', silentLog)).toBeNull();
    const served = await serve(dataDir);
    expect((await (await served.client()).call('status', {})).mirrors).toHaveLength(1);
  });
});
