import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { formatCount, text } from '../../text/format.ts';
import type { Effect } from './effect.ts';

interface ConfirmLossProps {
  /** What would be done; null: nothing is asked. */
  readonly effect: Effect | null;
  readonly name: string;
  /** Null: their number is not known. */
  readonly annotations: number | null;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Asks once more before annotations are lost for good, and names how many. */
export function ConfirmLoss({ effect, name, annotations, onCancel, onConfirm }: ConfirmLossProps) {
  const words = text.waiting;
  return (
    <Dialog
      open={effect !== null}
      onClose={onCancel}
      title={
        annotations === null
          ? words.confirmTitleUnknown
          : words.confirmTitle(annotations, formatCount(annotations))
      }
      description={words.confirmText(name)}
      actions={
        <>
          <Button onClick={onCancel}>{text.frame.cancel}</Button>
          <Button look="danger" onClick={onConfirm}>
            {effect === 'delete-asset' ? words.confirmDelete : words.confirmOverwrite}
          </Button>
        </>
      }
    />
  );
}
