import { useEngine, useObservable } from '../engine/use-engine.ts';
import { folderName } from '../text/paths.ts';
import { Select } from './field.tsx';
import styles from './mirror-filter.module.css';

interface MirrorFilterProps {
  readonly label: string;
  /** The choice that leaves none out. */
  readonly all: string;
  readonly mirrorId: string | null;
  readonly onChange: (mirrorId: string | null) => void;
}

/** Of which mirror a list is; nothing where there is no choice. */
export function MirrorFilter({ label, all, mirrorId, onChange }: MirrorFilterProps) {
  const { mirrors: observable } = useEngine();
  const { list } = useObservable(observable);
  if (list.length < 2 && mirrorId === null) return null;
  return (
    <Select
      className={styles.filter ?? ''}
      aria-label={label}
      value={mirrorId ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
    >
      <option value="">{all}</option>
      {list.map((mirror) => (
        <option key={mirror.mirrorId} value={mirror.mirrorId}>
          {folderName(mirror.folder)}
        </option>
      ))}
    </Select>
  );
}
