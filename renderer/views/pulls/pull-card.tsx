import { Check, CirclePause, Download, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Pull, PullSummary } from '../../../app/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Meter } from '../../components/meter.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import type { Tone } from '../../components/state-look.tsx';
import tones from '../../components/tones.module.css';
import { useAction } from '../../engine/use-action.ts';
import { useEngine, useObservable } from '../../engine/use-engine.ts';
import { formatBytes, formatCount, formatDuration, text } from '../../text/format.ts';
import { CheckDialog } from './check-dialog.tsx';
import styles from './pull-card.module.css';
import { PullResultDialog } from './pull-result-dialog.tsx';

interface PullCardProps {
  readonly pull: Pull;
  readonly onDismissed: () => void;
}

/** One pull: how far it is, what it brought, and what can be done with it. */
export function PullCard({ pull, onDismissed }: PullCardProps) {
  const { engine } = useEngine();
  const isConnected = useObservable(engine.connection) === 'open';
  const action = useAction();
  const [shown, setShown] = useState<'result' | 'check' | null>(null);
  const { pullId, datasetName, folder, state, metadataQuery, isFrozen, result, problem } = pull;
  const { icon, tone } = lookOf(pull);
  const words = text.pulls;
  const isDisabled = !isConnected || action.isRunning;
  return (
    <article className={styles.card} aria-label={words.of(datasetName, folder)}>
      <header className={styles.head}>
        <span className={classNames(styles.icon, tones[tone])}>{icon}</span>
        <div className={styles.names}>
          <h3 className={styles.name}>{datasetName}</h3>
          <p className={styles.folder} title={folder}>
            {[
              folder,
              ...(metadataQuery === null ? [] : [words.query(metadataQuery)]),
              ...(isFrozen ? [words.frozen] : []),
            ].join(' · ')}
          </p>
        </div>
        <div className={styles.actions}>
          {state === 'running' ? (
            <Button
              disabled={isDisabled}
              onClick={() => void action.run(() => engine.call('stopPull', { pullId }))}
            >
              {words.stop}
            </Button>
          ) : (
            <>
              {state === 'done' ? null : (
                <Button
                  disabled={isDisabled}
                  onClick={() => void action.run(() => engine.call('resumePull', { pullId }))}
                >
                  {words.goOn}
                </Button>
              )}
              {result === null || !hasList(result) ? null : (
                <Button onClick={() => setShown('result')}>{words.showResult}</Button>
              )}
              {state === 'done' ? <Button onClick={() => setShown('check')}>{words.verify}</Button> : null}
              <IconButton
                className={styles.dismiss ?? ''}
                label={words.dismiss}
                icon={<X size={15} />}
                disabled={isDisabled}
                onClick={() =>
                  void action.run(async () => {
                    await engine.call('dismissPull', { pullId });
                    onDismissed();
                  })
                }
              />
            </>
          )}
        </div>
      </header>
      {state === 'running' ? <Progress pull={pull} /> : null}
      {/* Of one that failed and brought nothing its problem says all. */}
      {state === 'running' || (state === 'failed' && result === null) ? null : (
        <p className={styles.figures} role="status">
          {state === 'stopped' ? `${words.state.stopped}. ${words.stoppedText}` : outcomeOf(pull)}
        </p>
      )}
      {problem === null ? null : (
        <div className={styles.problem}>
          <ProblemNotice problem={problem} />
        </div>
      )}
      {action.problem === null ? null : (
        <div className={styles.problem}>
          <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        </div>
      )}
      {shown === 'result' && result !== null ? (
        <PullResultDialog datasetName={datasetName} result={result} onClose={() => setShown(null)} />
      ) : null}
      {shown === 'check' ? <CheckDialog folder={folder} onClose={() => setShown(null)} /> : null}
    </article>
  );
}

function Progress({ pull }: { readonly pull: Pull }) {
  const { phase, filesDone, filesTotal, bytesDone, bytesTotal, bytesPerSecond, datasetName } = pull;
  const words = text.pulls;
  const isFetching = phase === 'fetching';
  const files = text.filesOf(formatCount(filesDone), filesTotal, formatCount(filesTotal));
  const figures =
    phase === 'listing'
      ? [words.phase.listing, words.listed(filesTotal, formatCount(filesTotal))]
      : isFetching
        ? [files, text.bytesOf(formatBytes(bytesDone), formatBytes(bytesTotal))]
        : [words.phase[phase], files];
  const part =
    phase === 'listing'
      ? 0
      : isFetching && bytesTotal > 0
        ? bytesDone / bytesTotal
        : filesTotal > 0
          ? filesDone / filesTotal
          : 0;
  return (
    <div className={styles.progress}>
      <p className={styles.line}>
        <span className={styles.done}>{figures.join(' · ')}</span>
        <span>
          {isFetching && bytesPerSecond > 0
            ? `${text.perSecond(formatBytes(bytesPerSecond))} · ${text.timeLeft(
                formatDuration(((bytesTotal - bytesDone) / bytesPerSecond) * 1000),
              )}`
            : ''}
        </span>
      </p>
      <Meter label={words.progress(datasetName)} part={part} valueText={figures.join(', ')} />
    </div>
  );
}

function lookOf({ state, result }: Pull): { readonly icon: ReactNode; readonly tone: Tone } {
  switch (state) {
    case 'running':
      return { icon: <Download size={17} aria-hidden="true" />, tone: 'busy' };
    case 'done':
      return result?.isComplete === true
        ? { icon: <Check size={17} aria-hidden="true" />, tone: 'ok' }
        : { icon: <TriangleAlert size={17} aria-hidden="true" />, tone: 'hold' };
    case 'stopped':
      return { icon: <CirclePause size={17} aria-hidden="true" />, tone: 'quiet' };
    case 'failed':
      return { icon: <TriangleAlert size={17} aria-hidden="true" />, tone: 'bad' };
  }
}

const hasList = ({ conflicts, failures, differences, leftOver }: PullSummary): boolean =>
  conflicts.length + failures.length + differences.length + leftOver.length > 0;

/** What an ended pull brought, in a sentence. */
function outcomeOf({ state, result }: Pull): string {
  const words = text.pulls;
  if (result === null) return words.state[state];
  const { isComplete, filesTotal, filesPulled, filesSame, bytes } = result;
  const { conflicts, failures, differences, leftOver } = result;
  const there = filesPulled + filesSame;
  const counted = (list: readonly unknown[], say: (n: number, shown: string) => string): readonly string[] =>
    list.length === 0 ? [] : [say(list.length, formatCount(list.length))];
  return [
    isComplete
      ? words.complete(filesTotal, formatCount(filesTotal))
      : words.incomplete(formatCount(there), filesTotal, formatCount(filesTotal)),
    ...(filesPulled === 0 ? [] : [words.brought(filesPulled, formatCount(filesPulled), formatBytes(bytes))]),
    ...(filesSame === 0 ? [] : [words.same(filesSame, formatCount(filesSame))]),
    ...counted(failures, words.failures),
    ...counted(conflicts, words.conflicts),
    ...counted(differences, words.differences),
    ...counted(leftOver, words.leftOver),
  ].join(' · ');
}
