import { FolderPlus } from 'lucide-react';
import { useState } from 'react';
import styles from './app.module.css';
import { Button } from './components/button.tsx';
import { EmptyState } from './components/empty-state.tsx';
import { Notice } from './components/notice.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { DropGuard } from './drop-guard.tsx';
import { useEngine, useObservable } from './engine/use-engine.ts';
import { Sidebar } from './sidebar.tsx';
import { text } from './text/format.ts';
import { MirrorView } from './views/mirror/mirror-view.tsx';

/** The frame of the window: the sidebar, the connection's banner, and the screen that was chosen. */
export function App() {
  const { mirrors: observable } = useEngine();
  const { loaded, list, problem } = useObservable(observable);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const mirror = list.find(({ mirrorId }) => mirrorId === chosenId) ?? list[0];
  return (
    <div className={styles.window}>
      <Sidebar mirrors={list} chosenId={mirror?.mirrorId ?? null} onChoose={setChosenId} />
      <main className={styles.main}>
        <ConnectionBanner />
        {problem === null ? null : (
          <Notice
            tone="bad"
            title={problem.title}
            actions={<Button onClick={() => location.reload()}>{text.reload}</Button>}
          >
            {problem.detail} {problem.suggestion}
          </Notice>
        )}
        {mirror !== undefined ? (
          <MirrorView key={mirror.mirrorId} mirror={mirror} />
        ) : (
          loaded && (
            <EmptyState icon={<FolderPlus size={22} />} title={text.noMirrorTitle}>
              <p>{text.noMirrorText}</p>
            </EmptyState>
          )
        )}
      </main>
      <DropGuard folder={mirror?.folder ?? null} />
    </div>
  );
}
