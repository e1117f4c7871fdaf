import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const keyBytes = 32;

/**
 * The key that signs the page's cookie, made at the first start and kept in `dir`, readable by its owner only: pages that are open go on
 * after a restart. It opens nothing but the page, and only on this computer.
 */
export async function keptSessionKey(dir: string): Promise<Uint8Array> {
  const file = path.join(dir, 'page-session.key');
  const kept = await readIfThere(file);
  if (kept !== null && kept.length === keyBytes) return kept;
  const key = randomBytes(keyBytes);
  await mkdir(dir, { recursive: true });
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

async function readIfThere(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
