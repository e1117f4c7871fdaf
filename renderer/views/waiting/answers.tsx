import { ArrowDownToLine, ArrowUpFromLine, CircleSlash, Copy, type LucideIcon, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Answer, Hold } from '../../../app/contract.ts';
import { classNames } from '../../components/class-names.ts';
import { formatCount, text } from '../../text/format.ts';
import styles from './answers.module.css';
import { ConfirmLoss } from './confirm-loss.tsx';
import {
  answersOf,
  type Effect,
  effectOf,
  isFinal,
  losesAnnotations,
  mayMisplaceAnnotations,
} from './effect.ts';

const icons: Record<Effect, LucideIcon> = {
  'overwrite-asset': ArrowUpFromLine,
  'overwrite-keeping-annotations': ArrowUpFromLine,
  'overwrite-removing-annotations': ArrowUpFromLine,
  upload: ArrowUpFromLine,
  'upload-renamed': ArrowUpFromLine,
  'delete-asset': Trash2,
  'replace-file': ArrowDownToLine,
  download: ArrowDownToLine,
  'download-renamed': ArrowDownToLine,
  'trash-file': Trash2,
  'keep-both': Copy,
  skip: CircleSlash,
};

interface AnswersProps {
  readonly hold: Hold;
  readonly isDisabled: boolean;
  readonly onAnswer: (answer: Answer) => void;
}

/** The answers, each with what it leads to. Their numbers are keys. One that loses annotations is asked about once more. */
export function Answers({ hold, isDisabled, onAnswer }: AnswersProps) {
  const [doubtful, setDoubtful] = useState<Answer | null>(null);
  const answers = answersOf(hold);
  const annotations = hold.remote?.annotations ?? (hold.remote === null ? 0 : null);
  const choose = (answer: Answer): void => {
    if (losesAnnotations(effectOf(hold, answer), annotations)) setDoubtful(answer);
    else onAnswer(answer);
  };
  useNumberKeys(
    isDisabled || doubtful !== null
      ? null
      : (number) => {
          const answer = answers[number - 1];
          if (answer !== undefined) choose(answer);
        },
  );
  return (
    <section className={styles.answers} aria-label={text.waiting.answers}>
      <h3 className={styles.heading}>{text.waiting.answers}</h3>
      {answers.map((answer, index) => {
        const effect = effectOf(hold, answer);
        return (
          <AnswerButton
            key={effect}
            effect={effect}
            hold={hold}
            annotations={annotations}
            number={index + 1}
            isDisabled={isDisabled}
            onChoose={() => choose(answer)}
          />
        );
      })}
      <ConfirmLoss
        effect={doubtful === null ? null : effectOf(hold, doubtful)}
        name={hold.remote?.name ?? hold.path}
        annotations={annotations}
        onCancel={() => setDoubtful(null)}
        onConfirm={() => {
          if (doubtful !== null) onAnswer(doubtful);
          setDoubtful(null);
        }}
      />
    </section>
  );
}

interface AnswerButtonProps {
  readonly effect: Effect;
  readonly hold: Hold;
  readonly annotations: number | null;
  readonly number: number;
  readonly isDisabled: boolean;
  readonly onChoose: () => void;
}

function AnswerButton({ effect, hold, annotations, number, isDisabled, onChoose }: AnswerButtonProps) {
  const words = text.waiting;
  const Icon = icons[effect];
  const loses = losesAnnotations(effect, annotations);
  return (
    <button
      type="button"
      className={classNames(styles.answer, isFinal(effect) && styles.final)}
      disabled={isDisabled}
      aria-keyshortcuts={String(number)}
      onClick={onChoose}
    >
      <Icon size={16} className={styles.icon} aria-hidden="true" />
      <span className={styles.words}>
        <span className={styles.title}>{words.answer[effect]}</span>
        <span className={styles.consequence}>
          {words.consequence[effect]}
          {loses ? (
            <strong className={styles.loss}>
              {' '}
              {annotations === null
                ? words.losingUnknown
                : words.losing(annotations, formatCount(annotations))}
            </strong>
          ) : null}
          {mayMisplaceAnnotations(hold, effect) ? (
            <span className={styles.caution}> {words.mayNotFit}</span>
          ) : null}
        </span>
      </span>
      <span className={styles.key} aria-hidden="true">
        {number}
      </span>
    </button>
  );
}

/** Tells of the digits 1 to 9, wherever the focus is but in a field. Null: of none. */
function useNumberKeys(onNumber: ((number: number) => void) | null): void {
  useEffect(() => {
    if (onNumber === null) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (
        event.target instanceof HTMLElement &&
        event.target.closest('input, select, textarea, [role=dialog]')
      )
        return;
      if (/^[1-9]$/.test(event.key)) onNumber(Number(event.key));
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [onNumber]);
}
