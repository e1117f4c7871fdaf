import { useSyncExternalStore } from 'react';
import { ObservableValue } from '../engine/observable.ts';

const clock = new ObservableValue(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (document.visibilityState === 'visible') clock.set(Date.now());
}

function subscribe(listener: () => void): () => void {
  users += 1;
  timer ??= setInterval(tick, 1000);
  const end = clock.subscribe(listener);
  return () => {
    end();
    users -= 1;
    if (users > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, milliseconds since the epoch, each second: one clock for all "3s ago" of the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, clock.get);
}
