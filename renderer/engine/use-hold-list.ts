import { useEffect, useState } from 'react';
import { HoldList } from './hold-list.ts';
import { whenOpen } from './mirrors.ts';
import { useEngine } from './use-engine.ts';

/** What waits for a person, kept fresh; null until something is known. */
export function useHoldList(includesOptional: boolean): HoldList | null {
  const { engine } = useEngine();
  const [shown, setShown] = useState<HoldList | null>(null);
  useEffect(() => {
    const list = new HoldList(engine, includesOptional);
    const ends = [
      list.state.subscribe(() => setShown(list)),
      engine.on('filesChanged', () => list.refresh()),
      engine.on('mirrorChanged', () => list.refresh()),
      engine.on('mirrorRemoved', () => list.refresh()),
      whenOpen(engine, () => void list.fetchNow()),
    ];
    return () => {
      for (const end of ends) end();
      list.close();
    };
  }, [engine, includesOptional]);
  return shown;
}
