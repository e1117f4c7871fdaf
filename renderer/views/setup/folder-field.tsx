import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TextInput } from '../../components/field.tsx';
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
  const [isOpen, setIsOpen] = useState(false);
  const words = text.setup;
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
        <Button onClick={() => setIsOpen(true)}>{words.browse}</Button>
        {isOpen ? (
          <FolderDialog
            from={value.trim() === '' ? null : value.trim()}
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
