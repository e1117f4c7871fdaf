import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import type { Connections } from '../accounts/connections.ts';
import type { EngineApi, Place, Problem } from '../contract.ts';
import { extensionOf, isSupportedExtension } from '../image/formats.ts';
import { ThumbnailError } from '../image/thumbnail.ts';
import { ThumbnailPool } from '../image/thumbnail-pool.ts';
import type { Log } from '../log.ts';
import { systemCode } from '../observe/file-stamp.ts';
import { ownFolder } from '../observe/root-guard.ts';
import { type Asset, ViError } from '../vi/index.ts';
import { orNull } from './assets-now.ts';
import { isInside } from './folders.ts';
import { PreviewCache } from './preview-cache.ts';
import { serviceProblem } from './service-problem.ts';

export interface PreviewsOptions {
  readonly engine: EngineApi;
  readonly connections: Connections;
  /** Folder of the previews that are kept, and of assets while they are fetched. */
  readonly cacheDir: string;
  readonly log: Log;
  /** Default: 256 MiB. */
  readonly mostBytes?: number | undefined;
}

/** A picture as WebP. */
export interface Preview {
  readonly bytes: Uint8Array;
  /** Another one when the picture is another. */
  readonly etag: string;
}

export interface LocalPreview {
  readonly mirrorId: string;
  /** Relative to the mirror's folder. */
  readonly path: string;
  /** The longer side in pixels, at least; the next of some fixed sizes is made. */
  readonly size: number;
}

export interface TrashPreview {
  /** Of the file in the trash. */
  readonly id: number;
  readonly size: number;
}

export interface AssetPreview extends Place {
  readonly datasetId: string;
  readonly assetId: string;
  readonly size: number;
  /** What tells one content of the asset from another; null: the service is asked. */
  readonly version: string | null;
}

/** There is nothing to show: `problem` says why. `missing`: no such file or asset; `no-picture`: none can be made of it. */
export class NoPreview extends Error {
  override readonly name = 'NoPreview';
  readonly kind: 'missing' | 'no-picture' | 'unavailable';
  readonly problem: Problem;

  constructor(kind: NoPreview['kind'], problem: Problem, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.kind = kind;
    this.problem = problem;
  }
}

/** Few sizes: each is made and kept by itself. Pixels. */
export const previewSizes = [128, 256, 512, 1024, 2048, 4096] as const;
const usualMostBytes = 256 * 1024 * 1024;
/** Larger assets are not fetched just to be shown. Bytes. */
const mostAssetBytes = 200 * 1024 * 1024;
/** The service's own thumbnail is good enough up to this. Pixels. */
const mostOfThumbnail = 256;
/** Assets that are fetched at once. */
const fetchesAtOnce = 4;
/** Pictures of which it is remembered that nothing can be shown. */
const mostRemembered = 2000;

/** Small pictures of files and assets, made in threads and kept on the disk. */
export class Previews {
  readonly #engine: EngineApi;
  readonly #connections: Connections;
  readonly #temporary: string;
  readonly #pool = new ThumbnailPool();
  readonly #cache: PreviewCache;
  readonly #fetches = pLimit(fetchesAtOnce);
  readonly #making = new Map<string, Promise<Uint8Array>>();
  readonly #impossible = new Map<string, ThumbnailError>();
  readonly #abort = new AbortController();
  #isTemporaryClear: Promise<void> | null = null;

  constructor({ engine, connections, cacheDir, log, mostBytes = usualMostBytes }: PreviewsOptions) {
    this.#engine = engine;
    this.#connections = connections;
    this.#temporary = path.join(cacheDir, 'fetched-assets');
    this.#cache = new PreviewCache({ folder: path.join(cacheDir, 'previews'), mostBytes, log });
  }

  /** A picture of a file that a mirror knows. @throws NoPreview */
  async local({ mirrorId, path: relative, size: wanted }: LocalPreview): Promise<Preview> {
    return this.#ofFile(await this.#fileOf(mirrorId, relative), wanted);
  }

  /** A picture of a file in the trash of a mirror. @throws NoPreview */
  async trashed({ id, size }: TrashPreview): Promise<Preview> {
    return this.#ofFile(await this.#trashedFileOf(id), size);
  }

  /** A picture of an asset. @throws NoPreview */
  async asset({
    endpoint,
    organizationId,
    datasetId,
    assetId,
    size,
    version,
  }: AssetPreview): Promise<Preview> {
    const place = { endpoint, organizationId };
    const maxSize = sizeFor(size);
    const keyOf = (text: string) =>
      PreviewCache.key(['asset', endpoint, organizationId, datasetId, assetId, text, maxSize]);
    try {
      if (version !== null) {
        const key = keyOf(version);
        const kept = this.#impossible.has(key) ? null : await this.#cache.get(key);
        if (kept !== null) return { bytes: kept, etag: etagOf(key) };
      }
      const asset = await this.#assetOf(place, datasetId, assetId);
      const key = keyOf(version ?? versionOf(asset));
      return await this.#preview(key, () => this.#fetches(() => this.#fetched(place, asset, maxSize)));
    } catch (error) {
      if (!(error instanceof ViError)) throw error;
      throw new NoPreview('unavailable', serviceProblem(error), { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#abort.abort(new DOMException('Vi Sync has been closed.', 'AbortError'));
    await this.#pool.close();
    await Promise.allSettled(this.#making.values());
  }

  async #ofFile(file: string, wanted: number): Promise<Preview> {
    const { size, mtimeNs, ctimeNs, ino, dev } = await fs.lstat(file, { bigint: true });
    const maxSize = sizeFor(wanted);
    const key = PreviewCache.key(['local', file, size, mtimeNs, ctimeNs, ino, dev, maxSize]);
    return this.#preview(key, () => this.#pool.make(file, { maxSize }));
  }

  /** The real place of a file that the mirror knows and that lies in its folder: nothing else is ever opened. */
  async #fileOf(mirrorId: string, relative: string): Promise<string> {
    const { mirrors } = await this.#engine.call('status', {});
    const mirror = mirrors.find((each) => each.mirrorId === mirrorId);
    if (mirror === undefined) throw missing();
    const { file } = await this.#engine.call('file', { mirrorId, path: relative });
    if (file === null || file.local === null) throw missing();
    return realFile(mirror.folder, relative, '');
  }

  /** The real place of a file that lies in the trash of a mirror, and is recorded there: nothing else is ever opened. */
  async #trashedFileOf(id: number): Promise<string> {
    const { file } = await this.#engine.call('trashedFile', { id });
    if (file === null) throw missing();
    const { mirrors } = await this.#engine.call('status', {});
    const mirror = mirrors.find(({ mirrorId }) => mirrorId === file.mirrorId);
    if (mirror === undefined) throw missing();
    const relative = path.relative(mirror.folder, file.trashPath).split(path.sep).join('/');
    return realFile(mirror.folder, relative, trashFolder);
  }

  async #assetOf(place: Place, datasetId: string, assetId: string): Promise<Asset> {
    const { signal } = this.#abort;
    const asset = await this.#connections.use(place, signal, (client) =>
      orNull(client.assets.get({ datasetId, assetId, contents: true, signal })),
    );
    if (asset === null) throw missing();
    return asset;
  }

  /** A picture of an asset whose bytes are fetched for it, and dropped. */
  async #fetched(place: Place, asset: Asset, maxSize: number): Promise<{ readonly bytes: Uint8Array }> {
    const { signal } = this.#abort;
    const { fileSize } = asset.metadata;
    const { thumbnail, asset: whole } = asset.contents ?? {};
    const isSmall = maxSize <= mostOfThumbnail && thumbnail !== undefined;
    const contents = isSmall ? thumbnail : (whole ?? thumbnail);
    if (contents === undefined) throw new NoPreview('unavailable', noContents(asset.filename));
    if (!isSmall && fileSize !== undefined && fileSize > mostAssetBytes)
      throw new NoPreview('no-picture', tooLarge(asset.filename));
    await this.#clearTemporary();
    // A name of our own: the asset's is anybody's. Its extension is kept, as far as it is one of a picture.
    const name = `${randomUUID()}${isSupportedExtension(asset.filename) ? extensionOf(asset.filename) : '.jpg'}`;
    const file = path.join(this.#temporary, name);
    try {
      await this.#connections.use(place, signal, (client) =>
        client.assets.fetchContents(contents, file, {
          ...(contents === whole && fileSize !== undefined ? { expectedSize: fileSize } : {}),
          subject: `the asset ${asset.assetId}`,
          signal,
        }),
      );
      return await this.#pool.make(file, { maxSize });
    } catch (error) {
      if (!(error instanceof ThumbnailError)) throw error;
      const { problem } = error;
      const detail = problem.detail.replaceAll(name, asset.filename);
      const facts = { ...problem.facts, file: asset.filename };
      throw new ThumbnailError({ ...problem, detail, facts }, { cause: error });
    } finally {
      await fs.rm(file, { force: true });
    }
  }

  async #preview(key: string, make: () => Promise<{ readonly bytes: Uint8Array }>): Promise<Preview> {
    const etag = etagOf(key);
    const impossible = this.#impossible.get(key);
    if (impossible !== undefined) throw noPicture(impossible);
    const kept = await this.#cache.get(key);
    if (kept !== null) return { bytes: kept, etag };
    let making = this.#making.get(key);
    if (making === undefined) {
      making = this.#make(key, make).finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return { bytes: await making, etag };
  }

  async #make(key: string, make: () => Promise<{ readonly bytes: Uint8Array }>): Promise<Uint8Array> {
    try {
      const { bytes } = await make();
      await this.#cache.put(key, bytes);
      return bytes;
    } catch (error) {
      if (!(error instanceof ThumbnailError)) throw error;
      this.#impossible.set(key, error);
      if (this.#impossible.size > mostRemembered) {
        const [oldest] = this.#impossible.keys();
        if (oldest !== undefined) this.#impossible.delete(oldest);
      }
      throw noPicture(error);
    }
  }

  /** What a kill has left there goes with the first fetch. */
  #clearTemporary(): Promise<void> {
    this.#isTemporaryClear ??= (async () => {
      await fs.rm(this.#temporary, { recursive: true, force: true });
      await fs.mkdir(this.#temporary, { recursive: true, mode: 0o700 });
    })();
    return this.#isTemporaryClear;
  }
}

/** Where a mirror's trash is, in its folder. */
const trashFolder = `${ownFolder}/trash`;

/** A file of a folder by its real place, which lies in the part of the folder that is named. @throws NoPreview when there is none */
async function realFile(folder: string, relative: string, part: string): Promise<string> {
  try {
    const root = await fs.realpath(folder);
    const within = path.join(root, part);
    const place = path.join(root, ...relative.split('/'));
    const stats = await fs.lstat(place);
    const real = await fs.realpath(place);
    // A link is not followed, wherever on the way it stands: it could lead to what nobody has chosen to mirror.
    if (stats.isFile() && isInside(within, real) && real !== within) return real;
  } catch (error) {
    if (systemCode(error) === null) throw error;
  }
  throw missing();
}

function sizeFor(wanted: number): number {
  return previewSizes.find((size) => size >= wanted) ?? 4096;
}

function versionOf({ etag, metadata }: Asset): string {
  const { contentsLastUpdated, hash, fileSize } = metadata;
  return contentsLastUpdated === undefined && hash === undefined
    ? etag
    : `${contentsLastUpdated} ${hash?.contents} ${fileSize}`;
}

function etagOf(key: string): string {
  return `"${key.slice(0, 32)}"`;
}

function missing(): NoPreview {
  return new NoPreview('missing', {
    code: 'nothing-to-show',
    title: 'Nothing to show',
    detail: 'There is no such image here any more.',
    suggestion: 'Reload the list.',
  });
}

function noPicture(error: ThumbnailError): NoPreview {
  return new NoPreview('no-picture', error.problem, { cause: error });
}

function noContents(filename: string): Problem {
  return {
    code: 'no-contents',
    facts: { name: filename },
    title: 'Not to be had',
    detail: `The service gives no address for the bytes of “${filename}”.`,
    suggestion: 'Try again in a while.',
  };
}

function tooLarge(filename: string): Problem {
  return {
    code: 'too-large',
    facts: { case: 'asset', name: filename },
    title: 'Too large for a preview',
    detail: `“${filename}” is too large to be fetched just to show it.`,
    suggestion: 'Open it in Datature Vi.',
  };
}
