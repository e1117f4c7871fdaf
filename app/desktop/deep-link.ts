import { DEFAULT_ENDPOINT } from '../vi/default-endpoint.ts';
import { isLoopback } from '../vi/loopback.ts';
import { addresses } from './addresses.ts';

/** The scheme of links that open Vi Sync. */
export const linkScheme = 'vi-sync';

const longestLink = 2000;
/** As the service makes IDs; nothing that could be taken for a path. */
const idPattern = /^[\w.-]{1,255}$/;

/**
 * Where in the window a link leads: `vi-sync://dataset/<organization>/<dataset>[?endpoint=<base URL>]`. Null: nowhere. Any page of the web can
 * have such a link, so it only shows something, and does nothing; an endpoint is asked only with a key that a person has given for it.
 */
export function addressOfLink(link: string): string | null {
  if (link.length > longestLink) return null;
  const url = URL.parse(link);
  if (url === null || url.protocol !== `${linkScheme}:` || url.hostname !== 'dataset') return null;
  if (url.username !== '' || url.password !== '' || url.port !== '' || url.hash !== '') return null;
  const [organizationId = '', datasetId = '', ...more] = url.pathname.replace(/^\/|\/$/g, '').split('/');
  if (more.length > 0 || !idPattern.test(organizationId) || !idPattern.test(datasetId)) return null;
  const endpoint = endpointOf(url.searchParams.get('endpoint'));
  return endpoint === null ? null : addresses.dataset({ endpoint, organizationId }, datasetId);
}

function endpointOf(given: string | null): string | null {
  if (given === null) return DEFAULT_ENDPOINT;
  const url = URL.parse(given);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return null;
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSafe ? url.href.replace(/\/$/, '') : null;
}
