import { open, rename, rm } from 'node:fs/promises';
import type { ReceiptRow } from '../contract.ts';

const columns = [
  'path',
  'assetId',
  'filename',
  'sha256',
  'size',
  'proof',
  'state',
] as const satisfies readonly (keyof ReceiptRow)[];

/** A receipt of convergence as a CSV file (RFC 4180, UTF-8), which appears under its name when it is whole. */
export interface ReceiptFile {
  add(rows: readonly ReceiptRow[]): Promise<void>;
  /** Puts it in its place. */
  finish(): Promise<void>;
  /** Leaves nothing behind, unless it is finished. */
  close(): Promise<void>;
}

export async function createReceiptFile(file: string): Promise<ReceiptFile> {
  const partial = `${file}.${process.pid}.part`;
  const handle = await open(partial, 'wx', 0o666);
  let isFinished = false;
  let isOpen = true;
  const write = (lines: readonly string[]) => handle.appendFile(lines.map((line) => `${line}\r\n`).join(''));
  await write([columns.join(',')]);
  return {
    add: (rows) => write(rows.map((row) => columns.map((column) => csvField(row[column])).join(','))),
    async finish() {
      await handle.sync();
      await handle.close();
      isOpen = false;
      await rename(partial, file);
      isFinished = true;
    },
    async close() {
      if (isOpen) await handle.close();
      if (!isFinished) await rm(partial, { force: true });
    },
  };
}

export function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
