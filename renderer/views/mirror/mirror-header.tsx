import { ArrowLeftRight, Database, Folder, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { MirrorStatus, Problem } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { phaseLooks } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import { useNow } from '../../components/use-now.ts';
import { problemOfCall } from '../../engine/call-problem.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { formatAgo, formatCount, formatFullTime, text } from '../../text/format.ts';
import styles from './mirror-header.module.css';
import { folderName } from './paths.ts';

interface MirrorHeaderProps {
  readonly mirror: MirrorStatus;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

/** Which folder and dataset these are, what the mirror does, and when that was last proved. */
export function MirrorHeader({ mirror, search, onSearch }: MirrorHeaderProps) {
  const { engine } = useEngine();
  const connected = useObservable(engine.connection) === 'open';
  const [problem, setProblem] = useState<Problem | null>(null);
  const syncNow = (): void => {
    setProblem(null);
    engine
      .call('syncNow', { mirrorId: mirror.mirrorId })
      .catch((error: unknown) => setProblem(problemOfCall(error)));
  };
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
            {mirror.sandbox ? (
              <span className={styles.sandbox} title={text.sandboxMeaning}>
                {text.sandbox}
              </span>
            ) : null}
          </h1>
          <Phase mirror={mirror} />
        </div>
        <SearchField label={text.search} hint={text.searchHint} value={search} onChange={onSearch} />
        <Button
          icon={<RefreshCw size={14} />}
          title={text.syncNowMeaning}
          disabled={!connected}
          onClick={syncNow}
        >
          {text.syncNow}
        </Button>
      </header>
      {problem === null ? null : (
        <Notice
          tone="bad"
          title={problem.title}
          actions={<Button onClick={() => setProblem(null)}>{text.dismiss}</Button>}
        >
          {problem.detail} {problem.suggestion}
        </Notice>
      )}
    </>
  );
}

function Phase({ mirror }: { readonly mirror: MirrorStatus }) {
  const { icon: Icon, tone } = phaseLooks[mirror.phase];
  return (
    <p className={styles.phase}>
      <span className={classNames(styles.phaseName, tones[tone])}>
        <Icon
          size={14}
          strokeWidth={2.5}
          className={tone === 'busy' ? styles.turning : undefined}
          aria-hidden="true"
        />
        {text.phase[mirror.phase]}
      </span>
      <span className={styles.phaseDetail}>
        <PhaseDetail mirror={mirror} />
      </span>
    </p>
  );
}

function PhaseDetail({ mirror }: { readonly mirror: MirrorStatus }) {
  switch (mirror.phase) {
    case 'starting':
    case 'scanning':
    case 'preview':
    case 'paused':
    case 'offline':
    case 'stopped':
      return text.phaseDetail[mirror.phase];
    case 'syncing': {
      const done = mirror.upload.filesDone + mirror.download.filesDone;
      const total = mirror.upload.filesTotal + mirror.download.filesTotal;
      return total === 0 ? null : text.filesOf(formatCount(done), total, formatCount(total));
    }
    case 'attention': {
      const { problem, held } = mirror.counts;
      return (
        <>
          {text.needAttention(problem, formatCount(problem), held, formatCount(held))}
          <Checked mirror={mirror} separator />
        </>
      );
    }
    case 'in-sync':
      return <Checked mirror={mirror} />;
  }
}

/** When both sides were last looked at: the older of the two is what the proof is worth. */
function Checked({ mirror, separator }: { readonly mirror: MirrorStatus; readonly separator?: boolean }) {
  const now = useNow();
  const { lastScanAt, lastListingAt } = mirror;
  if (lastScanAt === null || lastListingAt === null) return null;
  const ago = formatAgo(Math.min(lastScanAt, lastListingAt), now);
  return (
    <>
      {separator ? ' · ' : null}
      <span title={text.checkedTitle(formatFullTime(lastScanAt), formatFullTime(lastListingAt))}>
        {text.checked(ago)}
      </span>
    </>
  );
}
