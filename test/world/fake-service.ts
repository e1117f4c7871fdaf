import { createHash } from 'node:crypto';
import type { AnnouncedFile, RemotePage } from '../../app/engine/environment.ts';
import { mimeFromExtension } from '../../app/image/formats.ts';
import type { ContentHash, RemoteAsset } from '../../app/manifest/observations.ts';
import { makeSwitches, type SandboxSwitches } from '../../app/sandbox/switches.ts';
import { crcHex } from '../../app/vi/content-hash.ts';
import { hashOf, inspected } from './file-facts.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Who changes something at the service: a person on its web page, or another program; or an engine on one of our computers. */
export type ServiceActor = { readonly kind: 'web' } | { readonly kind: 'engine'; readonly machine: string };

export const web: ServiceActor = { kind: 'web' };

export interface StoredAsset {
  /** Grows with every new asset. */
  readonly row: number;
  readonly assetId: string;
  readonly filename: string;
  readonly blobId: string;
  readonly content: Buffer;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly customMetadata: Readonly<Record<string, string>>;
  readonly annotations: number;
  readonly generation: number;
  readonly contentsLastUpdated: number;
  /** From when on listings show it, by the service's clock, and what they show until then. */
  readonly visibleAt: number;
  readonly prior: StoredAsset | null;
}

export type ServiceEvent =
  /** New content under a name. `before`: the asset that it took the place of. `dropped`: annotations that went with it. */
  | {
      readonly kind: 'put';
      readonly actor: ServiceActor;
      readonly asset: StoredAsset;
      readonly before: StoredAsset | null;
      readonly dropped: number;
    }
  | { readonly kind: 'deleted'; readonly actor: ServiceActor; readonly asset: StoredAsset }
  | { readonly kind: 'changed'; readonly actor: ServiceActor; readonly asset: StoredAsset };

export interface FakeServiceOptions {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  /** Milliseconds since the epoch at the beginning, before `clockOffsetMs`. */
  readonly start: number;
  readonly switches?: Partial<SandboxSwitches>;
  /** Data rows of the organization. */
  readonly dataRows?: number;
}

/** What one image and one annotation use of the quota. */
const rowsPerAsset = 5;
const mostPast = 30;

interface Past {
  readonly at: number;
  readonly assets: readonly StoredAsset[];
}

/** One dataset of a Vi service, in memory: its assets, and whatever was done to them. */
export class FakeService {
  readonly switches: SandboxSwitches;
  readonly dataRowLimit: number;
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #start: number;
  readonly #byName = new Map<string, StoredAsset>();
  readonly #goneBlobs = new Map<string, { content: Buffer; at: number }>();
  readonly #listeners = new Set<(event: ServiceEvent) => void>();
  /** States of the past, for listings that are late. */
  #past: Past[] = [];
  #lastRow = 0;

  constructor({ clock, random, start, switches, dataRows }: FakeServiceOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#start = start;
    this.switches = makeSwitches(switches);
    this.dataRowLimit = dataRows ?? 1_000_000;
  }

  /** By the service's clock, milliseconds since the epoch. */
  now(): number {
    return Math.floor(this.#start + this.#clock.steady + this.switches.clockOffsetMs);
  }

  /** Returns the function that ends it. */
  listen(listener: (event: ServiceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Data rows in use. */
  get dataRowsUsed(): number {
    const assets = [...this.#byName.values()];
    return assets.reduce((rows, { annotations }) => rows + rowsPerAsset + annotations, 0);
  }

  /** Every asset, whether listings show it or not. */
  assets(): StoredAsset[] {
    return [...this.#byName.values()];
  }

  current(filename: string): StoredAsset | undefined {
    return this.#byName.get(filename);
  }

  /** What is shown of an asset. */
  find(assetId: string): StoredAsset | undefined {
    return this.shown().find((asset) => asset.assetId === assetId);
  }

  /** What listings show now, or showed some milliseconds ago. */
  shown(agoMs = 0): StoredAsset[] {
    const at = this.#clock.steady - agoMs;
    const past = agoMs === 0 ? undefined : this.#past.findLast((state) => state.at <= at);
    const now = this.now() - agoMs;
    return (past?.assets ?? this.assets()).flatMap((asset) => {
      const seen = asset.visibleAt <= now ? asset : asset.prior;
      return seen === null ? [] : [seen];
    });
  }

  /** One page of a listing. */
  list(order: 'newest-first' | 'stable', size: number, token: string | null, agoMs = 0): RemotePage {
    const after = token === null ? null : readToken(token);
    const sorted = this.shown(agoMs).sort(order === 'stable' ? byId : byNewest);
    const rest = sorted.filter((asset) => after === null || isAfter(order, asset, after));
    const page = rest.slice(0, size);
    const last = page.at(-1);
    return {
      assets: page.map((asset) => this.described(asset)),
      nextPageToken: rest.length > page.length && last !== undefined ? tokenOf(last) : null,
    };
  }

  /** An asset as the client hands it on. */
  described(asset: StoredAsset): RemoteAsset {
    const { assetId, filename, content, mime, width, height, annotations, customMetadata } = asset;
    return {
      assetId,
      filename,
      size: content.length,
      hash: this.hash(content),
      etag: `${assetId}-${asset.generation}-${asset.blobId}`,
      annotations,
      contentsLastUpdated: asset.contentsLastUpdated,
      mime,
      width,
      height,
      customMetadata,
    };
  }

  /** The bytes behind a signed URL; undefined when they are gone. */
  blob(blobId: string): Buffer | undefined {
    for (const asset of this.#byName.values()) {
      if (asset.blobId === blobId) return asset.content;
      if (asset.prior?.blobId === blobId) return asset.prior.content;
    }
    const gone = this.#goneBlobs.get(blobId);
    return gone !== undefined && gone.at > this.now() ? gone.content : undefined;
  }

  /** Puts content under a name as somebody does who needs no session. */
  async put(
    filename: string,
    content: Buffer,
    customMetadata?: Record<string, string>,
  ): Promise<StoredAsset> {
    const inspection = await this.#clock.hold(inspected(content, filename));
    const mime = mimeFromExtension(filename) ?? 'application/octet-stream';
    const size = inspection.ok ? inspection : { width: 0, height: 0 };
    const asset = { filename, mime, customMetadata };
    return this.ingest({ asset, content, size, actor: web, keepsAnnotations: true });
  }

  /** Makes an asset of a content, or new content of an asset. */
  ingest(what: {
    readonly asset: {
      filename: string;
      mime: string;
      customMetadata?: AnnouncedFile['customMetadata'] | undefined;
    };
    readonly content: Buffer;
    readonly size: { readonly width: number; readonly height: number };
    readonly actor: ServiceActor;
    readonly keepsAnnotations: boolean;
  }): StoredAsset {
    const { content, size, actor, keepsAnnotations } = what;
    const { filename, mime, customMetadata } = what.asset;
    const before = this.#byName.get(filename) ?? null;
    const now = this.now();
    const { listingDelayMs, overwrittenAssetId } = this.switches;
    const isNewId = before === null || overwrittenAssetId === 'new';
    const wasShown = before !== null && before.visibleAt <= now;
    if (before === null) this.#lastRow += 1;
    const asset: StoredAsset = {
      row: before?.row ?? this.#lastRow,
      assetId: isNewId ? `asset-${this.#random.id()}` : before.assetId,
      filename,
      blobId: this.#random.id(),
      content,
      mime,
      width: size.width,
      height: size.height,
      customMetadata: customMetadata ?? before?.customMetadata ?? {},
      annotations: keepsAnnotations ? (before?.annotations ?? 0) : 0,
      generation: (before?.generation ?? 0) + 1,
      contentsLastUpdated: now,
      visibleAt: now + listingDelayMs,
      prior: listingDelayMs > 0 && wasShown ? { ...before, prior: null } : null,
    };
    if (before !== null)
      this.#goneBlobs.set(before.blobId, { content: before.content, at: now + listingDelayMs });
    const dropped = (before?.annotations ?? 0) - asset.annotations;
    this.#set(asset, { kind: 'put', actor, asset, before, dropped });
    return asset;
  }

  /** True when there was such an asset. */
  delete(assetId: string, actor: ServiceActor): boolean {
    const asset = this.assets().find((each) => each.assetId === assetId);
    // What is not shown yet can't be named.
    if (asset === undefined || this.find(assetId) === undefined) return false;
    this.#remember();
    this.#byName.delete(asset.filename);
    this.#tell({ kind: 'deleted', actor, asset });
    return true;
  }

  annotate(filename: string, annotations: number): void {
    const asset = this.#byName.get(filename);
    if (asset === undefined) return;
    const changed = { ...asset, annotations, generation: asset.generation + 1 };
    this.#set(changed, { kind: 'changed', actor: web, asset: changed });
  }

  /** Gives an asset another name, as another program might. Its content does not change, and so no time of change. */
  rename(from: string, to: string): void {
    const asset = this.#byName.get(from);
    if (asset === undefined || this.#byName.has(to)) return;
    const renamed = { ...asset, filename: to, generation: asset.generation + 1, prior: null };
    this.#remember();
    this.#byName.delete(from);
    this.#set(renamed, { kind: 'changed', actor: web, asset: renamed });
  }

  #set(asset: StoredAsset, event: ServiceEvent): void {
    this.#remember();
    this.#byName.set(asset.filename, asset);
    this.#tell(event);
  }

  #tell(event: ServiceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #remember(): void {
    this.#past.push({ at: this.#clock.steady, assets: this.assets() });
    if (this.#past.length > mostPast) this.#past.shift();
  }

  hash(content: Buffer): ContentHash | null {
    const algorithm = this.switches.hashAlgorithm;
    switch (algorithm) {
      case 'none':
        return null;
      case 'sha256':
        return { algorithm, contents: hashOf(content).sha256 };
      case 'crc32c':
        return { algorithm, contents: crcHex(hashOf(content).crc32c) };
      default:
        return { algorithm, contents: createHash(algorithm).update(content).digest('hex') };
    }
  }
}

function byId(a: StoredAsset, b: StoredAsset): number {
  return a.assetId < b.assetId ? -1 : a.assetId > b.assetId ? 1 : 0;
}

function byNewest(a: StoredAsset, b: StoredAsset): number {
  return b.contentsLastUpdated - a.contentsLastUpdated || b.row - a.row;
}

type Token = Pick<StoredAsset, 'assetId' | 'contentsLastUpdated' | 'row'>;

function isAfter(order: 'newest-first' | 'stable', asset: StoredAsset, token: Token): boolean {
  if (order === 'stable') return asset.assetId > token.assetId;
  const { contentsLastUpdated, row } = asset;
  if (contentsLastUpdated !== token.contentsLastUpdated)
    return contentsLastUpdated < token.contentsLastUpdated;
  return row < token.row;
}

function tokenOf({ assetId, contentsLastUpdated, row }: StoredAsset): string {
  return [assetId, contentsLastUpdated, row].join(' ');
}

function readToken(text: string): Token {
  const [assetId = '', contentsLastUpdated, row] = text.split(' ');
  return { assetId, contentsLastUpdated: Number(contentsLastUpdated), row: Number(row) };
}
