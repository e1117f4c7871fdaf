import * as fs from 'node:fs/promises';
import path from 'node:path';
import {
  FailureMode,
  ResourceRetentionMode,
  ViClient,
  ViNotFoundError,
  ViRateLimitError,
} from '../../app/vi/index.ts';
import type { SeededRandom } from '../world/seeded-random.ts';
import { hashOf, type Ledger } from './ledger.ts';

export interface ThirdHandOptions {
  readonly dir: string;
  readonly credentials: {
    readonly endpoint: string;
    readonly organizationId: string;
    readonly secretKey: string;
  };
  readonly datasetId: string;
  readonly random: SeededRandom;
  readonly ledger: Ledger;
}

interface KnownAsset {
  readonly assetId: string;
  readonly filename: string;
  readonly sha256: string;
  readonly annotations: number;
}

/** Somebody who works on the dataset itself, with the client of our own: uploads, overwrites, deletes and annotates. */
export class ThirdHand {
  readonly #options: ThirdHandOptions;
  readonly #client: ViClient;
  readonly counts = new Map<string, number>();
  /** Annotations that were made here: asset ID → how many it must have since when. */
  readonly annotated = new Map<string, { readonly count: number; readonly at: number }>();

  constructor(options: ThirdHandOptions) {
    this.#options = options;
    this.#client = new ViClient({ ...options.credentials, env: {} });
  }

  async begin(count: number): Promise<void> {
    const files = await this.#newFiles(Array.from({ length: count }, (_, index) => `p${index + 20}.png`));
    await this.#upload(files);
  }

  async step(): Promise<void> {
    const { random } = this.#options;
    const assets = await this.list();
    const isMany = assets.length > 45;
    const [name, deed] = random.weighted<readonly [string, () => Promise<boolean>]>([
      [isMany ? 0 : 4, ['upload', () => this.#add()]],
      [6, ['overwrite', () => this.#overwrite(assets)]],
      [isMany ? 10 : 4, ['delete', () => this.#delete(assets)]],
      [5, ['annotate', () => this.#annotate(assets)]],
    ]);
    if (await deed()) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  async list(): Promise<KnownAsset[]> {
    const { datasetId } = this.#options;
    const found: KnownAsset[] = [];
    const list = this.#client.assets.list({ datasetId, pagination: { pageSize: 1000 } });
    for await (const { assetId, filename, metadata } of list.allItems()) {
      found.push({
        assetId,
        filename,
        sha256: metadata.hash?.contents ?? '',
        annotations: metadata.annotations?.total ?? 0,
      });
    }
    return found;
  }

  /** Content of every asset, as it is downloaded. */
  async contents(): Promise<Map<string, { sha256: string; assetId: string; annotations: number }>> {
    const { datasetId } = this.#options;
    const found = new Map<string, { sha256: string; assetId: string; annotations: number }>();
    const list = this.#client.assets.list({ datasetId, contents: true, pagination: { pageSize: 1000 } });
    for await (const { assetId, filename, contents, metadata } of list.allItems()) {
      const answer = await fetch(contents?.asset?.url ?? '');
      const sha256 = hashOf(new Uint8Array(await answer.arrayBuffer()));
      found.set(filename, { sha256, assetId, annotations: metadata.annotations?.total ?? 0 });
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #add(): Promise<boolean> {
    const { random } = this.#options;
    const name = `${random.pick(['p', 'q'])}${String(random.whole(1, 30)).padStart(2, '0')}.png`;
    if ((await this.list()).some(({ filename }) => filename === name)) return false;
    return this.#upload(await this.#newFiles([name]));
  }

  async #overwrite(assets: readonly KnownAsset[]): Promise<boolean> {
    const { random, ledger } = this.#options;
    if (assets.length === 0) return false;
    const { filename, sha256 } = random.pick(assets);
    ledger.giveUp(sha256, 'third', `overwrote ${filename}`);
    return this.#upload(await this.#newFiles([filename]));
  }

  async #delete(assets: readonly KnownAsset[]): Promise<boolean> {
    const { random, ledger, datasetId } = this.#options;
    if (assets.length === 0) return false;
    const { assetId, filename, sha256 } = random.pick(assets);
    ledger.giveUp(sha256, 'third', `deleted ${filename}`);
    this.annotated.delete(assetId);
    return this.#unlessGone(() => this.#client.assets.delete({ datasetId, assetId }));
  }

  async #annotate(assets: readonly KnownAsset[]): Promise<boolean> {
    const { random, credentials, datasetId } = this.#options;
    if (assets.length === 0) return false;
    const { assetId, annotations } = random.pick(assets);
    const count = annotations + random.whole(1, 4);
    const answer = await fetch(`${credentials.endpoint}/sandbox/annotations`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${credentials.secretKey}`,
        'organization-id': credentials.organizationId,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ datasetId, asset: assetId, tags: { pallet: count } }),
    });
    if (answer.ok) this.annotated.set(assetId, { count, at: performance.now() });
    return answer.ok;
  }

  async #newFiles(filenames: readonly string[]): Promise<string[]> {
    const { random, ledger, dir } = this.#options;
    const folder = await fs.mkdtemp(path.join(dir, 'third-'));
    return Promise.all(
      filenames.map(async (filename) => {
        const file = path.join(folder, filename);
        await fs.writeFile(file, ledger.newContent(random.whole(300, 20_000)));
        return file;
      }),
    );
  }

  async #upload(paths: readonly string[]): Promise<boolean> {
    const { datasetId, ledger } = this.#options;
    try {
      const result = await this.#client.assets.upload({
        datasetId,
        paths: [...paths],
        failureMode: FailureMode.FAIL_AFTER_ALL,
        onAssetOverwritten: ResourceRetentionMode.KEEP_LINKED_RESOURCES,
      });
      if (result.totalFailed > 0) return false;
    } catch (error) {
      if (error instanceof ViRateLimitError) return false;
      throw error;
    }
    for (const file of paths) ledger.wrote(hashOf(await fs.readFile(file)), 'third', path.basename(file));
    return true;
  }

  async #unlessGone(deed: () => Promise<unknown>): Promise<boolean> {
    try {
      await deed();
      return true;
    } catch (error) {
      if (error instanceof ViNotFoundError) return false;
      throw error;
    }
  }
}
