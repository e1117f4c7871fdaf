import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { FileRow } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import type { FilePages, FileSort } from '../../engine/file-pages.ts';
import { useObservable } from '../../engine/use-engine.ts';
import { text } from '../../text/format.ts';
import styles from './file-table.module.css';
import { FileTableRow, rowId } from './file-table-row.tsx';
import type { Sorting } from './mirror-view.tsx';
import { useChoice } from './use-choice.ts';

type Column = keyof typeof text.column;

/** In the order of the screen. `sort`: what the engine can sort by. */
const columns: readonly { readonly name: Column; readonly sort: FileSort | null }[] = [
  { name: 'state', sort: 'state' },
  { name: 'path', sort: 'path' },
  { name: 'size', sort: 'size' },
  { name: 'pixels', sort: null },
  { name: 'annotations', sort: null },
  { name: 'problem', sort: null },
  { name: 'changedAt', sort: 'changedAt' },
];

/** The same as `--row-height`. */
const rowHeight = 32;

interface FileTableProps {
  readonly pages: FilePages;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  readonly selectedPath: string | null;
  readonly onSelect: (row: FileRow | null) => void;
}

/**
 * Only the rows on screen exist in the page; the others are fetched when they come near. One row is chosen by a click or the arrow
 * keys, and the table keeps the focus, so that rows may come and go under it.
 */
export function FileTable({ pages, sorting, onSort, selectedPath, onSelect }: FileTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { total } = useObservable(pages.state);
  const count = total ?? 0;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    useFlushSync: false,
    // The header sticks to the top and covers that much of the rows.
    scrollPaddingStart: rowHeight,
    paddingStart: rowHeight,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => pages.show(first, last), [pages, first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query begins at its top
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [pages.query]);

  const { index: selectedIndex, select, choose: chooseRow } = useChoice(pages, selectedPath, onSelect);
  // The strip with the details opens below, and may cover the row that was clicked.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice moves the rows, never fresh data
  useEffect(() => {
    if (selectedIndex !== -1)
      document.getElementById(rowId(selectedIndex))?.scrollIntoView({ block: 'nearest' });
  }, [selectedPath]);
  const choose = (index: number): void => {
    const bounded = Math.min(count - 1, Math.max(0, index));
    virtualizer.scrollToIndex(bounded);
    chooseRow(bounded);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const screen = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const from = selectedIndex === -1 ? first : selectedIndex;
    const target = (
      {
        ArrowDown: selectedIndex + 1,
        ArrowUp: from - 1,
        PageDown: from + screen,
        PageUp: from - screen,
        Home: 0,
        End: count - 1,
      } as Readonly<Record<string, number>>
    )[event.key];
    if (target !== undefined) {
      event.preventDefault();
      choose(target);
    } else if (event.key === 'Escape') select(null);
  };

  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a virtualised grid can't be a table element, whose rows all exist */}
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label={text.files}
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        aria-activedescendant={selectedIndex === -1 ? undefined : rowId(selectedIndex)}
        onKeyDown={onKeyDown}
      >
        <TableHeader sorting={sorting} onSort={onSort} />
        {/* The height is set through the style object, not a style attribute: the page's policy allows the one and forbids the other. */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div
          className={styles.body}
          role="rowgroup"
          style={{ height: virtualizer.getTotalSize() - rowHeight }}
        >
          {items.map(({ index, start }) => (
            <FileTableRow
              key={index}
              index={index}
              top={start - rowHeight}
              row={pages.rowAt(index)}
              selected={index === selectedIndex}
              onSelect={select}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface TableHeaderProps {
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}

function TableHeader({ sorting, onSort }: TableHeaderProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as above; its cells hold buttons
    <div className={styles.header} role="row" aria-rowindex={1}>
      {columns.map(({ name, sort }) => {
        const active = sort === sorting.sort;
        const Arrow = sorting.descending ? ArrowDown : ArrowUp;
        return (
          // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: as above
          <div
            key={name}
            className={classNames(styles.cell, styles[name])}
            role="columnheader"
            aria-sort={active ? (sorting.descending ? 'descending' : 'ascending') : undefined}
          >
            {sort === null ? (
              text.column[name]
            ) : (
              <button
                type="button"
                className={classNames(styles.sort, active && styles.sorted)}
                onClick={() => onSort({ sort, descending: active ? !sorting.descending : false })}
              >
                {text.column[name]}
                {active ? <Arrow size={12} aria-hidden="true" /> : null}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}
