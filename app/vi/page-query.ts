import { ViInvalidParameterError } from './errors.ts';
import type { PaginationParams } from './pagination.ts';

/** Source: VI-API, "List query". */
const mostItemsAPage = 1000;

/** The part of a listing's query that says which page; checked before anything is sent. */
export function pageQuery(
  pagination: PaginationParams | undefined,
  pageToken: string | null,
): { p: string | undefined; s: string | undefined } {
  const size = pagination?.pageSize;
  return { p: pageToken ?? undefined, s: size === undefined ? undefined : String(size) };
}

/** @throws ViInvalidParameterError */
export function checkPagination(pagination: PaginationParams | undefined): void {
  const size = pagination?.pageSize;
  if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= mostItemsAPage)) {
    throw new ViInvalidParameterError(`pageSize ${size} is not a whole number from 1 to ${mostItemsAPage}.`, {
      details: { parameter: 'pageSize' },
    });
  }
}
