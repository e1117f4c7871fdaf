import type { CallResult, TrashedFile } from '../../../app/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { formatCount, text } from '../../text/format.ts';
import { worded } from '../../text/problem-words.ts';
import { DifferenceList } from '../pulls/difference-list.tsx';
import styles from './restore-dialog.module.css';

/** What became of files that were to be put back. */
export interface Restored extends CallResult<'restore'> {
  readonly files: readonly TrashedFile[];
}

/** Which files came back under which name, and which did not and why. */
export function RestoreDialog({
  outcome,
  onClose,
}: {
  readonly outcome: Restored;
  readonly onClose: () => void;
}) {
  const { files, restored, failed } = outcome;
  const words = text.trash;
  const pathOf = (id: number): string => files.find((file) => file.id === id)?.path ?? '';
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={words.restoreTitle}
      actions={<Button onClick={onClose}>{text.frame.close}</Button>}
    >
      <div className={styles.parts}>
        {failed.length === 0 ? null : (
          <section>
            <h3 className={styles.heading}>
              {words.restoreFailed(failed.length, formatCount(failed.length))}
            </h3>
            <DifferenceList
              label={words.restoreFailed(failed.length, formatCount(failed.length))}
              items={failed.map(({ id, problem }) => {
                const { detail, suggestion } = worded(problem);
                return { path: pathOf(id), kind: `${detail} ${suggestion}` };
              })}
            />
          </section>
        )}
        {restored.length === 0 ? null : (
          <section>
            <h3 className={styles.heading}>
              {words.restored(restored.length, formatCount(restored.length))}
            </h3>
            <DifferenceList
              label={words.restored(restored.length, formatCount(restored.length))}
              items={restored.map(({ id, path }) => ({
                path: pathOf(id),
                kind: path === pathOf(id) ? words.restoredIn : words.restoredAs(path),
              }))}
            />
          </section>
        )}
      </div>
    </Dialog>
  );
}
