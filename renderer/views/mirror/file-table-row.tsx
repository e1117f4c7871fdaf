import { memo } from 'react';
import type { FileRow } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { problemTone, stateLooks, type Tone } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import {
  formatBytes,
  formatCount,
  formatFullTime,
  formatMoment,
  formatPart,
  formatPixels,
  text,
} from '../../text/format.ts';
import { folderOf, splitName } from '../../text/paths.ts';
import { worded } from '../../text/problem-words.ts';
import styles from './file-table.module.css';

export const rowId = (index: number): string => `file-${index}`;

interface FileTableRowProps {
  readonly index: number;
  /** Distance from the table's top, in pixels. */
  readonly top: number;
  /** Absent while its page is fetched. */
  readonly row: FileRow | undefined;
  readonly selected: boolean;
  readonly onSelect: (row: FileRow) => void;
}

/** One file. Its cells stand at the same places while it is fetched. */
export const FileTableRow = memo(function FileTableRow({
  index,
  top,
  row,
  selected,
  onSelect,
}: FileTableRowProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the grid has the focus and the keys
    <div
      id={rowId(index)}
      className={classNames(styles.row, selected && styles.selected)}
      style={{ transform: `translateY(${top}px)` }}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={row === undefined}
      onClick={() => {
        if (row !== undefined) onSelect(row);
      }}
    >
      {row === undefined ? <Placeholder index={index} /> : <Cells row={row} />}
    </div>
  );
});

function Cells({ row }: { readonly row: FileRow }) {
  const { icon: Icon, tone } = stateLooks[row.state];
  const state = text.state[row.state];
  const { stem, ending } = splitName(row.name);
  const problem = worded(row.problem);
  return (
    <>
      <Cell name="state" tone={tone}>
        <Icon size={14} strokeWidth={2.25} aria-hidden="true" />
        {row.progress === null ? state : text.stateWithPart(state, formatPart(row.progress))}
      </Cell>
      <Cell name="path" title={row.path} label={row.path}>
        <span className={styles.folder}>{folderOf(row.path)}</span>
        <span className={styles.stem}>{stem}</span>
        <span className={styles.ending}>{ending}</span>
      </Cell>
      <Cell name="size">{row.size === null ? text.none : formatBytes(row.size)}</Cell>
      <Cell name="pixels">
        {row.width === null || row.height === null ? text.none : formatPixels(row.width, row.height)}
      </Cell>
      <Cell name="annotations">{row.annotations === null ? text.none : formatCount(row.annotations)}</Cell>
      <Cell name="problem" title={problem?.detail} tone={problemTone(row)}>
        {problem?.title}
      </Cell>
      <Cell name="changedAt" title={formatFullTime(row.changedAt)}>
        {formatMoment(row.changedAt, Date.now())}
      </Cell>
    </>
  );
}

interface CellProps {
  readonly name: string;
  readonly title?: string | undefined;
  /** Read out instead of the parts that the cell is made of. */
  readonly label?: string;
  readonly tone?: Tone;
  readonly children?: React.ReactNode;
}

function Cell({ name, title, label, tone, children }: CellProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a virtualised grid, whose focus is its own
    <div
      className={classNames(styles.cell, styles[name], tone && tones[tone])}
      role="gridcell"
      title={title}
      aria-label={label}
    >
      {children}
    </div>
  );
}

/** Bars where the words will be; their widths vary as those of names do. */
function Placeholder({ index }: { readonly index: number }) {
  return (
    <>
      <Cell name="state">
        <Bar width={64} />
      </Cell>
      <Cell name="path">
        <Bar width={120 + ((index * 37) % 90)} />
      </Cell>
    </>
  );
}

function Bar({ width }: { readonly width: number }) {
  return (
    <svg className={styles.bar} width={width} height={8} aria-hidden="true">
      <rect width={width} height={8} rx={4} />
    </svg>
  );
}
