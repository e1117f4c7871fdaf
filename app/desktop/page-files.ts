import path from 'node:path';
import { securityHeaders } from '../host/security-headers.ts';

/** The address of the page in the desktop app. */
export const pageScheme = 'app';
export const pageHost = 'vi-sync';
export const pageOrigin = `${pageScheme}://${pageHost}`;
export const pageAddress = `${pageOrigin}/index.html`;

/** Whether an address is the page's own, wherever in the page it leads. */
export function isPageAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${pageScheme}:` || url.host !== pageHost) return false;
  return (
    url.username === '' && url.password === '' && (url.pathname === '/index.html' || url.pathname === '/')
  );
}

/** A file of the page, and how it is sent. */
export interface PageFile {
  /** Absolute. */
  readonly file: string;
  readonly headers: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Headers of every answer under the page's own scheme: nothing inline, nothing from elsewhere. */
export const pageHeaders: Readonly<Record<string, string>> = securityHeaders([]);

/** The file of the page that an address names; null: it names none, or what is not of a kind that the page has. */
export function pageFile(rendererDir: string, address: string): PageFile | null {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${pageScheme}:` || url.host !== pageHost) return null;
  const name = decoded(url.pathname);
  if (name === null || /[\\\0]/.test(name)) return null;
  const steps = (name === '/' ? '/index.html' : name).slice(1).split('/');
  if (steps.some((step) => step === '' || step.startsWith('.'))) return null;
  const type = types[path.extname(name === '/' ? 'index.html' : name)];
  if (type === undefined) return null;
  const file = path.join(rendererDir, ...steps);
  // On Windows a step can name a disk.
  if (!file.startsWith(path.resolve(rendererDir) + path.sep)) return null;
  const cacheControl = steps[0] === 'assets' ? 'private, max-age=31536000, immutable' : 'no-store';
  return { file, headers: { ...pageHeaders, 'content-type': type, 'cache-control': cacheControl } };
}

/** The picture that an address asks for; null: it asks for none. */
export function previewRequest(
  address: string,
): { readonly kind: string; readonly query: Record<string, string> } | null {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${pageScheme}:` || url.host !== pageHost) return null;
  const kind = /^\/preview\/([a-z]+)$/.exec(url.pathname)?.[1];
  return kind === undefined ? null : { kind, query: Object.fromEntries(url.searchParams) };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
