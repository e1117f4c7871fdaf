import { MousePointerClick } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { Hold, MirrorStatus } from '../../../app/contract.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { groupKey, type HoldGroup, type HoldList } from '../../engine/hold-list.ts';
import { useObservable } from '../../engine/use-engine.ts';
import { text } from '../../text/format.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { HoldDetail } from './hold-detail.tsx';
import { type HoldLines, linesOf } from './hold-lines.ts';
import { HoldListPane } from './hold-list-pane.tsx';
import styles from './hold-workspace.module.css';

interface HoldWorkspaceProps {
  readonly list: HoldList;
  readonly groups: readonly HoldGroup[];
  readonly mirrors: readonly MirrorStatus[];
}

/** A person's place in the list. It stays where a hold was answered, so that the next one is there. */
interface Place {
  readonly line: number;
  readonly hold: Hold | null;
}

/** The list and the chosen hold. After an answer the next one is chosen. */
export function HoldWorkspace({ list, groups, mirrors }: HoldWorkspaceProps) {
  const { version } = useObservable(list.state);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [bulk, setBulk] = useState<HoldGroup | null>(null);
  const [place, setPlace] = useState<Place>({ line: 1, hold: null });
  const choose = useCallback((line: number, hold: Hold) => setPlace({ line, hold }), []);
  const lines = linesOf(groups, closed);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` tells that the list has other content, though it is the same object
  useEffect(() => {
    setPlace((before) => settled(before, lines, list));
  }, [list, lines.length, version]);

  const hold = place.hold;
  const mirror = hold === null ? undefined : mirrors.find(({ mirrorId }) => mirrorId === hold.mirrorId);
  return (
    <div className={styles.workspace}>
      <HoldListPane
        list={list}
        lines={lines}
        mirrors={mirrors}
        chosenLine={hold === null ? -1 : place.line}
        onChoose={choose}
        onToggle={(group) => setClosed(toggled(closed, groupKey(group)))}
        onAnswerAll={setBulk}
      />
      {hold === null || mirror === undefined ? (
        <EmptyState icon={<MousePointerClick size={22} />} title={text.waiting.choose} />
      ) : (
        <HoldDetail
          key={`${hold.mirrorId} ${hold.item}`}
          mirror={mirror}
          listed={hold}
          onAnswered={() => void list.fetchNow()}
        />
      )}
      <BulkDialog
        group={bulk}
        mirror={mirrors.find(({ mirrorId }) => mirrorId === bulk?.mirrorId)}
        onClose={() => setBulk(null)}
        onAnswered={() => void list.fetchNow()}
      />
    </div>
  );
}

/** How far from its old place a hold is looked for when the list has changed. */
const nearby = 40;

/** Where a person is after the list has changed: at the same hold wherever it is now, or at what has taken its place. */
function settled(before: Place, lines: HoldLines, list: HoldList): Place {
  const holdAt = (line: number): Hold | undefined => {
    const found = lines.at(line);
    return found?.form === 'hold' ? list.holdAt(found.group, found.index) : undefined;
  };
  const { hold } = before;
  if (hold !== null) {
    for (let distance = 0; distance < nearby; distance++) {
      for (const line of [before.line - distance, before.line + distance]) {
        const found = holdAt(line);
        if (found?.item === hold.item && found.mirrorId === hold.mirrorId) return { line, hold: found };
      }
    }
  }
  const line = holdLineNear(lines, before.line);
  if (line === -1) return { line: before.line, hold: null };
  const found = holdAt(line);
  // While its page is under way, what was shown stays in sight.
  return found === undefined ? before : { line, hold: found };
}

/** The line of a hold at a place, above it, or below it; -1: there is none. */
function holdLineNear(lines: HoldLines, place: number): number {
  for (let line = Math.min(place, lines.length - 1); line >= 0; line--) {
    if (lines.at(line)?.form === 'hold') return line;
  }
  for (let line = place + 1; line < lines.length; line++) {
    if (lines.at(line)?.form === 'hold') return line;
  }
  return -1;
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}
