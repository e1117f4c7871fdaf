import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { toCallError } from '../call-error.ts';
import type { CallArgs, CallResult, Problem, PullCheck } from '../contract.ts';
import { diffDataset, findLock, readLock, verifyPull } from '../pull/index.ts';
import { shortDatasetId } from '../vi/ids.ts';
import { ViError } from '../vi/index.ts';
import { PullJob } from './pull-job.ts';
import { PullLimits } from './pull-limits.ts';
import { askService, serviceProblem } from './service-problem.ts';
import { WorkspaceError } from './workspace-error.ts';
import type { WorkspaceHandlers, WorkspaceParts } from './workspace-parts.ts';

type PullCalls = WorkspaceHandlers<
  | 'pulls'
  | 'pullLock'
  | 'startPull'
  | 'stopPull'
  | 'resumePull'
  | 'dismissPull'
  | 'verifyPull'
  | 'comparePull'
>;

/** Differences of a check that are named; the counts are of all. */
const mostDifferences = 1000;
/** Pulls that have ended, and are still shown. */
const mostEnded = 100;

/** The pulls of this run of the program. */
export class Pulls {
  readonly #parts: WorkspaceParts;
  readonly #jobs = new Map<string, PullJob>();
  readonly limits: PullLimits;
  readonly calls: PullCalls = {
    pulls: () => ({ items: [...this.#jobs.values()].reverse().map(({ pull }) => pull) }),
    pullLock: ({ folder }) => lockOf(folder),
    startPull: (args) => this.#start(args),
    stopPull: async ({ pullId }) => {
      await this.#job(pullId).stop();
      return {};
    },
    resumePull: ({ pullId }) => {
      const job = this.#job(pullId);
      if (job.isRunning) return {};
      this.#requireFree(job.order.folder);
      job.run();
      return {};
    },
    dismissPull: ({ pullId }) => {
      if (this.#job(pullId).isRunning) throw new WorkspaceError(stillRuns);
      this.#jobs.delete(pullId);
      return {};
    },
    verifyPull: ({ folder }) => this.#verify(folder),
    comparePull: ({ folder }) => this.#compare(folder),
  };

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
    this.limits = new PullLimits(parts.engine, parts.log);
  }

  /** Ends all pulls; what came stays. */
  async close(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.stop()));
  }

  async #start(args: CallArgs<'startPull'>): Promise<CallResult<'startPull'>> {
    const { connections, signal, emit } = this.#parts;
    const { endpoint, organizationId, frozen = false, overwrite = false } = args;
    const metadataQuery = args.metadataQuery?.trim() || null;
    if (frozen && metadataQuery !== null) throw new WorkspaceError(frozenQuery);
    const folder = absolute(args.folder);
    this.#requireFree(folder);
    await this.#requireNoMirror(folder);
    // Whatever is wrong with account, dataset or lock file is told at once, and not as a pull that has failed.
    await findLock(folder);
    const dataset = await askService(
      connections.use({ endpoint, organizationId }, signal, (client) =>
        client.datasets.get({ datasetId: args.datasetId, signal }),
      ),
    );
    const order = {
      pullId: randomUUID(),
      endpoint,
      organizationId,
      datasetId: shortDatasetId(dataset.datasetId, organizationId),
      datasetName: dataset.name,
      folder,
      metadataQuery,
      frozen,
      overwrite,
    };
    // Another call may have come first while the service was asked.
    this.#requireFree(folder);
    const job = new PullJob(order, {
      connections,
      limits: this.limits,
      signal,
      onChange: (pull) => emit('pullChanged', pull),
      problemOf: (error) => (error instanceof ViError ? serviceProblem(error) : toCallError(error)),
    });
    this.#jobs.set(order.pullId, job);
    this.#dropOld();
    job.run();
    return { pullId: order.pullId };
  }

  async #verify(folder: string): Promise<PullCheck> {
    const { signal } = this.#parts;
    const result = await askService(verifyPull({ folder: absolute(folder), signal }));
    const { missing, changed, noFile, unreadable, extra } = result;
    return checkOf(
      { folder: result.folder, datasetId: result.datasetId, pulledAt: result.pulledAt },
      result.totalFiles,
      [
        ...missing.map((path) => ({ path, kind: 'missing' })),
        ...changed.map((path) => ({ path, kind: 'changed' })),
        ...noFile.map((path) => ({ path, kind: 'no-file' })),
        ...unreadable.map(({ path }) => ({ path, kind: 'unreadable' })),
        ...extra.map((path) => ({ path, kind: 'extra' })),
      ],
    );
  }

  async #compare(given: string): Promise<PullCheck> {
    const { connections, signal } = this.#parts;
    const folder = absolute(given);
    const lock = await askService(readLock(folder));
    const place = { endpoint: lock.endpoint, organizationId: lock.organization };
    const diff = await askService(
      connections.use(place, signal, (client) => diffDataset({ client, lock, signal })),
    );
    const differences = diff.differences.map(({ kind, before, after }) => ({
      path: (after ?? before)?.path ?? '',
      kind,
    }));
    return checkOf(
      { folder, datasetId: diff.datasetId, pulledAt: lock.pulledAt },
      diff.totalBefore,
      differences,
    );
  }

  /** @throws WorkspaceError when a pull into this folder, one around it or one in it runs */
  #requireFree(folder: string): void {
    const other = [...this.#jobs.values()].find((job) => job.isRunning && isNested(job.order.folder, folder));
    if (other !== undefined) throw new WorkspaceError(pullRuns(folder, other.order.folder));
  }

  /** What a pull brings must not be uploaded by a mirror. @throws WorkspaceError */
  async #requireNoMirror(folder: string): Promise<void> {
    const { mirrors } = await this.#parts.engine.call('status', {});
    const mirror = mirrors.find((each) => isNested(each.folder, folder));
    if (mirror !== undefined) throw new WorkspaceError(folderMirrored(folder, mirror.folder));
  }

  #job(pullId: string): PullJob {
    const job = this.#jobs.get(pullId);
    if (job === undefined) throw new WorkspaceError(unknownPull);
    return job;
  }

  #dropOld(): void {
    const ended = [...this.#jobs.values()].filter((job) => !job.isRunning && job.pull.endedAt !== null);
    for (const { order } of ended.slice(0, Math.max(0, ended.length - mostEnded)))
      this.#jobs.delete(order.pullId);
  }
}

async function lockOf(folder: string): Promise<CallResult<'pullLock'>> {
  const lock = await askService(findLock(absolute(folder)));
  if (lock === null) return { lock: null };
  const { endpoint, organization, dataset, pulledAt, complete, query, files } = lock;
  return {
    lock: {
      endpoint,
      organizationId: organization,
      datasetId: shortDatasetId(dataset, organization),
      pulledAt,
      isComplete: complete,
      metadataQuery: query.metadataQuery ?? null,
      filesTotal: files.length,
    },
  };
}

function absolute(folder: string): string {
  if (!path.isAbsolute(folder)) throw new WorkspaceError(notAbsolute(folder));
  return path.resolve(folder);
}

/** Whether one of two folders is the other, or lies in it. */
function isNested(a: string, b: string): boolean {
  const contains = (outer: string, inner: string) => {
    const back = path.relative(outer, inner);
    return back === '' || (back !== '..' && !back.startsWith(`..${path.sep}`) && !path.isAbsolute(back));
  };
  return contains(a, b) || contains(b, a);
}

function checkOf(
  facts: Pick<PullCheck, 'folder' | 'datasetId' | 'pulledAt'>,
  filesTotal: number,
  differences: PullCheck['differences'],
): PullCheck {
  const counts: Record<string, number> = {};
  for (const { kind } of differences) counts[kind] = (counts[kind] ?? 0) + 1;
  return {
    ...facts,
    isEqual: differences.length === 0,
    filesTotal,
    counts,
    differences: differences.slice(0, mostDifferences),
  };
}

const frozenQuery: Problem = {
  code: 'frozen-with-query',
  title: 'The lock file says which assets',
  detail: 'A pull that reproduces a lock file takes no query.',
  suggestion: 'Leave the query out, or pull what the dataset has now.',
};

const stillRuns: Problem = {
  code: 'pull-runs',
  title: 'The pull still runs',
  detail: 'It can be taken off the list when it has ended.',
  suggestion: 'Stop it first.',
};

const unknownPull: Problem = {
  code: 'unknown-pull',
  title: 'No such pull',
  detail: 'There is no pull of this number in this run of Vi Sync.',
  suggestion: 'Reload the list of pulls. A pull of an earlier run goes on when it is begun again.',
};

/** A pull needs a folder that means the same wherever it is read. */
export function notAbsolute(folder: string): Problem {
  return {
    code: 'folder-not-absolute',
    facts: { folder },
    title: 'Not a whole path',
    detail: `“${folder}” does not say where it begins.`,
    suggestion: 'Give the whole path of the folder, or choose it from the list.',
  };
}

function pullRuns(folder: string, other: string): Problem {
  return {
    code: 'folder-in-use',
    facts: { case: 'here', folder, other },
    title: 'Another pull is running',
    detail: `A pull into “${other}” is running, which is, contains, or lies in “${folder}”.`,
    suggestion: 'Wait for its end, or stop it.',
  };
}

function folderMirrored(folder: string, mirrored: string): Problem {
  return {
    code: 'folder-mirrored',
    facts: { case: 'pull', folder, other: mirrored },
    title: 'The folder is mirrored',
    detail: `“${folder}” is, contains, or lies in “${mirrored}”, which is mirrored: what a pull brings there would be uploaded.`,
    suggestion: 'Pull into another folder.',
  };
}
