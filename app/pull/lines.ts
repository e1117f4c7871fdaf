import type { z } from 'zod';

/** A record as a line of an append-only file. The line break goes first: what a kill has cut short spoils no other line. */
export function lineText(json: string): string {
  return `\n${json}`;
}

/** A record of such a file; null for an empty line, one that was cut short, and one that is none of ours. */
export function readLine<T>(line: string, schema: z.ZodType<T>): T | null {
  if (line.trim() === '') return null;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : null;
}
