import stringWidth from 'string-width';
import { sanitize } from './sanitize.ts';

/** Shortens a text to a number of terminal columns by leaving out its middle, so that an extension stays readable. */
export function shorten(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const characters = Array.from(text);
  let head = '';
  let tail = '';
  // Characters may be two columns wide, so the room is counted out from both ends.
  for (let index = 0; index < characters.length; index += 1) {
    const first = characters[index] ?? '';
    const last = characters[characters.length - 1 - index] ?? '';
    if (stringWidth(head + first + tail) + 1 > columns) break;
    head += first;
    if (stringWidth(head + last + tail) + 1 > columns) break;
    tail = last + tail;
  }
  return `${head}…${tail}`;
}

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** `right` for numbers. Default: `left`. */
  readonly align?: 'left' | 'right';
}

/**
 * Lays rows out in columns. Widths come from the first call; later calls keep them, so that pages of one listing line up
 * while they arrive. Cells are sanitized and never cut: an ID must be copyable.
 */
export function createTable<Row>(columns: readonly Column<Row>[]): {
  readonly header: () => string;
  readonly lines: (rows: readonly Row[]) => string[];
} {
  let widths: readonly number[] | null = null;
  const layOut = (cells: readonly string[]) =>
    cells
      .map((cell, index) => {
        const padding = ' '.repeat(Math.max(0, (widths?.[index] ?? 0) - stringWidth(cell)));
        return columns[index]?.align === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  return {
    header: () => layOut(columns.map((column) => column.title)),
    lines: (rows) => {
      const cells = rows.map((row) => columns.map((column) => sanitize(column.value(row))));
      widths ??= columns.map((column, index) =>
        cells.reduce((widest, row) => Math.max(widest, stringWidth(row[index] ?? '')), column.title.length),
      );
      return cells.map(layOut);
    },
  };
}
