import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { AssetRow, CustomMetadata, Tags } from './asset-store.ts';
import { checkContent, mimeOfName, storedExtension } from './content-check.ts';
import { DatasetError, type DatasetRow, dataRowsOf, type NewDataset } from './dataset-store.ts';
import type { SandboxParts } from './parts.ts';
import { type SeedResult, seedFolder } from './seed.ts';

/** An asset that is put into a dataset without a session: content from a file on disk, or from memory. */
export interface NewAsset {
  /** Any text: names that no disk would hold as well. */
  readonly filename: string;
  readonly content: { readonly path: string } | { readonly bytes: Uint8Array };
  readonly customMetadata?: CustomMetadata | undefined;
}

/** Something that the sandbox is asked to change isn't there, or has no room. */
export class SandboxControlError extends Error {
  override readonly name = 'SandboxControlError';
}

/** What can be done to a sandbox that no client can do to the service. */
export class SandboxControl {
  readonly #parts: SandboxParts;

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  /** @throws DatasetError */
  createDataset(dataset: NewDataset): { readonly datasetId: string } {
    return { datasetId: this.#parts.datasets.create(dataset).datasetId };
  }

  /**
   * Gives an asset these annotations (a count for each tag) in place of those that it has.
   * @throws DatasetError, SandboxControlError
   */
  annotate(datasetId: string, filenameOrAssetId: string, tags: Tags): void {
    const { datasets, assets, limits } = this.#parts;
    const dataset = this.#dataset(datasetId);
    const asset = assets.current(dataset.id, filenameOrAssetId) ?? assets.find(dataset.id, filenameOrAssetId);
    if (asset === undefined) {
      throw new SandboxControlError(`The dataset ${datasetId} has no asset “${filenameOrAssetId}”.`);
    }
    datasets.inTransaction(() => {
      assets.setTags(dataset.id, asset.id, tags);
      // Taken back with the transaction.
      if (datasets.dataRows() > limits.dataRows) {
        throw new SandboxControlError(
          `These annotations need more data rows than the organization has (${limits.dataRows}).`,
        );
      }
    });
  }

  /**
   * Puts an asset into a dataset, or in the place of the one of its name. Content that is no image is taken as well, with
   * a size of 0 × 0 pixels.
   * @throws DatasetError, SandboxControlError
   */
  async addAsset(datasetId: string, asset: NewAsset): Promise<{ readonly assetId: string }> {
    const { datasets, assets, blobs, limits } = this.#parts;
    const dataset = this.#dataset(datasetId);
    const mime = mimeOfName(asset.filename);
    const source =
      'path' in asset.content
        ? createReadStream(asset.content.path, { highWaterMark: 1024 * 1024 })
        : // A copy: the memory of a stream's chunks is taken away.
          Readable.from([new Uint8Array(asset.content.bytes)]);
    const blob = await blobs.receive(source, { mime, extension: storedExtension(asset.filename) });
    const check = await checkContent(blobs.path(blob.blobId), {
      filename: asset.filename,
      kind: 'Image',
      mime,
    });
    const { width, height, frames } = check.ok ? check : { width: 0, height: 0, frames: 1 };
    let row: AssetRow | undefined;
    datasets.inTransaction(() => {
      const { filename, customMetadata } = asset;
      const isNew = assets.current(dataset.id, filename) === undefined;
      if (isNew && datasets.dataRows() + dataRowsOf(1, 0) > limits.dataRows) {
        blobs.doom(blob.blobId, 0);
        return;
      }
      row = assets.put(
        dataset.id,
        { filename, kind: 'Image', mime, width, height, frames, blob, customMetadata },
        { keepTags: true, newAssetId: false, listingDelayMs: 0 },
      );
    });
    await blobs.sweep();
    if (row === undefined) {
      throw new SandboxControlError(`The organization has no data rows left for “${asset.filename}”.`);
    }
    return { assetId: row.assetId };
  }

  /** Puts the images of a folder, and of those below it, into a dataset. */
  seed(datasetId: string, folder: string): Promise<SeedResult> {
    this.#dataset(datasetId);
    return seedFolder((asset) => this.addAsset(datasetId, asset), folder);
  }

  dataRows(): { readonly used: number; readonly limit: number } {
    return { used: this.#parts.datasets.dataRows(), limit: this.#parts.limits.dataRows };
  }

  #dataset(datasetId: string): DatasetRow {
    const dataset = this.#parts.datasets.find(datasetId);
    if (dataset === undefined) throw new DatasetError(`There is no dataset “${datasetId}”.`);
    return dataset;
  }
}
