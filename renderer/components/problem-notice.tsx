import type { Problem } from '../../app/contract.ts';
import { text } from '../text/format.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface ProblemNoticeProps {
  /** Null: nothing is drawn. */
  readonly problem: Problem | null;
  readonly onDismiss?: () => void;
  readonly onRetry?: () => void;
}

/** Why something that was asked for could not be done, and what to do. */
export function ProblemNotice({ problem, onDismiss, onRetry }: ProblemNoticeProps) {
  if (problem === null) return null;
  return (
    <Notice
      tone="bad"
      title={problem.title}
      isInset
      actions={
        <>
          {onRetry === undefined ? null : <Button onClick={onRetry}>{text.tryAgain}</Button>}
          {onDismiss === undefined ? null : <Button onClick={onDismiss}>{text.dismiss}</Button>}
        </>
      }
    >
      {problem.detail} {problem.suggestion}
    </Notice>
  );
}
