import { useEffect, useState } from 'react';
import { text } from '../text/format.ts';
import styles from './drop-guard.module.css';

/** A file dropped on a page makes a browser leave the page. Here it says where files go instead. */
export function DropGuard({ folder }: { readonly folder: string | null }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hold = (event: DragEvent): void => {
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
      setOver(true);
    };
    const release = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    document.addEventListener('dragover', hold);
    document.addEventListener('drop', release);
    document.addEventListener('dragleave', leave);
    return () => {
      document.removeEventListener('dragover', hold);
      document.removeEventListener('drop', release);
      document.removeEventListener('dragleave', leave);
    };
  }, []);
  if (!over || folder === null) return null;
  return (
    <div className={styles.guard} role="status">
      <strong>{text.dropTitle}</strong>
      <p>{text.dropText(folder)}</p>
    </div>
  );
}
