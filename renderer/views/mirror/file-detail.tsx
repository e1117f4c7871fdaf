import { TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FileRow } from '../../../app/contract.ts';
import { IconButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { problemTone, stateLooks } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import { formatBytes, formatCount, formatFullTime, formatPixels, text } from '../../text/format.ts';
import styles from './file-detail.module.css';

interface FileDetailProps {
  readonly row: FileRow;
  readonly onClose: () => void;
}

/** All that is known of one file; for a problem what it is and what to do. */
export function FileDetail({ row, onClose }: FileDetailProps) {
  return (
    <section className={styles.detail} aria-label={text.details}>
      <div className={styles.main}>
        <h2 className={styles.path}>
          <span className={styles.pathText}>{row.path}</span>
          <CopyButton label={text.copyPath} value={row.path} />
        </h2>
        <Headline row={row} />
        {row.problem === null ? (
          <p className={styles.words}>{text.stateMeaning[row.state]}</p>
        ) : (
          <>
            <p className={styles.words}>{row.problem.detail}</p>
            <p className={styles.words}>
              <strong>{text.whatToDo}:</strong> {row.problem.suggestion}
            </p>
          </>
        )}
      </div>
      <dl className={styles.facts}>
        <Fact name={text.column.state}>{text.state[row.state]}</Fact>
        <Fact name={text.column.changedAt}>{formatFullTime(row.changedAt)}</Fact>
        <Fact name={text.column.size}>{row.size === null ? text.none : formatBytes(row.size)}</Fact>
        <Fact name={text.column.pixels}>
          {row.width === null || row.height === null ? text.none : formatPixels(row.width, row.height)}
        </Fact>
        <Fact name={text.type}>{row.mime ?? text.none}</Fact>
        <Fact name={text.column.annotations}>
          {row.annotations === null ? text.none : formatCount(row.annotations)}
        </Fact>
        <Fact name={text.assetId}>{row.assetId ?? text.notInDataset}</Fact>
      </dl>
      <IconButton
        className={styles.close ?? ''}
        label={text.closeDetails}
        icon={<X size={16} />}
        onClick={onClose}
      />
    </section>
  );
}

/** The problem where there is one, the state otherwise. */
function Headline({ row }: { readonly row: FileRow }) {
  const look = stateLooks[row.state];
  const Icon = row.problem === null ? look.icon : TriangleAlert;
  const tone = row.problem === null ? look.tone : problemTone(row);
  return (
    <p className={classNames(styles.headline, tones[tone])}>
      <Icon size={14} strokeWidth={2.25} aria-hidden="true" />
      <strong>{row.problem?.title ?? text.state[row.state]}</strong>
    </p>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
