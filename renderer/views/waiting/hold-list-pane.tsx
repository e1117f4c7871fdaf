import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Hold, MirrorStatus } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { Thumbnail } from '../../components/thumbnail.tsx';
import type { HoldGroup, HoldList } from '../../engine/hold-list.ts';
import { formatCount, text } from '../../text/format.ts';
import { folderName, folderOf } from '../../text/paths.ts';
import { type HoldLines, sizeOf } from './hold-lines.ts';
import styles from './hold-list-pane.module.css';
import { pictureOfHold } from './hold-pictures.ts';

const groupHeight = 56;
const holdHeight = 52;
const lineId = (line: number): string => `hold-line-${line}`;

interface HoldListPaneProps {
  readonly list: HoldList;
  readonly lines: HoldLines;
  readonly mirrors: readonly MirrorStatus[];
  readonly chosenLine: number;
  readonly onChoose: (line: number, hold: Hold) => void;
  readonly onToggle: (group: HoldGroup) => void;
  readonly onAnswerAll: (group: HoldGroup) => void;
}

/** What waits, by kind. Arrow keys walk over the files; the answers are chosen by their numbers, or with Tab. */
export function HoldListPane({
  list,
  lines,
  mirrors,
  chosenLine,
  onChoose,
  onToggle,
  onAnswerAll,
}: HoldListPaneProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (line) => (lines.at(line)?.form === 'group' ? groupHeight : holdHeight),
    overscan: 6,
    useFlushSync: false,
  });
  // Groups that open, close or shrink move every line below them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `lines` is new whenever their heights may be
  useEffect(() => virtualizer.measure(), [virtualizer, lines.length]);

  // A hold far away is chosen by its line at once, and shown when it is here.
  const [awaited, setAwaited] = useState<number | null>(null);
  const awaitedLine = awaited === null ? undefined : lines.at(awaited);
  const awaitedHold =
    awaitedLine?.form === 'hold' ? list.holdAt(awaitedLine.group, awaitedLine.index) : undefined;
  useEffect(() => {
    if (awaited === null || awaitedHold === undefined) return;
    setAwaited(null);
    onChoose(awaited, awaitedHold);
  }, [awaited, awaitedHold, onChoose]);
  const select = (line: number, hold: Hold): void => {
    setAwaited(null);
    onChoose(line, hold);
  };
  const shownLine = awaited ?? chosenLine;

  const choose = (from: number, step: 1 | -1): void => {
    for (let line = from; line >= 0 && line < lines.length; line += step) {
      const found = lines.at(line);
      if (found?.form !== 'hold') continue;
      const hold = list.holdAt(found.group, found.index);
      virtualizer.scrollToIndex(line);
      if (hold === undefined) setAwaited(line);
      else select(line, hold);
      return;
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => choose(shownLine + 1, 1),
      ArrowUp: () => choose(shownLine - 1, -1),
      Home: () => choose(0, 1),
      End: () => choose(lines.length - 1, -1),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };

  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        className={styles.body}
        role="tree"
        tabIndex={0}
        aria-label={text.waiting.list}
        aria-activedescendant={shownLine === -1 ? undefined : lineId(shownLine)}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtualizer.getVirtualItems().map(({ index: line, start }) => {
          const found = lines.at(line);
          if (found === undefined) return null;
          if (found.form === 'group') {
            return (
              <GroupLine
                key={`group ${found.group.mirrorId} ${found.group.reason}`}
                line={line}
                top={start}
                group={found.group}
                isOpen={found.isOpen}
                mirror={mirrors.length < 2 ? undefined : mirrorOf(mirrors, found.group.mirrorId)}
                onToggle={onToggle}
                onAnswerAll={onAnswerAll}
              />
            );
          }
          const hold = list.holdAt(found.group, found.index);
          return (
            <HoldLine
              key={`hold ${found.group.mirrorId} ${found.group.reason} ${found.index}`}
              line={line}
              top={start}
              hold={hold}
              mirror={mirrorOf(mirrors, found.group.mirrorId)}
              isChosen={line === shownLine}
              onChoose={select}
              index={found.index}
              size={sizeOf(found.group)}
            />
          );
        })}
      </div>
    </div>
  );
}

const mirrorOf = (mirrors: readonly MirrorStatus[], id: string): MirrorStatus | undefined =>
  mirrors.find(({ mirrorId }) => mirrorId === id);

interface GroupLineProps {
  readonly line: number;
  readonly top: number;
  readonly group: HoldGroup;
  readonly isOpen: boolean;
  readonly mirror: MirrorStatus | undefined;
  readonly onToggle: (group: HoldGroup) => void;
  readonly onAnswerAll: (group: HoldGroup) => void;
}

function GroupLine({ line, top, group, isOpen, mirror, onToggle, onAnswerAll }: GroupLineProps) {
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const { reason, waiting } = group;
  const words = text.waiting;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and the keys
    <div
      id={lineId(line)}
      role="treeitem"
      aria-level={1}
      aria-expanded={isOpen}
      aria-selected={false}
      className={styles.group}
      style={{ transform: `translateY(${top}px)` }}
      title={words.groupMeaning[reason]}
    >
      <button type="button" className={styles.groupName} onClick={() => onToggle(group)}>
        <Chevron size={14} aria-hidden="true" />
        <span className={styles.groupText}>{words.group[reason]}</span>
      </button>
      <span className={styles.groupFacts}>
        {words.groupSize(sizeOf(group), formatCount(sizeOf(group)))}
        {mirror === undefined ? null : ` · ${folderName(mirror.folder)}`}
      </span>
      {waiting.count < 2 ? null : (
        <button type="button" className={styles.all} onClick={() => onAnswerAll(group)}>
          {words.answerAll}
        </button>
      )}
    </div>
  );
}

interface HoldLineProps {
  readonly line: number;
  readonly top: number;
  readonly hold: Hold | undefined;
  readonly mirror: MirrorStatus | undefined;
  readonly isChosen: boolean;
  readonly onChoose: (line: number, hold: Hold) => void;
  readonly index: number;
  readonly size: number;
}

function HoldLine({ line, top, hold, mirror, isChosen, onChoose, index, size }: HoldLineProps) {
  const words = text.waiting;
  const annotations = hold?.remote?.annotations ?? 0;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the tree has the focus and the keys
    <div
      id={lineId(line)}
      role="treeitem"
      aria-level={2}
      aria-posinset={index + 1}
      aria-setsize={size}
      aria-selected={isChosen}
      aria-busy={hold === undefined}
      className={classNames(styles.hold, isChosen && styles.chosen)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        if (hold !== undefined) onChoose(line, hold);
      }}
    >
      {hold === undefined || mirror === undefined ? null : (
        <>
          <Thumbnail source={pictureOfHold(mirror, hold, 'small')} size={36} />
          <span className={styles.names}>
            <span className={styles.name} title={hold.path}>
              {hold.path.slice(folderOf(hold.path).length)}
            </span>
            <span className={styles.folder}>
              {hold.isOptional ? `${words.optionalTag} · ` : ''}
              {annotations > 0
                ? words.annotationsOf(annotations, formatCount(annotations))
                : folderOf(hold.path) || folderName(mirror.folder)}
            </span>
          </span>
        </>
      )}
    </div>
  );
}
