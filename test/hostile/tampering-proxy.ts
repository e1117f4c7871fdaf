import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { viRemote } from '../../app/engine/vi-remote.ts';
import type { EngineOptions, NewMirrorOptions } from '../../app/engine.ts';
import { ViClient, type ViClientOptions } from '../../app/vi/index.ts';
import type { Mirror, World, WorldFolder } from '../engine/world.ts';
import { handled, refuse, type SeenRequest, startWireServer, type WireServer } from '../vi/wire-server.ts';

/** JSON as the sandbox has answered it, to be changed at will. */
export type Json = Record<string, unknown>;

/** What a request is for, as far as it matters to who tampers. */
export type Purpose = 'dataset' | 'listing' | 'asset' | 'deletion' | 'new-session' | 'session' | 'other';

export interface Call {
  readonly purpose: Purpose;
  readonly request: SeenRequest;
  readonly response: ServerResponse;
  /** The sandbox's own answer. */
  forward(): Promise<Json>;
}

/** Gives the answer to a call in place of the sandbox: JSON, or {@link handled} when it has written one itself. */
export type Tamper = (call: Call) => unknown;

const jsonSchema = z.record(z.string(), z.unknown());

/** An answer of the sandbox that is no success: it is passed on as it is. */
class Refusal extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`the sandbox answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** Stands between an engine and a sandbox, and lies. Signed URLs lead past it, unless they are changed. */
export class TamperingProxy {
  readonly wire: WireServer;
  /** May be replaced at any time; null: everything is passed on as it is. */
  tamper: Tamper | null = null;

  private constructor(wire: WireServer) {
    this.wire = wire;
  }

  static async start(world: World): Promise<TamperingProxy> {
    const wire = await startWireServer(() => ({}));
    world.closeLater(() => wire.close());
    const proxy = new TamperingProxy(wire);
    wire.answer = (request, response) => proxy.#answer(world.sandbox.endpoint, request, response);
    return proxy;
  }

  /** A mirror whose engine speaks to this proxy. */
  async mirror(
    world: World,
    folder: WorldFolder,
    options: {
      readonly dataDir?: string;
      readonly client?: ViClientOptions;
      readonly engine?: Partial<EngineOptions>;
      readonly given?: Partial<NewMirrorOptions>;
    } = {},
  ): Promise<Mirror> {
    const client = this.client(world, options.client);
    const { dataDir = 'data', engine = {}, given = {} } = options;
    return world.mirror(
      folder,
      dataDir,
      { connect: ({ datasetId }) => viRemote(client, datasetId), ...engine },
      { endpoint: this.wire.origin, ...given },
    );
  }

  /** A client that speaks to this proxy. */
  client(world: World, options: ViClientOptions = {}): ViClient {
    const { organizationId, secretKey } = world.sandbox;
    const client = new ViClient({
      organizationId,
      secretKey,
      endpoint: this.wire.origin,
      env: {},
      retry: { tries: 2, baseMs: 20, capMs: 100 },
      ...options,
    });
    world.closeLater(() => client.close());
    return client;
  }

  async #answer(endpoint: string, request: SeenRequest, response: ServerResponse): Promise<unknown> {
    const forward = () => send(endpoint, request);
    try {
      const call: Call = { purpose: purposeOf(request), request, response, forward };
      return this.tamper === null ? await forward() : await this.tamper(call);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(response, error.status, JSON.parse(error.body));
    }
  }
}

/** Answers with this text, whatever it is. */
export function answerText(
  response: ServerResponse,
  text: string | Buffer,
  headers: Record<string, string> = { 'content-type': 'application/json' },
  status = 200,
): typeof handled {
  response.writeHead(status, headers);
  response.end(text);
  return handled;
}

/** The assets of a listing: the very ones, so that changes of them go out. */
export function itemsOf(listing: Json): Json[] {
  const { items } = listing;
  if (!Array.isArray(items) || !items.every(isJson)) throw new Error('This is no listing.');
  return items;
}

/** Part of an asset or a session that is an object itself: the very one. */
export function partOf(json: unknown, ...names: readonly string[]): Json {
  const part = names.reduce<unknown>((whole, name) => (isJson(whole) ? whole[name] : undefined), json);
  if (!isJson(part)) throw new Error(`There is no ${names.join('.')}.`);
  return part;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function send(endpoint: string, request: SeenRequest): Promise<Json> {
  const { authorization = '', 'organization-id': organization } = request.headers;
  const query = request.search === '' ? '' : `?${request.search}`;
  const answer = await fetch(`${endpoint}${request.path}${query}`, {
    method: request.method,
    headers: {
      authorization,
      'organization-id': String(organization),
      'content-type': 'application/json',
    },
    ...(request.body.length === 0 ? {} : { body: new Uint8Array(request.body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Refusal(answer.status, text);
  return text === '' ? {} : jsonSchema.parse(JSON.parse(text));
}

function purposeOf({ method, path }: SeenRequest): Purpose {
  if (/\/assetIngestionSessions$/.test(path)) return 'new-session';
  if (/\/assetIngestionSessions\/[^/]+$/.test(path)) return 'session';
  if (/\/assets$/.test(path)) return 'listing';
  if (/\/assets\/[^/]+$/.test(path)) return method === 'DELETE' ? 'deletion' : 'asset';
  return /\/datasets\/[^/]+$/.test(path) ? 'dataset' : 'other';
}
