import { Database, Lock } from 'lucide-react';
import { useState } from 'react';
import type { Account, DatasetRow } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { TextInput } from '../../components/field.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useDatasets } from '../../engine/use-datasets.ts';
import { formatCount, text } from '../../text/format.ts';
import styles from './dataset-choice.module.css';

interface DatasetChoiceProps {
  readonly account: Account;
  readonly chosen: DatasetRow | null;
  readonly onChoose: (dataset: DatasetRow) => void;
}

/** Which dataset of an account: a list to search, fetched page by page. */
export function DatasetChoice({ account, chosen, onChoose }: DatasetChoiceProps) {
  const [search, setSearch] = useState('');
  const { items, hasMore, isLoading, problem, more, again } = useDatasets(account);
  const words = text.setup;
  const part = search.trim().toLocaleLowerCase();
  const found = items.filter(
    ({ name, datasetId }) =>
      name.toLocaleLowerCase().includes(part) || datasetId.toLocaleLowerCase().includes(part),
  );
  return (
    <div className={styles.choice}>
      <div className={styles.search}>
        <TextInput
          aria-label={words.datasetSearch}
          placeholder={words.datasetSearch}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      {problem === null ? null : (
        <div className={styles.problem}>
          <ProblemNotice problem={problem} onRetry={again} />
        </div>
      )}
      <fieldset className={styles.list} aria-label={words.dataset} aria-busy={isLoading}>
        {found.map((dataset) => (
          <DatasetOption
            key={dataset.datasetId}
            dataset={dataset}
            isChosen={dataset.datasetId === chosen?.datasetId}
            onChoose={() => onChoose(dataset)}
          />
        ))}
        {isLoading && items.length === 0 ? <p className={styles.none}>{text.loading}…</p> : null}
        {isLoading || problem !== null || found.length > 0 ? null : (
          <div className={styles.none}>
            <p>{items.length === 0 ? words.datasetNone : words.datasetNoMatch(search.trim())}</p>
            {items.length === 0 ? <Button onClick={again}>{words.lookAgain}</Button> : null}
          </div>
        )}
        {hasMore ? (
          <Button look="quiet" disabled={isLoading} onClick={more}>
            {words.more}
          </Button>
        ) : null}
      </fieldset>
    </div>
  );
}

interface DatasetOptionProps {
  readonly dataset: DatasetRow;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function DatasetOption({ dataset, isChosen, onChoose }: DatasetOptionProps) {
  const { name, datasetId, assetTotal, annotationTotal, isLocked } = dataset;
  const words = text.setup;
  const facts = [
    assetTotal === null ? '' : words.datasetAssets(assetTotal, formatCount(assetTotal)),
    annotationTotal === null ? '' : words.datasetAnnotations(annotationTotal, formatCount(annotationTotal)),
  ].filter((fact) => fact !== '');
  return (
    <label className={styles.option}>
      <input type="radio" name="dataset" className={styles.radio} checked={isChosen} onChange={onChoose} />
      <Database size={16} className={styles.icon} aria-hidden="true" />
      <span className={styles.names}>
        <span className={styles.name}>{name}</span>
        <span className={styles.facts}>{facts.join(' · ')}</span>
      </span>
      {isLocked ? <Lock size={14} role="img" aria-label={words.datasetLocked} /> : null}
      <span className={styles.id}>{datasetId}</span>
    </label>
  );
}
