import { Worker } from 'node:worker_threads';
import { z } from 'zod';

/** After a start there is more urgent work, and who only asks for something is gone by then. Milliseconds. */
const delayMs = 60_000;

export interface DamageCheck {
  /** Ends it; what has not been checked is checked another time. */
  stop(): void;
}

/** What the thread of `damage-worker.ts` says in the end: what is wrong with the file, or null. */
export const checkResultSchema = z.object({ damage: z.string().nullable() });

export interface DamageCheckOptions {
  readonly file: string;
  readonly onDone: (damage: string | null) => void;
  /** The check itself has failed: nothing is known. */
  readonly onFailure: (error: unknown) => void;
  readonly delayMs?: number;
}

/**
 * Checks the structure of a large manifest in a thread of its own, some time after its opening: it reads the whole file, and the engine must
 * not stand still for that.
 */
export function startDamageCheck({ file, onDone, onFailure, ...options }: DamageCheckOptions): DamageCheck {
  let worker: Worker | undefined;
  const timer = setTimeout(() => {
    worker = new Worker(workerUrl, { name: 'vi-sync-check', workerData: { file } });
    worker.unref();
    worker.once('message', (message: unknown) => onDone(checkResultSchema.parse(message).damage));
    worker.once('error', onFailure);
  }, options.delayMs ?? delayMs).unref();
  return {
    stop() {
      clearTimeout(timer);
      worker?.removeAllListeners();
      // Whoever closes does not wait for it: it only reads.
      void worker?.terminate();
    },
  };
}

/** The compiled program has the worker as JavaScript beside this file. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './damage-worker.ts' : './damage-worker.js',
  import.meta.url,
);
