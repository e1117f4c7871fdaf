import { FileLock2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { DatasetRow, Place } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Check } from '../../components/check.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { tell } from '../../components/toasts.tsx';
import { useDebounced } from '../../components/use-debounced.ts';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { formatCount, formatFullTime, text } from '../../text/format.ts';
import { FolderField } from '../setup/folder-field.tsx';
import styles from './pull-dialog.module.css';

interface PullDialogProps {
  readonly place: Place;
  readonly dataset: DatasetRow;
  readonly onClose: () => void;
}

/** Which folder a dataset is pulled to, and what of it. Where the folder has a lock file of this dataset, it can be reproduced. */
export function PullDialog({ place, dataset, onClose }: PullDialogProps) {
  const { engine } = useEngine();
  const { datasetId, name } = dataset;
  const [folder, setFolder] = useState('');
  const [what, setWhat] = useState<'now' | 'frozen'>('now');
  const [query, setQuery] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const action = useAction();
  const asked = useDebounced(folder.trim(), 300);
  // While a path is typed it is no folder yet: what is wrong with it is said when the pull is started.
  const lock = useQuery('pullLock', asked === '' ? null : { folder: asked }).answer?.lock ?? null;
  const isOurs =
    lock !== null && lock.datasetId === datasetId && lock.organizationId === place.organizationId;
  const isFrozen = isOurs && what === 'frozen';
  const words = text.pulls;
  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    // A form in the dialog that chooses the folder tells of itself here too.
    if (event.target !== event.currentTarget) return;
    if (folder.trim() === '' || action.isRunning) return;
    const wasDone = await action.run(() =>
      engine.call('startPull', {
        ...place,
        datasetId,
        folder: folder.trim(),
        ...(isFrozen || query.trim() === '' ? {} : { metadataQuery: query.trim() }),
        frozen: isFrozen,
        overwrite,
      }),
    );
    if (!wasDone) return;
    tell({ tone: 'ok', title: words.started, detail: words.of(name, folder.trim()) });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={words.dialogTitle(name)}
      description={words.dialogText}
      actions={
        <>
          <Button onClick={onClose}>{text.frame.cancel}</Button>
          <Button
            look="primary"
            type="submit"
            form="pull"
            disabled={folder.trim() === '' || action.isRunning}
          >
            {action.isRunning ? words.starting : words.start}
          </Button>
        </>
      }
    >
      <form id="pull" className={styles.form} onSubmit={(event) => void start(event)}>
        <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
        <div className={styles.folder}>
          <p className={styles.label}>{words.folder}</p>
          <FolderField value={folder} hint={words.folderHint} onChange={setFolder} />
        </div>
        {lock === null ? null : isOurs ? (
          <>
            <p className={styles.lock}>
              <FileLock2 size={15} aria-hidden="true" />
              {words.lockOf(
                formatFullTime(Date.parse(lock.pulledAt)),
                lock.filesTotal,
                formatCount(lock.filesTotal),
              )}
            </p>
            <ChoiceCards<'now' | 'frozen'>
              inColumns
              label={words.what}
              value={what}
              options={[
                { value: 'now', ...words.choices.now },
                { value: 'frozen', ...words.choices.frozen },
              ]}
              onChange={setWhat}
            />
          </>
        ) : (
          <Notice tone="hold" title={words.lockOther} isInset />
        )}
        <Field label={words.queryLabel} hint={words.queryHint}>
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={2000}
              disabled={isFrozen}
              value={isFrozen ? '' : query}
              onChange={({ target }) => setQuery(target.value)}
            />
          )}
        </Field>
        <Check
          isOn={overwrite}
          onChange={setOverwrite}
          label={
            <>
              {words.overwrite}
              <span className={styles.meaning}>{words.overwriteMeaning}</span>
            </>
          }
        />
      </form>
    </Dialog>
  );
}
