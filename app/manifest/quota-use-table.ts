import type { Statement } from 'better-sqlite3';
import type { Database } from './database.ts';

/** An organization at an endpoint, with what the uploads of this manifest have used of its quota. */
export interface QuotaUse {
  readonly endpoint: string;
  readonly organizationId: string;
  readonly dataRows: number;
}

interface QuotaUseRow {
  endpoint: string;
  organization_id: string;
  data_rows: number;
}

/** What the uploads of this manifest have used of each organization's quota, since it was made. Removing a mirror takes nothing back. */
export class QuotaUseTable {
  readonly #add: Statement<[string, string, number]>;
  readonly #all: Statement<[], QuotaUseRow>;

  constructor(database: Database) {
    this.#add = database.prepare(`INSERT INTO quota_use VALUES (?, ?, ?)
      ON CONFLICT (endpoint, organization_id) DO UPDATE SET data_rows = data_rows + excluded.data_rows`);
    this.#all = database.prepare('SELECT * FROM quota_use ORDER BY endpoint, organization_id');
  }

  add({ endpoint, organizationId, dataRows }: QuotaUse): void {
    this.#add.run(endpoint, organizationId, dataRows);
  }

  all(): QuotaUse[] {
    return this.#all.all().map((row) => ({
      endpoint: row.endpoint,
      organizationId: row.organization_id,
      dataRows: row.data_rows,
    }));
  }
}
