import { z } from 'zod';
import type { Database } from './database.ts';

export interface Column {
  readonly name: string;
  /** Its place in the primary key, from 1; 0: not in it. */
  readonly key: number;
}

const columnRow = z.object({ name: z.string(), pk: z.number() });

/** Columns of a table; none if there is no such table. */
export function columnsOf(database: Database, schema: string, table: string): Column[] {
  return z
    .array(columnRow)
    .parse(database.pragma(`${schema}.table_info("${table}")`))
    .map(({ name, pk }) => ({ name, key: pk }));
}
