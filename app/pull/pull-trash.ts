import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { trashedFileSchema } from '../contract.ts';
import type { TrashRecord } from '../manifest/trash-table.ts';
import { ownFolder } from '../observe/root-guard.ts';
import type { TrashRecords } from '../transfer/safe-files.ts';
import { lineText, readLine } from './lines.ts';
import { isSafePlace } from './place-rules.ts';

const recordSchema = z.discriminatedUnion('step', [
  z.object({
    id: z.int().positive(),
    step: z.literal('moving'),
    path: z.string().refine(isSafePlace),
    trashPath: z.string().refine(isInTrash),
    size: z.number(),
    sha256: z.string().nullable(),
    reason: trashedFileSchema.shape.reason,
    at: z.number(),
  }),
  z.object({ id: z.int().positive(), step: z.enum(['kept', 'leaving', 'gone']) }),
]);

/** Only manifests tell mirrors apart. */
const mirror = 0;

/**
 * What pulls have put into a folder's trash: a file in it, one record a line, that tells a person where each old version was. A pull has no
 * manifest. A file is moving until the new version is in place, as in the manifest.
 */
export class PullTrash implements TrashRecords {
  readonly #file: string;
  readonly #records = new Map<number, TrashRecord>();
  readonly #moving = new Set<number>();
  #lastId = 0;

  /** Reads what is there. @param file - in the trash itself */
  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) this.#take(line);
  }

  get(id: number): TrashRecord | null {
    return this.#records.get(id) ?? null;
  }

  insert(_mirror: number, file: Omit<TrashRecord, 'id' | 'mirror' | 'at'>, at: number): number {
    const id = this.#lastId + 1;
    const { path, trashPath, size, sha256, reason } = file;
    this.#write({ id, step: 'moving', path, trashPath, size, sha256, reason, at });
    return id;
  }

  keep(id: number): void {
    this.#write({ id, step: 'kept' });
  }

  leave(id: number): void {
    this.#write({ id, step: 'leaving' });
  }

  delete(id: number): void {
    this.#write({ id, step: 'gone' });
  }

  moving(): TrashRecord[] {
    return [...this.#moving].flatMap((id) => this.#records.get(id) ?? []);
  }

  before(_mirror: number, at: number): TrashRecord[] {
    return [...this.#records.values()].filter((record) => record.at < at && !this.#moving.has(record.id));
  }

  #write(record: z.infer<typeof recordSchema>): void {
    const line = JSON.stringify(record);
    appendFileSync(this.#file, lineText(line));
    this.#take(line);
  }

  #take(line: string): void {
    const record = readLine(line, recordSchema);
    if (record === null) return;
    const { id, step } = record;
    this.#lastId = Math.max(this.#lastId, id);
    if (step === 'moving') {
      const { step: _, ...file } = record;
      this.#records.set(id, { ...file, mirror });
    }
    if (step === 'gone') this.#records.delete(id);
    if (step === 'moving' || step === 'leaving') this.#moving.add(id);
    else this.#moving.delete(id);
  }
}

/** One folder below the trash: what else a record says is none of ours. */
function isInTrash(trashPath: string): boolean {
  const [own, trash, id, name, ...more] = trashPath.split('/');
  if (own !== ownFolder || trash !== 'trash' || id === undefined || name === undefined) return false;
  return more.length === 0 && isSafePlace(`${id}/${name}`);
}
