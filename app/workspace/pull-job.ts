import type { Connections } from '../accounts/connections.ts';
import type { Problem, Pull, PullSummary } from '../contract.ts';
import { errorFacts } from '../error-facts.ts';
import { type PullProgress, type PullResult, pullDataset } from '../pull/index.ts';
import type { ViError } from '../vi/index.ts';
import type { PullLimits } from './pull-limits.ts';
import { serviceProblem } from './service-problem.ts';

/** Lines of each kind that are kept of a result: a window shows no more. */
const mostLines = 1000;
/** Over how long a rate is smoothed. Milliseconds. */
const rateWindowMs = 3000;

export interface PullOrder {
  readonly pullId: string;
  readonly endpoint: string;
  readonly organizationId: string;
  readonly datasetId: string;
  readonly datasetName: string;
  /** Absolute. */
  readonly folder: string;
  readonly metadataQuery: string | null;
  readonly frozen: boolean;
  readonly overwrite: boolean;
}

export interface PullJobOptions {
  readonly connections: Connections;
  readonly limits: PullLimits;
  /** Aborted when the workspace is closed. */
  readonly signal: AbortSignal;
  readonly onChange: (pull: Pull) => void;
  /** What an error that is no error of the client says to a person. */
  readonly problemOf: (error: unknown) => Problem;
}

/** One pull: it runs, ends, and can go on. */
export class PullJob {
  readonly order: PullOrder;
  readonly #options: PullJobOptions;
  #state: Pull;
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #samples: { at: number; bytes: number }[] = [];

  constructor(order: PullOrder, options: PullJobOptions) {
    this.order = order;
    this.#options = options;
    this.#state = beginning(order);
  }

  get pull(): Pull {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state.state === 'running';
  }

  /** Begins, or goes on: what is there already is not fetched again. */
  run(): void {
    this.#abort = new AbortController();
    this.#samples = [];
    this.#change({ ...beginning(this.order), startedAt: Date.now() });
    this.#running = this.#work(this.#abort.signal);
  }

  /** Ends it; what came stays. Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#abort.abort(new DOMException('The pull has been stopped.', 'AbortError'));
    await this.#running;
  }

  async #work(stopped: AbortSignal): Promise<void> {
    const { connections, limits, problemOf } = this.#options;
    const signal = AbortSignal.any([stopped, this.#options.signal]);
    const { datasetId, folder, metadataQuery, frozen, overwrite } = this.order;
    try {
      const result = await limits.during(() =>
        connections.use(this.order, signal, (client) =>
          pullDataset({
            client,
            datasetId,
            folder,
            query: metadataQuery === null ? {} : { metadataQuery },
            frozen,
            overwrite,
            signal,
            pace: limits.pace,
            concurrency: limits.atOnce,
            onProgress: (progress) => this.#progress(progress),
          }),
        ),
      );
      const problem = result.stopped === null ? null : serviceProblem(result.stopped);
      this.#end(problem === null ? 'done' : 'failed', { result: summaryOf(result), problem });
    } catch (error) {
      if (signal.aborted) this.#end('stopped', {});
      else this.#end('failed', { problem: problemOf(error) });
    }
  }

  #progress({ phase, filesDone, filesTotal, bytesDone, bytesTotal }: PullProgress): void {
    // Reports may come late, after a stop.
    if (!this.isRunning) return;
    const bytesPerSecond = this.#rate(bytesDone);
    this.#change({ ...this.#state, phase, filesDone, filesTotal, bytesDone, bytesTotal, bytesPerSecond });
  }

  #end(state: 'done' | 'stopped' | 'failed', outcome: Partial<Pick<Pull, 'result' | 'problem'>>): void {
    this.#change({ ...this.#state, ...outcome, state, bytesPerSecond: 0, endedAt: Date.now() });
  }

  #change(state: Pull): void {
    this.#state = state;
    this.#options.onChange(state);
  }

  #rate(bytes: number): number {
    const now = performance.now();
    this.#samples.push({ at: now, bytes });
    // One sample from before the window stays: it says what had come when the window began.
    const first = this.#samples.findLastIndex(({ at }) => at < now - rateWindowMs);
    if (first > 0) this.#samples = this.#samples.slice(first);
    const oldest = this.#samples[0];
    if (oldest === undefined || now - oldest.at < 1) return 0;
    return (Math.max(0, bytes - oldest.bytes) / (now - oldest.at)) * 1000;
  }
}

function beginning(order: PullOrder): Pull {
  const { pullId, endpoint, organizationId, datasetId, datasetName, folder, metadataQuery, frozen } = order;
  return {
    pullId,
    endpoint,
    organizationId,
    datasetId,
    datasetName,
    folder,
    metadataQuery,
    isFrozen: frozen,
    state: 'running',
    phase: 'listing',
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    bytesPerSecond: 0,
    startedAt: Date.now(),
    endedAt: null,
    problem: null,
    result: null,
  };
}

function summaryOf(result: PullResult): PullSummary {
  return {
    isComplete: result.complete,
    filesTotal: result.totalFiles,
    filesPulled: result.totalPulled,
    filesSame: result.totalSame,
    bytes: result.totalBytes,
    conflicts: result.conflicts.slice(0, mostLines).map(({ path, kind }) => ({ path, kind })),
    failures: result.failures
      .slice(0, mostLines)
      .map(({ path, error }) => ({ path, problem: fileProblem(path, error) })),
    differences: result.differences.slice(0, mostLines).map(({ path, kind }) => ({ path, kind })),
    leftOver: result.leftOver.slice(0, mostLines),
  };
}

/** What a pull says of a file that it could not fetch. */
export function fileProblem(path: string, error: ViError): Problem {
  const { code, message, suggestion } = error;
  const facts = { ...errorFacts(error), file: path };
  return { code, title: `“${path}” could not be pulled`, detail: message, suggestion, facts };
}
