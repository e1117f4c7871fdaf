import { ImageOff } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { text } from '../text/format.ts';
import styles from './preview.module.css';

interface PreviewProps {
  /** Address of the picture; null: there is none. */
  readonly source: string | null;
  readonly name: string;
  /** Stands on the picture, at its foot. */
  readonly children?: ReactNode;
}

/** A picture as it is, whole, in a frame that keeps its size while the picture is fetched. */
export function Preview({ source, name, children }: PreviewProps) {
  const [shown, setShown] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <div className={styles.frame}>
      {source === null || failed === source ? (
        <p className={styles.none}>
          <ImageOff size={20} aria-hidden="true" />
          {text.noPreview}
        </p>
      ) : (
        <img
          key={source}
          className={shown === source ? styles.image : styles.coming}
          src={source}
          alt={text.previewOf(name)}
          decoding="async"
          draggable={false}
          onLoad={() => setShown(source)}
          onError={() => setFailed(source)}
        />
      )}
      {children === undefined ? null : <div className={styles.foot}>{children}</div>}
    </div>
  );
}
