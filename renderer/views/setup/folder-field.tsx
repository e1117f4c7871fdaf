import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TextInput } from '../../components/field.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useEngine } from '../../engine/use-engine.ts';
import { useQuery } from '../../engine/use-query.ts';
import { text } from '../../text/format.ts';
import { FolderDialog } from './folder-dialog.tsx';
import styles from './folder-field.module.css';

interface FolderFieldProps {
  /** Absolute path; empty at first. */
  readonly value: string;
  readonly onChange: (path: string) => void;
  /** Default: that of a mirror's folder. */
  readonly hint?: string;
}

/** A folder of this computer: its path is typed, or looked for. */
export function FolderField({ value, onChange, hint = text.setup.folderHint }: FolderFieldProps) {
  const { engine } = useEngine();
  const about = useQuery('about', {});
  const [isOpen, setIsOpen] = useState(false);
  const choosing = useAction();
  const words = text.setup;
  const from = value.trim() === '' ? null : value.trim();
  const browse = async (): Promise<void> => {
    if (about.answer?.capabilities.choosesFolders !== true) return setIsOpen(true);
    const isDone = await choosing.run(async () => {
      const { path } = await engine.call('chooseFolder', { from });
      if (path !== null) onChange(path);
    });
    // Without the system's dialog there is still the one of the page.
    if (!isDone) setIsOpen(true);
  };
  return (
    <div className={styles.field}>
      <div className={styles.line}>
        <TextInput
          aria-label={words.folder}
          aria-describedby="folder-hint"
          maxLength={4000}
          placeholder={words.folderPlaceholder}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
        <Button disabled={choosing.isRunning} onClick={() => void browse()}>
          {words.browse}
        </Button>
        {isOpen ? (
          <FolderDialog
            from={from}
            onClose={() => setIsOpen(false)}
            onChoose={(path) => {
              setIsOpen(false);
              onChange(path);
            }}
          />
        ) : null}
      </div>
      <p id="folder-hint" className={styles.hint}>
        {hint}
      </p>
    </div>
  );
}
