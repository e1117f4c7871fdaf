import { useRef } from 'react';
import type { TrashedFile } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { tell } from '../../components/toasts.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { formatBytes, formatCount, text } from '../../text/format.ts';
import { emptyAll, removeFiles } from './empty-all.ts';

/** What is to be deleted for good. */
export interface TrashChoice {
  /** Null: all that is there. */
  readonly files: readonly TrashedFile[] | null;
  readonly count: number;
  readonly bytes: number;
}

interface EmptyTrashProps {
  readonly choice: TrashChoice;
  /** Null: of all mirrors. */
  readonly mirrorId: string | null;
  readonly onClose: () => void;
  readonly onEmptied: () => void;
}

/** Asks before files are deleted for good, and says how many and how much. */
export function EmptyTrash({ choice, mirrorId, onClose, onEmptied }: EmptyTrashProps) {
  const { engine } = useEngine();
  const askedAt = useRef(Date.now());
  const action = useAction();
  const { files, count, bytes } = choice;
  const words = text.trash;
  const remove = async (): Promise<void> => {
    const wasDone = await action.run(async () => {
      const done = await (files === null
        ? emptyAll(engine, mirrorId, askedAt.current)
        : removeFiles(engine, files));
      tell({
        tone: 'ok',
        title: words.emptied(done.removed, formatCount(done.removed), formatBytes(done.bytes)),
      });
    });
    onEmptied();
    if (wasDone) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.emptyTitle(count, formatCount(count))}
      description={words.emptyText(formatBytes(bytes))}
      actions={
        <>
          <Button onClick={onClose}>{text.frame.cancel}</Button>
          <Button look="danger" disabled={action.isRunning} onClick={() => void remove()}>
            {action.isRunning ? words.emptying : words.emptyGo(count, formatCount(count))}
          </Button>
        </>
      }
    >
      {action.problem === null ? undefined : <ProblemNotice problem={action.problem} />}
    </Dialog>
  );
}
