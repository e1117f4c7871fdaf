import { BlockList, isIP } from 'node:net';
import type { Contents } from './contents.ts';
import { ViOperationError } from './errors.ts';
import { isLoopback } from './loopback.ts';

/**
 * What a signed URL may be. The service names it, and this computer goes there with the person's files: it must not be led to places that
 * only this computer can reach, nor onto an open line. See docs/adr/0019.
 */
export interface SignedUrlRules {
  /** Plain http, and addresses of this computer and of its own network segment. */
  readonly allowsLocal: boolean;
}

/** For an API of this computer, the sandbox first of all, everything is near; for any other, only what anybody could reach. */
export function rulesFor(endpoint: string): SignedUrlRules {
  const url = URL.parse(endpoint);
  return { allowsLocal: url !== null && isLoopback(url.hostname) };
}

/** Where no API is known that has named the URL. */
export const withoutEndpoint: SignedUrlRules = { allowsLocal: true };

/** No URL that is longer reaches a server. */
const longestUrl = 16_000;

/** This computer, its network segment with the metadata of cloud machines, and what is no single computer. */
const near = new BlockList();
near.addSubnet('0.0.0.0', 8);
near.addSubnet('127.0.0.0', 8);
near.addSubnet('169.254.0.0', 16);
near.addSubnet('224.0.0.0', 3);
near.addAddress('::', 'ipv6');
near.addAddress('::1', 'ipv6');
near.addSubnet('fe80::', 10, 'ipv6');
near.addSubnet('ff00::', 8, 'ipv6');
// The metadata of machines at Amazon.
near.addAddress('fd00:ec2::254', 'ipv6');

/** @throws ViOperationError when the URL is none, or leads where no signed URL may lead */
export function checkSignedUrl(url: URL | null, { allowsLocal }: SignedUrlRules): URL {
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refused('that is no web address');
  }
  if (url.href.length > longestUrl) throw refused('that is longer than any');
  if (allowsLocal) return url;
  if (url.protocol !== 'https:') {
    throw refused(`of plain http, to ${url.host}: others could read and change what is sent`);
  }
  if (isNear(url.hostname)) throw refused(`to ${url.host}, which is this computer or its own network`);
  return url;
}

function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 0) return isLoopback(host) || host.endsWith('.localdomain') || host === 'ip6-localhost';
  return near.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

const methods = {
  download: { usual: 'GET', allowed: new Set(['GET']) },
  upload: { usual: 'PUT', allowed: new Set(['PUT', 'POST']) },
} as const;

/** The method that a signed URL asks for. @throws ViOperationError for one that does something else than is wanted */
export function signedMethod({ method }: Contents, direction: 'upload' | 'download'): string {
  const { usual, allowed } = methods[direction];
  if (method === undefined || method === '') return usual;
  const name = method.toUpperCase();
  if ((allowed as ReadonlySet<string>).has(name)) return name;
  const named = /^[A-Z]{1,20}$/.test(name) ? name : 'a method that is none';
  const purpose = direction === 'upload' ? 'an upload' : 'an asset’s bytes';
  throw refused(`for ${purpose} that is used by ${named}`);
}

/** Headers that belong to the connection and not to the caller. */
const connectionHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

/** The headers that the signed URL asks for, without those that the connection sets itself. @throws ViOperationError for what is none */
export function signedHeaders(contents: Contents): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(contents.headers ?? {})) {
    if (connectionHeaders.has(name.toLowerCase())) continue;
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw refused('with a header that can’t be sent');
    }
    headers[name] = value;
  }
  return headers;
}

function refused(what: string): ViOperationError {
  return new ViOperationError(`The service gave a signed URL ${what}. It was not used.`, {
    code: 'SignedUrlInvalid',
    suggestion: 'Check that the endpoint is the Vi API that you mean; if it is, tell its support.',
  });
}
