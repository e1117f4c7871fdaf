import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { addresses } from '../../app/desktop/addresses.ts';
import { addressOfLink } from '../../app/desktop/deep-link.ts';
import { documentationUrl, externalLink } from '../../app/desktop/external-links.ts';
import { isPageAddress, pageFile, pageHeaders, previewRequest } from '../../app/desktop/page-files.ts';
import { startArguments } from '../../app/desktop/start-arguments.ts';
import { proxyOfPac } from '../../app/desktop/system-proxy.ts';
import { hrefOf, type Route, routeOf } from '../../renderer/route.ts';

describe('addresses in the window', () => {
  const place = { endpoint: 'https://api.vi.datature.com', organizationId: 'north wind/50%' };
  test.each<[string, Route]>([
    [addresses.overview, { screen: 'overview' }],
    [addresses.settings, { screen: 'settings' }],
    [addresses.addMirror, { screen: 'add-mirror', account: null }],
    [addresses.activity, { screen: 'activity', mirrorId: null }],
    [addresses.datasets, { screen: 'datasets' }],
    [addresses.waiting(null), { screen: 'waiting', mirrorId: null }],
    [addresses.waiting('a/b'), { screen: 'waiting', mirrorId: 'a/b' }],
    [addresses.mirror('a b'), { screen: 'mirror', mirrorId: 'a b' }],
    [addresses.dataset(place, 'd'), { screen: 'dataset', place, datasetId: 'd' }],
  ])('%s is what the page itself writes and reads', (address, route) => {
    expect(address).toBe(hrefOf(route));
    expect(routeOf(address)).toEqual(route);
  });
});

describe('a link', () => {
  const dataset = (endpoint: string) => addresses.dataset({ endpoint, organizationId: 'org-1' }, 'set_2');

  test.each([
    ['vi-sync://dataset/org-1/set_2', 'https://api.vi.datature.com'],
    ['VI-SYNC://dataset/org-1/set_2/', 'https://api.vi.datature.com'],
    ['vi-sync://dataset/org-1/set_2?endpoint=https%3A%2F%2Fvi.example.com%2F', 'https://vi.example.com'],
    ['vi-sync://dataset/org-1/set_2?endpoint=http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
  ])('%s leads to a dataset', (link, endpoint) => {
    expect(addressOfLink(link)).toBe(dataset(endpoint));
  });

  test.each([
    'vi-sync://dataset/org-1',
    'vi-sync://dataset/org-1/set/more',
    'vi-sync://dataset/org-1/%2e%2e%2fetc',
    'vi-sync://settings/a/b',
    'vi-sync://dataset:80/org-1/set_2',
    'vi-sync://me:key@dataset/org-1/set_2',
    'vi-sync://dataset/org-1/set_2#/settings',
    'vi-sync://dataset/org-1/set_2?endpoint=http://evil.example.com',
    'vi-sync://dataset/org-1/set_2?endpoint=file:///etc/passwd',
    'vi-sync://dataset/org-1/set_2?endpoint=https://key@vi.example.com',
    'https://dataset/org-1/set_2',
    `vi-sync://dataset/org-1/${'x'.repeat(3000)}`,
    'vi-sync://',
    '',
  ])('%s leads nowhere', (link) => {
    expect(addressOfLink(link)).toBeNull();
  });
});

describe('an address outside', () => {
  test('is opened only on the hosts that Vi Sync links to', () => {
    expect(externalLink(documentationUrl)).toBe(documentationUrl);
    for (const url of [
      'http://vi.datature.com/',
      'https://vi.datature.com.example.com/',
      'https://vi.datature.com:8443/',
      'https://a@vi.datature.com/',
      'file:///etc/passwd',
      'smb://vi.datature.com/share',
      'javascript:alert(1)',
      'ms-settings:',
      'no address',
    ])
      expect(externalLink(url), url).toBeNull();
  });
});

describe('the page’s scheme', () => {
  const dir = path.resolve('/app/out/renderer');

  test('serves the files of the page, with the policy', () => {
    expect(pageFile(dir, 'app://vi-sync/')?.file).toBe(path.join(dir, 'index.html'));
    const script = pageFile(dir, 'app://vi-sync/assets/main-1.js?x=1#y');
    expect(script?.file).toBe(path.join(dir, 'assets', 'main-1.js'));
    expect(script?.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script?.headers['content-security-policy']).toBe(pageHeaders['content-security-policy']);
  });

  test.each([
    'app://other/index.html',
    'file:///app/out/renderer/index.html',
    'app://vi-sync/../main/main.js',
    'app://vi-sync/%2e%2e/main/main.js',
    'app://vi-sync/..%2fmain%2fmain.js',
    'app://vi-sync/assets/..%5c..%5cmain.js',
    'app://vi-sync/.env.json',
    'app://vi-sync//etc/hosts.json',
    'app://vi-sync/a%00.js',
    'app://vi-sync/%E0%A4%A.js',
    'app://vi-sync/package',
    'app://vi-sync/tool.exe',
  ])('does not serve %s from outside of the page', (address) => {
    const found = pageFile(dir, address);
    // Some of these the URL standard makes harmless by itself: then it is a file of the page's folder.
    if (found !== null) expect(found.file.startsWith(dir + path.sep)).toBe(true);
    if (!/^app:\/\/vi-sync\/(\.\.|%2e)/.test(address)) expect(found).toBeNull();
  });

  test('has pictures under /preview, of a kind and a query', () => {
    expect(previewRequest('app://vi-sync/preview/local?mirror=m&path=a%2Fb.jpg&size=128')).toEqual({
      kind: 'local',
      query: { mirror: 'm', path: 'a/b.jpg', size: '128' },
    });
    expect(previewRequest('app://vi-sync/preview/local/../../x')).toBeNull();
    expect(previewRequest('app://elsewhere/preview/local?path=a')).toBeNull();
    expect(previewRequest('app://vi-sync/index.html')).toBeNull();
  });

  test('knows the page’s own addresses', () => {
    expect(isPageAddress('app://vi-sync/index.html#/settings')).toBe(true);
    for (const other of ['app://vi-sync/other.html', 'app://x/index.html', 'https://vi-sync/index.html', 'x'])
      expect(isPageAddress(other), other).toBe(false);
  });
});

describe('a command line', () => {
  test('says whether to start hidden, with what playground, and what to show', () => {
    expect(startArguments(['vi-sync', '--hidden', '--playground=/tmp/p'])).toEqual({
      isHidden: true,
      playgroundDir: '/tmp/p',
      link: null,
    });
    const windows = ['vi-sync.exe', '--allow-file-access-from-files', 'vi-sync://dataset/a/b'];
    expect(startArguments(windows)).toEqual({
      isHidden: false,
      playgroundDir: null,
      link: 'vi-sync://dataset/a/b',
    });
    expect(startArguments(['vi-sync', '--playground='])).toMatchObject({ playgroundDir: null });
  });
});

describe('the system’s proxy', () => {
  test.each([
    ['DIRECT', null],
    ['PROXY proxy.example.com:3128; DIRECT', 'http://proxy.example.com:3128'],
    ['HTTPS secure.example.com:8443', 'https://secure.example.com:8443'],
    ['SOCKS5 socks.example.com:1080; PROXY next.example.com:8080', 'http://next.example.com:8080'],
    ['SOCKS socks.example.com:1080', null],
    ['DIRECT; PROXY late.example.com:1', null],
    ['PROXY ', null],
    ['', null],
  ])('%s', (answer, proxy) => {
    expect(proxyOfPac(answer)).toBe(proxy);
  });
});
