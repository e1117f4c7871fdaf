import { FolderPlus, Pause, Play, Plus } from 'lucide-react';
import type { MirrorStatus } from '../../../app/contract.ts';
import { ActivityList } from '../../activity/activity-list.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { hrefOf } from '../../route.ts';
import { text } from '../../text/format.ts';
import { MirrorCard } from './mirror-card.tsx';
import styles from './overview-view.module.css';
import { UsageCard } from './usage-card.tsx';

/** Every mirror at a glance: what it does, what waits, what it has cost. */
export default function OverviewView() {
  const { engine, mirrors: observable } = useEngine();
  const { loaded, list } = useObservable(observable);
  const isConnected = useObservable(engine.connection) === 'open';
  const { problem, isRunning, run, dismiss } = useAction();
  const areAllPaused = list.length > 0 && list.every(({ isPaused }) => isPaused);
  const words = text.overview;

  if (loaded && list.length === 0) {
    return (
      <Screen title={text.frame.overview} isFilled>
        <EmptyState
          icon={<FolderPlus size={22} />}
          title={words.mirrorsEmptyTitle}
          actions={
            <LinkButton look="primary" size="large" href={hrefOf({ screen: 'welcome' })}>
              {words.begin}
            </LinkButton>
          }
        >
          <p>{words.mirrorsEmptyText}</p>
        </EmptyState>
      </Screen>
    );
  }
  return (
    <Screen
      title={text.frame.overview}
      subtitle={loaded ? words.subtitle[stateOfAll(list)] : undefined}
      actions={
        <>
          <Button
            icon={areAllPaused ? <Play size={14} /> : <Pause size={14} />}
            disabled={!isConnected || isRunning || list.length === 0}
            onClick={() => void run(() => engine.call(areAllPaused ? 'resume' : 'pause', { mirrorId: null }))}
          >
            {areAllPaused ? words.resumeAll : words.pauseAll}
          </Button>
          <LinkButton icon={<Plus size={14} />} href={hrefOf({ screen: 'add-mirror', account: null })}>
            {text.frame.addMirror}
          </LinkButton>
        </>
      }
    >
      <ProblemNotice problem={problem} onDismiss={dismiss} />
      <ul className={styles.mirrors} aria-label={text.mirrors}>
        {list.map((mirror) => (
          <li key={mirror.mirrorId}>
            <MirrorCard mirror={mirror} isConnected={isConnected} run={run} />
          </li>
        ))}
      </ul>
      <div className={styles.below}>
        <Card title={words.activity} className={styles.activity ?? ''}>
          <ActivityList />
        </Card>
        <UsageCard mirrors={list} />
      </div>
    </Screen>
  );
}

/** What is to be said of all mirrors in one sentence: what needs a person first. */
function stateOfAll(mirrors: readonly MirrorStatus[]): keyof typeof text.overview.subtitle {
  if (mirrors.some(({ problem, phase }) => problem !== null && phase !== 'offline')) return 'attention';
  if (mirrors.some(({ counts, phase }) => counts.held > 0 || phase === 'preview')) return 'waiting';
  if (mirrors.some(({ counts }) => counts.problem > 0)) return 'attention';
  if (mirrors.some(({ phase }) => phase === 'offline')) return 'offline';
  if (mirrors.some(({ phase }) => phase === 'syncing' || phase === 'scanning' || phase === 'starting')) {
    return 'syncing';
  }
  if (mirrors.every(({ isPaused }) => isPaused)) return 'paused';
  if (mirrors.every(({ phase }) => phase === 'in-sync')) return 'in-sync';
  return 'quiet';
}
