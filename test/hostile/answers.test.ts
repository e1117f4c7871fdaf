import { expect, test } from 'vitest';
import { fill, pictures, World } from '../engine/world.ts';
import { handled, startWireServer } from '../vi/wire-server.ts';
import { answerText, type Call, type Purpose, type Tamper, TamperingProxy } from './tampering-proxy.ts';

const html = '<!doctype html><html><body>Please log in</body></html>';

/** What comes in place of an answer. */
const garbage: Readonly<Record<string, (call: Call) => unknown>> = {
  'no JSON': ({ response }) => answerText(response, 'oops'),
  'half of the JSON': async ({ forward, response }) => {
    const text = JSON.stringify(await forward());
    return answerText(response, text.slice(0, text.length / 2));
  },
  'a web page': ({ response }) => answerText(response, html, { 'content-type': 'text/html' }),
  nothing: ({ response }) => answerText(response, ''),
  null: ({ response }) => answerText(response, 'null'),
  'a number': ({ response }) => answerText(response, '1e999'),
  'an empty object': () => ({}),
  'an object whose parts are something else': () => ({
    items: { length: 5 },
    assetId: [],
    datasetId: 7,
    nextPage: {},
    statistic: 'all',
    status: 3,
  }),
  'JSON that is nested without end': ({ response }) =>
    answerText(response, `${'{"items":['.repeat(100_000)}${']}'.repeat(100_000)}`),
  'bytes that are no text': ({ response }) => answerText(response, Buffer.alloc(5000, 0xff)),
  'bytes that claim to be compressed': ({ response }) =>
    answerText(response, 'not gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
  'an answer that breaks off': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write('{"items":[');
    setTimeout(() => response.destroy(), 20);
    return handled;
  },
  'an unheard-of status with pages of words': ({ response }) =>
    answerText(response, JSON.stringify({ message: 'no '.repeat(100_000) }), undefined, 451),
};

async function twoSides() {
  const world = await World.make();
  const folder = await world.folder();
  const { 'here.png': here, 'there.png': there } = pictures('here.png', 'there.png');
  await fill(folder, { 'here.png': here ?? Buffer.alloc(0) });
  await world.putAsset('there.png', there ?? Buffer.alloc(0));
  const proxy = await TamperingProxy.start(world);
  return { world, folder, proxy };
}

function insteadOf(purposes: readonly Purpose[], answer: Tamper): Tamper {
  return (call) => (purposes.includes(call.purpose) ? answer(call) : call.forward());
}

/** Words that can be shown: some, and not too many. */
function expectWords(
  problem: { title: string; detail: string; suggestion: string } | null | undefined,
): void {
  for (const words of [problem?.title, problem?.detail, problem?.suggestion]) {
    expect(words ?? '').not.toBe('');
    expect(words?.length).toBeLessThan(1000);
    expect(words).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  }
}

test.for(Object.keys(garbage))(
  '%s in place of any answer: said in words, and gone on with later',
  async (kind) => {
    const { world, folder, proxy } = await twoSides();
    const answer = garbage[kind] ?? (() => ({}));
    for (const purpose of ['dataset', 'listing'] as const) {
      proxy.tamper = insteadOf([purpose], answer);
      const mirror = await proxy.mirror(world, folder, { dataDir: `data-${purpose}` });
      // Half a dataset, or an empty one, may do: nothing of it is needed but its ID.
      await mirror.until(async (status) => {
        if (status.phase === 'in-sync') return true;
        return status.problem !== null;
      }, 'a word about it');
      const { problem, phase } = await mirror.status();
      expect(problem?.code).not.toBe('internal-error');
      if (phase !== 'in-sync') expectWords(problem);
      expect(await folder.list()).toContain('here.png');
      proxy.tamper = null;
      await mirror.sync();
      expect(await mirror.status()).toMatchObject({ phase: 'in-sync', problem: null });
      expect(await folder.list()).toEqual(['here.png', 'there.png']);
      expect([...(await world.assets()).keys()].sort()).toEqual(['here.png', 'there.png']);
      await mirror.engine.close();
    }
    expect(world.sandbox.requests.upload).toBe(1);
  },
);

test('another host that is redirected to is never asked, and never sees the key', async () => {
  const { world, folder, proxy } = await twoSides();
  const elsewhere = await startWireServer(() => ({ items: [] }));
  world.closeLater(() => elsewhere.close());
  const mirror = await proxy.mirror(world, folder);
  await mirror.sync();
  for (const status of [301, 302, 303, 307, 308]) {
    proxy.tamper = ({ response, request }) =>
      answerText(response, '', { location: `${elsewhere.origin}${request.path}` }, status);
    await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
    await mirror.until(({ problem }) => problem?.code === 'UnexpectedRedirect', 'a word about it');
    expectWords((await mirror.status()).problem);
    proxy.tamper = null;
    await mirror.sync();
    expect((await mirror.status()).phase).toBe('in-sync');
  }
  expect(elsewhere.requests).toEqual([]);
});

test('an answer that comes a byte at a time is not waited for', async () => {
  const { world, folder, proxy } = await twoSides();
  let open = 0;
  proxy.tamper = ({ response }) => {
    open += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 40);
    response.on('close', () => {
      clearInterval(timer);
      open -= 1;
    });
    return handled;
  };
  const mirror = await proxy.mirror(world, folder, {
    // Longer than a busy computer keeps a byte waiting.
    client: { timeouts: { idleMs: 1500 }, retry: { tries: 1 } },
  });
  await mirror.until(({ problem }) => problem?.code === 'Timeout', 'a word about it');
  expectWords((await mirror.status()).problem);
  await mirror.until(() => open <= 1, 'the end of those that were given up');
  proxy.tamper = null;
  await mirror.sync();
  expect((await mirror.status()).phase).toBe('in-sync');
});

test('a service that says to wait for a year is asked again within the hour, and at once when a person wants it', async () => {
  const { world, folder, proxy } = await twoSides();
  const mirror = await proxy.mirror(world, folder, { client: { retry: { mostRetryAfterMs: 100 } } });
  await mirror.sync();
  for (const wait of [
    `${365 * 86_400}`,
    '9'.repeat(400),
    'Fri, 31 Dec 9999 23:59:59 GMT',
    '-5',
    'soon',
    '1e9',
  ]) {
    proxy.tamper = ({ response }) => answerText(response, '{}', { 'retry-after': wait }, 503);
    await mirror.engine.call('syncNow', { mirrorId: mirror.mirrorId });
    await mirror.until(({ phase }) => phase === 'offline', 'the outage');
    expectWords((await mirror.status()).problem);
    proxy.tamper = null;
    await mirror.sync();
    expect((await mirror.status()).phase).toBe('in-sync');
  }
});
