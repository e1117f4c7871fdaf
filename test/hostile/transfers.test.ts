import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { surroundings } from '../crash/evidence.ts';
import { picture } from '../engine/pictures.ts';
import { fill, World } from '../engine/world.ts';
import { handled, refuse, startWireServer } from '../vi/wire-server.ts';
import { answerText, itemsOf, type Json, partOf, type Tamper, TamperingProxy } from './tampering-proxy.ts';

const down = { 'down-1.png': picture(1, 700), 'down-2.png': picture(2, 720) };
const up = { 'up-1.png': picture(3, 740), 'up-2.png': picture(4, 760) };
const all = { ...down, ...up };

async function scene() {
  const world = await World.make();
  const folder = await world.folder('deep/folder');
  await fill(folder, up);
  for (const [name, content] of Object.entries(down)) await world.putAsset(name, content);
  const proxy = await TamperingProxy.start(world);
  const elsewhere = await startWireServer((_request, response) => refuse(response, 404));
  world.closeLater(() => elsewhere.close());
  const around = await surroundings(world, folder);
  /** All is well in the end, whatever was before. */
  const expectAll = async () => {
    expect(await folder.list()).toEqual(Object.keys(all).sort());
    for (const [name, content] of Object.entries(all))
      expect(await folder.has(name, content), name).toBe(true);
    const assets = await world.assets();
    expect([...assets.keys()].sort()).toEqual(Object.keys(all).sort());
    for (const [name, content] of Object.entries(all))
      expect(assets.get(name)?.content.equals(content)).toBe(true);
    expect(await surroundings(world, folder)).toBe(around);
    expect((await fs.readdir(path.join(folder.root, '.vi-sync/tmp'))).length).toBe(0);
  };
  return { world, folder, proxy, elsewhere, expectAll };
}

/** Changes the signed URLs of the first file up, and of the first down. */
function resign(change: (contents: Json) => void): Tamper {
  return async ({ purpose, request, forward }) => {
    const json = await forward();
    if (purpose === 'asset' && json.filename === 'down-1.png' && request.query.get('contents') === 'y') {
      change(partOf(json, 'contents', 'asset'));
    }
    if (purpose === 'new-session') {
      const { assets } = partOf(json, 'status');
      for (const asset of Array.isArray(assets) ? assets : []) {
        if (partOf(asset, 'metadata').filename === 'up-1.png') change(partOf(asset, 'upload'));
      }
    }
    return json;
  };
}

describe('signed URLs', () => {
  test.for<[string, (contents: Json, elsewhere: string) => void]>([
    ['that are none', (contents) => Object.assign(contents, { url: 'nowhere' })],
    ['of a file', (contents) => Object.assign(contents, { url: 'file:///etc/passwd' })],
    ['of a script', (contents) => Object.assign(contents, { url: 'javascript:alert(1)' })],
    ['that are numbers', (contents) => Object.assign(contents, { url: 7 })],
    [
      'without end',
      (contents) => Object.assign(contents, { url: `${contents.url}&x=${'y'.repeat(1_000_000)}` }),
    ],
    [
      'that delete',
      (contents, elsewhere) => Object.assign(contents, { url: `${elsewhere}/x`, method: 'DELETE' }),
    ],
    ['of a tunnel', (contents) => Object.assign(contents, { method: 'CONNECT' })],
    [
      'with a method that is none',
      (contents) => Object.assign(contents, { method: 'GET / HTTP/1.1\r\nx: y' }),
    ],
    [
      'with a header that breaks the line',
      (contents) => Object.assign(contents, { headers: { a: 'b\r\nc: d' } }),
    ],
    ['with a header of no name', (contents) => Object.assign(contents, { headers: { 'a b': 'c' } })],
    [
      'of a host that knows nothing',
      (contents, elsewhere) => Object.assign(contents, { url: `${elsewhere}/x` }),
    ],
  ])('%s: said in words, and the others are transferred', async ([, change]) => {
    const { world, folder, proxy, elsewhere, expectAll } = await scene();
    proxy.tamper = resign((contents) => change(contents, elsewhere.origin));
    const mirror = await proxy.mirror(world, folder);
    await mirror.until(({ counts }) => counts['in-sync'] === 2 && counts.problem === 2, 'the others');
    for (const { problem, path: name } of await mirror.files('problem')) {
      expect(name).toMatch(/-1\.png$/);
      for (const words of [problem?.title, problem?.detail, problem?.suggestion]) {
        expect(words ?? '').not.toBe('');
        expect(words?.length).toBeLessThan(1000);
        expect(words).not.toMatch(/\p{Cc}/u);
      }
    }
    for (const { headers, method } of elsewhere.requests) {
      expect(headers.authorization).toBeUndefined();
      expect(['GET', 'PUT']).toContain(method);
    }
    proxy.tamper = null;
    await mirror.sync();
    await expectAll();
  });

  test('that redirect: followed down, without the key, and not up', async () => {
    const { world, folder, proxy, elsewhere, expectAll } = await scene();
    elsewhere.answer = (request, response) => {
      if (request.path === '/loop') return answerText(response, '', { location: '/loop' }, 302);
      return answerText(response, 'not an image');
    };
    const redirecting = await startWireServer((_request, response) =>
      answerText(response, '', { location: `${elsewhere.origin}/loop` }, 307),
    );
    world.closeLater(() => redirecting.close());
    proxy.tamper = resign((contents) => Object.assign(contents, { url: `${redirecting.origin}/x` }));
    const mirror = await proxy.mirror(world, folder);
    await mirror.until(({ counts }) => counts['in-sync'] === 2 && counts.problem === 2, 'the others');
    expect(elsewhere.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    for (const { headers } of elsewhere.requests) expect(headers.authorization).toBeUndefined();
    proxy.tamper = null;
    await mirror.sync();
    await expectAll();
  });

  test('whose bytes come one at a time are given up, and the others come', async () => {
    const { world, folder, proxy, elsewhere, expectAll } = await scene();
    elsewhere.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': String(down['down-1.png'].length) });
      const timer = setInterval(() => response.write('x'), 40);
      response.on('close', () => clearInterval(timer));
      return handled;
    };
    proxy.tamper = async (call) => {
      if (call.purpose !== 'asset') return call.forward();
      return resign((contents) => Object.assign(contents, { url: `${elsewhere.origin}/x` }))(call);
    };
    const mirror = await proxy.mirror(world, folder, { client: { timeouts: { idleMs: 400 } } });
    await mirror.until(
      async () => (await mirror.states())['down-1.png'] === 'problem: Timeout',
      'a word about it',
    );
    await mirror.until(({ counts }) => counts['in-sync'] === 3, 'the others');
    proxy.tamper = null;
    await mirror.sync();
    await expectAll();
  });
});

describe('a new session', () => {
  test.for<[string, Tamper]>([
    ['garbage', ({ response }) => answerText(response, '<html>')],
    ['an object without an ID', () => ({ status: {} })],
    [
      'an ID that is none',
      async ({ forward }) => ({ ...(await forward()), assetIngestionSessionId: '../..' }),
    ],
    ['that it is not allowed', ({ response }) => refuse(response, 403, { message: 'read only' })],
    ['that it has a problem', ({ response }) => refuse(response, 500)],
    [
      'no answer',
      ({ request, response }) => {
        expect(request.method).toBe('POST');
        response.destroy();
        return handled;
      },
    ],
    [
      'nowhere to send the files to',
      async ({ forward }) => {
        const json = await forward();
        partOf(json, 'status').assets = 'none';
        return json;
      },
    ],
  ])('that is answered with %s: the files say so, and are tried again', async ([, tamper]) => {
    const { world, folder, proxy, expectAll } = await scene();
    proxy.tamper = (call) => (call.purpose === 'new-session' ? tamper(call) : call.forward());
    const mirror = await proxy.mirror(world, folder);
    await mirror.until(({ counts }) => counts['in-sync'] === 2 && counts.problem === 2, 'a word about both');
    for (const { problem } of await mirror.files('problem')) {
      expect(problem?.detail).toMatch(/up-\d\.png/);
      expect(problem?.suggestion).not.toBe('');
    }
    const { length } = proxy.wire.requests.filter(({ method }) => method === 'POST');
    expect(length).toBeLessThanOrEqual(2 * 3);
    proxy.tamper = null;
    await mirror.sync();
    await expectAll();
  });
});

describe('how a session goes', () => {
  test.for<[string, Tamper]>([
    ['garbage', ({ response }) => answerText(response, 'oops')],
    ['an empty object', () => ({})],
    [
      'that it is done, before it is',
      async ({ forward }) => {
        const json = await forward();
        const status = partOf(json, 'status');
        status.conditions = [{ condition: 'Finished', status: 'Reached', lastTransitionTime: 1e300 }];
        status.progressCount = { total: -1, succeeded: 1e300, errored: 0.5 };
        return json;
      },
    ],
    [
      'codes of all kinds for files that nobody knows',
      async ({ forward }) => {
        const json = await forward();
        const files = {
          constructor: 'toString',
          ['__proto__']: 'x',
          'other.png': '__proto__',
          '': 'y'.repeat(100_000),
        };
        partOf(json, 'status').events = [{ kind: 'Error', files, time: 'now' }];
        return json;
      },
    ],
  ])('that is answered with %s: what is listed is in sync', async ([, tamper]) => {
    const { world, folder, proxy, expectAll } = await scene();
    proxy.tamper = (call) => (call.purpose === 'session' ? tamper(call) : call.forward());
    const mirror = await proxy.mirror(world, folder);
    await mirror.until(({ counts }) => counts['in-sync'] === 4, 'all of them');
    await expectAll();
    expect(world.sandbox.requests.upload).toBe(2);
    proxy.tamper = null;
    expect((await mirror.sync()).phase).toBe('in-sync');
  });

  test('a code that is no code is told as words, and does not become the retry of anything', async () => {
    const { world, folder, proxy, expectAll } = await scene();
    proxy.tamper = async ({ purpose, forward }) => {
      const json = await forward();
      if (purpose === 'session') {
        const files = { 'up-1.png': 'constructor', 'up-2.png': `\u202e\n${'E'.repeat(5000)}` };
        partOf(json, 'status').events = [{ kind: 'Error', files }];
      }
      // The service has them, and does not show them before the session is over.
      if (purpose === 'listing') {
        const { items } = json;
        json.items = Array.isArray(items)
          ? items.filter(({ filename }) => !String(filename).startsWith('up'))
          : [];
      }
      return json;
    };
    const mirror = await proxy.mirror(world, folder);
    await mirror.until(({ counts }) => counts.problem === 2, 'both problems');
    for (const { problem } of await mirror.files('problem')) {
      expect(problem?.title).toBe('Not taken by the service');
      expect(problem?.detail.length).toBeLessThan(500);
      expect(problem?.detail).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    proxy.tamper = null;
    await mirror.sync();
    await mirror.until(({ counts }) => counts['in-sync'] === 4, 'all of them');
    await expectAll();
  });
});

test.for<[string, Tamper]>([
  ['garbage', ({ response }) => answerText(response, 'oops')],
  ['a fault', ({ response }) => refuse(response, 500)],
  ['that it is another one', async ({ forward }) => ({ ...(await forward()), assetId: 'other' })],
])('an asset that is told of with %s, when it is to be overwritten, stops no others', async ([, tamper]) => {
  const { world, folder, proxy } = await scene();
  const mirror = await proxy.mirror(world, folder);
  await mirror.sync();
  const before = (await world.assets()).get('up-1.png');
  proxy.tamper = (call) =>
    call.purpose === 'asset' && call.request.path.endsWith(`/${before?.assetId}`)
      ? tamper(call)
      : call.forward();
  const edited = { 'up-1.png': picture(50, 800), 'up-2.png': picture(51, 820) };
  await fill(folder, edited);
  const isThere = async (name: keyof typeof edited) =>
    (await world.assets()).get(name)?.content.equals(edited[name]) === true;
  await mirror.until(() => isThere('up-2.png'), 'the other one');
  proxy.tamper = null;
  await mirror.sync();
  expect(await isThere('up-1.png')).toBe(true);
  expect((await mirror.status()).phase).toBe('in-sync');
});

test('an answer about another asset deletes nothing', async () => {
  const { world, folder, proxy } = await scene();
  const mirror = await proxy.mirror(world, folder, { given: { settings: { deletePolicy: 'propagate' } } });
  await mirror.sync();
  const [one, other] = ['down-1.png', 'down-2.png'];
  const assets = await world.assets();
  world.sandbox.annotate(world.datasetId, 'down-1.png', { cat: 3 });
  let isMixed = true;
  proxy.tamper = async ({ purpose, request, forward }) => {
    const json = await forward();
    // Nobody has told of the annotations yet.
    if (purpose === 'listing' && isMixed) {
      for (const asset of itemsOf(json)) {
        if (asset.filename === one) partOf(asset, 'metadata').annotations = { total: 0, withTag: {} };
      }
    }
    if (purpose === 'asset' && isMixed && request.path.endsWith(`/${assets.get(one)?.assetId}`)) {
      return {
        ...json,
        assetId: assets.get(other)?.assetId,
        metadata: { ...partOf(json, 'metadata'), annotations: { total: 0, withTag: {} } },
      };
    }
    return json;
  };
  await fs.rm(path.join(folder.root, one));
  await mirror.until(({ counts }) => counts.problem === 1, 'a word about it');
  expect([...(await world.assets()).keys()]).toContain(one);
  isMixed = false;
  await mirror.sync();
  expect([...(await world.assets()).keys()]).toContain(one);
  expect((await mirror.file(one)).state).toBe('held');
});
