import v8 from 'node:v8';
import vm from 'node:vm';
import type { EngineApi, MirrorStatus } from '../contract.ts';

/** Work that follows within this is not worth it. Milliseconds. */
const usualRestMs = 15_000;
/** While they rest it is looked at again so often: polls take memory too. Milliseconds. */
const againMs = 60_000;
/** What V8 holds of its heap without anybody minding. Bytes. */
const modestBytes = 80e6;

type Phase = MirrorStatus['phase'];
const working: ReadonlySet<Phase> = new Set<Phase>(['starting', 'scanning', 'syncing']);

/**
 * Gives memory back to the system when every mirror has come to rest. V8 keeps the heap that a first sync of many files has grown, ten times
 * what is used, for as long as nothing asks for memory; and nothing does, as then nothing happens.
 *
 * @param restMs how long they must have rested
 * @param collect gives back what is free
 * @returns ends it
 */
export function giveMemoryBackAtRest(
  engine: Pick<EngineApi, 'on'>,
  { restMs = usualRestMs, collect = collector() }: { restMs?: number; collect?: () => void } = {},
): () => void {
  const phases = new Map<string, Phase>();
  let timer: NodeJS.Timeout | undefined;
  const rest = (ms: number) => {
    timer = setTimeout(() => {
      collect();
      rest(againMs);
    }, ms).unref();
  };
  const look = () => {
    if ([...phases.values()].some((phase) => working.has(phase))) {
      clearTimeout(timer);
      timer = undefined;
    } else if (timer === undefined) {
      rest(restMs);
    }
  };
  const ends = [
    engine.on('mirrorChanged', ({ mirrorId, phase }) => {
      phases.set(mirrorId, phase);
      look();
    }),
    engine.on('mirrorRemoved', ({ mirrorId }) => {
      phases.delete(mirrorId);
      look();
    }),
  ];
  return () => {
    for (const end of ends) end();
    clearTimeout(timer);
  };
}

/** V8 has a function for it that it shows to contexts made after it was asked to. */
function collector(): () => void {
  v8.setFlagsFromString('--expose-gc');
  const gc: unknown = vm.runInNewContext('globalThis.gc');
  v8.setFlagsFromString('--no-expose-gc');
  if (typeof gc !== 'function') return () => undefined;
  const held = () => v8.getHeapStatistics().total_heap_size;
  /** What could not be given back the last time: to try again for as much would be in vain. */
  let left = 0;
  return () => {
    if (held() < Math.max(modestBytes, 1.5 * left)) return;
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    left = held();
  };
}
