import { CircleCheck, Diff } from 'lucide-react';
import { useState } from 'react';
import type { PullCheck } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { classNames } from '../../components/class-names.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import tones from '../../components/tones.module.css';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { formatCount, formatFullTime, text } from '../../text/format.ts';
import { FolderField } from '../setup/folder-field.tsx';
import styles from './check-dialog.module.css';
import { DifferenceList } from './difference-list.tsx';

type Kind = 'verify' | 'compare';

interface CheckDialogProps {
  /** The folder to begin with; empty: none yet. */
  readonly folder: string;
  readonly onClose: () => void;
}

/** Checks a pulled folder against its lock file, or the dataset against it, and lists what differs. */
export function CheckDialog({ folder: first, onClose }: CheckDialogProps) {
  const { engine } = useEngine();
  const [folder, setFolder] = useState(first);
  const [kind, setKind] = useState<Kind>('verify');
  const [result, setResult] = useState<{ readonly kind: Kind; readonly check: PullCheck } | null>(null);
  const action = useAction();
  const words = text.pulls;
  const check = (): void => {
    setResult(null);
    void action.run(async () => {
      const call = kind === 'verify' ? 'verifyPull' : 'comparePull';
      setResult({ kind, check: await engine.call(call, { folder: folder.trim() }) });
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={words.checkTitle}
      description={words.checkText}
      actions={
        <>
          <Button onClick={onClose}>{text.frame.close}</Button>
          <Button look="primary" disabled={folder.trim() === '' || action.isRunning} onClick={check}>
            {action.isRunning ? words.checking : words.check}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        <div className={styles.folder}>
          <p className={styles.label}>{words.folder}</p>
          <FolderField
            value={folder}
            hint={words.checkFolderHint}
            onChange={(folder) => {
              setFolder(folder);
              setResult(null);
            }}
          />
        </div>
        <ChoiceCards<Kind>
          inColumns
          label={words.checkTitle}
          value={kind}
          options={[
            { value: 'verify', ...words.checks.verify },
            { value: 'compare', ...words.checks.compare },
          ]}
          onChange={setKind}
        />
        <div role="status" className={styles.result}>
          {action.isRunning ? <p className={styles.quiet}>{words.checkingText}</p> : null}
          {result === null ? null : <Result {...result} />}
        </div>
      </div>
    </Dialog>
  );
}

function Result({ kind, check }: { readonly kind: Kind; readonly check: PullCheck }) {
  const { isEqual, filesTotal, differences, counts, pulledAt } = check;
  const words = text.pulls;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <p className={classNames(styles.headline, tones[isEqual ? 'ok' : 'hold'])}>
        {isEqual ? <CircleCheck size={16} aria-hidden="true" /> : <Diff size={16} aria-hidden="true" />}
        <strong>
          {isEqual
            ? words.equal[kind](filesTotal, formatCount(filesTotal))
            : words.unequal(total, formatCount(total))}
        </strong>
        <span className={styles.quiet}>{words.pulledAt(formatFullTime(Date.parse(pulledAt)))}</span>
      </p>
      {differences.length === 0 ? null : <DifferenceList label={words.list} items={differences} />}
      {total > differences.length ? (
        <p className={styles.quiet}>{words.cut(formatCount(differences.length))}</p>
      ) : null}
    </>
  );
}
