import type { AppApi, MirrorStatus, Problem } from '../../app/contract.ts';
import { problemOfCall } from './call-problem.ts';
import { ObservableValue } from './observable.ts';
import type { RemoteEngine } from './remote-engine.ts';

/** All mirrors as the engine last told them. `loaded` is false until the first answer. */
export interface Mirrors {
  readonly loaded: boolean;
  readonly list: readonly MirrorStatus[];
  readonly problem: Problem | null;
}

/** Keeps the list of mirrors: a snapshot at every (re)connection, events between. */
export function watchMirrors(engine: RemoteEngine): ObservableValue<Mirrors> {
  const mirrors = new ObservableValue<Mirrors>({ loaded: false, list: [], problem: null });
  engine.on('mirrorChanged', (changed) => {
    const { loaded, list } = mirrors.get();
    // Before the first snapshot one mirror alone would look like all there is.
    if (loaded) mirrors.set({ loaded, list: withMirror(list, changed), problem: null });
  });
  engine.on('mirrorRemoved', ({ mirrorId }) => {
    const { list, ...rest } = mirrors.get();
    mirrors.set({ ...rest, list: list.filter((mirror) => mirror.mirrorId !== mirrorId) });
  });
  whenOpen(engine, () => void load(engine, mirrors));
  return mirrors;
}

export async function load(engine: AppApi, mirrors: ObservableValue<Mirrors>): Promise<void> {
  try {
    const { mirrors: list } = await engine.call('status', {});
    mirrors.set({ loaded: true, list, problem: null });
  } catch (error) {
    mirrors.set({ ...mirrors.get(), problem: problemOfCall(error) });
  }
}

function withMirror(list: readonly MirrorStatus[], changed: MirrorStatus): readonly MirrorStatus[] {
  const known = list.some(({ mirrorId }) => mirrorId === changed.mirrorId);
  if (!known) return [...list, changed];
  return list.map((mirror) => (mirror.mirrorId === changed.mirrorId ? changed : mirror));
}

/** Runs now if connected, and at every later connection. Returns the function that ends this. */
export function whenOpen(engine: RemoteEngine, run: () => void): () => void {
  const check = (): void => {
    if (engine.connection.get() === 'open') run();
  };
  check();
  return engine.connection.subscribe(check);
}
