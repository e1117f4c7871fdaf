import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../app/sandbox/sandbox.ts';
import type { SandboxSwitches } from '../../app/sandbox/switches.ts';
import { at, headersAt, type Json, listAt, numberAt, textAt } from './wire-json.ts';
import { signedCrc32c } from './wire-pictures.ts';

/** An HTTP answer, read whole. `json` is undefined when the body is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json | undefined;
}

/** A file as a session is told of it; what it says can be wrong. `null` is sent as such. */
export interface Offer {
  readonly filename: string;
  readonly content: Buffer;
  readonly kind?: string;
  readonly mime?: string;
  readonly size?: number;
  readonly crc32c?: number | null;
  readonly customMetadata?: Readonly<Record<string, Json>> | null;
}

export interface SessionSpec {
  readonly failureMode?: string;
  readonly onAssetOverwritten?: string;
}

type Query = Readonly<Record<string, string>>;

/** The organization of every test; `_` inside it, so that the short dataset ID can only be what follows the LAST one. */
export const ORGANIZATION = 'acme_org';
/** For `expect.poll`: a busy machine is slow, and no error. */
export const PATIENT = { timeout: 10_000, interval: 8 };
/** Where the service's clock stands at first. */
export const START = 1_770_000_000_000;

/** The service's clock, in milliseconds since the epoch. `tick` is how far it goes on each time it is looked at. */
export interface WireClock {
  now: number;
  tick: number;
}

/**
 * A sandbox, spoken to over HTTP alone as the description of the API says. Its clock stands still until a test moves it.
 */
export class WireWorld {
  readonly sandbox: Sandbox;
  readonly clock: WireClock;
  readonly #folder: string;

  private constructor(sandbox: Sandbox, clock: WireClock, folder: string) {
    this.sandbox = sandbox;
    this.clock = clock;
    this.#folder = folder;
  }

  /** Without a session budget, unless switches name one or the sandbox's own is asked for. */
  static async start(
    options: Omit<SandboxOptions, 'dataDir' | 'now'> = {},
    budget: 'none' | 'default' = 'none',
  ): Promise<WireWorld> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
    const clock: WireClock = { now: START, tick: 0 };
    const sandbox = await startSandbox({
      organizationId: ORGANIZATION,
      ...options,
      dataDir: folder,
      now: () => {
        clock.now += clock.tick;
        return clock.now;
      },
      switches: { ...(budget === 'none' ? { sessionBudget: null } : {}), ...options.switches },
    });
    return new WireWorld(sandbox, clock, folder);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }

  /** A new, empty dataset, so that tests don't meet each other's assets. */
  dataset(): WireDataset {
    const { datasetId } = this.sandbox.createDataset({ name: 'Wire' });
    return new WireDataset(this, datasetId);
  }

  get credentials(): Record<string, string> {
    return { Authorization: `Bearer ${this.sandbox.secretKey}`, 'Organization-Id': ORGANIZATION };
  }

  /** A request to the API with the two headers that it asks for. */
  call(method: string, place: string, body?: Json): Promise<Answer> {
    return this.raw(method, place, {
      headers: { ...this.credentials, 'Content-Type': 'application/json', Accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** A request with exactly these headers, to a path of the API or to a whole URL. */
  async raw(
    method: string,
    place: string,
    request: { readonly headers?: Record<string, string>; readonly body?: string | Uint8Array } = {},
  ): Promise<Answer> {
    const { headers = {}, body } = request;
    const response = await fetch(new URL(place, this.sandbox.endpoint), {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  /** The JSON of a 2xx answer. */
  async json(method: string, place: string, body?: Json): Promise<Json> {
    const answer = await this.call(method, place, body);
    if (answer.status < 200 || answer.status > 299 || answer.json === undefined) {
      throw new Error(`${method} ${place}: ${answer.status} ${answer.text}`);
    }
    return answer.json;
  }

  get(place: string): Promise<Json> {
    return this.json('GET', place);
  }

  /** Switches for the time of a test's part; those of before afterwards. */
  async switched<T>(switches: Partial<SandboxSwitches>, part: () => Promise<T>): Promise<T> {
    const before = { ...this.sandbox.switches };
    Object.assign(this.sandbox.switches, switches);
    try {
      return await part();
    } finally {
      Object.assign(this.sandbox.switches, before);
    }
  }

  /** Asks for a session until its `Finished` condition waits no more. */
  async ended(selfLink: string): Promise<Json> {
    const patience = Date.now() + 10_000;
    for (;;) {
      const session = await this.get(selfLink);
      if (conditionStatus(session, 'Finished') !== 'Waiting') return session;
      if (Date.now() > patience) throw new Error(`${selfLink} does not end: ${JSON.stringify(session)}`);
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
  }
}

/** One dataset of a world. */
export class WireDataset {
  readonly world: WireWorld;
  /** As users see it. */
  readonly shortId: string;
  readonly path: string;

  constructor(world: WireWorld, shortId: string) {
    this.world = world;
    this.shortId = shortId;
    this.path = `/workspaces/${ORGANIZATION}/datasets/${ORGANIZATION}_${shortId}`;
  }

  get assetsPath(): string {
    return `${this.path}/assets`;
  }

  get sessionsPath(): string {
    return `${this.path}/assetSources/managed/datature/transient/assetIngestionSessions`;
  }

  /** An asset that is there without a session. */
  async put(filename: string, content: Buffer, customMetadata?: Record<string, string | number | boolean>) {
    const { assetId } = await this.world.sandbox.addAsset(this.shortId, {
      filename,
      content: { bytes: content },
      customMetadata,
    });
    return assetId;
  }

  annotate(filename: string, tags: Record<string, number>): void {
    this.world.sandbox.annotate(this.shortId, filename, tags);
  }

  listPlace(query: Query = {}): string {
    return `${this.assetsPath}?${new URLSearchParams(query)}`;
  }

  page(query: Query = {}): Promise<Json> {
    return this.world.get(this.listPlace(query));
  }

  /** Pages from the first to the last, by `nextPage`. `between` runs before each page but the first. */
  async walk(query: Query = {}, between?: (page: number) => void | Promise<void>): Promise<readonly Json[]> {
    const pages = [await this.page(query)];
    for (;;) {
      const token = at(pages.at(-1), 'nextPage');
      if (token === undefined) return pages;
      await between?.(pages.length);
      pages.push(await this.page({ ...query, p: textAt(token) }));
      if (pages.length > 2_000) throw new Error('The pages do not end.');
    }
  }

  /** Filenames of all that a query lists. */
  async names(query: Query = {}): Promise<readonly string[]> {
    return namesOf(await this.walk({ s: '1000', ...query }));
  }

  async asset(filename: string): Promise<Json> {
    const pages = await this.walk({ s: '1000', contents: 'y' });
    const found = pages
      .flatMap((page) => listAt(page, 'items'))
      .filter((item) => at(item, 'filename') === filename);
    if (found.length !== 1 || found[0] === undefined) {
      throw new Error(`${found.length} assets are called ${filename}.`);
    }
    return found[0];
  }

  async statistic(): Promise<Json | undefined> {
    return at(await this.world.get(this.path), 'statistic');
  }

  offer(offers: readonly Offer[], spec: SessionSpec = {}): Promise<Answer> {
    return this.world.call('POST', this.sessionsPath, sessionRequest(offers, spec));
  }

  /** A new session, and nothing put yet. */
  async session(offers: readonly Offer[], spec: SessionSpec = {}): Promise<Json> {
    const answer = await this.offer(offers, spec);
    if (answer.status < 200 || answer.status > 299 || answer.json === undefined) {
      throw new Error(`Session: ${answer.status} ${answer.text}`);
    }
    return answer.json;
  }

  /** Puts the bytes of the file at this place of the session, as its `upload` says. */
  upload(session: Json, index: number, content: Buffer): Promise<Answer> {
    const upload = at(session, 'status', 'assets', index, 'upload');
    return this.world.raw('PUT', textAt(upload, 'url'), {
      headers: headersAt(upload, 'headers'),
      body: content,
    });
  }

  /**
   * A whole session, from its request to its end. How a PUT answers is left open: a file that isn't as the session was told
   * may be refused at once or afterwards.
   */
  async ingest(offers: readonly Offer[], spec: SessionSpec = {}): Promise<Json> {
    const session = await this.session(offers, spec);
    for (const [index, { content }] of offers.entries()) await this.upload(session, index, content);
    return this.world.ended(textAt(session, 'selfLink'));
  }
}

/** A world for all tests of a file. */
export function sharedWorld(options: Omit<SandboxOptions, 'dataDir' | 'now'> = {}): () => WireWorld {
  let world: WireWorld | undefined;
  beforeAll(async () => {
    world = await WireWorld.start(options);
  }, 30_000);
  afterAll(() => world?.close());
  return () => {
    if (world === undefined) throw new Error('The world starts before the first test.');
    return world;
  };
}

export function sessionRequest(offers: readonly Offer[], spec: SessionSpec = {}): Json {
  return {
    spec: {
      kind: 'Upload',
      failureMode: spec.failureMode ?? 'FailAfterAll',
      onAssetOverwritten: spec.onAssetOverwritten ?? 'RemoveLinkedResource',
      assets: offers.map((offer) => ({
        kind: offer.kind ?? 'Image',
        filename: offer.filename,
        mime: offer.mime ?? 'image/bmp',
        size: offer.size ?? offer.content.length,
        crc32c: offer.crc32c === undefined ? signedCrc32c(offer.content) : offer.crc32c,
        ...(offer.customMetadata === undefined ? {} : { customMetadata: offer.customMetadata }),
      })),
    },
  };
}

export function namesOf(pages: readonly Json[]): readonly string[] {
  return pages.flatMap((page) => listAt(page, 'items').map((item) => textAt(item, 'filename')));
}

/** Status of a session's condition; undefined when it has none of this name. */
export function conditionStatus(session: Json, name: string): Json | undefined {
  return at(condition(session, name), 'status');
}

export function condition(session: Json, name: string): Json | undefined {
  return listAt(session, 'status', 'conditions').find((each) => at(each, 'condition') === name);
}

/** Filename → code, over all error events of a session. */
export function codesOf(session: Json): Record<string, string> {
  const codes: Record<string, string> = {};
  for (const event of listAt(session, 'status', 'events')) {
    if (at(event, 'kind') !== 'Error') continue;
    const files = headersAt(event, 'files');
    for (const [filename, code] of Object.entries(files)) codes[filename] = code;
  }
  return codes;
}

/** `total`, `succeeded`, `errored`. */
export function progressOf(session: Json): readonly number[] {
  const count = at(session, 'status', 'progressCount');
  return [numberAt(count, 'total'), numberAt(count, 'succeeded'), numberAt(count, 'errored')];
}

/** JSON of a text; undefined when it is none. */
function parsed(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
