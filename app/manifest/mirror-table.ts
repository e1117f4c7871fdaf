import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** A folder ↔ dataset pair. */
export interface MirrorRecord {
  /** Number of the mirror within this manifest. */
  readonly id: number;
  /** ID that the outside knows it by. */
  readonly mirrorId: string;
  /** Absolute path. */
  readonly folder: string;
  readonly endpoint: string;
  readonly organizationId: string;
  readonly datasetId: string;
  /** Null until the dataset has been fetched once. */
  readonly datasetName: string | null;
  readonly sandbox: boolean;
  /** True when the folder's disk takes names that differ in case alone for one name. */
  readonly foldsCase: boolean;
  /** When a person has said that the first sync may begin, milliseconds since the epoch; null: not yet. */
  readonly approvedAt: number | null;
  readonly isPaused: boolean;
  readonly lastScanAt: number | null;
  readonly lastListingAt: number | null;
  readonly lastFullListingAt: number | null;
  /** The newest `contentsLastUpdated` up to which listings are complete, by the service's clock. */
  readonly watermark: number | null;
  /** How many assets more than its listing the dataset's own count had when both were last taken together. */
  readonly unlisted: number;
}

export type NewMirror = Pick<
  MirrorRecord,
  'mirrorId' | 'folder' | 'endpoint' | 'organizationId' | 'datasetId' | 'sandbox' | 'foldsCase'
> & { readonly createdAt: number; readonly approvedAt: number | null };

interface MirrorRow {
  id: number;
  mirror_id: string;
  folder: string;
  endpoint: string;
  organization_id: string;
  dataset_id: string;
  dataset_name: string | null;
  sandbox: number;
  folds_case: number;
  approved_at: number | null;
  paused: number;
  last_scan_at: number | null;
  last_listing_at: number | null;
  last_full_listing_at: number | null;
  watermark: number | null;
  unlisted: number;
}

function mirrorFrom(row: MirrorRow): MirrorRecord {
  return {
    id: row.id,
    mirrorId: row.mirror_id,
    folder: row.folder,
    endpoint: row.endpoint,
    organizationId: row.organization_id,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    sandbox: row.sandbox === 1,
    foldsCase: row.folds_case === 1,
    approvedAt: row.approved_at,
    isPaused: row.paused === 1,
    lastScanAt: row.last_scan_at,
    lastListingAt: row.last_listing_at,
    lastFullListingAt: row.last_full_listing_at,
    watermark: row.watermark,
    unlisted: row.unlisted,
  };
}

export class MirrorTable {
  readonly #insert: Statement<unknown[]>;
  readonly #all: Statement<[], MirrorRow>;
  readonly #get: Statement<[number], MirrorRow>;
  readonly #pair: Statement<[string, string, string], MirrorRow>;
  readonly #attach: Statement<[string, number, number]>;
  readonly #approve: Statement<[number, number]>;
  readonly #pause: Statement<[number, number]>;
  readonly #remove: Statement<[number, number]>;
  readonly #removed: Statement<[], { id: number }>;
  readonly #name: Statement<[string, number]>;
  readonly #scanned: Statement<[number, number]>;
  readonly #listed: Statement<unknown[]>;

  constructor(database: Database) {
    this.#insert = database.prepare(`
      INSERT INTO mirror (mirror_id, folder, endpoint, organization_id, dataset_id, sandbox, folds_case, created_at,
        approved_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#all = database.prepare('SELECT * FROM mirror WHERE removed_at IS NULL ORDER BY id');
    this.#get = database.prepare('SELECT * FROM mirror WHERE id = ?');
    this.#pair = database.prepare(
      'SELECT * FROM mirror WHERE folder = ? AND organization_id = ? AND dataset_id = ?',
    );
    this.#attach = database.prepare('UPDATE mirror SET endpoint = ?, sandbox = ? WHERE id = ?');
    this.#approve = database.prepare('UPDATE mirror SET approved_at = ? WHERE id = ?');
    this.#pause = database.prepare('UPDATE mirror SET paused = ? WHERE id = ?');
    // Its folder and its ID are free for another one from now on.
    this.#remove = database.prepare(`
      UPDATE mirror SET removed_at = ?, mirror_id = 'removed ' || id, folder = 'removed ' || id WHERE id = ?`);
    this.#removed = database.prepare('SELECT id FROM mirror WHERE removed_at IS NOT NULL ORDER BY id');
    this.#name = database.prepare('UPDATE mirror SET dataset_name = ? WHERE id = ?');
    this.#scanned = database.prepare('UPDATE mirror SET last_scan_at = ? WHERE id = ?');
    this.#listed = database.prepare(`
      UPDATE mirror SET last_listing_at = ?, last_full_listing_at = coalesce(?, last_full_listing_at), watermark = ?, unlisted = ?
      WHERE id = ?`);
  }

  insert(mirror: NewMirror): MirrorRecord {
    const { lastInsertRowid } = this.#insert.run(
      mirror.mirrorId,
      mirror.folder,
      mirror.endpoint,
      mirror.organizationId,
      mirror.datasetId,
      mirror.sandbox ? 1 : 0,
      mirror.foldsCase ? 1 : 0,
      mirror.createdAt,
      mirror.approvedAt,
    );
    return this.get(Number(lastInsertRowid));
  }

  /** Those that are not removed. */
  all(): MirrorRecord[] {
    return this.#all.all().map(mirrorFrom);
  }

  get(id: number): MirrorRecord {
    const row = this.#get.get(id);
    if (row === undefined) throw new Error(`the manifest has no mirror ${id}`);
    return mirrorFrom(row);
  }

  /** The mirror of this folder and dataset; wherever the service is reached now, it is the same one. */
  find(folder: string, organizationId: string, datasetId: string): MirrorRecord | null {
    const row = this.#pair.get(folder, organizationId, datasetId);
    return row === undefined ? null : mirrorFrom(row);
  }

  setService(id: number, service: { endpoint: string; sandbox: boolean }): void {
    this.#attach.run(service.endpoint, service.sandbox ? 1 : 0, id);
  }

  /** The first sync may begin. */
  approve(id: number, at: number): void {
    this.#approve.run(at, id);
  }

  setPaused(id: number, isPaused: boolean): void {
    this.#pause.run(isPaused ? 1 : 0, id);
  }

  /** Forgets a mirror. All that was observed of it is still to be cleared away: see {@link RemovedMirrors}. */
  remove(id: number, at: number): void {
    this.#remove.run(at, id);
  }

  /** Numbers of the mirrors that are removed, and not cleared away yet. */
  removed(): number[] {
    return this.#removed.all().map(({ id }) => id);
  }

  setDatasetName(id: number, name: string): void {
    this.#name.run(name, id);
  }

  setScanned(id: number, at: number): void {
    this.#scanned.run(at, id);
  }

  setListed(
    id: number,
    listing: { at: number; isFull: boolean; watermark: number | null; unlisted: number },
  ): void {
    this.#listed.run(listing.at, listing.isFull ? listing.at : null, listing.watermark, listing.unlisted, id);
  }
}
