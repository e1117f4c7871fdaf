import { expect, onTestFinished, test } from 'vitest';
import { ViOperationError } from '../../app/vi/index.ts';
import { SignedUrlTransport } from '../../app/vi/signed-url.ts';
import { checkSignedUrl, rulesFor, signedMethod } from '../../app/vi/signed-url-rules.ts';
import { defaultTimeouts } from '../../app/vi/timeouts.ts';
import { rejectionOf, startWireServer } from './wire-server.ts';

const far = rulesFor('https://api.vi.datature.com');
const near = rulesFor('http://127.0.0.1:1234');

test.for([
  'http://storage.example.com/x',
  'https://127.0.0.1/x',
  'https://127.1/x',
  'https://2130706433/x',
  'https://0x7f.0.0.1/x',
  'https://localhost:8080/x',
  'https://localhost./x',
  'https://sub.localhost/x',
  'https://localhost.localdomain/x',
  'https://ip6-localhost/x',
  'https://[::1]/x',
  'https://[::]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://[::ffff:169.254.169.254]/x',
  'https://[fe80::1]/x',
  'https://[ff02::1]/x',
  'https://[fd00:ec2::254]/x',
  'https://0.0.0.0/x',
  'https://169.254.169.254/latest/meta-data',
  'https://224.0.0.1/x',
  'https://255.255.255.255/x',
  'ftp://storage.example.com/x',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  `https://storage.example.com/${'x'.repeat(20_000)}`,
  'not a URL',
])('%s is not used for a service elsewhere', (url) => {
  expect(() => checkSignedUrl(URL.parse(url), far)).toThrow(ViOperationError);
});

test.for([
  'https://storage.googleapis.com/bucket/x?signature=1',
  'https://storage.example.com:9000/x',
  'https://10.1.2.3/x',
  'https://minio.company.internal/x',
  'https://[2001:db8::1]/x',
])('%s is', (url) => {
  expect(checkSignedUrl(URL.parse(url), far).href).toBe(url);
});

test.for([
  'http://127.0.0.1:5/x',
  'http://localhost/x',
  'https://storage.example.com/x',
  'http://192.168.1.5/x',
])('%s is for a sandbox on this computer', (url) => {
  expect(checkSignedUrl(URL.parse(url), near).href).toBe(url);
});

test('no request is sent to a place that is refused, neither at once nor after a redirect', async () => {
  const server = await startWireServer(() => ({}));
  onTestFinished(() => server.close());
  const transport = new SignedUrlTransport(defaultTimeouts, far);
  onTestFinished(() => transport.close());
  const error = await rejectionOf(ViOperationError, transport.get({ url: `${server.origin}/x` }, {}));
  expect(error.code).toBe('SignedUrlInvalid');
  await rejectionOf(
    ViOperationError,
    transport.request(new URL(server.origin), { method: 'PUT', headers: {}, body: Buffer.from('x') }),
  );
  expect(server.requests).toEqual([]);
});

test('methods that do something else are not used', () => {
  expect(signedMethod({ url: 'x' }, 'download')).toBe('GET');
  expect(signedMethod({ url: 'x', method: 'get' }, 'download')).toBe('GET');
  expect(signedMethod({ url: 'x' }, 'upload')).toBe('PUT');
  expect(signedMethod({ url: 'x', method: 'POST' }, 'upload')).toBe('POST');
  for (const method of ['DELETE', 'PUT', 'CONNECT', 'TRACE', 'x y']) {
    expect(() => signedMethod({ url: 'x', method }, 'download')).toThrow(ViOperationError);
  }
  for (const method of ['DELETE', 'GET', 'CONNECT', 'PATCH']) {
    expect(() => signedMethod({ url: 'x', method }, 'upload')).toThrow(ViOperationError);
  }
});
