import { FileSearch, FolderOpen, ListFilter, ScanSearch, TriangleAlert } from 'lucide-react';
import type { FileRow, MirrorStatus } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import type { FilePages } from '../../engine/file-pages.ts';
import { useObservable } from '../../engine/use-engine.ts';
import { text } from '../../text/format.ts';
import { worded } from '../../text/problem-words.ts';
import styles from './file-area.module.css';
import { FileDetail } from './file-detail.tsx';
import { FileGrid } from './file-grid.tsx';
import { FileTable } from './file-table.tsx';
import type { FileLook, Sorting } from './mirror-view.tsx';

interface FileAreaProps {
  readonly mirror: MirrorStatus;
  readonly pages: FilePages | null;
  readonly look: FileLook;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  readonly selected: FileRow | null;
  readonly onSelect: (row: FileRow | null) => void;
  readonly onShowAll: () => void;
}

/** The table and the details of the chosen file; in words what is missing where there is none. */
export function FileArea({ pages, ...rest }: FileAreaProps) {
  // Nothing yet: the first page is a moment away, and a spinner would only flash.
  if (pages === null) return <div className={styles.area} />;
  return <LoadedFileArea pages={pages} {...rest} />;
}

function LoadedFileArea({
  mirror,
  pages,
  look,
  sorting,
  onSort,
  selected,
  onSelect,
  onShowAll,
}: FileAreaProps & { readonly pages: FilePages }) {
  const { total, problem: raw } = useObservable(pages.state);
  const problem = worded(raw);
  if (problem !== null) {
    return (
      <div className={classNames(styles.area, styles.column)}>
        <EmptyState
          icon={<TriangleAlert size={22} />}
          title={problem.title}
          actions={<Button onClick={() => pages.fetchNow()}>{text.tryAgain}</Button>}
        >
          <p>{problem.detail}</p>
          <p>{problem.suggestion}</p>
        </EmptyState>
      </div>
    );
  }
  if (total === null) return <div className={styles.area} />;
  if (total === 0) {
    return (
      <div className={classNames(styles.area, styles.column)}>
        <NoFiles mirror={mirror} pages={pages} onShowAll={onShowAll} />
      </div>
    );
  }
  const current = selected === null ? null : (pages.rowAt(pages.indexOf(selected.path)) ?? selected);
  return (
    <div className={styles.area}>
      {look === 'table' ? (
        <FileTable
          pages={pages}
          sorting={sorting}
          onSort={onSort}
          selectedPath={current?.path ?? null}
          onSelect={onSelect}
        />
      ) : (
        <FileGrid mirror={mirror} pages={pages} selectedPath={current?.path ?? null} onSelect={onSelect} />
      )}
      {current === null ? null : (
        <FileDetail key={current.path} mirror={mirror} row={current} onClose={() => onSelect(null)} />
      )}
    </div>
  );
}

interface NoFilesProps {
  readonly mirror: MirrorStatus;
  readonly pages: FilePages;
  readonly onShowAll: () => void;
}

function NoFiles({ mirror, pages, onShowAll }: NoFilesProps) {
  const { state, search } = pages.query;
  const stateName = state === null ? null : text.state[state];
  if (search !== '') {
    return (
      <EmptyState
        icon={<FileSearch size={22} />}
        title={text.noMatchTitle}
        actions={<Button onClick={onShowAll}>{text.showAll}</Button>}
      >
        <p>{text.noMatchText(search, stateName)}</p>
      </EmptyState>
    );
  }
  if (state !== null && stateName !== null) {
    return (
      <EmptyState
        icon={<ListFilter size={22} />}
        title={text.noneInStateTitle(stateName)}
        actions={<Button onClick={onShowAll}>{text.showAll}</Button>}
      >
        <p>{text.stateMeaning[state]}</p>
      </EmptyState>
    );
  }
  if (mirror.lastScanAt === null) {
    return (
      <EmptyState icon={<ScanSearch size={22} />} title={text.firstLookTitle}>
        <p>{text.firstLookText}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<FolderOpen size={22} />} title={text.emptyTitle}>
      <p>{text.emptyText}</p>
      <p className={styles.folder}>
        <code>{mirror.folder}</code>
        <CopyButton label={text.copyPath} value={mirror.folder} />
      </p>
      <p className={styles.formats}>{text.emptyFormats}</p>
    </EmptyState>
  );
}
