import type { Database } from './database.ts';
import { randomId } from './identifiers.ts';

export const DatasetType = { PHRASE_GROUNDING: 'phrase-grounding', VQA: 'vqa' } as const;
export type DatasetType = (typeof DatasetType)[keyof typeof DatasetType];

export interface DatasetRow {
  readonly id: number;
  /** The short one, as users see it. */
  readonly datasetId: string;
  readonly name: string;
  readonly type: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly assetTotal: number;
  readonly annotationTotal: number;
  readonly assetAnnotated: number;
}

/** What a dataset needs to be made. Without an ID it gets a random one. */
export interface NewDataset {
  readonly name: string;
  readonly datasetId?: string | undefined;
  readonly type?: DatasetType | undefined;
}

/** What changed in a dataset: differences, to be added to its totals. */
export interface DatasetChange {
  readonly assets?: number;
  readonly annotated?: number;
  readonly tagsBefore?: Readonly<Record<string, number>>;
  readonly tagsAfter?: Readonly<Record<string, number>>;
}

/** What one image and one annotation use of the organization's quota. */
const ROWS_PER_ASSET = 5;
const ROWS_PER_ANNOTATION = 1;

/** The data rows that images and annotations use. */
export function dataRowsOf(assets: number, annotations: number): number {
  return assets * ROWS_PER_ASSET + annotations * ROWS_PER_ANNOTATION;
}

/** A dataset can't be made as asked. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

/** Datasets and their totals. */
export class DatasetStore {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #statements;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
    const columns = `id, dataset_id AS datasetId, name, type, created_at AS createdAt, changed_at AS changedAt,
      asset_total AS assetTotal, annotation_total AS annotationTotal, asset_annotated AS assetAnnotated`;
    this.#statements = {
      insert: db.prepare<[string, string, string, number, number]>(
        'INSERT INTO dataset (dataset_id, name, type, created_at, changed_at) VALUES (?, ?, ?, ?, ?)',
      ),
      find: db.prepare<[string], DatasetRow>(`SELECT ${columns} FROM dataset WHERE dataset_id = ?`),
      after: db.prepare<[number, number], DatasetRow>(
        `SELECT ${columns} FROM dataset WHERE id > ? ORDER BY id LIMIT ?`,
      ),
      before: db.prepare<[number, number], DatasetRow>(
        `SELECT ${columns} FROM dataset WHERE id < ? ORDER BY id DESC LIMIT ?`,
      ),
      change: db.prepare<[number, number, number, number, number]>(
        `UPDATE dataset SET asset_total = asset_total + ?, annotation_total = annotation_total + ?,
          asset_annotated = asset_annotated + ?, changed_at = ? WHERE id = ?`,
      ),
      addTag: db.prepare<[number, string, number]>(
        `INSERT INTO dataset_tag (dataset, tag, count) VALUES (?, ?, ?)
          ON CONFLICT (dataset, tag) DO UPDATE SET count = count + excluded.count`,
      ),
      dropTags: db.prepare<[number]>('DELETE FROM dataset_tag WHERE dataset = ? AND count = 0'),
      tags: db.prepare<[number], { tag: string; count: number }>(
        'SELECT tag, count FROM dataset_tag WHERE dataset = ? ORDER BY tag',
      ),
      hidden: db
        .prepare<[number, number], number>(
          `SELECT count(*) FROM asset
            WHERE dataset = ? AND visible_at > ? AND visible_at > contents_last_updated AND prior IS NULL`,
        )
        .pluck(),
      totals: db.prepare<[], { assets: number; annotations: number }>(
        'SELECT ifnull(sum(asset_total), 0) AS assets, ifnull(sum(annotation_total), 0) AS annotations FROM dataset',
      ),
    };
  }

  /**
   * Makes a dataset. Its ID may have no underscore: users see only what stands after the last one.
   * @throws DatasetError when the ID is taken or has another form.
   */
  create({ name, datasetId = randomId(12), type = DatasetType.PHRASE_GROUNDING }: NewDataset): DatasetRow {
    if (!/^[a-zA-Z0-9-]{1,128}$/.test(datasetId)) {
      throw new DatasetError(
        `A dataset can't be called “${datasetId}”: use up to 128 letters, digits and hyphens.`,
      );
    }
    if (this.find(datasetId) !== undefined) {
      throw new DatasetError(`There is a dataset “${datasetId}” already. Choose another ID.`);
    }
    const now = this.#now();
    this.#statements.insert.run(datasetId, name, type, now, now);
    const row = this.find(datasetId);
    if (row === undefined) throw new DatasetError(`The dataset “${datasetId}” was not written.`);
    return row;
  }

  find(datasetId: string): DatasetRow | undefined {
    return this.#statements.find.get(datasetId);
  }

  after(id: number, limit: number): DatasetRow[] {
    return this.#statements.after.all(id, limit);
  }

  /** The nearest first. */
  before(id: number, limit: number): DatasetRow[] {
    return this.#statements.before.all(id, limit);
  }

  tags(dataset: number): Record<string, number> {
    return Object.fromEntries(this.#statements.tags.all(dataset).map(({ tag, count }) => [tag, count]));
  }

  /** Assets that are not listed yet. */
  hidden(dataset: number): number {
    return this.#statements.hidden.get(dataset, this.#now()) ?? 0;
  }

  /** Adds to a dataset's totals, within the transaction that changes its assets. */
  change(dataset: number, change: DatasetChange): void {
    const before = Object.entries(change.tagsBefore ?? {});
    const after = Object.entries(change.tagsAfter ?? {});
    let annotations = 0;
    for (const [tag, count] of before) {
      annotations -= count;
      this.#statements.addTag.run(dataset, tag, -count);
    }
    for (const [tag, count] of after) {
      annotations += count;
      this.#statements.addTag.run(dataset, tag, count);
    }
    if (before.length > 0) this.#statements.dropTags.run(dataset);
    this.#statements.change.run(change.assets ?? 0, annotations, change.annotated ?? 0, this.#now(), dataset);
  }

  /** Data rows that the organization uses. */
  dataRows(): number {
    const totals = this.#statements.totals.get();
    return totals === undefined ? 0 : dataRowsOf(totals.assets, totals.annotations);
  }

  inTransaction<Result>(work: () => Result): Result {
    return this.#db.transaction(work)();
  }
}
