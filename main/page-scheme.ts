import * as fs from 'node:fs/promises';
import { protocol } from 'electron';
import { pageFile, pageHeaders, pageScheme, previewRequest } from '../app/desktop/page-files.ts';
import type { Log } from '../app/log.ts';
import type { EngineHost } from './engine-host.ts';

/** Tells Chromium what the page's scheme is. Before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: pageScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true },
    },
  ]);
}

export interface PageSchemeOptions {
  /** Folder of the built page. */
  readonly rendererDir: string;
  readonly host: EngineHost;
  readonly log: Log;
}

/** Answers requests under the page's scheme: the files of the built page, and pictures of what mirrors and datasets have. Nothing else. */
export function servePage({ rendererDir, host, log }: PageSchemeOptions): void {
  const answer = async (request: Request): Promise<Response> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Method not allowed');
    const preview = previewRequest(request.url);
    if (preview !== null) {
      const ifNoneMatch = request.headers.get('if-none-match');
      const { status, headers, body } = await host.preview({ ...preview, ifNoneMatch });
      return new Response(status === 304 ? null : Uint8Array.from(body), {
        status,
        headers: { ...pageHeaders, ...headers },
      });
    }
    const found = pageFile(rendererDir, request.url);
    if (found === null) return plain(404, 'Not found');
    try {
      return new Response(await fs.readFile(found.file), { headers: found.headers });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return plain(404, 'Not found');
      throw error;
    }
  };
  protocol.handle(pageScheme, async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      log.error('A request of the page could not be answered', { error });
      return plain(500, 'Internal error');
    }
  });
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
