import {
  type Activity,
  type CallArgs,
  type CallName,
  type CallResult,
  calls,
  type EngineApi,
  type EventName,
  type EventPayload,
  type FileRow,
  type FileState,
  fileStateSchema,
  type MirrorPhase,
  type MirrorStatus,
  type Problem,
  type Settings,
} from '../../app/contract.ts';

export const doubleMirrorId = 'mirror-1';

type Listener = (payload: never) => void;
type FilesArgs = ReturnType<(typeof calls)['files']['args']['parse']>;

/**
 * An engine that does what a test tells it to. Its rows are data; its answers follow the contract as those of the real one do
 * (filter, search, sort, pages), so that the page can be shown in any state without a disk or a service.
 */
export class EngineDouble implements EngineApi {
  rows: FileRow[];
  activities: Activity[] = [];
  phase: MirrorPhase = 'in-sync';
  isApproved = true;
  problem: Problem | null = null;
  /** When an offline mirror tries again. */
  retryAt: number | null = null;
  upload = idleTransfer;
  download = idleTransfer;
  lastScanAt: number | null = Date.now();
  lastListingAt: number | null = Date.now();
  settings: Settings = {
    retentionMode: 'ask',
    uploadLimit: null,
    downloadLimit: null,
    limitSchedule: null,
    uploadsAtOnce: 16,
    downloadsAtOnce: 16,
    trashDays: null,
  };
  mirrorSettings: MirrorStatus['settings'] = {
    direction: 'two-way',
    deletePolicy: 'keep',
    retentionMode: null,
    duplicates: 'leave',
  };
  folder = '/home/ada/Pictures/warehouse';
  datasetName = 'Warehouse shelves';
  isSandbox = true;
  /** Mirrors that `status` tells of; a test may leave the engine without any. */
  hasMirror = true;
  /** Calls made so far, by name. */
  readonly received: { name: CallName; args: unknown }[] = [];
  /** Thrown by the next calls of this name. */
  readonly failures = new Map<CallName, unknown>();
  /** Answers wait for this long, in milliseconds. */
  delayMs = 0;
  readonly #listeners = new Map<EventName, Set<Listener>>();
  #sorted: { key: string; rows: readonly FileRow[] } | null = null;

  constructor(rows: FileRow[] = []) {
    this.rows = rows;
  }

  async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    this.received.push({ name, args });
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.failures.has(name)) throw this.failures.get(name);
    // The answer of each name is of that name's type, which TypeScript can't follow through a table of functions.
    return this.#answer(name, args) as CallResult<N>;
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const ofName = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, ofName);
    ofName.add(listener);
    return () => ofName.delete(listener);
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  get subscriptions(): number {
    return [...this.#listeners.values()].reduce((sum, ofName) => sum + ofName.size, 0);
  }

  /** Tells all front ends that rows and status changed. */
  changed(): void {
    this.#sorted = null;
    this.emit('mirrorChanged', this.status());
    this.emit('filesChanged', { mirrorId: doubleMirrorId });
  }

  add(activity: Omit<Activity, 'id' | 'mirrorId'>): void {
    const added = { ...activity, id: this.activities.length + 1, mirrorId: doubleMirrorId };
    this.activities.unshift(added);
    this.emit('activityAdded', added);
  }

  status(): MirrorStatus {
    const counts = Object.fromEntries(fileStateSchema.options.map((state) => [state, 0])) as Record<
      FileState,
      number
    >;
    for (const row of this.rows) counts[row.state] += 1;
    return {
      mirrorId: doubleMirrorId,
      folder: this.folder,
      datasetId: 'warehouse-shelves',
      datasetName: this.datasetName,
      organizationId: 'northwind',
      endpoint: 'https://api.vi.datature.com',
      sandbox: this.isSandbox,
      phase: this.phase,
      isApproved: this.isApproved,
      settings: this.mirrorSettings,
      isPaused: this.phase === 'paused',
      nextSessionAt: null,
      retryAt: this.retryAt,
      problem: this.problem,
      counts,
      fileTotal: this.rows.length,
      upload: this.upload,
      download: this.download,
      lastScanAt: this.lastScanAt,
      lastListingAt: this.lastListingAt,
    };
  }

  #answer(name: CallName, args: unknown): unknown {
    switch (name) {
      case 'status':
        return { mirrors: this.hasMirror ? [this.status()] : [] };
      case 'settings':
        return this.settings;
      case 'files':
        return this.#files(calls.files.args.parse(args));
      case 'activity':
        return { items: this.activities.slice(0, calls.activity.args.parse(args).limit) };
      case 'syncNow':
        this.lastScanAt = Date.now();
        this.lastListingAt = Date.now();
        this.emit('mirrorChanged', this.status());
        return {};
      default:
        throw new Error(`the page has no call for ${name} yet`);
    }
  }

  #files(args: FilesArgs): CallResult<'files'> {
    const key = JSON.stringify([args.state, args.search, args.sort, args.descending]);
    if (this.#sorted?.key !== key) this.#sorted = { key, rows: select(this.rows, args) };
    const { rows } = this.#sorted;
    return { total: rows.length, items: rows.slice(args.offset, args.offset + args.limit) };
  }
}

export const idleTransfer = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };

function select(rows: readonly FileRow[], args: FilesArgs): readonly FileRow[] {
  const part = args.search?.toLowerCase();
  const kept = rows.filter(
    (row) =>
      (args.state === undefined || row.state === args.state) &&
      (part === undefined || row.path.toLowerCase().includes(part)),
  );
  const value = (row: FileRow): string | number => row[args.sort] ?? -1;
  const direction = args.descending ? -1 : 1;
  return kept.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x !== y) return (x < y ? -1 : 1) * direction;
    return a.path < b.path ? -1 : 1;
  });
}

/** A row in sync, with what the test needs changed. */
export function row(path: string, changes: Partial<FileRow> = {}): FileRow {
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    state: 'in-sync',
    size: 184_320,
    mime: 'image/jpeg',
    width: 1600,
    height: 1200,
    isOnDisk: changes.state !== 'remote-only',
    assetId: `asset-${path}`,
    annotations: 0,
    progress: null,
    problem: null,
    changedAt: Date.now() - 60_000,
    ...changes,
  };
}
