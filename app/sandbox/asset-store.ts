import type { Blob, BlobStore } from './blob-store.ts';
import type { Database } from './database.ts';
import type { DatasetStore } from './dataset-store.ts';
import { randomId } from './identifiers.ts';

export type CustomMetadata = Readonly<Record<string, string | number | boolean>>;
export type Tags = Readonly<Record<string, number>>;

/** An asset as it is shown. */
export interface AssetRow {
  /** Grows with every new asset; never reused. */
  readonly id: number;
  readonly assetId: string;
  readonly filename: string;
  readonly kind: string;
  readonly mime: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly blobId: string;
  readonly customMetadata: CustomMetadata;
  readonly tags: Tags;
  readonly annotationTotal: number;
  readonly generation: number;
  readonly timeCreated: number;
  readonly lastUpdated: number;
  readonly contentsLastUpdated: number;
}

/** The same as it is stored: JSON as text, and from when on it is seen. `prior` is what is seen until then. */
interface StoredRow extends Omit<AssetRow, 'customMetadata' | 'tags'> {
  readonly customMetadata: string;
  readonly tags: string;
  readonly visibleAt: number;
  readonly prior: string | null;
}

/** Content that becomes an asset. */
export interface NewContent {
  readonly filename: string;
  readonly kind: string;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly blob: Blob;
  /** Takes the place of what the asset had; left out, the asset keeps it. */
  readonly customMetadata?: CustomMetadata | undefined;
}

export interface PutOptions {
  /** Whether an overwritten asset keeps its annotations. */
  readonly keepTags: boolean;
  readonly newAssetId: boolean;
  /** Milliseconds until listings show it. */
  readonly listingDelayMs: number;
}

const COLUMNS = `id, asset_id AS assetId, filename, kind, mime, size, width, height, frames, blob_id AS blobId,
  custom_metadata AS customMetadata, tags, annotation_total AS annotationTotal, generation, time_created AS timeCreated,
  last_updated AS lastUpdated, contents_last_updated AS contentsLastUpdated, visible_at AS visibleAt, prior`;

/** Columns that assets are listed by. */
export type AssetOrder = 'id' | 'asset_id' | 'filename' | 'contents_last_updated' | 'size';

/** A place in a listing: the value of the order's column, and the asset that has it. */
export interface AssetPlace {
  readonly value: string | number;
  readonly id: number;
}

/** The assets of all datasets; a dataset is named by its row. */
export class AssetStore {
  readonly #db: Database;
  readonly #datasets: DatasetStore;
  readonly #blobs: BlobStore;
  readonly #now: () => number;
  readonly #statements;

  constructor(db: Database, datasets: DatasetStore, blobs: BlobStore, now: () => number) {
    this.#db = db;
    this.#datasets = datasets;
    this.#blobs = blobs;
    this.#now = now;
    const select = `SELECT ${COLUMNS} FROM asset WHERE dataset = ?`;
    this.#statements = {
      byId: db.prepare<[number, string], StoredRow>(`${select} AND asset_id = ?`),
      byName: db.prepare<[number, string], StoredRow>(`${select} AND filename = ?`),
      byRow: db.prepare<[number], StoredRow>(`SELECT ${COLUMNS} FROM asset WHERE id = ?`),
      insert: db.prepare(
        `INSERT INTO asset (dataset, asset_id, filename, kind, mime, size, width, height, frames, blob_id,
          custom_metadata, tags, annotation_total, generation, time_created, last_updated, contents_last_updated,
          visible_at)
        VALUES (@dataset, @assetId, @filename, @kind, @mime, @size, @width, @height, @frames, @blobId,
          @customMetadata, '{}', 0, 1, @now, @now, @now, @visibleAt)`,
      ),
      overwrite: db.prepare(
        `UPDATE asset SET asset_id = @assetId, kind = @kind, mime = @mime, size = @size, width = @width,
          height = @height, frames = @frames, blob_id = @blobId, custom_metadata = @customMetadata, tags = @tags,
          annotation_total = @annotationTotal, generation = generation + 1, time_created = @timeCreated,
          last_updated = @now, contents_last_updated = @now, visible_at = @visibleAt, prior = @prior
        WHERE id = @id`,
      ),
      tag: db.prepare<[string, number, number, number]>(
        `UPDATE asset SET tags = ?, annotation_total = ?, generation = generation + 1, last_updated = ? WHERE id = ?`,
      ),
      remove: db.prepare<[number]>('DELETE FROM asset WHERE id = ?'),
      last: db.prepare<[number], number>('SELECT max(id) FROM asset WHERE dataset = ?').pluck(),
    };
  }

  /** What is shown of an asset; undefined while it is hidden. */
  find(dataset: number, assetId: string): AssetRow | undefined {
    return this.#shown(this.#statements.byId.get(dataset, assetId));
  }

  findByName(dataset: number, filename: string): AssetRow | undefined {
    return this.#shown(this.#statements.byName.get(dataset, filename));
  }

  /** What the dataset has under a filename, shown or not. */
  current(dataset: number, filename: string): AssetRow | undefined {
    const row = this.#statements.byName.get(dataset, filename);
    return row === undefined ? undefined : parse(row);
  }

  /**
   * What is shown, in order, beginning after a place (or before it, going back). Read it to the end or leave it early;
   * nothing else may use the database in between.
   */
  *walk(
    dataset: number,
    order: AssetOrder,
    descending: boolean,
    from: AssetPlace | undefined,
  ): Generator<AssetRow> {
    const beyond = descending ? '<' : '>';
    const direction = descending ? 'DESC' : 'ASC';
    // Where the order is by row, the row is the whole place.
    const place = order === 'id' ? `AND id ${beyond} ?` : `AND (${order}, id) ${beyond} (?, ?)`;
    const sort = order === 'id' ? `id ${direction}` : `${order} ${direction}, id ${direction}`;
    const statement = this.#db.prepare<(string | number)[], StoredRow>(
      `SELECT ${COLUMNS} FROM asset WHERE dataset = ? ${from === undefined ? '' : place} ORDER BY ${sort}`,
    );
    const bound = from === undefined ? [] : order === 'id' ? [from.id] : [from.value, from.id];
    for (const stored of statement.iterate(dataset, ...bound)) {
      const row = this.#shown(stored);
      if (row !== undefined) yield row;
    }
  }

  /** Up to `limit` assets with rows between two, both shown and hidden. */
  between(dataset: number, after: number, upTo: number, limit: number): AssetRow[] {
    return this.#db
      .prepare<[number, number, number, number], StoredRow>(
        `SELECT ${COLUMNS} FROM asset WHERE dataset = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?`,
      )
      .all(dataset, after, upTo, limit)
      .map(parse);
  }

  lastRow(dataset: number): number {
    return this.#statements.last.get(dataset) ?? 0;
  }

  /** Adds an asset, or overwrites the one of this filename. Within a transaction. */
  put(dataset: number, content: NewContent, options: PutOptions): AssetRow {
    const now = this.#now();
    const stored = this.#statements.byName.get(dataset, content.filename);
    const fresh = {
      kind: content.kind,
      mime: content.mime,
      size: content.blob.size,
      width: content.width,
      height: content.height,
      frames: content.frames,
      blobId: content.blob.blobId,
      now,
      visibleAt: now + options.listingDelayMs,
    };
    if (stored === undefined) {
      this.#statements.insert.run({
        ...fresh,
        dataset,
        assetId: randomId(),
        filename: content.filename,
        customMetadata: JSON.stringify(content.customMetadata ?? {}),
      });
      this.#datasets.change(dataset, { assets: 1 });
    } else {
      const existing = parse(stored);
      const tags = options.keepTags ? existing.tags : {};
      const delayed = options.listingDelayMs > 0;
      this.#statements.overwrite.run({
        ...fresh,
        id: existing.id,
        assetId: options.newAssetId ? randomId() : existing.assetId,
        timeCreated: options.newAssetId ? now : existing.timeCreated,
        customMetadata: JSON.stringify(content.customMetadata ?? existing.customMetadata),
        tags: JSON.stringify(tags),
        annotationTotal: total(tags),
        // An asset that was never shown stays hidden instead.
        prior: delayed && stored.visibleAt <= now ? JSON.stringify(existing) : null,
      });
      if (existing.blobId !== content.blob.blobId) {
        this.#blobs.doom(existing.blobId, now + options.listingDelayMs);
      }
      if (!options.keepTags) this.#changeTags(dataset, existing, {});
    }
    const row = this.current(dataset, content.filename);
    if (row === undefined) throw new Error(`The asset ${content.filename} was not written.`);
    return row;
  }

  /** Gives an asset (by its row) these annotations in place of those that it has. */
  setTags(dataset: number, id: number, tags: Tags): void {
    const counted = Object.fromEntries(Object.entries(tags).filter(([, count]) => count > 0));
    this.#db.transaction(() => {
      const stored = this.#statements.byRow.get(id);
      if (stored === undefined) return;
      this.#statements.tag.run(JSON.stringify(counted), total(counted), this.#now(), id);
      this.#changeTags(dataset, parse(stored), counted);
    })();
  }

  /** Deletes an asset (by its row) with its annotations. Within a transaction, or alone. */
  remove(dataset: number, id: number): void {
    this.#db.transaction(() => {
      const stored = this.#statements.byRow.get(id);
      if (stored === undefined) return;
      this.#changeTags(dataset, parse(stored), {}, -1);
      this.#statements.remove.run(id);
      this.#blobs.doom(stored.blobId, this.#now());
    })();
  }

  #changeTags(dataset: number, asset: AssetRow, tags: Tags, assets = 0): void {
    this.#datasets.change(dataset, {
      assets,
      annotated: Math.sign(total(tags)) - Math.sign(asset.annotationTotal),
      tagsBefore: asset.tags,
      tagsAfter: tags,
    });
  }

  #shown(stored: StoredRow | undefined): AssetRow | undefined {
    if (stored === undefined) return undefined;
    if (stored.visibleAt <= this.#now()) return parse(stored);
    if (stored.prior === null) return undefined;
    const prior: AssetRow = JSON.parse(stored.prior);
    return prior;
  }
}

function parse({ visibleAt: _, prior: __, ...stored }: StoredRow): AssetRow {
  return { ...stored, customMetadata: JSON.parse(stored.customMetadata), tags: JSON.parse(stored.tags) };
}

function total(tags: Tags): number {
  return Object.values(tags).reduce((sum, count) => sum + count, 0);
}
