import type { ReactNode } from 'react';
import type { FileDetail, FileRow } from '../../../app/contract.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { formatBytes, formatCount, formatFullTime, formatPixels, text } from '../../text/format.ts';
import styles from './file-facts.module.css';

interface FileFactsProps {
  readonly row: FileRow;
  /** Null until it is known: then what the list knows is shown. */
  readonly file: FileDetail | null;
}

type Side = NonNullable<FileDetail['local']>;

/** Both sides of a file in figures, then what only an asset has. */
export function FileFacts({ row, file }: FileFactsProps) {
  const local = file?.local ?? (file === null && row.state !== 'remote-only' ? sideOf(row) : null);
  const remote = file?.remote ?? null;
  const words = text.mirror;
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className={styles.unseen}>{words.property}</span>
            </th>
            <th scope="col">{words.here}</th>
            <th scope="col">{words.there}</th>
          </tr>
        </thead>
        <tbody>
          <Line
            name={words.size}
            local={local}
            remote={remote}
            show={({ size }) => size !== null && formatBytes(size)}
          />
          <Line
            name={words.pixels}
            local={local}
            remote={remote}
            show={({ width, height }) => width !== null && height !== null && formatPixels(width, height)}
          />
          <Line name={words.type} local={local} remote={remote} show={({ mime }) => mime} />
          <Line
            name={words.changed}
            local={local}
            remote={remote}
            show={({ changedAt }) => changedAt !== null && formatFullTime(changedAt)}
          />
          <Line
            name={words.sha256}
            local={local}
            remote={remote}
            show={({ sha256 }) =>
              sha256 !== null && (
                <span className={styles.hash}>
                  <code title={sha256}>{sha256.slice(0, 8)}…</code>
                  <CopyButton label={words.copyHash} value={sha256} />
                </span>
              )
            }
          />
        </tbody>
      </table>
      <h3 className={styles.heading}>{words.asset}</h3>
      {row.assetId === null ? (
        <p className={styles.quiet}>{text.notInDataset}</p>
      ) : (
        <dl className={styles.facts}>
          <dt>{text.assetId}</dt>
          <dd className={styles.hash}>
            <code className={styles.id}>{row.assetId}</code>
            <CopyButton label={words.copyAssetId} value={row.assetId} />
          </dd>
          <dt>{text.column.annotations}</dt>
          <dd>{row.annotations === null ? text.none : formatCount(row.annotations)}</dd>
          {remote === null || remote.hash === null ? null : (
            <>
              <dt>{words.hash}</dt>
              <dd>
                <code className={styles.id} title={words.hashOf(remote.hash.algorithm)}>
                  {remote.hash.algorithm} {remote.hash.contents}
                </code>
              </dd>
            </>
          )}
        </dl>
      )}
      <Metadata metadata={remote?.customMetadata ?? {}} />
    </>
  );
}

/** What the list knows of a file that is in the folder. */
const sideOf = ({ name, size, mime, width, height }: FileRow): Side => ({
  name,
  size,
  mime,
  width,
  height,
  sha256: null,
  changedAt: null,
});

interface LineProps {
  readonly name: string;
  readonly local: Side | null;
  readonly remote: Side | null;
  /** What is to be shown of a side; false or null: it is not known. */
  readonly show: (side: Side) => ReactNode;
}

function Line({ name, local, remote, show }: LineProps) {
  const cell = (side: Side | null): ReactNode => {
    const shown = side === null ? null : show(side);
    return shown === null || shown === false ? text.none : shown;
  };
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{cell(local)}</td>
      <td>{cell(remote)}</td>
    </tr>
  );
}

function Metadata({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return null;
  return (
    <>
      <h3 className={styles.heading}>{text.mirror.metadata}</h3>
      <dl className={styles.facts}>
        {entries.map(([key, value]) => (
          <div key={key} className={styles.entry}>
            <dt>{key}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
