import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { isDamage } from './damage.ts';

/** Started by `damage-check.ts` for one file: checks it table by table, so that no long read holds up what is written meanwhile. */
const { file } = z.object({ file: z.string() }).parse(workerData);

function damageOf(database: Sqlite.Database): string | null {
  try {
    const tables = z
      .array(z.string())
      .parse(database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all());
    for (const table of tables) {
      const [first] = z
        .array(z.object({ quick_check: z.string() }))
        .parse(database.pragma(`quick_check("${table}")`));
      if (first?.quick_check !== 'ok') return first?.quick_check ?? 'no answer';
    }
    return null;
  } catch (error) {
    if (isDamage(error) && error instanceof Error) return error.message;
    throw error;
  }
}

const database = new Sqlite(file, { readonly: true });
try {
  parentPort?.postMessage({ damage: damageOf(database) });
} finally {
  database.close();
}
