import { useCallback, useEffect, useState } from 'react';
import type { FileRow } from '../../../app/contract.ts';
import type { FilePages } from '../../engine/file-pages.ts';

interface Choice {
  /** Of the chosen file among all, or -1. */
  readonly index: number;
  readonly select: (row: FileRow | null) => void;
  /** By its number; where its page is not here yet, as soon as it is. */
  readonly choose: (index: number) => void;
}

/** The file that is looked at in a list that is fetched in pages. One that is far away is chosen by its number at once, and by its path when it is there. */
export function useChoice(
  pages: FilePages,
  chosenPath: string | null,
  onSelect: (row: FileRow | null) => void,
): Choice {
  const [awaited, setAwaited] = useState<number | null>(null);
  const awaitedRow = awaited === null ? undefined : pages.rowAt(awaited);
  useEffect(() => {
    if (awaitedRow === undefined) return;
    setAwaited(null);
    onSelect(awaitedRow);
  }, [awaitedRow, onSelect]);
  const select = useCallback(
    (row: FileRow | null): void => {
      setAwaited(null);
      onSelect(row);
    },
    [onSelect],
  );
  const choose = (index: number): void => {
    const row = pages.rowAt(index);
    if (row === undefined) setAwaited(index);
    else select(row);
  };
  return { index: awaited ?? (chosenPath === null ? -1 : pages.indexOf(chosenPath)), select, choose };
}
