import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { MirrorFilter } from '../../components/mirror-filter.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Screen } from '../../components/screen.tsx';
import { tell } from '../../components/toasts.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useTrash } from '../../engine/use-trash.ts';
import { goTo } from '../../route.ts';
import { formatBytes, formatCount, text } from '../../text/format.ts';
import { EmptyTrash, type TrashChoice } from './empty-trash.tsx';
import { KeepDays } from './keep-days.tsx';
import { restoreAll } from './restore-all.ts';
import { RestoreDialog, type Restored } from './restore-dialog.tsx';
import { TrashList } from './trash-list.tsx';
import styles from './trash-view.module.css';

const nothing: ReadonlySet<number> = new Set();

/** What lies in the trash, of all mirrors or one: put back, or deleted for good. */
export default function TrashView({ mirrorId }: { readonly mirrorId: string | null }) {
  const { engine } = useEngine();
  const isConnected = useObservable(engine.connection) === 'open';
  const { answer, problem, isLoading, more, again } = useTrash(mirrorId);
  const [selected, setSelected] = useState(nothing);
  const [removing, setRemoving] = useState<TrashChoice | null>(null);
  const [restored, setRestored] = useState<Restored | null>(null);
  const action = useAction();
  const words = text.trash;
  const chosen = answer?.items.filter(({ id }) => selected.has(id)) ?? [];
  const bytes = chosen.reduce((sum, { size }) => sum + size, 0);

  const restore = async (): Promise<void> => {
    const files = chosen;
    await action.run(async () => {
      const { restored, failed } = await restoreAll(
        engine,
        files.map(({ id }) => id),
      );
      setSelected(nothing);
      const outcome = { files, restored, failed };
      const renamed = restored.filter(({ id, path }) =>
        files.some((file) => file.id === id && file.path !== path),
      );
      if (failed.length > 0) setRestored(outcome);
      else
        tell({
          tone: 'ok',
          title: words.restored(restored.length, formatCount(restored.length)),
          ...(renamed.length === 0
            ? {}
            : {
                detail: words.renamed(renamed.length, formatCount(renamed.length)),
                action: { label: words.show, onChoose: () => setRestored(outcome) },
              }),
        });
    });
    await again();
  };

  return (
    <Screen
      title={text.frame.trash}
      subtitle={
        answer === null || answer.total === 0
          ? undefined
          : words.subtitle(answer.total, formatCount(answer.total), formatBytes(answer.bytes))
      }
      isFilled
      actions={
        <>
          <MirrorFilter
            label={words.mirror}
            all={words.allMirrors}
            mirrorId={mirrorId}
            onChange={(next) => goTo({ screen: 'trash', mirrorId: next })}
          />
          <KeepDays />
          <Button
            icon={<Trash2 size={14} />}
            disabled={!isConnected || answer === null || answer.total === 0}
            onClick={() => {
              if (answer !== null) setRemoving({ files: null, count: answer.total, bytes: answer.bytes });
            }}
          >
            {words.empty}
          </Button>
        </>
      }
    >
      {problem === null && action.problem === null ? null : (
        <div className={styles.problem}>
          <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
          <ProblemNotice problem={problem} onRetry={() => void again()} />
        </div>
      )}
      {answer === null ? null : answer.items.length === 0 ? (
        <EmptyState icon={<Trash2 size={22} />} title={words.noneTitle}>
          <p>{words.noneText}</p>
        </EmptyState>
      ) : (
        <>
          <TrashList
            items={answer.items}
            hasMore={answer.items.length < answer.total}
            isLoading={isLoading}
            namesMirrors={mirrorId === null}
            selected={selected}
            onSelect={setSelected}
            onMore={more}
          />
          <footer className={styles.footer}>
            <span role="status">
              {chosen.length === 0
                ? words.selectHint
                : words.selected(chosen.length, formatCount(chosen.length), formatBytes(bytes))}
            </span>
            {chosen.length === 0 ? null : (
              <>
                <Button look="quiet" onClick={() => setSelected(nothing)}>
                  {words.clear}
                </Button>
                <Button
                  disabled={!isConnected || action.isRunning}
                  onClick={() => setRemoving({ files: chosen, count: chosen.length, bytes })}
                >
                  {words.remove}
                </Button>
              </>
            )}
            <Button
              look="primary"
              disabled={!isConnected || action.isRunning || chosen.length === 0}
              onClick={() => void restore()}
            >
              {action.isRunning ? words.restoring : words.restore}
            </Button>
          </footer>
        </>
      )}
      {removing === null ? null : (
        <EmptyTrash
          choice={removing}
          mirrorId={mirrorId}
          onClose={() => setRemoving(null)}
          onEmptied={() => {
            setSelected(nothing);
            void again();
          }}
        />
      )}
      {restored === null ? null : <RestoreDialog outcome={restored} onClose={() => setRestored(null)} />}
    </Screen>
  );
}
