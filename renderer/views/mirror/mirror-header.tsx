import { ArrowLeftRight, Database, Folder, RefreshCw } from 'lucide-react';
import type { MirrorStatus } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { SandboxTag } from '../../components/sandbox-tag.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import { worded } from '../../text/problem-words.ts';
import styles from './mirror-header.module.css';
import { MirrorMenu } from './mirror-menu.tsx';
import { MirrorPhaseLine } from './phase-line.tsx';

interface MirrorHeaderProps {
  readonly mirror: MirrorStatus;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** Which folder and dataset these are, what the mirror does, and when that was last proved. */
export function MirrorHeader({ mirror, search, onSearch }: MirrorHeaderProps) {
  const { engine } = useEngine();
  const connected = useObservable(engine.connection) === 'open';
  const { problem: raw, run, dismiss } = useAction();
  const problem = worded(raw);
  return (
    <>
      <header className={styles.header}>
        <div className={styles.pair}>
          <h1 className={styles.title}>
            <Folder size={16} aria-label={text.folder} />
            <span className={styles.side} title={mirror.folder}>
              {folderName(mirror.folder)}
            </span>
            <CopyButton label={text.copyPath} value={mirror.folder} />
            <ArrowLeftRight size={14} className={styles.arrow} aria-hidden="true" />
            <Database size={16} aria-label={text.dataset} />
            <span
              className={styles.side}
              title={`${mirror.datasetName}\n${mirror.organizationId} / ${mirror.datasetId}`}
            >
              {mirror.datasetName}
            </span>
            {mirror.sandbox ? <SandboxTag /> : null}
          </h1>
          <MirrorPhaseLine mirror={mirror} />
        </div>
        <SearchField label={text.search} hint={text.searchHint} value={search} onChange={onSearch} />
        <Button
          icon={<RefreshCw size={14} />}
          title={text.syncNowMeaning}
          disabled={!connected}
          onClick={() => void run(() => engine.call('syncNow', { mirrorId: mirror.mirrorId }))}
        >
          {text.syncNow}
        </Button>
        <MirrorMenu mirror={mirror} run={run} />
      </header>
      {problem === null ? null : (
        <Notice tone="bad" title={problem.title} actions={<Button onClick={dismiss}>{text.dismiss}</Button>}>
          {problem.detail} {problem.suggestion}
        </Notice>
      )}
    </>
  );
}
