import { Grid2x2, Rows3 } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import type { FileRow, FileState, MirrorStatus } from '../../../app/contract.ts';
import { Segmented } from '../../components/segmented.tsx';
import { usePaced } from '../../components/use-paced.ts';
import type { FileSort } from '../../engine/file-pages.ts';
import { useFilePages } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { text } from '../../text/format.ts';
import { FileArea } from './file-area.tsx';
import { MirrorHeader } from './mirror-header.tsx';
import { MirrorProblem } from './mirror-problem.tsx';
import styles from './mirror-view.module.css';
import { StateFilter } from './state-filter.tsx';
import { Transfers } from './transfers.tsx';

/** How the files are shown. */
export type FileLook = 'table' | 'grid';

export interface Sorting {
  readonly sort: FileSort;
  readonly descending: boolean;
}

/** One mirror: its state, its transfers, its files. */
export default function MirrorView({
  mirror,
  path,
}: {
  readonly mirror: MirrorStatus;
  /** The file to look at first. */
  readonly path?: string;
}) {
  const [state, setState] = useState<FileState | null>(null);
  const [search, setSearch] = useState(path ?? '');
  const [sorting, setSorting] = useState<Sorting>({ sort: 'path', descending: false });
  const [look, setLook] = useState<FileLook>('table');
  const [selected, setSelected] = useState<FileRow | null>(null);
  const asked = useQuery('file', path === undefined ? null : { mirrorId: mirror.mirrorId, path }).answer;
  useEffect(() => {
    if (asked !== null && asked.file !== null) setSelected(asked.file.row);
  }, [asked]);
  // A keystroke is answered at once; while keys come faster than answers, not each of them is asked for.
  const searched = usePaced(search.trim(), 30);
  const pages = useFilePages({ mirrorId: mirror.mirrorId, state, search: searched, ...sorting });
  const counts = useDeferredValue(mirror.counts);

  const title = `${text.phase[mirror.phase]} – ${mirror.datasetName} – ${text.appName}`;
  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <div className={styles.view}>
      <MirrorHeader mirror={mirror} search={search} onSearch={setSearch} />
      <p className={styles.announcement} role="status">
        {text.phase[mirror.phase]}
      </p>
      <MirrorProblem mirror={mirror} tone={mirror.phase === 'stopped' ? 'bad' : 'hold'} />
      <Transfers mirror={mirror} />
      <div className={styles.choices}>
        <StateFilter counts={counts} total={mirror.fileTotal} chosen={state} onChoose={setState} />
        <Segmented
          label={text.mirror.view}
          value={look}
          iconsOnly
          options={[
            { value: 'table', label: text.mirror.table, icon: <Rows3 size={14} aria-hidden="true" /> },
            { value: 'grid', label: text.mirror.grid, icon: <Grid2x2 size={14} aria-hidden="true" /> },
          ]}
          onChange={setLook}
        />
      </div>
      <FileArea
        mirror={mirror}
        pages={pages}
        look={look}
        sorting={sorting}
        onSort={setSorting}
        selected={selected}
        onSelect={setSelected}
        onShowAll={() => {
          setState(null);
          setSearch('');
        }}
      />
    </div>
  );
}
