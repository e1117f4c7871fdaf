import { z } from 'zod';
import { type Problem, problemSchema } from '../contract.ts';
import type { ContentHash } from './observations.ts';

/** Between values of the program and values of a column. */

export function problemColumn(problem: Problem | null): string | null {
  return problem === null ? null : JSON.stringify(problem);
}

export function problemFrom(column: string | null): Problem | null {
  return column === null ? null : problemSchema.parse(JSON.parse(column));
}

export function hashColumn(hash: ContentHash | null): string | null {
  return hash === null ? null : `${hash.algorithm}:${hash.contents}`;
}

export function hashFrom(column: string | null): ContentHash | null {
  if (column === null) return null;
  const colon = column.indexOf(':');
  return { algorithm: column.slice(0, colon), contents: column.slice(colon + 1) };
}

export function hashFromPair(algorithm: string | null, contents: string | null): ContentHash | null {
  return algorithm === null || contents === null ? null : { algorithm, contents };
}

const recordSchema = z.record(z.string(), z.unknown());

export function recordFrom(column: string): Record<string, unknown> {
  return recordSchema.parse(JSON.parse(column));
}

export function nullableNumber(value: bigint | number | null): number | null {
  return value === null ? null : Number(value);
}
