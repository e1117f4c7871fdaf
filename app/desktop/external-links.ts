/** Hosts whose pages are opened in the person's browser: those that Vi Sync itself links to. */
const hosts: ReadonlySet<string> = new Set([
  'vi.datature.com',
  'www.datature.com',
  'datature.com',
  'docs.datature.com',
]);

/** Where the documentation of Vi is. */
export const documentationUrl = 'https://vi.datature.com/docs';

/** The address to open in the person's browser; null: it is not one of those that may be. */
export function externalLink(given: string): string | null {
  const url = URL.parse(given);
  if (url === null || url.protocol !== 'https:' || url.port !== '') return null;
  if (url.username !== '' || url.password !== '') return null;
  return hosts.has(url.hostname) ? url.href : null;
}
