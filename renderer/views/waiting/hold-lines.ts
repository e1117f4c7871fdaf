import { groupKey, type HoldGroup } from '../../engine/hold-list.ts';

/** One line of the list: the heading of a group, or one of its holds. */
export type HoldLine =
  | { readonly form: 'group'; readonly group: HoldGroup; readonly isOpen: boolean }
  | { readonly form: 'hold'; readonly group: HoldGroup; readonly index: number };

/** The lines of the list as data of any length: built when one is looked at. */
export interface HoldLines {
  readonly length: number;
  at(line: number): HoldLine | undefined;
}

/** All lines, with closed groups (by their key) as their headings alone. */
export function linesOf(groups: readonly HoldGroup[], closed: ReadonlySet<string>): HoldLines {
  const starts: { readonly start: number; readonly group: HoldGroup; readonly isOpen: boolean }[] = [];
  let length = 0;
  for (const group of groups) {
    const isOpen = !closed.has(groupKey(group));
    starts.push({ start: length, group, isOpen });
    length += 1 + (isOpen ? sizeOf(group) : 0);
  }
  return {
    length,
    at(line) {
      if (line < 0 || line >= length) return undefined;
      const found = starts.findLast(({ start }) => start <= line);
      if (found === undefined) return undefined;
      const { start, group, isOpen } = found;
      return line === start
        ? { form: 'group', group, isOpen }
        : { form: 'hold', group, index: line - start - 1 };
    },
  };
}

export const sizeOf = ({ waiting, optional }: HoldGroup): number => waiting.count + optional;
