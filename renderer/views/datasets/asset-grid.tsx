import { useVirtualizer } from '@tanstack/react-virtual';
import { Check, MessageSquare } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, useCallback, useEffect, useRef } from 'react';
import type { AssetRow, Place } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { Thumbnail } from '../../components/thumbnail.tsx';
import { Unseen } from '../../components/unseen.tsx';
import { useWidth } from '../../components/use-width.ts';
import { assetPicture } from '../../engine/pictures.ts';
import type { AssetPages } from '../../engine/use-assets.ts';
import { formatCount, text } from '../../text/format.ts';
import { splitName } from '../mirror/paths.ts';
import styles from './asset-grid.module.css';
import { assetVersion } from './asset-version.ts';

const leastWidth = 148;
const tileGap = 8;
const wordsHeight = 30;
const edge = 18;
/** Lines from the end at which the next page is asked for. */
const lookAhead = 4;

const tileId = (index: number): string => `asset-tile-${index}`;

interface AssetGridProps {
  readonly ofDataset: Place & { readonly datasetId: string };
  readonly pages: AssetPages;
  readonly items: readonly AssetRow[];
  /** The one that is looked at. */
  readonly current: AssetRow | null;
  /** Those that something is to be done with. */
  readonly selected: ReadonlySet<string>;
  readonly most: number;
  readonly onCurrent: (asset: AssetRow | null) => void;
  readonly onSelect: (assetIds: ReadonlySet<string>) => void;
}

/**
 * Assets as thumbnails; the next page is fetched before the end is in sight. The arrow keys walk, Space selects; a click looks at one,
 * with Ctrl it selects one more, with Shift all up to it.
 */
export function AssetGrid({
  ofDataset,
  pages,
  items,
  current,
  selected,
  most,
  onCurrent,
  onSelect,
}: AssetGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const anchor = useRef<number | null>(null);
  const count = items.length;
  const columns = Math.max(1, Math.floor((width - 2 * edge + tileGap) / (leastWidth + tileGap)));
  const tileWidth = (width - 2 * edge - (columns - 1) * tileGap) / columns;
  const rowHeight = Math.round(tileWidth * 0.75) + wordsHeight + tileGap;
  const lineCount = Math.ceil(count / columns);
  const virtualizer = useVirtualizer({
    count: width === 0 ? 0 : lineCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
    useFlushSync: false,
    paddingStart: edge,
    paddingEnd: edge,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height stand at other places
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const lines = virtualizer.getVirtualItems();
  const lastLine = lines.at(-1)?.index ?? -1;
  const { more, hasMore, isLoading, isOld, problem } = pages;
  // Another order, or another search, is read from its beginning.
  useEffect(() => {
    if (!isOld) scroller.current?.scrollTo({ top: 0 });
  }, [isOld]);
  const isNearEnd = lastLine !== -1 && lastLine >= lineCount - lookAhead;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `more` is another function with each drawing
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoading && !isOld && problem === null) more();
  }, [isNearEnd, hasMore, isLoading, isOld, problem, count]);

  const index = current === null ? -1 : items.findIndex(({ assetId }) => assetId === current.assetId);
  const toggle = (asset: AssetRow): void => {
    const next = new Set(selected);
    if (!next.delete(asset.assetId) && next.size < most) next.add(asset.assetId);
    onSelect(next);
  };
  const selectTo = (to: number): void => {
    const from = anchor.current ?? Math.max(0, index);
    const range = items.slice(Math.min(from, to), Math.max(from, to) + 1);
    onSelect(new Set([...selected, ...range.map(({ assetId }) => assetId)].slice(0, most)));
  };
  const goTo = (target: number, selects: boolean): void => {
    const bounded = Math.min(count - 1, Math.max(0, target));
    const asset = items[bounded];
    if (asset === undefined) return;
    virtualizer.scrollToIndex(Math.floor(bounded / columns));
    if (selects) {
      anchor.current ??= Math.max(0, index);
      selectTo(bounded);
    } else anchor.current = null;
    onCurrent(asset);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const first = (lines[0]?.index ?? 0) * columns;
    const target = (
      {
        ArrowRight: index === -1 ? first : index + 1,
        ArrowLeft: index - 1,
        ArrowDown: index === -1 ? first : index + columns,
        ArrowUp: index - columns,
        Home: 0,
        End: count - 1,
      } as Readonly<Record<string, number>>
    )[event.key];
    if (target !== undefined) {
      event.preventDefault();
      goTo(target, event.shiftKey);
    } else if (event.key === ' ') {
      event.preventDefault();
      if (current !== null) toggle(current);
    } else if (event.key === 'Escape') {
      if (selected.size > 0) onSelect(new Set());
      else onCurrent(null);
    }
  };
  const click = (event: MouseEvent, asset: AssetRow, at: number, isBox: boolean): void => {
    if (event.shiftKey) selectTo(at);
    else {
      if (isBox || event.ctrlKey || event.metaKey) toggle(asset);
      else onCurrent(asset);
      anchor.current = at;
    }
  };
  // A tile is drawn anew only when what it shows changes; its click does what is meant now.
  const latest = useRef(click);
  latest.current = click;
  const onClick = useCallback<typeof click>((...args) => latest.current(...args), []);

  return (
    <div
      ref={scroller}
      className={classNames(styles.scroller, isOld && styles.old)}
      role="listbox"
      tabIndex={0}
      aria-label={text.datasets.assets}
      aria-multiselectable="true"
      aria-busy={isLoading}
      aria-activedescendant={index === -1 ? undefined : tileId(index)}
      onKeyDown={onKeyDown}
    >
      <div className={styles.body} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {lines.flatMap(({ index: line, start }) =>
          items
            .slice(line * columns, (line + 1) * columns)
            .map((asset, column) => (
              <Tile
                key={asset.assetId}
                index={line * columns + column}
                left={edge + column * (tileWidth + tileGap)}
                top={start}
                width={tileWidth}
                count={hasMore ? -1 : count}
                source={assetPicture(ofDataset, asset.assetId, 'tile', assetVersion(asset))}
                asset={asset}
                isCurrent={asset.assetId === current?.assetId}
                isSelected={selected.has(asset.assetId)}
                onClick={onClick}
              />
            )),
        )}
      </div>
    </div>
  );
}

interface TileProps {
  readonly index: number;
  /** Pixels from the list's corner. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** Of all assets; -1: nobody knows yet. */
  readonly count: number;
  readonly source: string;
  readonly asset: AssetRow;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onClick: (event: MouseEvent, asset: AssetRow, index: number, isBox: boolean) => void;
}

const Tile = memo(
  function Tile({
    index,
    left,
    top,
    width,
    count,
    source,
    asset,
    isCurrent,
    isSelected,
    onClick,
  }: TileProps) {
    const { stem, ending } = splitName(asset.filename);
    const { annotations } = asset;
    const words = text.datasets;
    return (
      // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the list has the focus and the keys
      <div
        id={tileId(index)}
        role="option"
        className={classNames(styles.tile, isCurrent && styles.current, isSelected && styles.selected)}
        style={{ transform: `translate(${left}px, ${top}px)`, width }}
        aria-posinset={index + 1}
        aria-setsize={count}
        aria-selected={isSelected}
        title={asset.filename}
        onClick={(event) =>
          onClick(
            event,
            asset,
            index,
            event.target instanceof Element && event.target.closest('[data-box]') !== null,
          )
        }
      >
        <span className={styles.picture}>
          <Thumbnail source={source} />
          <span className={styles.box} data-box aria-hidden="true">
            {isSelected ? <Check size={13} strokeWidth={3} /> : null}
          </span>
        </span>
        <span className={styles.words}>
          <span className={styles.stem}>{stem}</span>
          <span className={styles.ending}>{ending}</span>
          <Unseen>
            {', '}
            {annotations === null
              ? words.annotationsUnknown
              : words.annotationsOf(annotations, formatCount(annotations))}
          </Unseen>
          {annotations === null || annotations === 0 ? null : (
            <span className={styles.annotations} aria-hidden="true">
              <MessageSquare size={11} aria-hidden="true" />
              {formatCount(annotations)}
            </span>
          )}
        </span>
      </div>
    );
  },
  (before, after) =>
    before.asset === after.asset &&
    before.isCurrent === after.isCurrent &&
    before.isSelected === after.isSelected &&
    before.index === after.index &&
    before.left === after.left &&
    before.top === after.top &&
    before.width === after.width &&
    before.count === after.count,
);
