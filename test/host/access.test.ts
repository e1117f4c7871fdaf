import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Access } from '../../app/host/access.ts';
import { startHost } from '../../app/host/host.ts';
import { EngineDouble } from './engine-double.ts';
import { type HostFixture, hostFixture } from './host-fixture.ts';

let fixture: HostFixture;
beforeAll(async () => {
  fixture = await hostFixture();
});
afterAll(() => fixture.close());

/** The status with which the host answers an upgrade: 101 when it opens the socket. */
function upgrade(headers: Record<string, string>, path = '/engine'): Promise<number> {
  const { port } = fixture.host;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('error', reject);
  });
}

describe('the token', () => {
  it('is exchanged for a cookie that scripts and other sites do not get, and leaves the address', async () => {
    const { host } = fixture;
    const answer = await fixture.request(`/?token=${new URL(host.url).searchParams.get('token')}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^vi-sync-${host.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      ),
    ]);
    expect(answer.headers['set-cookie']?.[0]).not.toContain(new URL(host.url).searchParams.get('token'));
  });

  it.each(['', 'wrong', 'A'.repeat(43)])('is refused when it is “%s”', async (token) => {
    const answer = await fixture.request(`/?token=${token}`, { cookie: fixture.cookie });
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).toContain('earlier start');
  });

  it('is new at each start', async () => {
    const other = await hostFixture();
    expect(new URL(other.host.url).searchParams.get('token')).not.toBe(
      new URL(fixture.host.url).searchParams.get('token'),
    );
    await other.close();
  });

  it('of a browser’s start works once', async () => {
    const url = new URL(fixture.host.launchUrl());
    expect((await fixture.request(url.pathname + url.search)).status).toBe(303);
    expect((await fixture.request(url.pathname + url.search)).status).toBe(401);
  });

  it('of a browser’s start ends after a minute', () => {
    let now = 0;
    const access = new Access(new Uint8Array(32), () => now);
    const [early, late] = [access.launchToken(), access.launchToken()];
    now = 59_000;
    expect(access.checkToken(early)).toBeNull();
    now = 60_000;
    expect(access.checkToken(late)).toBe('wrong-token');
  });
});

describe('a request', () => {
  it('with the cookie gets the page', async () => {
    const answer = await fixture.request('/', { cookie: fixture.cookie });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<title>page</title>');
  });

  it.each(['/', '/index.html', '/assets/index-abc.js', '/session', '/nothing'])(
    'without the cookie gets nothing of %s',
    async (path) => {
      const answer = await fixture.request(path);
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('the address that Vi Sync printed');
      expect(answer.body).not.toContain('<title>page</title>');
    },
  );

  it('with a forged cookie, or one of another port, is refused', async () => {
    const [name, value] = fixture.cookie.split('=');
    const wrong = [`${name}=${'A'.repeat(43)}`, `vi-sync-1=${value}`, `${name}=`, `x${name}=${value}`];
    for (const cookie of wrong) expect((await fixture.request('/', { cookie })).status).toBe(401);
  });

  it.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example', '127.0.0.1.evil.example'])(
    'for the host “%s” is refused (DNS rebinding)',
    async (host) => {
      const { cookie } = fixture;
      const spelled = host.replace('evil.example', `evil.example:${fixture.host.port}`);
      expect((await fixture.request('/', { cookie, host: spelled })).status).toBe(403);
      const token = new URL(fixture.host.url).search;
      const answer = await fixture.request(`/${token}`, { host: spelled });
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it('as localhost is answered', async () => {
    const { cookie } = fixture;
    expect((await fixture.request('/', { cookie, host: `localhost:${fixture.host.port}` })).status).toBe(200);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])(
    'from the origin “%s” is refused',
    async (origin) => {
      const answer = await fixture.request('/', { cookie: fixture.cookie, origin });
      expect(answer.status).toBe(403);
      expect(answer.body).toContain('other sites');
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('by %s is refused', async (method) => {
    expect((await fixture.request('/', { cookie: fixture.cookie }, method)).status).toBe(405);
  });

  it('gets no other host’s permission by CORS', async () => {
    const answer = await fixture.request('/', { cookie: fixture.cookie });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('a path', () => {
  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/%00',
    '/assets/%c0%ae%c0%ae/secret.txt',
    '/assets/',
    '/assets',
    '/.hidden',
    '/%',
  ])('%s serves no file', async (path) => {
    const answer = await fixture.request(path, { cookie: fixture.cookie });
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toMatch(/secret|hidden|index-abc/);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('the headers', () => {
  it.each([
    ['the page', '/', true],
    ['a script', '/assets/index-abc.js', true],
    ['a missing file', '/nothing', true],
    ['a malformed address', '/%', true],
    ['a refusal', '/', false],
  ])('of %s are strict', async (_name, path, signedIn) => {
    const { headers } = await fixture.request(path, signedIn ? { cookie: fixture.cookie } : {});
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`ws://127.0.0.1:${fixture.host.port}`);
    expect(policy).not.toContain('unsafe-');
    expect(policy).not.toContain('*');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  });

  it('keep the page out of caches, and let named files stay in them', async () => {
    const { cookie } = fixture;
    expect((await fixture.request('/', { cookie })).headers['cache-control']).toBe('no-store');
    expect((await fixture.request('/assets/index-abc.js', { cookie })).headers['cache-control']).toContain(
      'immutable',
    );
  });
});

describe('a WebSocket', () => {
  const own = () => ({
    cookie: fixture.cookie,
    origin: `http://127.0.0.1:${fixture.host.port}`,
  });

  it('of the page is opened', async () => {
    expect(await upgrade(own())).toBe(101);
  });

  it('without the cookie is refused', async () => {
    expect(await upgrade({ origin: own().origin })).toBe(401);
  });

  it.each(['https://evil.example', 'http://127.0.0.1:1', 'http://localhost', 'null'])(
    'from “%s” is refused even with the cookie (cross-site WebSocket)',
    async (origin) => {
      expect(await upgrade({ ...own(), origin })).toBe(403);
    },
  );

  it('without an origin is refused: no browser opens one so', async () => {
    expect(await upgrade({ cookie: fixture.cookie })).toBe(403);
  });

  it('for another host is refused (DNS rebinding)', async () => {
    const host = `evil.example:${fixture.host.port}`;
    expect(await upgrade({ ...own(), host, origin: `http://${host}` })).toBe(403);
  });

  it('at another path is refused', async () => {
    expect(await upgrade(own(), '/')).toBe(404);
    expect(await upgrade(own(), '/engine/')).toBe(404);
  });
});

describe('the start', () => {
  it('names the missing build and what to do', async () => {
    await expect(startHost({ app: new EngineDouble(), rendererDir: '/nowhere' })).rejects.toMatchObject({
      code: 'renderer-missing',
      problem: { suggestion: expect.stringContaining('npm run build') },
    });
  });

  it('names a port that is taken', async () => {
    await expect(hostFixture({ port: fixture.host.port })).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(String(fixture.host.port)),
    });
  });
});
