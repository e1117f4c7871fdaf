import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import type { AssetRow, Place } from '../../../app/contract.ts';
import type { TileContent } from '../../components/tile.tsx';
import { TileGrid } from '../../components/tile-grid.tsx';
import { assetPicture } from '../../engine/pictures.ts';
import type { AssetPages } from '../../engine/use-assets.ts';
import { text } from '../../text/format.ts';
import { assetVersion } from './asset-version.ts';

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
 * Assets as thumbnails; the next page is fetched before the end is in sight. Space selects; a click looks at one, with Ctrl it selects
 * one more, with Shift all up to it.
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
  const anchor = useRef<number | null>(null);
  const [reach, setReach] = useState(-1);
  const { more, hasMore, isLoading, isOld, problem } = pages;
  const isNearEnd = reach >= items.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `more` is another function with each drawing
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoading && !isOld && problem === null) more();
  }, [isNearEnd, hasMore, isLoading, isOld, problem, items.length]);

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
  const walk = (to: number, isSelecting: boolean): void => {
    const asset = items[to];
    if (asset === undefined) return;
    if (isSelecting) {
      anchor.current ??= Math.max(0, index);
      selectTo(to);
    } else anchor.current = null;
    onCurrent(asset);
  };
  const press = (at: number, event: MouseEvent, isBox: boolean): void => {
    const asset = items[at];
    if (asset === undefined) return;
    if (event.shiftKey) selectTo(at);
    else {
      if (isBox || event.ctrlKey || event.metaKey) toggle(asset);
      else onCurrent(asset);
      anchor.current = at;
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === ' ') {
      event.preventDefault();
      if (current !== null) toggle(current);
    } else if (event.key === 'Escape') {
      if (selected.size > 0) onSelect(new Set());
      else onCurrent(null);
    }
  };

  return (
    <TileGrid
      label={text.datasets.assets}
      count={items.length}
      hasMore={hasMore}
      subject={pages.shownKey}
      isOld={isOld}
      isBusy={isLoading}
      current={index}
      isSelected={(at) => selected.has(items[at]?.assetId ?? '')}
      tileAt={(at) => {
        const asset = items[at];
        return asset === undefined ? undefined : tileOf(ofDataset, asset);
      }}
      // A page is asked for when its beginning is a screen away.
      onView={(first, last) => setReach(last + (last - first) + 1)}
      onWalk={walk}
      onPress={press}
      onKey={onKey}
    />
  );
}

const tileOf = (ofDataset: AssetGridProps['ofDataset'], asset: AssetRow): TileContent => ({
  id: asset.assetId,
  name: asset.filename,
  hint: asset.filename,
  annotations: asset.annotations,
  source: assetPicture(ofDataset, asset.assetId, 'tile', assetVersion(asset)),
});
