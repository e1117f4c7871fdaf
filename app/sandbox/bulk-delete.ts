import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import { type AssetFilterSpec, makeAssetFilter } from './asset-filter.ts';
import type { AssetStore } from './asset-store.ts';
import type { BlobStore } from './blob-store.ts';
import type { Database } from './database.ts';
import { entityTag, randomId } from './identifiers.ts';
import { datasetLink, wireDatasetId } from './wire.ts';

/** What selects the assets. Nothing at all selects every asset of the dataset: that is how the service takes it. */
export const bulkDeleteSpecSchema = z.object({
  filter: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .nullable()
    .optional(),
  metadataQuery: z.string().nullable().optional(),
  ruleQuery: z.string().nullable().optional(),
  strictQuery: z.boolean().nullable().optional(),
});

export interface BulkDeleteRow {
  readonly id: number;
  readonly sessionId: string;
  readonly dataset: number;
  readonly spec: string;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly lastAsset: number;
  readonly doneAsset: number;
  readonly deleted: number;
}

const COLUMNS = `id, session_id AS sessionId, dataset, spec, created_at AS createdAt, ended_at AS endedAt,
  last_asset AS lastAsset, done_asset AS doneAsset, deleted`;
/** Assets looked at between two breaths of the event loop. */
const BATCH = 500;

/** Deletes assets by query, behind the requests. Only assets that were there when it began; a restart goes on with it. */
export class BulkDeletes {
  readonly #db: Database;
  readonly #assets: AssetStore;
  readonly #blobs: BlobStore;
  readonly #now: () => number;
  readonly #onFailure: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();
  readonly #statements;
  #stopped = false;

  constructor(
    db: Database,
    assets: AssetStore,
    blobs: BlobStore,
    now: () => number,
    onFailure: (error: unknown) => void,
  ) {
    this.#db = db;
    this.#assets = assets;
    this.#blobs = blobs;
    this.#now = now;
    this.#onFailure = onFailure;
    this.#statements = {
      insert: db.prepare<[string, number, string, number, number]>(
        'INSERT INTO bulk_delete (session_id, dataset, spec, created_at, last_asset) VALUES (?, ?, ?, ?, ?)',
      ),
      find: db.prepare<[string], BulkDeleteRow>(`SELECT ${COLUMNS} FROM bulk_delete WHERE session_id = ?`),
      open: db.prepare<[], BulkDeleteRow>(`SELECT ${COLUMNS} FROM bulk_delete WHERE ended_at IS NULL`),
      advance: db.prepare<[number, number, number]>(
        'UPDATE bulk_delete SET done_asset = ?, deleted = deleted + ? WHERE id = ?',
      ),
      end: db.prepare<[number, number]>('UPDATE bulk_delete SET ended_at = ? WHERE id = ?'),
    };
  }

  resume(): void {
    for (const row of this.#statements.open.all()) this.#start(row);
  }

  /** @throws QuerySyntaxError when a query of the spec can't be read. */
  begin(dataset: number, spec: AssetFilterSpec): BulkDeleteRow {
    makeAssetFilter(spec);
    const sessionId = randomId();
    this.#statements.insert.run(
      sessionId,
      dataset,
      JSON.stringify(spec),
      this.#now(),
      this.#assets.lastRow(dataset),
    );
    const row = this.find(sessionId);
    if (row === undefined) throw new Error('The deletion was not written.');
    this.#start(row);
    return row;
  }

  find(sessionId: string): BulkDeleteRow | undefined {
    return this.#statements.find.get(sessionId);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  #start(row: BulkDeleteRow): void {
    const run = this.#run(row)
      .catch(this.#onFailure)
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(row: BulkDeleteRow): Promise<void> {
    const filter = makeAssetFilter(bulkDeleteSpecSchema.parse(JSON.parse(row.spec)));
    let done = row.doneAsset;
    while (!this.#stopped) {
      await breathe();
      const batch = this.#assets.between(row.dataset, done, row.lastAsset, BATCH);
      const last = batch.at(-1);
      if (last === undefined) {
        this.#statements.end.run(this.#now(), row.id);
        return;
      }
      const doomed = filter === undefined ? batch : batch.filter(filter);
      this.#db.transaction(() => {
        for (const asset of doomed) this.#assets.remove(row.dataset, asset.id);
        this.#statements.advance.run(last.id, doomed.length, row.id);
      })();
      done = last.id;
      await this.#blobs.sweep();
    }
  }
}

/** JSON of a bulk deletion session. */
export function bulkDeleteJson(organizationId: string, datasetId: string, row: BulkDeleteRow) {
  const started = { condition: 'Started', status: 'Reached', lastTransitionTime: row.createdAt };
  const spec: z.infer<typeof bulkDeleteSpecSchema> = JSON.parse(row.spec);
  return {
    kind: 'DeleteManyAssetsSession',
    workspaceId: organizationId,
    datasetId: wireDatasetId(organizationId, datasetId),
    deleteManyAssetsSessionId: row.sessionId,
    selfLink: `${datasetLink(organizationId, datasetId)}/deleteManyAssetsSessions/${row.sessionId}`,
    etag: entityTag(row.sessionId, row.deleted, row.endedAt ?? 0),
    metadata: {
      timeCreated: row.createdAt,
      lastUpdated: row.endedAt ?? row.createdAt,
      generation: row.endedAt === null ? 1 : 2,
      attributes: {},
    },
    spec,
    status: {
      conditions: [
        {
          condition: 'Finished',
          status: row.endedAt === null ? 'Waiting' : 'Reached',
          lastTransitionTime: row.endedAt ?? row.createdAt,
        },
        started,
      ],
    },
  };
}
