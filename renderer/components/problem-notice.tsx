import type { Problem } from '../../app/contract.ts';
import { text } from '../text/format.ts';
import { worded } from '../text/problem-words.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface ProblemNoticeProps {
  /** Null: nothing is drawn. */
  readonly problem: Problem | null;
  /** Default: bad. */
  readonly tone?: 'bad' | 'hold';
  readonly onDismiss?: () => void;
  readonly onRetry?: () => void;
}

/** Why something that was asked for could not be done, and what to do. */
export function ProblemNotice({ problem, tone = 'bad', onDismiss, onRetry }: ProblemNoticeProps) {
  if (problem === null) return null;
  const { title, detail, suggestion } = worded(problem);
  return (
    <Notice
      tone={tone}
      title={title}
      isInset
      actions={
        <>
          {onRetry === undefined ? null : <Button onClick={onRetry}>{text.tryAgain}</Button>}
          {onDismiss === undefined ? null : <Button onClick={onDismiss}>{text.dismiss}</Button>}
        </>
      }
    >
      {detail} {suggestion}
    </Notice>
  );
}
