import { ArrowUp, Folder, FolderPlus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { CallResult } from '../../../app/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextInput } from '../../components/field.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { formatCount, text } from '../../text/format.ts';
import styles from './folder-dialog.module.css';

interface FolderDialogProps {
  /** Where to begin; null: at the person's home. */
  readonly from: string | null;
  readonly onClose: () => void;
  readonly onChoose: (path: string) => void;
}

/** Looks for a folder of the computer that Vi Sync runs on, which need not be the browser's. */
export function FolderDialog({ from, onClose, onChoose }: FolderDialogProps) {
  const [path, setPath] = useState(from);
  const { answer, problem, again } = useQuery('folders', { path });
  // While the next one is looked at, the last one stays in sight.
  const [shown, setShown] = useState<CallResult<'folders'> | null>(null);
  if (answer !== null && answer !== shown) setShown(answer);
  const words = text.setup;
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={words.folderTitle}
      description={shown?.path ?? ''}
      actions={
        <>
          <span className={styles.images}>
            {shown === null ? '' : words.folderImages(shown.images, formatCount(shown.images))}
          </span>
          <Button onClick={onClose}>{text.frame.cancel}</Button>
          <Button
            look="primary"
            disabled={answer === null}
            onClick={() => {
              if (answer !== null) onChoose(answer.path);
            }}
          >
            {words.choose}
          </Button>
        </>
      }
    >
      <ProblemNotice
        problem={problem}
        onRetry={() => {
          // A folder that can't be looked at is left by going to the home.
          if (path === null) again();
          else setPath(null);
        }}
      />
      {shown === null ? (
        <div className={styles.browser} />
      ) : (
        <div className={styles.browser}>
          <nav className={styles.places} aria-label={words.places}>
            {shown.places.map((place) => (
              <button
                key={place.path}
                type="button"
                className={styles.entry}
                aria-current={place.path === shown.path ? 'true' : undefined}
                title={place.path}
                onClick={() => setPath(place.path)}
              >
                <span className={styles.name}>{place.name}</span>
              </button>
            ))}
          </nav>
          <div className={styles.folders}>
            <Tools folder={shown} onGo={setPath} />
            <ul className={styles.list}>
              {shown.folders.map((folder) => (
                <li key={folder.path}>
                  <button type="button" className={styles.entry} onClick={() => setPath(folder.path)}>
                    <Folder size={15} className={styles.icon} aria-hidden="true" />
                    <span className={styles.name}>{folder.name}</span>
                  </button>
                </li>
              ))}
            </ul>
            {shown.folders.length === 0 ? <p className={styles.none}>{words.folderEmpty}</p> : null}
            {shown.isCut ? <p className={styles.none}>{words.folderCut}</p> : null}
          </div>
        </div>
      )}
    </Dialog>
  );
}

interface ToolsProps {
  readonly folder: CallResult<'folders'>;
  readonly onGo: (path: string) => void;
}

/** One folder up, and a new folder in this one. */
function Tools({ folder, onGo }: ToolsProps) {
  const { engine } = useEngine();
  const [name, setName] = useState<string | null>(null);
  const action = useAction();
  const words = text.setup;
  const make = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = name?.trim() ?? '';
    if (wanted === '') return;
    void action.run(async () => {
      const { path } = await engine.call('makeFolder', { parent: folder.path, name: wanted });
      setName(null);
      onGo(path);
    });
  };
  return (
    <>
      <div className={styles.tools}>
        <IconButton
          label={words.up}
          icon={<ArrowUp size={15} />}
          disabled={folder.parent === null}
          onClick={() => {
            if (folder.parent !== null) onGo(folder.parent);
          }}
        />
        {name === null ? (
          <Button look="quiet" icon={<FolderPlus size={14} />} onClick={() => setName('')}>
            {words.newFolder}
          </Button>
        ) : (
          <form className={styles.make} onSubmit={make}>
            <TextInput
              autoFocus
              aria-label={words.newFolderName}
              placeholder={words.newFolderName}
              maxLength={255}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
            <Button type="submit" disabled={name.trim() === '' || action.isRunning}>
              {words.make}
            </Button>
          </form>
        )}
      </div>
      <ProblemNotice problem={action.problem} onDismiss={action.dismiss} />
    </>
  );
}
