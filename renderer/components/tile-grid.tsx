import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useId, useRef } from 'react';
import { classNames } from './class-names.ts';
import { Tile, type TileContent } from './tile.tsx';
import styles from './tile-grid.module.css';
import { useWidth } from './use-width.ts';

const leastWidth = 148;
const gap = 8;
/** Of the line below a picture, with the paddings of its tile. */
const wordsHeight = 30;
/** A tile’s own padding is 3 more. */
const edge = 13;

interface TileGridProps {
  readonly label: string;
  /** Tiles that there are, whether they are here or not. */
  readonly count: number;
  /** There are more than `count` says. */
  readonly hasMore?: boolean;
  /** Undefined: it is being fetched. */
  readonly tileAt: (index: number) => TileContent | undefined;
  /** The tile that is looked at, or -1. */
  readonly current: number;
  /** Those that something is to be done with; absent where there is no such choice. */
  readonly isSelected?: (index: number) => boolean;
  /** Tiles of an earlier question, until the answer to this one is here. */
  readonly isOld?: boolean;
  readonly isBusy?: boolean;
  /** What the tiles are of: another begins at its top. */
  readonly subject: unknown;
  /** Told of the first and the last tile that are drawn. */
  readonly onView: (first: number, last: number) => void;
  /** The arrow keys go to a tile; with Shift they select on the way. */
  readonly onWalk: (index: number, isSelecting: boolean) => void;
  readonly onPress: (index: number, event: MouseEvent, isBox: boolean) => void;
  /** Any key that does not walk. */
  readonly onKey: (event: KeyboardEvent) => void;
}

/** Pictures in lines. Only those on screen exist in the page; the arrow keys walk over all, and the grid keeps the focus. */
export function TileGrid({
  label,
  count,
  hasMore = false,
  tileAt,
  current,
  isSelected,
  isOld = false,
  isBusy = false,
  subject,
  onView,
  onWalk,
  onPress,
  onKey,
}: TileGridProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const columns = Math.max(1, Math.floor((width - 2 * edge + gap) / (leastWidth + gap)));
  const tileWidth = (width - 2 * edge - (columns - 1) * gap) / columns;
  const lineHeight = Math.round(tileWidth * 0.75) + wordsHeight + gap;
  const virtualizer = useVirtualizer({
    count: width === 0 ? 0 : Math.ceil(count / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 2,
    useFlushSync: false,
    paddingStart: edge,
    paddingEnd: edge,
    scrollPaddingStart: edge,
    scrollPaddingEnd: edge,
  });
  // Lines of another height stand at other places, and another number of columns puts every tile elsewhere: what was looked at stays in sight.
  // At first that is whatever is current.
  const inSight = useRef({ first: 0, last: Number.POSITIVE_INFINITY });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another layout moves what is in sight
  useEffect(() => {
    const { first, last } = inSight.current;
    virtualizer.measure();
    if (width === 0 || count === 0) return;
    if (current >= first && current <= last) virtualizer.scrollToIndex(Math.floor(current / columns));
    else if (first > 0) virtualizer.scrollToIndex(Math.floor(first / columns), { align: 'start' });
  }, [virtualizer, columns, lineHeight]);
  useEffect(() => {
    const { range } = virtualizer;
    if (range === null) return;
    inSight.current = { first: range.startIndex * columns, last: (range.endIndex + 1) * columns - 1 };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it is of is all that counts
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [subject]);

  const lines = virtualizer.getVirtualItems();
  const first = (lines[0]?.index ?? 0) * columns;
  const last = Math.min(count, ((lines.at(-1)?.index ?? -1) + 1) * columns) - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onView` may be another function with each drawing
  useEffect(() => {
    if (last >= first) onView(first, last);
  }, [first, last, subject]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const linesInSight = Math.floor((scroller.current?.clientHeight ?? 0) / lineHeight);
    const screen = Math.max(1, linesInSight - 1) * columns;
    const target = targetOf(event.key, { current, columns, first, count, screen });
    if (target === null) {
      onKey(event);
      return;
    }
    event.preventDefault();
    const bounded = Math.min(count - 1, Math.max(0, target));
    virtualizer.scrollToIndex(Math.floor(bounded / columns));
    onWalk(bounded, event.shiftKey);
  };
  // A tile is drawn anew only when what it shows changes; a press on it does what is meant now.
  const latest = useRef(onPress);
  latest.current = onPress;
  const press = useCallback<typeof onPress>((...args) => latest.current(...args), []);
  const elementId = (index: number): string => `${id}-${index}`;

  return (
    <div
      ref={scroller}
      className={classNames(styles.scroller, isOld && styles.old)}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable={isSelected === undefined ? undefined : true}
      aria-busy={isBusy}
      aria-activedescendant={current === -1 ? undefined : elementId(current)}
      onKeyDown={onKeyDown}
    >
      <div className={styles.body} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {lines.flatMap(({ index: line, start }) =>
          Array.from({ length: Math.min(columns, count - line * columns) }, (_, column) => {
            const index = line * columns + column;
            const tile = tileAt(index);
            return (
              <Tile
                key={tile?.id ?? index}
                {...tile}
                elementId={elementId(index)}
                index={index}
                setSize={hasMore ? -1 : count}
                left={edge + column * (tileWidth + gap)}
                top={start}
                width={tileWidth}
                isCurrent={index === current}
                isSelected={isSelected === undefined ? index === current : isSelected(index)}
                hasBox={isSelected !== undefined}
                onPress={press}
              />
            );
          }),
        )}
      </div>
    </div>
  );
}

interface Walk {
  readonly current: number;
  readonly columns: number;
  /** The first that is drawn, where a walk begins. */
  readonly first: number;
  readonly count: number;
  /** Tiles that a page key passes over. */
  readonly screen: number;
}

/** Where a key leads, not bounded yet; null: nowhere. */
function targetOf(key: string, { current, columns, first, count, screen }: Walk): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = new Map([
    ['ArrowRight', 1],
    ['ArrowLeft', -1],
    ['ArrowDown', columns],
    ['ArrowUp', -columns],
    ['PageDown', screen],
    ['PageUp', -screen],
  ]).get(key);
  if (step === undefined) return null;
  return current === -1 ? first : current + step;
}
