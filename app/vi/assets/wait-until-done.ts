import { ViTimeoutError } from '../errors.ts';
import { pause } from '../retry.ts';
import type { Service } from '../service.ts';
import type { WaitUntilDoneOptions } from './assets-options.ts';
import { type AssetIngestionSession, sessionState } from './ingestion-session.ts';
import { getIngestionSession } from './session-requests.ts';

export const defaultWaitMs = 30 * 60 * 1000;

/** The pauses between two questions: short at first, since small sessions are done at once. */
const defaultFirstPauseMs = 250;
const longestPauseMs = 10_000;
const growth = 1.5;

/** Node's timers take no more. */
const longestTimerMs = 2 ** 31 - 1;

export interface PollOptions {
  /** For the error, e.g. "Ingestion session x". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly firstPauseMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Asks `ask` until `isDone` says so, with growing pauses, at most for `timeoutMs`: then a question that is still open is
 * dropped too.
 *
 * @throws ViTimeoutError; the signal's reason
 */
export async function poll<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  isDone: (answer: T) => boolean,
  options: PollOptions,
): Promise<T> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), Math.min(timeoutMs, longestTimerMs));
  const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    for (
      let pauseMs = options.firstPauseMs ?? defaultFirstPauseMs;
      ;
      pauseMs = Math.min(longestPauseMs, pauseMs * growth)
    ) {
      const answer = await ask(either);
      if (isDone(answer)) return answer;
      // A little jitter keeps many sessions from asking in the same instant.
      await pause(pauseMs * (0.8 + 0.4 * Math.random()), either);
    }
  } catch (error) {
    if (signal?.aborted || !limit.signal.aborted) throw error;
    throw new ViTimeoutError(`${options.what} was not done within ${timeoutMs / 1000} s.`, {
      suggestion: 'The service goes on with it: wait for it again later by its ID, or allow more time.',
      details: options.details,
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `client.assets.waitUntilDone`. `isDone` replaces the question whether the session is over; `firstPauseMs` is for those who
 * know that it is nearly so.
 */
export async function waitUntilDone(
  service: Service,
  options: WaitUntilDoneOptions & { readonly firstPauseMs?: number },
  isDone: (session: AssetIngestionSession) => boolean = (session) => sessionState(session) !== 'running',
): Promise<AssetIngestionSession> {
  const { datasetId, assetIngestionSessionId, timeoutMs = defaultWaitMs, signal, onProgress } = options;
  return await poll(
    async (pollSignal) => {
      const session = await getIngestionSession(service, {
        datasetId,
        assetIngestionSessionId,
        signal: pollSignal,
      });
      onProgress?.(session);
      return session;
    },
    isDone,
    {
      what: `Ingestion session ${assetIngestionSessionId}`,
      timeoutMs,
      firstPauseMs: options.firstPauseMs,
      signal,
      details: { datasetId, assetIngestionSessionId },
    },
  );
}
