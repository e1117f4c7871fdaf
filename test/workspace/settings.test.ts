import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { applyNetworkSettings } from '../../app/workspace/network-settings.ts';
import { Workspace } from '../../app/workspace/workspace.ts';
import { refusalOf, type WorkspaceWorld, workspaceWorld } from './workspace-world.ts';

const file = ({ dataDir }: WorkspaceWorld) => path.join(dataDir, 'app-settings.json');

/** The workspace of the next start. */
async function restart(world: WorkspaceWorld): Promise<Workspace> {
  const next = await Workspace.open({ ...world });
  onTestFinished(() => next.close());
  return next;
}

/** A certificate of an authority of its own, as an administrator hands it out. */
async function authority(dir: string): Promise<string> {
  const pem = path.join(dir, 'authority.pem');
  await promisify(execFile)('openssl', [
    ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test'.split(' '),
    ...['-keyout', path.join(dir, 'key.pem'), '-out', pem],
  ]);
  return pem;
}

describe('settings of the app', () => {
  test('have defaults, are changed one by one, told, and kept over a restart', async () => {
    const world = await workspaceWorld();
    const { app } = world;
    const heard: unknown[] = [];
    app.on('appSettingsChanged', (settings) => heard.push(settings));
    expect(await app.call('appSettings', {})).toMatchObject({ theme: 'system', language: null, proxy: null });
    const dark = await app.call('changeAppSettings', { theme: 'dark' });
    const both = await app.call('changeAppSettings', { language: 'de' });
    expect(heard).toEqual([dark, both]);
    expect(both).toMatchObject({ theme: 'dark', language: 'de' });
    const next = await restart(world);
    expect(await next.call('appSettings', {})).toEqual(both);
    expect((await next.call('about', {})).problems).toEqual([]);
  });

  test('changed at the same moment are all kept', async () => {
    const world = await workspaceWorld();
    await Promise.all([
      world.app.call('changeAppSettings', { theme: 'light' }),
      world.app.call('changeAppSettings', { language: 'en' }),
      world.app.call('changeAppSettings', {
        notifications: { holds: false, finished: true, problems: false },
      }),
    ]);
    expect(await (await restart(world)).call('appSettings', {})).toMatchObject({
      theme: 'light',
      language: 'en',
      notifications: { holds: false, finished: true, problems: false },
    });
  });

  test.each([
    ['cut off in the middle', '{"theme":"dark","lang', { theme: 'system', language: null }],
    ['with a value that makes no sense', '{"theme":"dark","language":5}', { theme: 'dark', language: null }],
    ['that is no object', '[1]', { theme: 'system' }],
  ])(
    'in a file %s are set aside, told in words, and what can be understood is kept',
    async (_what, text, kept) => {
      const world = await workspaceWorld();
      await fs.writeFile(file(world), text);
      const next = await restart(world);
      expect(await next.call('appSettings', {})).toMatchObject(kept);
      const { problems } = await next.call('about', {});
      expect(problems).toMatchObject([{ code: 'app-settings-damaged' }]);
      const aside = (await fs.readdir(world.dataDir)).find((name) =>
        name.startsWith('app-settings.damaged-'),
      );
      expect(await fs.readFile(path.join(world.dataDir, aside ?? ''), 'utf8')).toBe(text);
      expect(problems[0]?.detail).toContain(aside);
      expect((await (await restart(world)).call('about', {})).problems).toEqual([]);
    },
  );

  test('that can’t be written are refused in words, and nothing has changed', async () => {
    const world = await workspaceWorld();
    await fs.rm(file(world), { force: true });
    await fs.mkdir(file(world));
    expect((await refusalOf(world.app.call('changeAppSettings', { theme: 'dark' }))).code).toBe(
      'app-settings-unusable',
    );
    expect(await world.app.call('appSettings', {})).toMatchObject({ theme: 'system' });
    expect((await fs.readdir(world.dataDir)).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('ask for no more than this front end can', async () => {
    const { app } = await workspaceWorld();
    expect((await refusalOf(app.call('changeAppSettings', { startAtLogin: true }))).code).toBe(
      'no-start-at-login',
    );
    const able = await workspaceWorld({ workspace: { capabilities: { startsAtLogin: true } } });
    expect(await able.app.call('changeAppSettings', { startAtLogin: true })).toMatchObject({
      startAtLogin: true,
    });
  });

  test.each([
    'proxy',
    'ftp://proxy.example.com',
    'http://',
    'http://u:p@proxy.example.com:3128',
    'http://proxy/path',
  ])('take no proxy “%s”', async (proxy) => {
    const { app } = await workspaceWorld();
    const problem = await refusalOf(app.call('changeAppSettings', { proxy }), ['u:p']);
    expect(problem.code).toBe('proxy-unusable');
  });

  test('take a proxy as host and port', async () => {
    const { app } = await workspaceWorld();
    expect(await app.call('changeAppSettings', { proxy: ' http://proxy.example.com:3128/ ' })).toMatchObject({
      proxy: 'http://proxy.example.com:3128',
    });
    expect(await app.call('changeAppSettings', { proxy: null })).toMatchObject({ proxy: null });
  });

  test('take a file of authorities only when it has some', async () => {
    const { app, dir } = await workspaceWorld();
    const codeOf = async (extraCaFile: string) =>
      (await refusalOf(app.call('changeAppSettings', { extraCaFile }))).code;
    expect(await codeOf('authority.pem')).toBe('ca-file-unusable');
    expect(await codeOf(path.join(dir, 'none.pem'))).toBe('ca-file-unusable');
    await fs.writeFile(path.join(dir, 'text.pem'), 'hello');
    expect(await codeOf(path.join(dir, 'text.pem'))).toBe('ca-file-unusable');
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    await fs.writeFile(path.join(dir, 'broken.pem'), broken);
    expect(await codeOf(path.join(dir, 'broken.pem'))).toBe('ca-file-unusable');
    const extraCaFile = await authority(dir);
    expect(await app.call('changeAppSettings', { extraCaFile })).toMatchObject({ extraCaFile });
  });
});

const fingerprints = (pems: readonly string[]) =>
  new Set(pems.map((pem) => new X509Certificate(pem).fingerprint256));

describe('the network', () => {
  const before = tls.getCACertificates('default');
  afterEach(() => tls.setDefaultCACertificates(before));

  test('uses the proxy and trusts the authorities that were set, from the start on', async () => {
    const { dir } = await workspaceWorld();
    const extraCaFile = await authority(dir);
    const env: NodeJS.ProcessEnv = {};
    expect(await applyNetworkSettings({ proxy: 'http://127.0.0.1:3128', extraCaFile }, env)).toEqual([]);
    expect(env).toMatchObject({ HTTPS_PROXY: 'http://127.0.0.1:3128', http_proxy: 'http://127.0.0.1:3128' });
    const pem = (await fs.readFile(extraCaFile, 'utf8')).trim();
    expect(tls.getCACertificates('default').map((each) => each.trim())).toContain(pem);
    // Those from before are all there, however they were written.
    expect(
      [...fingerprints(before)].filter((each) => !fingerprints(tls.getCACertificates('default')).has(each)),
    ).toEqual([]);
  });

  test('does without what can’t be used any more, and says so', async () => {
    const env: NodeJS.ProcessEnv = {};
    const problems = await applyNetworkSettings({ proxy: 'nonsense', extraCaFile: '/none/x.pem' }, env);
    expect(problems.map(({ code }) => code)).toEqual(['proxy-unusable', 'ca-file-unusable']);
    expect(env).toEqual({});
  });
});

test('an unknown call, or one with arguments of another form, is refused in words', async () => {
  const { app } = await workspaceWorld();
  expect((await refusalOf(app.call('folders', { path: 5 } as never))).code).toBe('wrong-arguments');
  await app.close();
  expect((await refusalOf(app.call('appSettings', {}))).code).toBe('closed');
});
