import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useEffect, useRef } from 'react';
import type { FileRow, MirrorStatus } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { stateLooks } from '../../components/state-look.tsx';
import { Thumbnail } from '../../components/thumbnail.tsx';
import tones from '../../components/tones.module.css';
import { useWidth } from '../../components/use-width.ts';
import type { FilePages } from '../../engine/file-pages.ts';
import { assetPicture, localPicture } from '../../engine/pictures.ts';
import { useObservable } from '../../engine/use-engine.ts';
import { text } from '../../text/format.ts';
import styles from './file-grid.module.css';
import { splitName } from './paths.ts';

const leastWidth = 148;
const tileGap = 8;
const wordsHeight = 30;
const edge = 12;

const tileId = (index: number): string => `file-tile-${index}`;

interface FileGridProps {
  readonly mirror: MirrorStatus;
  readonly pages: FilePages;
  readonly selectedPath: string | null;
  readonly onSelect: (row: FileRow | null) => void;
}

/** The files as thumbnails. Only those on screen exist in the page; the arrow keys walk over all. */
export function FileGrid({ mirror, pages, selectedPath, onSelect }: FileGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const count = useObservable(pages.state).total ?? 0;
  const columns = Math.max(1, Math.floor((width - 2 * edge + tileGap) / (leastWidth + tileGap)));
  const tileWidth = (width - 2 * edge - (columns - 1) * tileGap) / columns;
  const rowHeight = Math.round(tileWidth * 0.75) + wordsHeight + tileGap;
  const virtualizer = useVirtualizer({
    count: width === 0 ? 0 : Math.ceil(count / columns),
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
  const first = (lines[0]?.index ?? 0) * columns;
  const last = Math.min(count - 1, ((lines.at(-1)?.index ?? 0) + 1) * columns - 1);
  useEffect(() => pages.show(first, Math.max(first, last)), [pages, first, last]);

  const selected = selectedPath === null ? -1 : pages.indexOf(selectedPath);
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = selected === -1 ? first - 1 : selected;
    const target = (
      {
        ArrowRight: from + 1,
        ArrowLeft: from - 1,
        ArrowDown: selected === -1 ? first : from + columns,
        ArrowUp: from - columns,
        Home: 0,
        End: count - 1,
      } as Readonly<Record<string, number>>
    )[event.key];
    if (event.key === 'Escape') onSelect(null);
    if (target === undefined) return;
    event.preventDefault();
    const bounded = Math.min(count - 1, Math.max(0, target));
    virtualizer.scrollToIndex(Math.floor(bounded / columns));
    const row = pages.rowAt(bounded);
    if (row !== undefined) onSelect(row);
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      tabIndex={0}
      aria-label={text.files}
      aria-activedescendant={selected === -1 ? undefined : tileId(selected)}
      onKeyDown={onKeyDown}
    >
      <div className={styles.body} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {lines.flatMap(({ index: line, start }) =>
          Array.from({ length: Math.min(columns, count - line * columns) }, (_, column) => {
            const index = line * columns + column;
            return (
              <Tile
                key={index}
                index={index}
                count={count}
                left={edge + column * (tileWidth + tileGap)}
                top={start}
                width={tileWidth}
                mirror={mirror}
                row={pages.rowAt(index)}
                isSelected={index === selected}
                onSelect={onSelect}
              />
            );
          }),
        )}
      </div>
    </div>
  );
}

interface TileProps {
  readonly index: number;
  readonly count: number;
  /** Pixels from the list's corner. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly mirror: Pick<MirrorStatus, 'mirrorId' | 'endpoint' | 'organizationId' | 'datasetId'>;
  /** Absent while its page is fetched. */
  readonly row: FileRow | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (row: FileRow) => void;
}

const Tile = memo(
  function Tile({ index, count, left, top, width, mirror, row, isSelected, onSelect }: TileProps) {
    return (
      // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the list has the focus and the keys
      <div
        id={tileId(index)}
        role="option"
        className={classNames(styles.tile, isSelected && styles.selected)}
        style={{ transform: `translate(${left}px, ${top}px)`, width }}
        aria-posinset={index + 1}
        aria-setsize={count}
        aria-selected={isSelected}
        aria-busy={row === undefined}
        title={row?.path}
        onClick={() => {
          if (row !== undefined) onSelect(row);
        }}
      >
        <span className={styles.picture}>
          <Thumbnail source={row === undefined ? null : pictureOf(mirror, row)} />
        </span>
        {row === undefined ? null : <Words row={row} />}
      </div>
    );
  },
  // The mirror is another object with each of its changes; its thumbnails are the same.
  (before, after) =>
    before.row === after.row &&
    before.isSelected === after.isSelected &&
    before.left === after.left &&
    before.top === after.top &&
    before.width === after.width &&
    before.count === after.count &&
    before.onSelect === after.onSelect &&
    before.mirror.mirrorId === after.mirror.mirrorId,
);

function Words({ row }: { readonly row: FileRow }) {
  const { icon: Icon, tone } = stateLooks[row.state];
  const { stem, ending } = splitName(row.name);
  return (
    <span className={styles.words}>
      <Icon
        size={13}
        strokeWidth={2.25}
        className={tones[tone]}
        role="img"
        aria-label={text.state[row.state]}
      />
      <span className={styles.stem}>{stem}</span>
      <span className={styles.ending}>{ending}</span>
    </span>
  );
}

function pictureOf(mirror: TileProps['mirror'], row: FileRow): string | null {
  const version = String(row.changedAt);
  if (row.state !== 'remote-only') return localPicture(mirror.mirrorId, row.path, 'tile', version);
  return row.assetId === null ? null : assetPicture(mirror, row.assetId, 'tile', version);
}
