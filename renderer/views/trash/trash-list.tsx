import type { MirrorStatus, TrashedFile } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Thumbnail } from '../../components/thumbnail.tsx';
import { useNow } from '../../components/use-now.ts';
import { trashPicture } from '../../engine/pictures.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { formatAgo, formatBytes, formatFullTime, text } from '../../text/format.ts';
import { folderName, folderOf } from '../../text/paths.ts';
import styles from './trash-list.module.css';

interface TrashListProps {
  readonly items: readonly TrashedFile[];
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly namesMirrors: boolean;
  readonly selected: ReadonlySet<number>;
  readonly onSelect: (ids: ReadonlySet<number>) => void;
  readonly onMore: () => void;
}

/** The files in the trash, the newest first, each to be selected. */
export function TrashList({
  items,
  hasMore,
  isLoading,
  namesMirrors,
  selected,
  onSelect,
  onMore,
}: TrashListProps) {
  const { mirrors: observable } = useEngine();
  const mirrors = useObservable(observable).list;
  const now = useNow();
  const words = text.trash;
  const count = items.filter(({ id }) => selected.has(id)).length;
  const toggle = (id: number): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <div className={styles.scroller}>
      <table className={styles.table} aria-label={words.list}>
        <thead>
          <tr>
            <th scope="col" className={styles.check}>
              <input
                type="checkbox"
                aria-label={words.selectAll}
                checked={count === items.length}
                ref={(box) => {
                  if (box !== null) box.indeterminate = count > 0 && count < items.length;
                }}
                onChange={() =>
                  onSelect(count === items.length ? new Set() : new Set(items.map(({ id }) => id)))
                }
              />
            </th>
            <th scope="col">{words.column.name}</th>
            <th scope="col" className={styles.reason}>
              {words.column.reason}
            </th>
            <th scope="col" className={styles.figure}>
              {words.column.size}
            </th>
            <th scope="col" className={styles.figure}>
              {words.column.at}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((file) => (
            <Row
              key={file.id}
              file={file}
              mirror={namesMirrors ? mirrors.find(({ mirrorId }) => mirrorId === file.mirrorId) : undefined}
              ago={formatAgo(file.at, now)}
              isSelected={selected.has(file.id)}
              onToggle={() => toggle(file.id)}
            />
          ))}
        </tbody>
      </table>
      {hasMore ? (
        <div className={styles.more}>
          <Button disabled={isLoading} onClick={onMore}>
            {words.more}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

interface RowProps {
  readonly file: TrashedFile;
  /** Absent: it is not to be named. */
  readonly mirror: MirrorStatus | undefined;
  readonly ago: string;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
}

function Row({ file, mirror, ago, isSelected, onToggle }: RowProps) {
  const { id, path, size, reason, at } = file;
  const words = text.trash;
  const folder = [
    ...(mirror === undefined ? [] : [folderName(mirror.folder)]),
    folderOf(path).replace(/\/$/, ''),
  ]
    .filter((part) => part !== '')
    .join(' / ');
  return (
    // The box in it has the focus and the keys; a click anywhere on the row is a larger aim.
    <tr className={classNames(styles.row, isSelected && styles.selected)} onClick={onToggle}>
      <td className={styles.check}>
        <input
          type="checkbox"
          aria-label={words.select(path)}
          checked={isSelected}
          onChange={onToggle}
          onClick={(event) => event.stopPropagation()}
        />
      </td>
      <td>
        <span className={styles.file}>
          <Thumbnail source={trashPicture(id, 'small')} size={36} />
          <span className={styles.names}>
            <span className={styles.name} title={path}>
              {path.slice(path.lastIndexOf('/') + 1)}
            </span>
            <span className={styles.folder}>{folder}</span>
          </span>
        </span>
      </td>
      <td className={styles.reason}>{words.reason[reason]}</td>
      <td className={styles.figure}>{formatBytes(size)}</td>
      <td className={styles.figure}>
        <time dateTime={new Date(at).toISOString()} title={formatFullTime(at)}>
          {ago}
        </time>
      </td>
    </tr>
  );
}
