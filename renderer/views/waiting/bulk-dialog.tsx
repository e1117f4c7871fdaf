import { useEffect, useState } from 'react';
import type { Answer, Hold, MirrorStatus } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Check } from '../../components/check.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { tell } from '../../components/toasts.tsx';
import type { HoldGroup } from '../../engine/hold-list.ts';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { formatCount, text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';
import styles from './bulk-dialog.module.css';
import { answersOf, type Effect, effectOf, isFinal } from './effect.ts';

interface BulkDialogProps {
  /** Null: nothing is asked. */
  readonly group: HoldGroup | null;
  readonly mirror: MirrorStatus | undefined;
  readonly onClose: () => void;
  readonly onAnswered: () => void;
}

/** One answer for all holds of a group: which, how many files, and what is at stake. */
export function BulkDialog({ group, mirror, onClose, onAnswered }: BulkDialogProps) {
  if (group === null || mirror === undefined) return null;
  return <OpenDialog group={group} mirror={mirror} onClose={onClose} onAnswered={onAnswered} />;
}

interface OpenDialogProps extends BulkDialogProps {
  readonly group: HoldGroup;
  readonly mirror: MirrorStatus;
}

function OpenDialog({ group, mirror, onClose, onAnswered }: OpenDialogProps) {
  const { engine } = useEngine();
  const { mirrorId, reason } = group;
  const action = useAction();
  const counts = useQuery('holdCounts', { mirrorId });
  const sample = useQuery('holds', { mirrorId, reason, limit: 100 });
  const [chosen, setChosen] = useState<Effect | null>(null);
  const [isAware, setIsAware] = useState(false);
  // What is asked is bound to these numbers: once others are shown, the question is another one.
  const waiting =
    counts.answer?.counts.find((count) => count.reason === reason && !count.isOptional) ?? group.waiting;
  const choices = choicesOf(sample.answer?.items ?? [], waiting.annotations > 0 || waiting.unknown > 0);
  const choice = choices.find(({ effect }) => effect === chosen);
  const loses =
    choice !== undefined && isFinal(choice.effect) && (waiting.annotations > 0 || waiting.unknown > 0);
  const shown = formatCount(waiting.count);
  const words = text.waiting;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what one is aware of is another thing with another answer or other numbers
  useEffect(() => setIsAware(false), [chosen, waiting.annotations, waiting.unknown]);

  const go = async (answer: Answer): Promise<void> => {
    const { count, annotations, unknown } = waiting;
    const expected = { count, annotations, unknown };
    let left = 0;
    let answered = 0;
    const wasDone = await action.run(async () => {
      ({ answered, left } = await engine.call('answerAll', { mirrorId, reason, answer, expected }));
    });
    if (!wasDone) return counts.again();
    tell({
      tone: 'ok',
      title: words.bulkDone(answered, formatCount(answered)),
      ...(left === 0 ? {} : { detail: words.bulkLeft(left, formatCount(left)) }),
    });
    onAnswered();
    onClose();
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={words.bulkTitle(shown, words.group[reason])}
      description={words.bulkText}
      actions={
        <>
          {/* Beside the button that waits for it, and never out of sight. */}
          {loses ? (
            <div className={styles.aware}>
              <Check
                isOn={isAware}
                onChange={setIsAware}
                label={
                  waiting.unknown > 0
                    ? words.bulkLosingUnknown
                    : words.bulkLosing(waiting.annotations, formatCount(waiting.annotations))
                }
              />
            </div>
          ) : null}
          <Button onClick={onClose}>{text.frame.cancel}</Button>
          <Button
            look={loses ? 'danger' : 'primary'}
            disabled={choice === undefined || action.isRunning || (loses && !isAware) || waiting.count === 0}
            onClick={() => {
              if (choice !== undefined) void go(choice.answer);
            }}
          >
            {words.bulkGo(waiting.count, shown)}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        <ProblemNotice problem={sample.problem ?? counts.problem} onRetry={sample.again} />
        <p className={styles.scope}>
          <strong>{words.bulkScope(waiting.count, shown, folderName(mirror.folder))}</strong>
          <span>{stakeOf(waiting)}</span>
        </p>
        <ChoiceCards
          label={words.answers}
          value={chosen}
          onChange={setChosen}
          options={choices.map(({ effect }) => ({
            value: effect,
            title: words.answer[effect],
            text: words.consequence[effect],
          }))}
        />
      </div>
    </Dialog>
  );
}

interface Choice {
  readonly effect: Effect;
  readonly answer: Answer;
}

/** Every answer that one of the holds can be given, by what it does. Those that can't be answered so wait on. */
function choicesOf(holds: readonly Hold[], hasStake: boolean): readonly Choice[] {
  const choices = new Map<Effect, Choice>();
  // An overwrite that need not say what becomes of annotations takes the word of the others.
  const needsRetention = hasStake || holds.some((hold) => hold.needsRetention);
  for (const hold of holds) {
    for (const answer of answersOf({ ...hold, needsRetention: needsRetention && hold.remote !== null })) {
      const effect = effectOf(hold, answer);
      if (!choices.has(effect)) choices.set(effect, { effect, answer });
    }
  }
  return [...choices.values()];
}

function stakeOf({ annotations, unknown }: HoldGroup['waiting']): string {
  const words = text.waiting;
  const parts = [
    annotations > 0 ? words.bulkStake(annotations, formatCount(annotations)) : '',
    unknown > 0 ? words.bulkUnknown(unknown, formatCount(unknown)) : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? words.bulkNoStake : parts.join(' · ');
}
