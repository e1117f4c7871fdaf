import type { DatasetAddress, Remote } from '../../app/engine/environment.ts';
import type { RemoteAsset } from '../../app/manifest/observations.ts';
import { fileError } from '../../app/vi/file-error.ts';
import { type Contents, ViDownloadError, ViUploadError } from '../../app/vi/index.ts';
import type { FakeDisk } from './fake-disk.ts';
import type { FakeService, ServiceActor, StoredAsset } from './fake-service.ts';
import type { FakeSessions } from './fake-sessions.ts';
import { hashOf } from './file-facts.ts';
import type { Incarnation } from './incarnation.ts';
import type { SeededRandom } from './seeded-random.ts';
import { errorOf, type ServiceCall, type ServiceFaultKind, ServiceFaults } from './service-faults.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface FakeRemoteParts {
  readonly service: FakeService;
  readonly sessions: FakeSessions;
  readonly disk: FakeDisk;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  /** Name of the computer. */
  readonly machine: string;
}

/** What a computer has asked of the service, and what it was told. */
export interface RemoteWitness {
  /** A request is sent. */
  asked?(call: ServiceCall): void;
  /** A living engine was shown these assets. */
  told?(assets: readonly StoredAsset[]): void;
  /** A living engine begins to send a content, or was told that it has arrived. */
  sending?(filename: string, content: Buffer): void;
  confirmed?(filename: string, content: Buffer): void;
  /** A living engine was refused a session because of the budget. */
  opening?(filenames: readonly string[]): void;
}

/** Longest that a request or an answer travels. Milliseconds. */
const slowestTrip = 400;
const longestLagMs = 8000;

/** The way from one computer to a service in memory. Requests take virtual time, get lost, and arrive though their sender has died. */
export class FakeRemote {
  readonly faults: ServiceFaults;
  witness: RemoteWitness = {};
  readonly #parts: FakeRemoteParts;
  readonly #random: SeededRandom;

  constructor(parts: FakeRemoteParts) {
    this.#parts = parts;
    this.#random = parts.random.fork('time');
    this.faults = new ServiceFaults(parts.random.fork('faults'));
  }

  /** The way as one life of an engine has it. */
  of(incarnation: Incarnation, address: DatasetAddress): Remote {
    const { service, sessions, machine } = this.#parts;
    const actor: ServiceActor = { kind: 'engine', machine };
    const request = <T>(call: ServiceCall, signal: AbortSignal, deed: (kind: ServiceFaultKind | null) => T) =>
      this.#request(incarnation, call, signal, deed);
    return {
      ...address,
      dataset: (signal) =>
        request('dataset', signal, (fault) => ({
          name: 'Dataset',
          assetTotal: service.shown(this.#lag(fault)).length,
          serviceNow: service.now(),
        })),
      list: async (order, { size, token }, signal) => {
        const { page, shown } = await request('list', signal, (fault) => {
          const whole = service.list(order, size, token, this.#lag(fault));
          const isCut = fault === 'cut-listing';
          const assets = isCut ? whole.assets.slice(0, Math.floor(whole.assets.length / 2)) : whole.assets;
          return {
            page: { assets, nextPageToken: isCut ? null : whole.nextPageToken },
            shown: this.#stored(assets),
          };
        });
        this.witness.told?.(shown);
        return page;
      },
      get: async (assetId, signal) => {
        const asset = await request('get', signal, () => service.find(assetId));
        if (asset === undefined) return null;
        this.witness.told?.([asset]);
        const annotationsByTag = asset.annotations === 0 ? {} : { cat: asset.annotations };
        return { ...service.described(asset), annotationsByTag };
      },
      locate: async (assetId, signal) => {
        const asset = await request('locate', signal, () => service.find(assetId));
        if (asset === undefined) return null;
        return { asset: service.described(asset), contents: this.#contentsOf(asset) };
      },
      locatePage: ({ size, token }, signal) =>
        request('locatePage', signal, (fault) => {
          const page = service.list('stable', size, token, this.#lag(fault));
          const assets = this.#stored(page.assets).map((asset) => ({
            asset: service.described(asset),
            contents: this.#contentsOf(asset),
          }));
          return { assets, nextPageToken: page.nextPageToken };
        }),
      openSession: (files, annotations, signal) => {
        this.witness.opening?.(files.map(({ filename }) => filename));
        return request('openSession', signal, () => sessions.open(files, annotations, actor));
      },
      session: (sessionId, signal) => request('session', signal, () => sessions.report(sessionId)),
      delete: (assetId, signal) =>
        request('delete', signal, () => {
          service.delete(assetId, actor);
        }),
      send: (target, file, options) => this.#send(incarnation, target.url, file, options),
      fetch: (source, place, expected, options) =>
        this.#fetch(incarnation, source.url, place, expected, options),
    };
  }

  /** A request with its way there and back. */
  async #request<T>(
    incarnation: Incarnation,
    call: ServiceCall,
    signal: AbortSignal,
    deed: (fault: ServiceFaultKind | null) => T,
  ): Promise<T> {
    return incarnation.call(async () => {
      signal.throwIfAborted();
      this.witness.asked?.(call);
      const fault = this.faults.next(call);
      const error = fault === null ? null : errorOf(fault.kind, call);
      const outcome = await this.#arrive(incarnation, signal, () => {
        if (error !== null && fault?.when === 'before') throw error;
        return deed(fault?.kind ?? null);
      });
      await this.#travel(incarnation, signal);
      if (error !== null) throw error;
      return outcome;
    });
  }

  /** The way there, and what happens at its end: even when whoever has asked dies or gives up on the way, now and then. */
  #arrive<T>(incarnation: Incarnation, signal: AbortSignal, deed: () => T): Promise<T> {
    const isSentAnyway = this.#random.chance(0.5);
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      this.#parts.clock.after(this.#random.skewed(slowestTrip), () => {
        signal.removeEventListener('abort', abort);
        if ((incarnation.isDead || signal.aborted) && !isSentAnyway) return;
        try {
          const result = deed();
          incarnation.go(() => resolve(result));
        } catch (error) {
          incarnation.go(() => reject(error));
        }
      });
    });
  }

  async #travel(incarnation: Incarnation, signal: AbortSignal): Promise<void> {
    incarnation.checkpoint();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#parts.clock.after(this.#random.skewed(slowestTrip), () => incarnation.go(resolve));
    await promise.finally(() => signal.removeEventListener('abort', abort));
  }

  #lag(fault: ServiceFaultKind | null): number {
    return fault === 'stale' ? this.#random.fraction() * longestLagMs : 0;
  }

  #contentsOf({ blobId }: StoredAsset): Contents {
    const { service } = this.#parts;
    const expiry = Math.floor(service.now() + service.switches.urlLifetimeMs);
    return { url: `https://storage.invalid/${blobId}?expires=${expiry}`, expiry, method: 'GET' };
  }

  #stored(assets: readonly RemoteAsset[]): StoredAsset[] {
    const shown = new Map(this.#parts.service.shown().map((asset) => [asset.assetId, asset]));
    return assets.flatMap(({ assetId, etag }) => {
      const asset = shown.get(assetId);
      return asset !== undefined && this.#parts.service.described(asset).etag === etag ? [asset] : [];
    });
  }

  async #send(
    incarnation: Incarnation,
    url: string,
    file: { path: string; size: number; crc32c: number },
    { onBytes, signal }: { onBytes: (bytes: number) => void; signal: AbortSignal },
  ): Promise<void> {
    const { sessions } = this.#parts;
    signal.throwIfAborted();
    onBytes(0);
    const content = await this.#readSource(incarnation, file);
    const filename = sessions.filenameOf(url) ?? '';
    this.witness.sending?.(filename, content);
    const done = sessions.receiving(url);
    try {
      await this.#request(incarnation, 'send', signal, () => {
        const arrival = sessions.check(url);
        if (arrival === 'expired') throw expiredUrl('upload', file.path);
        if (arrival === 'unknown') {
          throw new ViUploadError(`Cannot upload ${file.path}: the storage answered 404.`, { status: 404 });
        }
        sessions.arrive(url, content);
      });
    } finally {
      done();
    }
    onBytes(file.size);
    this.witness.confirmed?.(filename, content);
  }

  async #readSource(
    incarnation: Incarnation,
    file: { path: string; size: number; crc32c: number },
  ): Promise<Buffer> {
    const { disk } = this.#parts;
    let content: Buffer;
    try {
      content = await disk.call(incarnation, 'send', file.path, async ({ step }) =>
        step(() => disk.volume.read(file.path)),
      );
    } catch (error) {
      throw fileError(error, file.path, 'read');
    }
    const { size, crc32c } = hashOf(content);
    if (size !== file.size || crc32c !== file.crc32c) {
      throw new ViUploadError(`Cannot upload ${file.path}: its content has changed since it was announced.`, {
        code: 'FileChanged',
      });
    }
    return content;
  }

  async #fetch(
    incarnation: Incarnation,
    url: string,
    place: string,
    expected: { size: number | null; hash: RemoteAsset['hash'] },
    { onBytes, signal }: { onBytes: (bytes: number) => void; signal: AbortSignal },
  ) {
    const { disk, service } = this.#parts;
    signal.throwIfAborted();
    const write = async (content: Buffer) => {
      try {
        await disk.call(incarnation, 'fetch', place, async ({ step }) =>
          step(() => disk.volume.write(place, content)),
        );
      } catch (error) {
        signal.throwIfAborted();
        throw fileError(error, place, 'write');
      }
    };
    await write(Buffer.alloc(0));
    const content = await this.#request(incarnation, 'fetch', signal, (fault) => {
      const { pathname, searchParams } = new URL(url);
      if (Number(searchParams.get('expires')) <= service.now()) throw expiredUrl('download', place);
      const blob = service.blob(pathname.slice(1));
      if (blob === undefined) {
        throw new ViDownloadError('Cannot download the asset: the storage answered 404.', { status: 404 });
      }
      return spoiled(blob, fault);
    });
    await write(content.subarray(0, Math.floor(content.length / 2)));
    await write(content);
    disk.volume.sync();
    onBytes(content.length);
    if (!this.#isAsExpected(content, expected)) {
      await write(Buffer.alloc(0));
      throw new ViDownloadError('The download of the asset gave other content than it should have.', {
        code: 'ContentMismatch',
        isRetryable: true,
      });
    }
    return hashOf(content);
  }

  /** As far as the service's hash can be computed here. */
  #isAsExpected(content: Buffer, expected: { size: number | null; hash: RemoteAsset['hash'] }): boolean {
    if (expected.size !== null && content.length !== expected.size) return false;
    const { hash } = expected;
    if (hash === null) return true;
    const own = this.#parts.service.hash(content);
    return own === null || own.algorithm !== hash.algorithm || own.contents === hash.contents;
  }
}

function spoiled(content: Buffer, fault: ServiceFaultKind | null): Buffer {
  if (fault === 'truncate') return content.subarray(0, Math.floor(content.length / 2));
  if (fault !== 'corrupt') return content;
  const copy = Buffer.from(content);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

function expiredUrl(direction: 'upload' | 'download', subject: string): ViUploadError | ViDownloadError {
  const Kind = direction === 'upload' ? ViUploadError : ViDownloadError;
  return new Kind(`Cannot ${direction} ${subject}: its signed URL is too old.`, {
    status: 403,
    code: 'UrlExpired',
    isExpired: true,
  });
}
