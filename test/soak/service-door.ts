import { createHash } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Hand } from './ledger.ts';

/** Bytes that have come to the service whole. */
export interface Put {
  readonly by: Hand;
  readonly filename: string;
  readonly sha256: string;
  /** By `performance.now()`, as all moments here. */
  readonly begin: number;
  readonly end: number;
  /** The dataset had this content already, under this very name. */
  readonly isThere: boolean;
  /** Other names under which the dataset had this content, and whoever uploads had been shown it. */
  readonly knownAs: readonly string[];
}

export interface AssetSeen {
  readonly assetId: string;
  readonly filename: string;
  readonly sha256: string;
  readonly annotations: number;
}

export interface Deletion {
  readonly by: Hand;
  readonly asset: AssetSeen | null;
  readonly begin: number;
  readonly end: number;
}

export interface SessionMade {
  readonly by: Hand;
  readonly at: number;
  readonly retention: string;
  readonly filenames: readonly string[];
}

const assetSchema = z.object({
  assetId: z.string(),
  filename: z.string(),
  metadata: z.object({
    hash: z.object({ contents: z.string() }),
    annotations: z.object({ total: z.number() }),
  }),
});
const listingSchema = z.object({ items: z.array(assetSchema) });
const newSessionSchema = z.object({ spec: z.object({ onAssetOverwritten: z.string() }) });
const sessionSchema = z.object({
  assetIngestionSessionId: z.string(),
  status: z.object({
    assets: z.array(z.object({ metadata: z.object({ filename: z.string() }) })),
  }),
});

/** Filename → versions that somebody was shown under it, and when first. */
type Shown = Map<string, Map<string, number>>;

/**
 * The way to a sandbox, one door for each hand, so that it is known who asks for what. Everything goes through as it is; addresses of
 * bytes are changed so that these come by here, too.
 */
export class ServiceDoors {
  readonly puts: Put[] = [];
  readonly deletions: Deletion[] = [];
  readonly sessions: SessionMade[] = [];
  /** Bytes that were fetched: whose, which, and when they had come. */
  readonly fetches: { readonly by: Hand; readonly sha256: string; readonly end: number }[] = [];
  /** When each hand began to look at what there is. */
  readonly looks: { readonly by: Hand; readonly begin: number }[] = [];
  /** Answers that no client should get, other than to those that were killed. */
  readonly refusals: { readonly by: Hand; readonly what: string; readonly status: number }[] = [];
  /** Requests that change something, or move bytes. */
  deeds = 0;
  readonly #endpoint: URL;
  readonly #shown = new Map<Hand, Shown>();
  readonly #assets = new Map<string, AssetSeen>();
  /** Filename → content that the dataset has, as far as it can be told from outside. */
  readonly #current = new Map<string, string>();
  /** `session/position` → filename. */
  readonly #targets = new Map<string, string>();
  readonly #servers: http.Server[] = [];
  readonly #agent = new http.Agent({ keepAlive: true });

  constructor(endpoint: string) {
    this.#endpoint = new URL(endpoint);
  }

  /** @returns the endpoint for this hand */
  async open(hand: Hand): Promise<string> {
    this.#shown.set(hand, new Map());
    let origin = '';
    const server = http.createServer((request, response) => this.#pass(hand, origin, request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    origin = `http://127.0.0.1:${port}`;
    this.#servers.push(server);
    return origin;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    this.#agent.destroy();
  }

  /** When a hand was first shown this version under this name; null: never. */
  shownAt(hand: Hand, filename: string, sha256: string): number | null {
    return this.#shown.get(hand)?.get(filename)?.get(sha256) ?? null;
  }

  #pass(hand: Hand, origin: string, request: http.IncomingMessage, response: http.ServerResponse): void {
    const begin = performance.now();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const method = request.method ?? 'GET';
    const what = `${method} ${path}`;
    if (method !== 'GET' || path.startsWith('/blobs/')) this.deeds += 1;
    if (method === 'GET' && isAssets(path)) this.looks.push({ by: hand, begin });
    const upstream = http.request({
      host: this.#endpoint.hostname,
      port: this.#endpoint.port,
      method,
      path: request.url,
      headers: { ...request.headers, host: this.#endpoint.host },
      agent: this.#agent,
    });
    const hash = createHash('sha256');
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      if (method === 'PUT') hash.update(chunk);
      else body.push(chunk);
    });
    request.pipe(upstream);
    // Whoever is killed in the middle of a body has not sent it.
    request.on('close', () => {
      if (!request.complete) upstream.destroy();
    });
    response.on('close', () => {
      if (method === 'GET' && !response.writableFinished) upstream.destroy();
    });
    upstream.on('error', () => response.destroy());
    upstream.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      if (status >= 400 && !(status === 404 && method !== 'PUT')) {
        this.refusals.push({ by: hand, what, status });
      }
      if (path.startsWith('/blobs/')) {
        if (status === 200 && method === 'PUT') this.#notePut(hand, path, hash.digest('hex'), begin);
        response.writeHead(status, answer.headers);
        answer.pipe(response);
        if (method !== 'GET') return;
        const sha256 = String(answer.headers.etag ?? '').replaceAll('"', '');
        answer.on('end', () => this.fetches.push({ by: hand, sha256, end: performance.now() }));
        return;
      }
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', () => response.destroy());
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (status < 300)
          this.#note(hand, method, path, { sent: Buffer.concat(body).toString(), text, begin });
        const { 'content-length': _length, ...headers } = answer.headers;
        response.writeHead(status, headers);
        response.end(text.replaceAll(this.#endpoint.origin, origin));
      });
    });
  }

  #notePut(by: Hand, path: string, sha256: string, begin: number): void {
    const [, , , session = '', position = ''] = path.split('/');
    const filename = this.#targets.get(`${session}/${position}`) ?? '?';
    const knownAs = [...this.#current]
      .filter(([name, current]) => name !== filename && current === sha256)
      .map(([name]) => name)
      .filter((name) => (this.shownAt(by, name, sha256) ?? begin) < begin);
    const isThere = this.#current.get(filename) === sha256;
    this.puts.push({ by, filename, sha256, begin, end: performance.now(), isThere, knownAs });
    this.#current.set(filename, sha256);
  }

  #note(
    by: Hand,
    method: string,
    path: string,
    { sent, text, begin }: { sent: string; text: string; begin: number },
  ): void {
    const end = performance.now();
    if (method === 'POST' && path.endsWith('/assetIngestionSessions')) {
      const { assetIngestionSessionId, status } = sessionSchema.parse(JSON.parse(text));
      const filenames = status.assets.map(({ metadata }) => metadata.filename);
      for (const [position, name] of filenames.entries())
        this.#targets.set(`${assetIngestionSessionId}/${position}`, name);
      const { spec } = newSessionSchema.parse(JSON.parse(sent));
      this.sessions.push({ by, at: begin, retention: spec.onAssetOverwritten, filenames });
    } else if (method === 'DELETE') {
      const assetId = path.slice(path.lastIndexOf('/') + 1);
      const asset = this.#assets.get(assetId) ?? null;
      this.deletions.push({ by, asset, begin, end });
      if (asset !== null) this.#current.delete(asset.filename);
    } else if (method === 'GET' && isAssets(path)) {
      const json: unknown = JSON.parse(text);
      const assets = path.endsWith('/assets') ? listingSchema.parse(json).items : [assetSchema.parse(json)];
      for (const { assetId, filename, metadata } of assets) {
        const { hash, annotations } = metadata;
        this.#assets.set(assetId, {
          assetId,
          filename,
          sha256: hash.contents,
          annotations: annotations.total,
        });
        this.#show(by, filename, hash.contents, end);
      }
    }
  }

  #show(by: Hand, filename: string, sha256: string, at: number): void {
    const shown: Shown = this.#shown.get(by) ?? new Map();
    this.#shown.set(by, shown);
    const versions = shown.get(filename) ?? new Map<string, number>();
    shown.set(filename, versions);
    if (!versions.has(sha256)) versions.set(sha256, at);
  }
}

function isAssets(path: string): boolean {
  return /\/datasets\/[^/]+\/assets(\/[^/]+)?$/u.test(path);
}
