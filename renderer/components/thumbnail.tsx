import { Image } from 'lucide-react';
import { useState } from 'react';
import styles from './thumbnail.module.css';

interface ThumbnailProps {
  /** Null: there is no picture. */
  readonly source: string | null;
  /** Of its square, in pixels. */
  readonly size?: number;
}

/** A small picture beside its name, which says the same: screen readers skip it. */
export function Thumbnail({ source, size }: ThumbnailProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const box = size === undefined ? {} : { style: { width: size, height: size } };
  return (
    <span className={styles.box} aria-hidden="true" {...box}>
      {source === null || failed === source ? (
        <Image size={16} />
      ) : (
        <img
          src={source}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setFailed(source)}
        />
      )}
    </span>
  );
}
