import type {
  Activity,
  AppSettings,
  AssetRow,
  CallName,
  CallResult,
  Problem,
  Pull,
  PullCheck,
  PullLock,
  Settings,
  TrashedFile,
} from '../../app/contract.ts';
import { calls } from '../../app/contract.ts';
import { readLock } from '../../app/pull/lock-file.ts';
import { moreAtStake } from '../../app/workspace/delete-assets.ts';
import { notAbsolute } from '../../app/workspace/pulls.ts';
import type { AppDouble } from './app-double.ts';
import { Refused } from './refused.ts';
import { badQuery } from './scene-problems.ts';

type AssetsArgs = ReturnType<(typeof calls)['datasetAssets']['args']['parse']>;

/** What {@link AppDouble} answers about assets, pulls, the trash, what has happened, and settings. */
export class LibraryDouble {
  assets: AssetRow[] = [];
  pulls: Pull[] = [];
  trash: TrashedFile[] = [];
  /** Files of the trash that can't be put back, by number. */
  readonly stuck = new Map<number, Problem>();
  /** By folder. */
  readonly locks = new Map<string, PullLock>();
  verified: PullCheck | null = null;
  compared: PullCheck | null = null;
  about: CallResult<'about'> = {
    version: '0.1.0',
    dataDir: '/home/ada/.local/share/vi-sync',
    logFile: '/home/ada/.local/state/vi-sync/vi-sync.log',
    platform: 'linux x64, Node.js 24.11.0',
    capabilities: {
      showsInFolder: true,
      startsAtLogin: true,
      notifies: true,
      choosesFolders: false,
      knowsPower: true,
      updates: true,
    },
    problems: [],
  };
  /** Why a proxy is refused, by its address. */
  readonly badProxies = new Map<string, Problem>();
  readonly #app: AppDouble;

  constructor(app: AppDouble) {
    this.#app = app;
  }

  /** What answers a call of this name; absent for those of others. */
  answer(name: CallName, args: unknown): (() => unknown) | undefined {
    switch (name) {
      case 'dataset':
        return () => {
          const { datasetId } = calls.dataset.args.parse(args);
          return { dataset: this.#app.datasets.find((row) => row.datasetId === datasetId) ?? null };
        };
      case 'datasetAssets':
        return () => this.#page(calls.datasetAssets.args.parse(args));
      case 'assetsNow':
        return () => {
          const { assetIds } = calls.assetsNow.args.parse(args);
          return { items: this.assets.filter(({ assetId }) => assetIds.includes(assetId)) };
        };
      case 'deleteAssets':
        return () => this.#delete(calls.deleteAssets.args.parse(args));
      case 'pulls':
        return () => ({ items: this.pulls });
      case 'pullLock':
        return () => ({ lock: this.locks.get(calls.pullLock.args.parse(args).folder) ?? null });
      case 'startPull':
        return () => this.#start(calls.startPull.args.parse(args));
      case 'stopPull':
        return () => {
          this.changePull(calls.stopPull.args.parse(args).pullId, { state: 'stopped', endedAt: Date.now() });
          return {};
        };
      case 'resumePull':
        return () => {
          this.changePull(calls.resumePull.args.parse(args).pullId, { state: 'running', endedAt: null });
          return {};
        };
      case 'dismissPull':
        return () => {
          const { pullId } = calls.dismissPull.args.parse(args);
          this.pulls = this.pulls.filter((pull) => pull.pullId !== pullId);
          return {};
        };
      case 'verifyPull':
        return () => this.verified ?? readLock(calls.verifyPull.args.parse(args).folder);
      case 'comparePull':
        return () => this.compared ?? readLock(calls.comparePull.args.parse(args).folder);
      case 'trash':
        return () => {
          const { mirrorId, offset, limit } = calls.trash.args.parse(args);
          const kept = this.trash.filter((file) => mirrorId === undefined || file.mirrorId === mirrorId);
          const bytes = kept.reduce((sum, { size }) => sum + size, 0);
          return { total: kept.length, bytes, items: kept.slice(offset, offset + limit) };
        };
      case 'restore':
        return () => this.#restore(calls.restore.args.parse(args).ids);
      case 'emptyTrash':
        return () => {
          const { mirrorId, ids } = calls.emptyTrash.args.parse(args);
          const gone = this.trash.filter(
            (file) => file.mirrorId === mirrorId && (ids === undefined || ids.includes(file.id)),
          );
          this.trash = this.trash.filter((file) => !gone.includes(file));
          return { removed: gone.length, bytes: gone.reduce((sum, { size }) => sum + size, 0) };
        };
      case 'activity':
        return () => this.#activity(calls.activity.args.parse(args));
      case 'changeSettings':
        return () => {
          const changes = calls.changeSettings.args.parse(args);
          this.#app.settings = { ...this.#app.settings, ...changes } as Settings;
          return this.#app.settings;
        };
      case 'changeAppSettings':
        return () => {
          const changes = calls.changeAppSettings.args.parse(args);
          const bad = this.badProxies.get(changes.proxy ?? '');
          if (bad !== undefined) throw new Refused(bad);
          this.#app.appSettings = { ...this.#app.appSettings, ...changes } as AppSettings;
          this.#app.emit('appSettingsChanged', this.#app.appSettings);
          return this.#app.appSettings;
        };
      case 'about':
        return () => this.about;
      case 'diagnostics':
        return () => ({ file: '/home/ada/Downloads/vi-sync-diagnostics-2026-11-27.zip', bytes: 48_213 });
      case 'disconnectAccount':
        return () => {
          const { organizationId } = calls.disconnectAccount.args.parse(args);
          this.#app.accounts = this.#app.accounts.filter(
            (account) => account.organizationId !== organizationId,
          );
          this.#app.emit('accountsChanged', {});
          return {};
        };
      default:
        return undefined;
    }
  }

  /** Moves a pull on, and tells all front ends. */
  changePull(pullId: string, changes: Partial<Pull>): void {
    this.pulls = this.pulls.map((pull) => (pull.pullId === pullId ? { ...pull, ...changes } : pull));
    const changed = this.pulls.find((pull) => pull.pullId === pullId);
    if (changed !== undefined) this.#app.emit('pullChanged', changed);
  }

  #page({ token, limit, sort, descending, metadataQuery, search }: AssetsArgs): CallResult<'datasetAssets'> {
    if (metadataQuery?.includes('=') === true && !metadataQuery.includes('=='))
      throw new Refused(badQuery('“=” at 8 is no operator.'));
    const key = sort === 'contentsChanged' ? 'contentsChangedAt' : sort;
    const value = (asset: AssetRow): string | number => asset[key] ?? -1;
    const [name, wanted] = metadataQuery?.split('==').map((part) => part.trim().replaceAll('"', '')) ?? [];
    const found = this.assets
      .filter(({ filename }) => search === undefined || filename.toLowerCase().includes(search.toLowerCase()))
      .filter(({ customMetadata }) => name === undefined || customMetadata[name] === wanted)
      .toSorted((a, b) => (value(a) < value(b) ? -1 : 1) * (descending ? -1 : 1));
    const start = token === null ? 0 : Number(token);
    const end = start + limit;
    return { items: found.slice(start, end), nextToken: end < found.length ? String(end) : null };
  }

  #delete({
    assetIds,
    annotations,
  }: {
    assetIds: string[];
    annotations: number;
  }): CallResult<'deleteAssets'> {
    const gone = this.assets.filter(({ assetId }) => assetIds.includes(assetId));
    const now = gone.reduce((sum, asset) => sum + (asset.annotations ?? 0), 0);
    if (now > annotations) throw new Refused(moreAtStake(now, annotations));
    this.assets = this.assets.filter((asset) => !gone.includes(asset));
    return { deleted: assetIds, failed: [] };
  }

  #start(args: ReturnType<(typeof calls)['startPull']['args']['parse']>): CallResult<'startPull'> {
    const { endpoint, organizationId, datasetId, folder, frozen, metadataQuery } = args;
    if (!folder.startsWith('/')) throw new Refused(notAbsolute(folder));
    const dataset = this.#app.datasets.find((row) => row.datasetId === datasetId);
    const started = pull({
      pullId: `pull-${this.pulls.length + 1}`,
      endpoint,
      organizationId,
      datasetId,
      datasetName: dataset?.name ?? '',
      folder,
      isFrozen: frozen,
      metadataQuery: metadataQuery ?? null,
    });
    this.pulls = [started, ...this.pulls];
    this.#app.emit('pullChanged', started);
    return { pullId: started.pullId };
  }

  #restore(ids: readonly number[]): CallResult<'restore'> {
    const result: CallResult<'restore'> = { restored: [], failed: [] };
    for (const id of ids) {
      const file = this.trash.find((file) => file.id === id);
      const problem = this.stuck.get(id);
      if (problem !== undefined) result.failed.push({ id, problem });
      else if (file !== undefined) {
        // As the engine does where the name is taken.
        const isTaken = this.#app.rows.some(({ path }) => path === file.path);
        result.restored.push({
          id,
          path: isTaken ? file.path.replace(/(\.\w+)$/, ' (restored)$1') : file.path,
        });
      }
    }
    const done = new Set(result.restored.map(({ id }) => id));
    this.trash = this.trash.filter(({ id }) => !done.has(id));
    return result;
  }

  #activity(args: ReturnType<(typeof calls)['activity']['args']['parse']>): CallResult<'activity'> {
    const { mirrorId, limit, before, kinds, search } = args;
    const part = search?.toLowerCase();
    const fits = ({ id, mirrorId: of, kind, path, message }: Activity): boolean =>
      (mirrorId === undefined || of === mirrorId) &&
      (before === undefined || id < before) &&
      (kinds === undefined || kinds.includes(kind)) &&
      (part === undefined || `${path} ${message}`.toLowerCase().includes(part));
    return { items: this.#app.activities.filter(fits).slice(0, limit) };
  }
}

/** A pull that has just begun, with what a test needs changed. */
export function pull(changes: Partial<Pull> = {}): Pull {
  return {
    endpoint: 'https://api.vi.datature.com',
    organizationId: 'northwind',
    pullId: 'pull-1',
    datasetId: 'dataset-1',
    datasetName: 'Warehouse shelves',
    folder: '/home/ada/Pictures/pulled',
    metadataQuery: null,
    isFrozen: false,
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
    ...changes,
  };
}

/** An asset of a dataset, with what a test needs changed. */
export function asset(filename: string, changes: Partial<AssetRow> = {}): AssetRow {
  return {
    assetId: `asset-${filename}`,
    filename,
    size: 184_320,
    mime: 'image/jpeg',
    width: 1600,
    height: 1200,
    annotations: 0,
    annotationsByTag: {},
    customMetadata: {},
    hash: { algorithm: 'CRC32C', contents: 'rL0Y2w==' },
    contentsChangedAt: Date.parse('2026-03-04T08:15:00Z'),
    status: 'ready',
    ...changes,
  };
}
