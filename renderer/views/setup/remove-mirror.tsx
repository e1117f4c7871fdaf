import { useState } from 'react';
import type { MirrorStatus } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { tell } from '../../components/toasts.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { goTo } from '../../route.ts';
import { text } from '../../text/format.ts';
import { folderName } from '../../text/paths.ts';

interface RemoveMirrorProps {
  readonly mirror: MirrorStatus;
  readonly look: 'plain' | 'quiet';
  readonly label: string;
}

/** Forgets a mirror, after a question. */
export function RemoveMirror({ mirror, look, label }: RemoveMirrorProps) {
  const { engine } = useEngine();
  const [isAsking, setIsAsking] = useState(false);
  const action = useAction();
  const words = text.setup;
  const name = folderName(mirror.folder);
  const remove = async (): Promise<void> => {
    if (!(await action.run(() => engine.call('removeMirror', { mirrorId: mirror.mirrorId })))) return;
    tell({ tone: 'ok', title: words.removed(name) });
    goTo({ screen: 'overview' });
  };
  return (
    <>
      <Button look={look} onClick={() => setIsAsking(true)}>
        {label}
      </Button>
      <Dialog
        open={isAsking}
        onClose={() => setIsAsking(false)}
        title={words.removeAsk(name, mirror.datasetName)}
        description={words.removeText}
        actions={
          <>
            <Button onClick={() => setIsAsking(false)}>{text.frame.cancel}</Button>
            <Button look="danger" disabled={action.isRunning} onClick={() => void remove()}>
              {words.removeGo}
            </Button>
          </>
        }
      >
        {action.problem === null ? undefined : <ProblemNotice problem={action.problem} />}
      </Dialog>
    </>
  );
}
