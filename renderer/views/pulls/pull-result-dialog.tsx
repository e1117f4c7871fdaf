import type { PullSummary } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { text } from '../../text/format.ts';
import { worded } from '../../text/problem-words.ts';
import { DifferenceList } from './difference-list.tsx';
import styles from './pull-result-dialog.module.css';

interface PullResultDialogProps {
  readonly datasetName: string;
  readonly result: PullSummary;
  readonly onClose: () => void;
}

/** Every file of a pull that is not simply there: why it failed, was left, or can't be. */
export function PullResultDialog({ datasetName, result, onClose }: PullResultDialogProps) {
  const words = text.pulls;
  const { failures, conflicts, differences, leftOver } = result;
  const parts = [
    {
      name: words.parts.failures,
      items: failures.map(({ path, problem }) => {
        const { detail, suggestion } = worded(problem);
        return { path, kind: `${detail} ${suggestion}` };
      }),
    },
    { name: words.parts.conflicts, items: conflicts },
    { name: words.parts.differences, items: differences },
    { name: words.parts.leftOver, items: leftOver.map((path) => ({ path, kind: '' })) },
  ].filter(({ items }) => items.length > 0);
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={words.resultTitle(datasetName)}
      actions={<Button onClick={onClose}>{text.frame.close}</Button>}
    >
      <div className={styles.parts}>
        {parts.map(({ name, items }) => (
          <section key={name}>
            <h3 className={styles.heading}>{name}</h3>
            <DifferenceList label={name} items={items} />
          </section>
        ))}
      </div>
    </Dialog>
  );
}
