import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Activity, AppSettings } from '../../app/contract.ts';
import { FilePages, type FileQuery } from './file-pages.ts';
import { type Mirrors, whenOpen } from './mirrors.ts';
import type { Observable } from './observable.ts';
import type { RemoteEngine } from './remote-engine.ts';

/** The engine and what is always kept of it, for every screen. */
export interface EngineView {
  readonly engine: RemoteEngine;
  readonly mirrors: Observable<Mirrors>;
  readonly activities: Observable<readonly Activity[] | null>;
  readonly appSettings: Observable<AppSettings | null>;
}

export const EngineContext = createContext<EngineView | null>(null);

export function useEngine(): EngineView {
  const view = useContext(EngineContext);
  if (view === null) throw new Error('This part of the page stands outside of the engine’s context.');
  return view;
}

export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}

/** The files of a query, kept fresh. While a new query's first page is under way, the last one stays; null before any is there. */
export function useFilePages(query: FileQuery): FilePages | null {
  const { engine } = useEngine();
  const [shown, setShown] = useState<FilePages | null>(null);
  const { mirrorId, state, search, sort, descending } = query;
  useEffect(() => {
    const pages = new FilePages(engine, { mirrorId, state, search, sort, descending });
    const ends = [
      pages.state.subscribe(() => setShown(pages)),
      engine.on('filesChanged', (changed) => {
        if (changed.mirrorId === mirrorId) pages.refresh();
      }),
      whenOpen(engine, () => pages.fetchNow()),
    ];
    return () => {
      for (const end of ends) end();
      pages.close();
    };
  }, [engine, mirrorId, state, search, sort, descending]);
  return shown;
}
