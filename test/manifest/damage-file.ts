import * as fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readDatabase } from './temp-manifest.ts';

/** The manifest's file in a data folder. */
export function manifestIn(dataDir: string): string {
  return path.join(dataDir, 'manifest.db');
}

/** Writes over a part of a file. */
export async function overwrite(file: string, position: number, bytes: Uint8Array): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.write(bytes, 0, bytes.length, position);
  } finally {
    await handle.close();
  }
}

export const pageSize = 4096;

export function garbage(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167 + 13) % 256);
}

const page = z.object({ pageno: z.number() });

/** Numbers of the pages that hold rows of a table, or of an index. */
export function pagesOf(file: string, name: string): number[] {
  return readDatabase(
    file,
    `SELECT pageno FROM dbstat WHERE name = '${name}' AND pagetype = 'leaf' ORDER BY pageno`,
  ).map((row) => page.parse(row).pageno);
}

/** Writes garbage over a page. */
export async function damagePage(file: string, pageno: number): Promise<void> {
  await overwrite(file, (pageno - 1) * pageSize, garbage(pageSize));
}
