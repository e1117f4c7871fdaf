import { foldForSearch } from './path-key.ts';

/** The pattern for `LIKE … ESCAPE '\\'` that finds a text as a part of a folded one. */
export function likeText(search: string): string {
  return `%${foldForSearch(search).replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
