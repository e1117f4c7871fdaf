import type { PaginatedResponse, PaginationParams } from '../vi/pagination.ts';
import type { CommandContext, Outcome } from './command.ts';
import { formatNumberOf } from './format.ts';
import type { Column } from './table.ts';

export interface ListingOptions {
  /** Most items to show; null: all. */
  readonly limit: number | null;
  readonly pageToken: string | undefined;
  /** What one item is called, `asset`. */
  readonly noun: string;
}

const LARGEST_PAGE = 1000;

/** How many items are shown when nothing is said about it. */
export const DEFAULT_LIMIT = 100;

/**
 * Prints a listing page by page as it arrives, as a table or as the items of one JSON document: a dataset of a million assets needs no
 * more memory than a page. Ends early when nobody reads any more.
 */
export async function printListing<T>(
  context: CommandContext,
  options: ListingOptions,
  columns: readonly Column<T>[],
  fetchPage: (pagination: PaginationParams) => PromiseLike<PaginatedResponse<T>>,
): Promise<Outcome> {
  const { output, signal } = context;
  const { createTable } = await import('./table.ts');
  const table = createTable(columns);
  let shown = 0;
  let pageToken = options.pageToken;
  const rest = () => (options.limit === null ? LARGEST_PAGE : options.limit - shown);
  context.describeInterruption(() => ({
    detail: `${formatNumberOf(shown, options.noun)} listed.`,
    suggestion: pageToken === undefined ? 'Repeat the command.' : `Go on with --page-token ${pageToken}.`,
    facts: { shown, nextPage: pageToken ?? null },
  }));

  while (rest() > 0 && !output.closed) {
    const page = await fetchPage({ pageSize: Math.min(LARGEST_PAGE, rest()), pageToken });
    signal.throwIfAborted();
    // Begun here, not before: a listing whose first page fails is an error document and nothing else.
    output.beginItems();
    output.items(page.items);
    if (page.items.length > 0) {
      const lines = table.lines(page.items);
      if (shown === 0) output.line(table.header(), 'bold');
      for (const line of lines) output.line(line);
    }
    shown += page.items.length;
    // A slow reader slows the listing down, rather than let it pile up in memory.
    await output.flush();
    pageToken = page.nextPage ?? undefined;
    if (pageToken === undefined) break;
  }

  if (shown === 0) output.note(`There is no ${options.noun} here.`);
  else if (pageToken !== undefined && !output.json && !output.closed) {
    output.note(
      `${formatNumberOf(shown, options.noun)} shown, and there are more: --page-token ${pageToken} goes on, --all shows all.`,
    );
  }
  output.endItems({ nextPage: pageToken ?? null });
  return {};
}
