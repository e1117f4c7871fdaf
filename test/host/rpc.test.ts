import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type EventPayload, events } from '../../app/contract.ts';
import { serveEngine } from '../../app/host/rpc.ts';
import { silentLog } from '../../app/log.ts';
import { CallFailed, ConnectionLost } from '../../renderer/engine/remote-engine.ts';
import { doubleMirrorId, EngineDouble, row } from './engine-double.ts';
import { type Front, openFront } from './front-fixture.ts';
import { type HostFixture, hostFixture } from './host-fixture.ts';

let fixture: HostFixture;
let front: Front;
beforeEach(async () => {
  fixture = await hostFixture({
    engine: new EngineDouble([row('a.jpg'), row('train/b.png', { state: 'problem' })]),
  });
  front = await openFront(fixture);
});
afterEach(async () => {
  front.engine.close();
  await fixture.close();
});

const eventCount = Object.keys(events).length;
const secretKey = `dtvi_${'k'.repeat(98)}`;

/** A WebSocket of the page, for what the page's own code would never send. */
async function rawSocket(): Promise<{ socket: WebSocket; next: () => Promise<unknown> }> {
  const { port } = fixture.host;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/engine`, {
    headers: { cookie: fixture.cookie, origin: `http://127.0.0.1:${port}` },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const next = () =>
    new Promise<unknown>((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))));
  return { socket, next };
}
const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', (code) => resolve(code)));

describe('a call', () => {
  it('reaches the engine with its arguments parsed, and its answer comes back', async () => {
    const answer = await front.engine.call('files', { mirrorId: doubleMirrorId, state: 'problem' });
    expect(answer.total).toBe(1);
    expect(answer.items[0]?.path).toBe('train/b.png');
    expect(fixture.engine.received).toEqual([
      {
        name: 'files',
        args: {
          mirrorId: doubleMirrorId,
          state: 'problem',
          sort: 'path',
          descending: false,
          offset: 0,
          limit: 100,
        },
      },
    ]);
  });

  it.each([
    ['a limit that is too high', { mirrorId: 'm', limit: 501 }],
    ['a state that does not exist', { mirrorId: 'm', state: 'lost' }],
    ['a missing mirror', {}],
    ['no object', 'm'],
    ['nothing', undefined],
  ])('with %s is refused before the engine sees it', async (_name, args) => {
    const call = front.engine.call('files', args as never);
    await expect(call).rejects.toMatchObject({ problem: { code: 'invalid-arguments' } });
    expect(fixture.engine.received).toEqual([]);
  });

  it.each(['drop', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'of a name outside the contract (%s) is refused',
    async (name) => {
      await expect(front.engine.call(name as never, {} as never)).rejects.toMatchObject({
        problem: { code: 'unknown-call' },
      });
      expect(fixture.engine.received).toEqual([]);
    },
  );

  it('that fails crosses as data with the words of its error, and without a secret', async () => {
    fixture.engine.failures.set(
      'syncNow',
      Object.assign(new Error(`The key ${secretKey} was refused.`), {
        code: 'AuthenticationFailed',
        suggestion: 'Log in.',
      }),
    );
    const failure = await front.engine.call('syncNow', { mirrorId: 'm' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CallFailed);
    expect((failure as CallFailed).problem).toEqual({
      code: 'AuthenticationFailed',
      title: 'That did not work',
      detail: 'The key [secret key] was refused.',
      suggestion: 'Log in.',
      facts: { message: 'The key [secret key] was refused.' },
    });
  });

  it.each([
    ['a bare error', new Error('disk is full'), { code: 'internal', detail: 'disk is full' }],
    ['a text', 'odd', { code: 'internal', detail: 'odd' }],
    [
      'an error that carries a problem',
      Object.assign(new Error('x'), {
        problem: {
          code: 'c',
          title: `t ${secretKey}`,
          detail: `d ${secretKey}`,
          suggestion: `s ${secretKey}`,
        },
      }),
      { code: 'c', title: 't [secret key]', detail: 'd [secret key]', suggestion: 's [secret key]' },
    ],
  ])('that fails with %s is told in words', async (_name, thrown, told) => {
    fixture.engine.failures.set('status', thrown);
    await expect(front.engine.call('status', {})).rejects.toMatchObject({ problem: told });
  });

  it('without a connection fails at once and says so', async () => {
    await fixture.host.close();
    await front.until('lost');
    await expect(front.engine.call('status', {})).rejects.toBeInstanceOf(ConnectionLost);
  });

  it('under way when the connection ends fails instead of hanging', async () => {
    fixture.engine.delayMs = 60_000;
    const call = front.engine.call('status', {});
    const failed = expect(call).rejects.toBeInstanceOf(ConnectionLost);
    await vi.waitUntil(() => fixture.engine.received.length > 0);
    await fixture.host.close();
    await failed;
  });
});

describe('a message of another form', () => {
  it.each([
    ['no JSON', 'hello', 1007],
    ['another JSON', '{"t":"x"}', 1008],
    ['a list', '[]', 1008],
    ['null', 'null', 1008],
    ['a function that is not offered', '{"t":"q","i":"1","m":"constructor","a":[]}', 1008],
    ['a function of the object’s prototype', '{"t":"q","i":"1","m":"__proto__","a":[]}', 1008],
    ['too many arguments', '{"t":"q","i":"1","m":"call","a":["status",{},1]}', 1008],
    ['a message of 1.1 MB', JSON.stringify({ t: 'q', i: '1', m: 'call', a: ['x'.repeat(1_100_000)] }), 1009],
  ])('(%s) ends that connection, and no other', async (_name, message, code) => {
    const { socket } = await rawSocket();
    const closed = closeCode(socket);
    socket.send(message);
    expect(await closed).toBe(code);
    expect((await front.engine.call('status', {})).mirrors).toHaveLength(1);
  });

  it('(bytes instead of text) ends it too', async () => {
    const { socket } = await rawSocket();
    const closed = closeCode(socket);
    socket.send(Buffer.from('{"t":"q","i":"1","m":"call","a":["status",{}]}'));
    expect(await closed).toBe(1007);
  });

  it('an answer to a question that nobody asked does nothing', async () => {
    const { socket, next } = await rawSocket();
    socket.send('{"t":"s","i":"never","r":1}');
    const answer = next();
    socket.send('{"t":"q","i":"1","m":"call","a":["status",{}]}');
    expect(await answer).toMatchObject({ t: 's', i: '1', r: { ok: true } });
    socket.close();
  });
});

describe('events', () => {
  it('arrive with their payload, on every open page, until the page unsubscribes', async () => {
    const second = await openFront(fixture);
    const seen: [string, EventPayload<'activityAdded'>][] = [];
    const end = front.engine.on('activityAdded', (activity) => seen.push(['first', activity]));
    second.engine.on('activityAdded', (activity) => seen.push(['second', activity]));
    fixture.engine.add({ at: 1, kind: 'uploaded', path: 'a.jpg', message: 'Uploaded a.jpg' });
    await vi.waitUntil(() => seen.length === 2);
    expect(new Set(seen.map(([who]) => who))).toEqual(new Set(['first', 'second']));
    expect(seen[0]?.[1]).toEqual(fixture.engine.activities[0]);
    end();
    fixture.engine.add({ at: 2, kind: 'uploaded', path: 'b.jpg', message: 'Uploaded b.jpg' });
    await vi.waitUntil(() => seen.length === 3);
    expect(seen[2]?.[0]).toBe('second');
    second.engine.close();
  });

  it('are merged for a page that does not answer, and the last state arrives', async () => {
    const { socket, next } = await rawSocket();
    const first = next();
    fixture.engine.changed();
    expect(await first).toMatchObject({ t: 'q', m: 'events' });
    // This page takes its time. Others go on meanwhile.
    const frames: unknown[] = [];
    socket.on('message', (data) => frames.push(JSON.parse(String(data))));
    const counts: number[] = [];
    front.engine.on('mirrorChanged', (status) => counts.push(status.fileTotal));
    for (let total = 3; total <= 40; total++) {
      fixture.engine.rows.push(row(`more/${total}.jpg`));
      fixture.engine.changed();
      if (total % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 120));
    }
    await vi.waitUntil(() => counts.at(-1) === 40);
    expect(frames).toEqual([]);
    const second = next();
    socket.send(JSON.stringify({ t: 's', i: ((await first) as { i: string }).i }));
    const batch = ((await second) as { a: [{ name: string; payload: { fileTotal?: number } }[]] }).a[0];
    expect(batch.map(({ name }) => name).toSorted()).toEqual(['filesChanged', 'mirrorChanged']);
    expect(batch.find(({ name }) => name === 'mirrorChanged')?.payload.fileTotal).toBe(40);
    socket.close();
  });

  it('leave nothing behind in the engine when a page goes', async () => {
    expect(fixture.engine.subscriptions).toBe(eventCount);
    const second = await openFront(fixture);
    expect(fixture.engine.subscriptions).toBe(2 * eventCount);
    second.engine.close();
    await vi.waitUntil(() => fixture.engine.subscriptions === eventCount);
    await fixture.host.close();
    expect(fixture.engine.subscriptions).toBe(0);
  });
});

describe('an engine served over any port', () => {
  it('answers over a MessagePort as it does over a WebSocket', async () => {
    const { port1, port2 } = new MessageChannel();
    const stop = serveEngine(
      fixture.engine,
      {
        post: (message) => port1.postMessage(message),
        onMessage: (listener) => {
          port1.onmessage = (event) => listener(event.data);
          return () => port1.close();
        },
        onClose: () => () => undefined,
        close: () => port1.close(),
      },
      silentLog,
    );
    const answer = new Promise((resolve) => {
      port2.onmessage = (event) => resolve(event.data);
    });
    port2.postMessage({ t: 'q', i: '7', m: 'call', a: ['status', {}] });
    expect(await answer).toMatchObject({
      t: 's',
      i: '7',
      r: { ok: true, result: { mirrors: [{ fileTotal: 2 }] } },
    });
    stop();
    expect(fixture.engine.subscriptions).toBe(eventCount);
  });
});
