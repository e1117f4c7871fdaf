import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32c } from '@node-rs/crc32';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../app/sandbox/sandbox.ts';

/** What a test needs to know of an asset's JSON. Everything else stays unknown. */
export const assetJson = z.looseObject({
  assetId: z.string(),
  filename: z.string(),
  etag: z.string(),
  selfLink: z.string(),
  metadata: z.looseObject({
    fileSize: z.number(),
    annotations: z.object({ withTag: z.record(z.string(), z.number()), total: z.number() }),
    customMetadata: z.record(z.string(), z.unknown()),
    hash: z.object({ algorithm: z.string(), contents: z.string() }),
    width: z.number(),
    height: z.number(),
    mimeType: z.string(),
    timeCreated: z.number(),
    contentsLastUpdated: z.number(),
  }),
  contents: z
    .object({
      asset: z.looseObject({ url: z.string(), expiry: z.number() }),
      thumbnail: z.looseObject({ url: z.string(), expiry: z.number() }),
    })
    .optional(),
});
export type AssetJson = z.infer<typeof assetJson>;

export const pageJson = z.object({
  items: z.array(assetJson),
  nextPage: z.string().optional(),
  prevPage: z.string().optional(),
});

const conditionJson = z.looseObject({ condition: z.string(), status: z.string() });

export const sessionJson = z.looseObject({
  assetIngestionSessionId: z.string(),
  selfLink: z.string(),
  spec: z.looseObject({ onAssetOverwritten: z.string() }),
  status: z.object({
    conditions: z.array(conditionJson),
    events: z.array(z.looseObject({ kind: z.string(), files: z.record(z.string(), z.string()).optional() })),
    progressCount: z.object({ total: z.number(), succeeded: z.number(), errored: z.number() }),
    assets: z
      .array(
        z.object({
          metadata: z.looseObject({ filename: z.string() }),
          upload: z.object({
            url: z.string(),
            expiry: z.number(),
            method: z.string(),
            headers: z.record(z.string(), z.string()),
          }),
        }),
      )
      .optional(),
  }),
});
export type SessionJson = z.infer<typeof sessionJson>;

export const datasetJson = z.looseObject({
  statistic: z.object({
    assetTotal: z.number(),
    annotationTotal: z.number(),
    assetAnnotated: z.number(),
    tagsCount: z.record(z.string(), z.number()),
  }),
});

/** A file as a test uploads it. What it says of itself can be wrong. */
export interface UploadedFile {
  readonly filename: string;
  readonly content: Buffer;
  readonly size?: number;
  readonly crc32c?: number | null;
  readonly kind?: string;
  readonly mime?: string;
  readonly customMetadata?: Readonly<Record<string, string | number | boolean>>;
}

export interface SessionOptions {
  readonly failureMode?: string;
  readonly onAssetOverwritten?: string;
}

/** The API as a client with the key sees it. */
export class ApiCaller {
  readonly endpoint: string;
  readonly organizationId: string;
  readonly secretKey: string;
  readonly dataset: string;

  constructor(
    {
      endpoint,
      organizationId,
      secretKey,
    }: { readonly endpoint: string; readonly organizationId: string; readonly secretKey: string },
    datasetId = 'ds',
  ) {
    this.endpoint = endpoint;
    this.organizationId = organizationId;
    this.secretKey = secretKey;
    this.dataset = `/workspaces/${organizationId}/datasets/${organizationId}_${datasetId}`;
  }

  get headers(): Record<string, string> {
    return {
      authorization: `Bearer ${this.secretKey}`,
      'organization-id': this.organizationId,
      'content-type': 'application/json',
    };
  }

  fetch(place: string, method = 'GET', body?: unknown): Promise<Response> {
    return fetch(this.endpoint + place, {
      method,
      headers: this.headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The JSON of a good answer. */
  async json(place: string, method = 'GET', body?: unknown): Promise<unknown> {
    const response = await this.fetch(place, method, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${place}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  async list(query: Readonly<Record<string, string>> = {}): Promise<z.infer<typeof pageJson>> {
    return pageJson.parse(await this.json(`${this.dataset}/assets?${new URLSearchParams(query)}`));
  }

  /** The asset of a filename, with its signed URLs. */
  async asset(filename: string): Promise<AssetJson> {
    const { items } = await this.list({ s: '1000', contents: 'y' });
    const found = items.find((item) => item.filename === filename);
    if (found === undefined) throw new Error(`There is no asset ${filename}.`);
    return found;
  }

  async statistic(): Promise<z.infer<typeof datasetJson>['statistic']> {
    return datasetJson.parse(await this.json(this.dataset)).statistic;
  }

  get sessions(): string {
    return `${this.dataset}/assetSources/managed/datature/transient/assetIngestionSessions`;
  }

  createSession(files: readonly UploadedFile[], options: SessionOptions = {}): Promise<Response> {
    return this.fetch(this.sessions, 'POST', {
      spec: {
        kind: 'Upload',
        failureMode: options.failureMode ?? 'FailAfterAll',
        onAssetOverwritten: options.onAssetOverwritten ?? 'RemoveLinkedResource',
        assets: files.map((file) => ({
          kind: file.kind ?? 'Image',
          filename: file.filename,
          mime: file.mime ?? 'image/bmp',
          size: file.size ?? file.content.length,
          crc32c: file.crc32c === undefined ? crc32c(file.content) | 0 : file.crc32c,
          ...(file.customMetadata === undefined ? {} : { customMetadata: file.customMetadata }),
        })),
      },
    });
  }

  /** Puts the bytes of these files to a new session's URLs; `skip` leaves some out. */
  async begin(
    files: readonly UploadedFile[],
    options: SessionOptions & { readonly skip?: readonly string[] } = {},
  ): Promise<SessionJson> {
    const response = await this.createSession(files, options);
    const text = await response.text();
    if (!response.ok) throw new Error(`Session: ${response.status} ${text}`);
    const session = sessionJson.parse(JSON.parse(text));
    for (const [index, file] of files.entries()) {
      if (options.skip?.includes(file.filename)) continue;
      const put = await this.put(session, index, file.content);
      if (!put.ok) throw new Error(`PUT ${file.filename}: ${put.status} ${await put.text()}`);
    }
    return session;
  }

  put(session: SessionJson, index: number, content: Buffer): Promise<Response> {
    const upload = session.status.assets?.[index]?.upload;
    if (upload === undefined) throw new Error(`The session has no file ${index}.`);
    return fetch(upload.url, { method: 'PUT', headers: upload.headers, body: new Uint8Array(content) });
  }

  async session(selfLink: string): Promise<SessionJson> {
    return sessionJson.parse(await this.json(selfLink));
  }

  /** Asks until the session is finished or failed. */
  async ended(session: SessionJson): Promise<SessionJson> {
    for (;;) {
      const now = await this.session(session.selfLink);
      if (finished(now) !== 'Waiting') return now;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Uploads files in one session and waits for its end. */
  async upload(files: readonly UploadedFile[], options: SessionOptions = {}): Promise<SessionJson> {
    return this.ended(await this.begin(files, options));
  }
}

/** Status of the `Finished` condition. */
export function finished(session: SessionJson): string | undefined {
  return session.status.conditions.find(({ condition }) => condition === 'Finished')?.status;
}

/** Filename → code, of all error events. */
export function errorCodes(session: SessionJson): Record<string, string> {
  return Object.assign({}, ...session.status.events.map((event) => event.files ?? {}));
}

/** A folder that goes with the test. */
export async function tempFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vi-sync-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A sandbox that goes with the test, with an empty dataset `ds`, and a client of it. No session budget, unless asked for. */
export async function withSandbox(
  options: Omit<SandboxOptions, 'dataDir'> = {},
): Promise<{ readonly sandbox: Sandbox; readonly api: ApiCaller; readonly dataDir: string }> {
  const dataDir = await tempFolder();
  const sandbox = await startSandbox({
    ...options,
    dataDir,
    switches: { sessionBudget: null, ...options.switches },
    onFailure: options.onFailure ?? ((error) => expectNoFailure(error)),
  });
  onTestFinished(() => sandbox.close());
  sandbox.createDataset({ name: 'Dataset', datasetId: 'ds' });
  return { sandbox, api: new ApiCaller(sandbox), dataDir };
}

/** A failure inside the sandbox fails the run, even where no answer shows it. */
function expectNoFailure(error: unknown): never {
  throw new Error('The sandbox has failed.', { cause: error });
}
