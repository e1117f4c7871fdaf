import { ImageOff, SearchX, Trash2, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { AssetRow, DatasetRow, Place } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useDebounced } from '../../components/use-debounced.ts';
import { useAssets } from '../../engine/use-assets.ts';
import { formatCount, text } from '../../text/format.ts';
import { worded } from '../../text/problem-words.ts';
import styles from './asset-browser.module.css';
import { AssetDetail } from './asset-detail.tsx';
import { AssetGrid } from './asset-grid.tsx';
import { AssetToolbar, type AssetWish, plainWish } from './asset-toolbar.tsx';
import { DeleteAssets } from './delete-assets.tsx';

/** As many as one call deletes. */
const mostSelected = 200;
const nothing: ReadonlySet<string> = new Set();

interface AssetBrowserProps {
  readonly place: Place;
  readonly dataset: DatasetRow;
  readonly onDeleted: () => void;
}

/** The assets of a dataset as thumbnails: found, sorted, looked at and deleted. */
export function AssetBrowser({ place, dataset, onDeleted }: AssetBrowserProps) {
  const [wish, setWish] = useState<AssetWish>(plainWish);
  const [current, setCurrent] = useState<AssetRow | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(nothing);
  const [deleting, setDeleting] = useState<readonly string[] | null>(null);
  const { datasetId } = dataset;
  const search = useDebounced(wish.search.trim(), 250);
  const { sort, descending } = wish;
  const pages = useAssets({
    ...place,
    datasetId,
    sort,
    descending,
    ...(wish.query === '' ? {} : { metadataQuery: wish.query }),
    ...(search === '' ? {} : { search }),
  });
  const { items, isOld, isLoading, hasMore } = pages;
  const problem = worded(pages.problem);
  const ofDataset = useMemo(() => ({ ...place, datasetId }), [place, datasetId]);
  const words = text.datasets;
  const isPlain = search === '' && wish.query === '';
  const change = (next: AssetWish): void => {
    setWish(next);
    setSelected(nothing);
  };

  return (
    <>
      <AssetToolbar wish={wish} onChange={change} problem={wish.query === '' ? null : problem} />
      <div className={styles.area}>
        <div className={styles.list}>
          {problem !== null && (items === null || isOld) ? (
            <EmptyState
              icon={<TriangleAlert size={22} />}
              title={problem.title}
              actions={
                <>
                  <Button onClick={pages.again}>{text.tryAgain}</Button>
                  {isPlain ? null : <Button onClick={() => change(plainWish)}>{words.showAll}</Button>}
                </>
              }
            >
              {/* Of a query they stand at its field. */}
              {wish.query === '' ? <p>{problem.detail}</p> : null}
              {wish.query === '' ? <p>{problem.suggestion}</p> : null}
            </EmptyState>
          ) : items === null ? null : items.length > 0 ? (
            <AssetGrid
              ofDataset={ofDataset}
              pages={pages}
              items={items}
              current={current}
              selected={selected}
              most={mostSelected}
              onCurrent={setCurrent}
              onSelect={setSelected}
            />
          ) : hasMore || isLoading ? (
            <EmptyState icon={<SearchX size={22} />} title={words.searching} />
          ) : isPlain ? (
            <EmptyState icon={<ImageOff size={22} />} title={words.emptyTitle}>
              <p>{words.emptyText}</p>
            </EmptyState>
          ) : (
            <EmptyState
              icon={<SearchX size={22} />}
              title={words.noMatchTitle}
              actions={<Button onClick={() => change(plainWish)}>{words.showAll}</Button>}
            >
              <p>{words.noMatchText}</p>
            </EmptyState>
          )}
          <footer className={styles.footer}>
            {selected.size === 0 ? (
              <>
                <span role="status">
                  {items === null || isOld
                    ? ''
                    : hasMore
                      ? words.shownSoFar(items.length, formatCount(items.length))
                      : words.shownAll(items.length, formatCount(items.length))}
                  {isLoading && hasMore && search !== '' ? ` · ${words.searching}` : ''}
                </span>
                <span className={styles.hint}>
                  {items === null || items.length === 0 ? '' : words.select}
                </span>
              </>
            ) : (
              <>
                <span role="status">
                  {words.selected(selected.size, formatCount(selected.size))}
                  {selected.size < mostSelected
                    ? ''
                    : ` · ${words.selectedTooMany(formatCount(mostSelected))}`}
                </span>
                <Button look="quiet" onClick={() => setSelected(nothing)}>
                  {words.clearSelection}
                </Button>
                <Button
                  icon={<Trash2 size={14} />}
                  disabled={dataset.isLocked}
                  title={dataset.isLocked ? words.lockedMeaning : undefined}
                  onClick={() => setDeleting([...selected])}
                >
                  {words.deleteSome}
                </Button>
              </>
            )}
          </footer>
        </div>
        {current === null ? null : (
          <AssetDetail
            ofDataset={ofDataset}
            asset={current}
            isLocked={dataset.isLocked}
            onClose={() => setCurrent(null)}
            onDelete={() => setDeleting([current.assetId])}
          />
        )}
      </div>
      {deleting === null ? null : (
        <DeleteAssets
          ofDataset={ofDataset}
          assetIds={deleting}
          onClose={() => setDeleting(null)}
          onDeleted={(assetIds) => {
            const gone = new Set(assetIds);
            pages.drop(gone);
            setSelected(new Set([...selected].filter((assetId) => !gone.has(assetId))));
            if (current !== null && gone.has(current.assetId)) setCurrent(null);
            onDeleted();
          }}
        />
      )}
    </>
  );
}
