import type { ReactNode } from 'react';
import type { FileDetail, FileRow } from '../../../app/contract.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Fact, Facts, Metadata } from '../../components/facts.tsx';
import { Unseen } from '../../components/unseen.tsx';
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
              <Unseen>{words.property}</Unseen>
            </th>
            <th scope="col">{words.here}</th>
            <th scope="col">{words.there}</th>
          </tr>
        </thead>
        <tbody>
          <Line
            name={text.column.size}
            local={local}
            remote={remote}
            show={({ size }) => size !== null && formatBytes(size)}
          />
          <Line
            name={text.column.pixels}
            local={local}
            remote={remote}
            show={({ width, height }) => width !== null && height !== null && formatPixels(width, height)}
          />
          <Line name={text.type} local={local} remote={remote} show={({ mime }) => mime} />
          <Line
            name={text.column.changedAt}
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
        <Facts>
          <Fact name={text.assetId} isCode copy={{ label: text.copyAssetId, value: row.assetId }}>
            {row.assetId}
          </Fact>
          <Fact name={text.column.annotations}>
            {row.annotations === null ? null : formatCount(row.annotations)}
          </Fact>
          {remote === null || remote.hash === null ? null : (
            <Fact name={text.hash} isCode hint={words.hashOf(remote.hash.algorithm)}>
              {remote.hash.algorithm} {remote.hash.contents}
            </Fact>
          )}
        </Facts>
      )}
      <AssetMetadata metadata={remote?.customMetadata ?? {}} />
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

function AssetMetadata({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }) {
  if (Object.keys(metadata).length === 0) return null;
  return (
    <>
      <h3 className={styles.heading}>{text.metadata}</h3>
      <Metadata metadata={metadata} />
    </>
  );
}
