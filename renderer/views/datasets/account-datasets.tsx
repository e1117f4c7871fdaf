import { ChevronRight, Database, Lock, RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import type { Account, DatasetRow, MirrorStatus } from '../../../app/contract.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useDatasets } from '../../engine/use-datasets.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { hrefOf } from '../../route.ts';
import { formatCount, formatMoment, text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import { worded } from '../../text/problem-words.ts';
import { accountName } from '../setup/account-name.ts';
import styles from './account-datasets.module.css';
import { datasetType, mirrorsOf } from './dataset-facts.ts';

interface AccountDatasetsProps {
  readonly account: Account;
  /** Part of a name or an ID; empty: all. */
  readonly search: string;
}

/** The datasets of one account. A search looks at all of them, so it fetches those that are not here yet. */
export function AccountDatasets({ account, search }: AccountDatasetsProps) {
  const { mirrors: observable } = useEngine();
  const mirrors = useObservable(observable).list;
  const { items, hasMore, isLoading, problem, more, again } = useDatasets(account);
  const mustGoOn = search !== '' && hasMore && !isLoading && problem === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `more` is another function with each drawing
  useEffect(() => {
    if (mustGoOn) more();
  }, [mustGoOn]);
  const part = search.toLocaleLowerCase();
  const found = items.filter(
    ({ name, datasetId }) =>
      name.toLocaleLowerCase().includes(part) || datasetId.toLocaleLowerCase().includes(part),
  );
  const words = text.datasets;
  const isKnown = !isLoading && problem === null && account.problem === null;
  return (
    <Card title={accountName(account)} className={styles.card ?? ''} aria-busy={isLoading}>
      {account.problem === null ? null : (
        <div className={styles.problem}>
          <Notice
            tone="hold"
            title={worded(account.problem).title}
            isInset
            actions={<LinkButton href={hrefOf({ screen: 'settings' })}>{words.manageAccounts}</LinkButton>}
          >
            {worded(account.problem).detail} {worded(account.problem).suggestion}
          </Notice>
        </div>
      )}
      {problem === null || problem.detail === account.problem?.detail ? null : (
        <div className={styles.problem}>
          <ProblemNotice problem={problem} onRetry={again} />
        </div>
      )}
      <ul className={styles.list} aria-label={words.list(accountName(account))}>
        {found.map((dataset) => (
          <li key={dataset.datasetId}>
            <DatasetLink
              account={account}
              dataset={dataset}
              mirrors={mirrorsOf(mirrors, account, dataset.datasetId)}
            />
          </li>
        ))}
      </ul>
      {found.length > 0 || !isKnown ? null : (
        <div className={styles.none}>
          <p>{items.length === 0 ? `${words.noneTitle}. ${words.noneText}` : words.noMatch(search)}</p>
          {items.length === 0 ? <Button onClick={again}>{words.lookAgain}</Button> : null}
        </div>
      )}
      {hasMore && search === '' ? (
        <div className={styles.more}>
          <Button look="quiet" disabled={isLoading} onClick={more}>
            {isLoading ? words.loadingMore : words.more}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

interface DatasetLinkProps {
  readonly account: Account;
  readonly dataset: DatasetRow;
  readonly mirrors: readonly MirrorStatus[];
}

function DatasetLink({ account, dataset, mirrors }: DatasetLinkProps) {
  const { name, datasetId, assetTotal, annotationTotal, createdAt, isLocked } = dataset;
  const words = text.datasets;
  const facts = [
    datasetType(dataset),
    createdAt === null ? '' : words.created(formatMoment(createdAt, Date.now())),
  ].filter((fact) => fact !== '');
  const [mirror] = mirrors;
  return (
    <a
      className={styles.dataset}
      href={hrefOf({
        screen: 'dataset',
        place: { endpoint: account.endpoint, organizationId: account.organizationId },
        datasetId,
      })}
    >
      <Database size={18} className={styles.icon} aria-hidden="true" />
      <span className={styles.names}>
        <span className={styles.name}>
          <span className={styles.title}>{name}</span>
          {isLocked ? (
            <span className={styles.tag} title={words.lockedMeaning}>
              <Lock size={11} aria-hidden="true" />
              {words.locked}
            </span>
          ) : null}
          {mirror === undefined ? null : (
            <span className={styles.tag} title={words.mirroredMeaning(mirror.folder)}>
              <RefreshCw size={11} aria-hidden="true" />
              {folderName(mirror.folder)}
            </span>
          )}
        </span>
        <span className={styles.facts}>{facts.join(' · ')}</span>
      </span>
      <span className={styles.figure}>
        {assetTotal === null ? '' : words.assetCount(assetTotal, formatCount(assetTotal))}
      </span>
      <span className={styles.figure}>
        {annotationTotal === null ? '' : words.annotationCount(annotationTotal, formatCount(annotationTotal))}
      </span>
      <ChevronRight size={16} className={styles.chevron} aria-hidden="true" />
    </a>
  );
}
