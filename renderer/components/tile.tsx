import { Check, MessageSquare } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import type { FileState } from '../../app/contract.ts';
import { formatCount, text } from '../text/format.ts';
import { splitName } from '../text/paths.ts';
import { classNames } from './class-names.ts';
import { stateLooks } from './state-look.tsx';
import { Thumbnail } from './thumbnail.tsx';
import styles from './tile.module.css';
import tones from './tones.module.css';
import { Unseen } from './unseen.tsx';

/** What a tile shows: a picture and its name. */
export interface TileContent {
  /** What stays the same when the tile moves to another place. */
  readonly id: string;
  readonly name: string;
  /** Shown when the tile is pointed at. */
  readonly hint: string;
  /** Address of the picture; null: there is none. */
  readonly source: string | null;
  /** Absent: a file’s state is not its subject. */
  readonly state?: FileState;
  /** Absent: not its subject; null: nobody knows. */
  readonly annotations?: number | null;
}

interface TileProps extends Partial<TileContent> {
  readonly elementId: string;
  readonly index: number;
  /** Of all tiles; -1: nobody knows yet. */
  readonly setSize: number;
  /** Pixels from the grid’s corner. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  /** Several can be selected, each by a box in its corner. */
  readonly hasBox: boolean;
  readonly onPress: (index: number, event: MouseEvent, isBox: boolean) => void;
}

/** One picture with its name. Without a name it is still being fetched, and keeps its place. It is drawn anew only when what it shows changes. */
export const Tile = memo(function Tile({
  elementId,
  index,
  setSize,
  left,
  top,
  width,
  name,
  hint,
  source = null,
  state,
  annotations,
  isCurrent,
  isSelected,
  hasBox,
  onPress,
}: TileProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the grid has the focus and the keys
    <div
      id={elementId}
      role="option"
      className={classNames(styles.tile, isCurrent && styles.current, isSelected && styles.selected)}
      style={{ transform: `translate(${left}px, ${top}px)`, width }}
      aria-posinset={index + 1}
      aria-setsize={setSize}
      aria-selected={isSelected}
      aria-busy={name === undefined}
      title={hint}
      onClick={(event) => onPress(index, event, isBox(event.target))}
    >
      <span className={styles.picture}>
        <Thumbnail source={source} />
        {hasBox ? (
          <span className={styles.box} data-box aria-hidden="true">
            {isSelected ? <Check size={13} strokeWidth={3} /> : null}
          </span>
        ) : null}
      </span>
      {name === undefined ? null : (
        <span className={styles.words}>
          {state === undefined ? null : <State state={state} />}
          <Name name={name} annotations={annotations} />
          {annotations === undefined || annotations === null || annotations === 0 ? null : (
            <span className={styles.annotations} aria-hidden="true">
              <MessageSquare size={11} aria-hidden="true" />
              {formatCount(annotations)}
            </span>
          )}
        </span>
      )}
    </div>
  );
});

const isBox = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('[data-box]') !== null;

function State({ state }: { readonly state: FileState }) {
  const { icon: Icon, tone } = stateLooks[state];
  return (
    <Icon
      size={13}
      strokeWidth={2.25}
      className={classNames(styles.state, tones[tone])}
      role="img"
      aria-label={text.state[state]}
    />
  );
}

/** The name in one piece for those who hear it, and in two for those who see it: its middle gives way where there is no room. */
function Name({
  name,
  annotations,
}: {
  readonly name: string;
  readonly annotations: number | null | undefined;
}) {
  const { stem, ending } = splitName(name);
  const words = text.datasets;
  return (
    <>
      <Unseen>
        {name}
        {annotations === undefined
          ? null
          : `, ${annotations === null ? words.annotationsUnknown : words.annotationsOf(annotations, formatCount(annotations))}`}
      </Unseen>
      <span className={styles.stem} aria-hidden="true">
        {stem}
      </span>
      <span className={styles.ending} aria-hidden="true">
        {ending}
      </span>
    </>
  );
}
