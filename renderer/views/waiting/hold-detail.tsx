import { useRef, useState } from 'react';
import type { Answer, AppApi, Hold, MirrorStatus } from '../../../app/contract.ts';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { tell } from '../../components/toasts.tsx';
import { problemOfCall } from '../../engine/call-problem.ts';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { useRefreshed } from '../../engine/use-refreshed.ts';
import { text } from '../../text/format.ts';
import { folderOf } from '../../text/paths.ts';
import { worded } from '../../text/problem-words.ts';
import { AnnotationsAtStake } from './annotations-at-stake.tsx';
import { Answers } from './answers.tsx';
import { bringBack } from './bring-back.ts';
import { ComparePictures } from './compare-pictures.tsx';
import { effectOf, movesToTrash } from './effect.ts';
import styles from './hold-detail.module.css';

interface HoldDetailProps {
  readonly mirror: MirrorStatus;
  /** As it was listed; what is shown and answered is asked of the service anew. */
  readonly listed: Hold;
  readonly onAnswered: () => void;
}

/** One hold: both pictures, what is known of both sides, what is at stake, and the answers. */
export function HoldDetail({ mirror, listed, onAnswered }: HoldDetailProps) {
  const { engine } = useEngine();
  const isConnected = useObservable(engine.connection) === 'open';
  const { mirrorId, item } = listed;
  const {
    answer: fresh,
    problem,
    isLoading,
    again,
  } = useRefreshed('hold', { mirrorId, item }, 'filesChanged');
  const action = useAction();
  const [isDone, setIsDone] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  const hold = fresh?.hold ?? listed;
  const words = text.waiting;

  const give = async (answer: Answer): Promise<void> => {
    const { fingerprint } = hold;
    const since = Date.now();
    const wasDone = await action.run(async () => {
      try {
        await engine.call('answer', { mirrorId, item, fingerprint, answer });
      } catch (error) {
        // What is said here leaves the window together with the hold.
        if (problemOfCall(error)?.code === 'no-hold')
          tell({ tone: 'bad', title: words.tooLate(hold.path), detail: words.tooLateText });
        throw error;
      }
    });
    if (wasDone) {
      setIsDone(true);
      const effect = effectOf(hold, answer);
      tell({
        tone: 'ok',
        title: words.answered(words.answer[effect]),
        detail: hold.path,
        ...(movesToTrash(effect)
          ? { action: { label: text.frame.undo, onChoose: () => void undo(engine, hold, since) } }
          : {}),
      });
      onAnswered();
    } else {
      // What was shown is not so any more, or could not be asked: what is so now is shown beside the words.
      again();
      top.current?.scrollTo({ top: 0 });
    }
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it
    <section className={styles.detail} ref={top} tabIndex={0} aria-label={hold.path}>
      <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
      <ProblemNotice problem={problem} onRetry={again} />
      <header className={styles.header}>
        <h2 className={styles.title}>
          <span className={styles.folder}>{folderOf(hold.path)}</span>
          {hold.path.slice(folderOf(hold.path).length)}
        </h2>
        <p className={styles.why}>{worded(hold.problem).detail}</p>
      </header>
      <ComparePictures mirror={mirror} hold={hold} />
      {hold.remote === null ? null : (
        <AnnotationsAtStake
          annotations={hold.remote.annotations}
          byTag={fresh?.annotationsByTag ?? null}
          isAsking={isLoading}
        />
      )}
      <Answers
        hold={hold}
        // Until the service has told what is at stake now, nobody can decide about it.
        isDisabled={!isConnected || isLoading || action.isRunning || isDone || fresh?.hold === null}
        onAnswer={(answer) => void give(answer)}
      />
    </section>
  );
}

/** Takes an answer back as far as the trash allows: the file comes back, and what happens to it is decided anew. */
async function undo(engine: AppApi, hold: Hold, since: number): Promise<void> {
  const words = text.waiting;
  try {
    const place = await bringBack(engine, hold, since);
    if (place === null) tell({ tone: 'bad', title: words.undoFailed, detail: hold.path });
    else tell({ tone: 'ok', title: words.undone(place) });
  } catch (error) {
    tell({ tone: 'bad', title: words.undoFailed, detail: problemOfCall(error)?.detail ?? hold.path });
  }
}
