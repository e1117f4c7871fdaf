import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select } from '../../components/field.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { Toggle } from '../../components/toggle.tsx';
import type { HoldGroup, HoldList } from '../../engine/hold-list.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useHoldList } from '../../engine/use-hold-list.ts';
import { goTo } from '../../route.ts';
import { formatCount, text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import { HoldWorkspace } from './hold-workspace.tsx';
import styles from './waiting-view.module.css';

/** What waits for a person, of all mirrors or one: the list at the left, one of it with both sides at the right. */
export default function WaitingView({ mirrorId }: { readonly mirrorId: string | null }) {
  const [includesOptional, setIncludesOptional] = useState(false);
  const list = useHoldList(includesOptional);
  // Nothing yet: the first answer is a moment away, and a spinner would only flash.
  if (list === null) {
    return (
      <Screen title={text.frame.waiting} isFilled>
        {null}
      </Screen>
    );
  }
  return (
    <LoadedView
      list={list}
      mirrorId={mirrorId}
      includesOptional={includesOptional}
      onIncludeOptional={setIncludesOptional}
    />
  );
}

interface LoadedViewProps {
  readonly list: HoldList;
  readonly mirrorId: string | null;
  readonly includesOptional: boolean;
  readonly onIncludeOptional: (isIncluded: boolean) => void;
}

function LoadedView({ list, mirrorId, includesOptional, onIncludeOptional }: LoadedViewProps) {
  const { mirrors: observable } = useEngine();
  const mirrors = useObservable(observable).list;
  const { groups: all, problem } = useObservable(list.state);
  const groups = (all ?? []).filter((group) => mirrorId === null || group.mirrorId === mirrorId);
  const words = text.waiting;
  return (
    <Screen
      title={text.frame.waiting}
      subtitle={all === null ? undefined : subtitleOf(groups)}
      isFilled
      actions={
        <>
          <Toggle
            label={words.showOptional}
            title={words.showOptionalMeaning}
            isOn={includesOptional}
            onChange={onIncludeOptional}
          />
          {mirrors.length < 2 ? null : (
            <Select
              className={styles.mirror ?? ''}
              aria-label={words.mirror}
              value={mirrorId ?? ''}
              onChange={({ target }) =>
                goTo({ screen: 'waiting', mirrorId: target.value === '' ? null : target.value })
              }
            >
              <option value="">{words.allMirrors}</option>
              {mirrors.map((mirror) => (
                <option key={mirror.mirrorId} value={mirror.mirrorId}>
                  {folderName(mirror.folder)}
                </option>
              ))}
            </Select>
          )}
        </>
      }
    >
      {problem === null ? null : (
        <div className={styles.problem}>
          <ProblemNotice problem={problem} onRetry={() => void list.fetchNow()} />
        </div>
      )}
      {groups.length > 0 ? (
        <HoldWorkspace list={list} groups={groups} mirrors={mirrors} />
      ) : all === null ? null : (
        <EmptyState icon={<CircleCheck size={22} />} title={words.noneTitle}>
          <p>{words.noneText}</p>
        </EmptyState>
      )}
    </Screen>
  );
}

function subtitleOf(groups: readonly HoldGroup[]): string | undefined {
  const total = groups.reduce((sum, { waiting }) => sum + waiting.count, 0);
  const annotations = groups.reduce((sum, { waiting }) => sum + waiting.annotations, 0);
  if (total === 0) return undefined;
  const words = [text.waiting.subtitle(total, formatCount(total))];
  if (annotations > 0) words.push(text.waiting.atStake(annotations, formatCount(annotations)));
  return words.join(' · ');
}
