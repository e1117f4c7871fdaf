import type {
  Account,
  AppApi,
  AppSettings,
  CallArgs,
  CallName,
  CallResult,
  DatasetRow,
  FileRow,
  Hold,
  HoldReason,
  MirrorStatus,
  Preview,
  Problem,
} from '../../app/contract.ts';
import { calls } from '../../app/contract.ts';
import { changedMeanwhile, countsChanged } from '../../app/engine/holds.ts';
import { doubleMirrorId, EngineDouble } from './engine-double.ts';
import { LibraryDouble } from './library-double.ts';
import { problemOfHold } from './scene-problems.ts';

type HoldCount = CallResult<'holdCounts'>['counts'][number];
type Folders = CallResult<'folders'>;

/**
 * The whole app behind a window, with the data that a test gives it: what {@link EngineDouble} does for one mirror's files, and accounts,
 * datasets, folders, holds and settings beside it. What a test asks for changes the data, as it does in the real one.
 */
export class AppDouble extends EngineDouble implements AppApi {
  /** Mirrors beside the one whose files are here. */
  others: MirrorStatus[] = [];
  accounts: Account[] = [];
  keychainProblem: Problem | null = null;
  datasets: DatasetRow[] = [];
  holds: Hold[] = [];
  /** Assets, pulls, trash and settings. */
  readonly library = new LibraryDouble(this);
  /** By item; what a fresh look at a hold tells beside what was listed. */
  annotationsByTag = new Map<string, Record<string, number>>();
  preview: Preview = emptyPreview;
  ignoreRules = '';
  dataRows = 4_120;
  sessions = 3;
  nextSessionAt: number | null = null;
  readonly answered: CallArgs<'answer'>[] = [];
  readonly answeredAll: CallArgs<'answerAll'>[] = [];
  readonly added: CallArgs<'addMirror'>[] = [];
  readonly shownInFolder: CallArgs<'showInFolder'>[] = [];
  appSettings: AppSettings = {
    theme: 'system',
    language: null,
    notifications: { holds: true, finished: false, problems: true },
    startAtLogin: false,
    pauseOnBattery: false,
    updates: 'stable',
    keepAwake: false,
    proxy: null,
    extraCaFile: null,
  };
  /** Folders by path; `/home/ada` is the home. */
  folderTree: Record<string, Omit<Folders, 'path' | 'places'>> = {};

  override status(): MirrorStatus {
    const status = super.status();
    return { ...status, counts: { ...status.counts, held: Math.max(status.counts.held, this.waiting) } };
  }

  /** Holds that wait for an answer. */
  get waiting(): number {
    return this.holds.filter(({ isOptional }) => !isOptional).length;
  }

  get statuses(): MirrorStatus[] {
    return this.hasMirror ? [this.status(), ...this.others] : [...this.others];
  }

  override async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    const answer = this.#own(name, args);
    if (answer === undefined) return super.call(name, args);
    this.received.push({ name, args });
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.failures.has(name)) throw this.failures.get(name);
    return answer() as CallResult<N>;
  }

  /** What answers a call of this name; absent for those that an engine of one mirror answers. */
  #own(name: CallName, args: unknown): (() => unknown) | undefined {
    switch (name) {
      case 'status':
        return () => ({ mirrors: this.statuses });
      case 'accounts':
        return () => ({ items: this.accounts, keychainProblem: this.keychainProblem });
      case 'connectAccount':
        return () => this.#connect(calls.connectAccount.args.parse(args));
      case 'datasets':
        return () => ({ items: this.datasets, nextToken: null });
      case 'appSettings':
        return () => this.appSettings;
      case 'folders':
        return () => this.#folders(calls.folders.args.parse(args).path);
      case 'makeFolder':
        return () => {
          const { parent, name } = calls.makeFolder.args.parse(args);
          this.folderTree[`${parent}/${name}`] = { ...emptyFolder, parent };
          return { path: `${parent}/${name}` };
        };
      case 'showInFolder':
        return () => {
          this.shownInFolder.push(calls.showInFolder.args.parse(args));
          return {};
        };
      case 'usage':
        return () => ({
          organizations: this.statuses.length === 0 ? [] : [this.#usage()],
        });
      case 'file':
        return () => this.#file(calls.file.args.parse(args).path);
      case 'holdCounts':
        return () => ({ counts: this.#holdCounts(calls.holdCounts.args.parse(args).mirrorId) });
      case 'holds':
        return () => this.#holds(calls.holds.args.parse(args));
      case 'hold':
        return () => this.#hold(calls.hold.args.parse(args).item);
      case 'answer':
        return () => this.#answerOne(calls.answer.args.parse(args));
      case 'answerAll':
        return () => this.#answerAll(calls.answerAll.args.parse(args));
      case 'addMirror':
        return () => {
          this.added.push(calls.addMirror.args.parse(args));
          this.hasMirror = true;
          this.isApproved = false;
          this.phase = 'preview';
          this.emit('mirrorChanged', this.status());
          return { mirrorId: doubleMirrorId };
        };
      case 'preview':
        return () => this.preview;
      case 'go':
        return () => {
          this.isApproved = true;
          this.phase = 'syncing';
          this.emit('mirrorChanged', this.status());
          return {};
        };
      case 'pause':
      case 'resume':
        return () => {
          this.phase = name === 'pause' ? 'paused' : 'in-sync';
          this.emit('mirrorChanged', this.status());
          return {};
        };
      case 'changeMirror':
        return () => {
          this.mirrorSettings = {
            ...this.mirrorSettings,
            ...calls.changeMirror.args.parse(args).settings,
          } as MirrorStatus['settings'];
          this.emit('mirrorChanged', this.status());
          return {};
        };
      case 'removeMirror':
        return () => {
          this.hasMirror = false;
          this.emit('mirrorRemoved', { mirrorId: doubleMirrorId });
          return {};
        };
      case 'ignoreRules':
        return () => ({ text: this.ignoreRules });
      case 'changeIgnoreRules':
        return () => {
          this.ignoreRules = calls.changeIgnoreRules.args.parse(args).text;
          return {};
        };
      default:
        return this.library.answer(name, args);
    }
  }

  #connect(args: CallArgs<'connectAccount'>): CallResult<'connectAccount'> {
    const account: Account = {
      endpoint: args.endpoint ?? 'https://api.vi.datature.com',
      organizationId: args.organizationId,
      organizationName: 'Northwind Imaging',
      source: args.forSession === true ? 'session' : 'keychain',
      problem: null,
    };
    this.accounts.push(account);
    this.emit('accountsChanged', {});
    return { account };
  }

  #folders(path: string | null): Folders {
    const at = path ?? '/home/ada';
    const folder = this.folderTree[at] ?? { ...emptyFolder, parent: '/home' };
    const places = [
      { name: 'Home', path: '/home/ada' },
      { name: 'Pictures', path: '/home/ada/Pictures' },
    ];
    return { ...folder, path: at, places };
  }

  #usage(): CallResult<'usage'>['organizations'][number] {
    return {
      endpoint: 'https://api.vi.datature.com',
      organizationId: 'northwind',
      sessions: this.sessions,
      sessionsAllowed: 10,
      windowMs: 600_000,
      nextSessionAt: this.nextSessionAt,
      dataRows: this.dataRows,
    };
  }

  #file(path: string): CallResult<'file'> {
    const row = this.rows.find((row) => row.path === path);
    return { file: row === undefined ? null : detailOf(row, this.activities) };
  }

  #holdCounts(mirrorId: string | undefined): HoldCount[] {
    const counts = new Map<string, HoldCount>();
    for (const hold of this.holds) {
      if (mirrorId !== undefined && hold.mirrorId !== mirrorId) continue;
      const { reason, isOptional } = hold;
      const key = `${hold.mirrorId} ${reason} ${isOptional}`;
      const count = counts.get(key) ?? {
        mirrorId: hold.mirrorId,
        reason,
        isOptional,
        count: 0,
        annotations: 0,
        unknown: 0,
      };
      const annotations = hold.remote === null ? 0 : hold.remote.annotations;
      counts.set(key, {
        ...count,
        count: count.count + 1,
        annotations: count.annotations + (annotations ?? 0),
        unknown: count.unknown + (annotations === null ? 1 : 0),
      });
    }
    return [...counts.values()];
  }

  #holds(args: ReturnType<(typeof calls)['holds']['args']['parse']>): CallResult<'holds'> {
    const kept = this.holds.filter(
      (hold) =>
        hold.mirrorId === args.mirrorId &&
        (args.reason === undefined || hold.reason === args.reason) &&
        (args.includeOptional || !hold.isOptional),
    );
    return { total: kept.length, items: kept.slice(args.offset, args.offset + args.limit) };
  }

  #hold(item: string): CallResult<'hold'> {
    const hold = this.holds.find((hold) => hold.item === item) ?? null;
    const annotationsByTag =
      hold === null || hold.remote === null ? null : (this.annotationsByTag.get(item) ?? {});
    return { hold, annotationsByTag };
  }

  #answerOne(args: ReturnType<(typeof calls)['answer']['args']['parse']>): Record<string, never> {
    const hold = this.holds.find(({ item }) => item === args.item);
    if (hold === undefined || hold.fingerprint !== args.fingerprint)
      throw changedMeanwhile(hold?.path ?? args.item);
    this.answered.push(args);
    if (args.answer.kind === 'keep-theirs' && hold.local !== null) this.#moveToTrash(hold);
    this.#drop((other) => other.item !== args.item);
    return {};
  }

  #moveToTrash({ mirrorId, path }: Hold): void {
    this.library.trash.unshift({
      id: this.library.trash.length + 1,
      mirrorId,
      path,
      trashPath: `/home/ada/.vi-sync/trash/${path}`,
      size: 184_320,
      sha256: null,
      reason: 'answered',
      at: Date.now(),
    });
  }

  #answerAll(args: ReturnType<(typeof calls)['answerAll']['args']['parse']>): CallResult<'answerAll'> {
    const all = this.holds.filter(
      ({ mirrorId, reason }) => mirrorId === args.mirrorId && reason === args.reason,
    );
    if (all.length !== args.expected.count) throw countsChanged(all.length, args.expected.count);
    this.answeredAll.push(args);
    const allowed = all.filter(({ answers }) => answers.includes(args.answer.kind));
    this.#drop((hold) => !allowed.includes(hold));
    return { answered: allowed.length, left: all.length - allowed.length };
  }

  #drop(keep: (hold: Hold) => boolean): void {
    this.holds = this.holds.filter(keep);
    this.changed();
  }
}

export const emptyFolder = { parent: null, folders: [], files: 0, images: 0, isCut: false };

export const emptyPreview: Preview = {
  isReady: true,
  upload: { files: 0, bytes: 0 },
  overwrites: 0,
  download: { files: 0, bytes: 0 },
  compare: { files: 0, bytes: 0 },
  inSync: 0,
  trash: 0,
  deleteAssets: 0,
  dataRows: 0,
  sessions: 0,
  sessionsWaitMs: 0,
  holds: {},
  problems: 0,
};

function detailOf(row: FileRow, activities: CallResult<'activity'>['items']): CallResult<'file'>['file'] {
  const { name, size, mime, width, height, changedAt } = row;
  const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
  const side = { name, size, mime, width, height, sha256, changedAt };
  return {
    row,
    local: row.isOnDisk ? side : null,
    remote:
      row.assetId === null
        ? null
        : {
            ...side,
            assetId: row.assetId,
            annotations: row.annotations,
            hash: { algorithm: 'CRC32C', contents: 'rL0Y20zC+Fzt72VPzMSk2A==' },
            customMetadata: { viSyncPath: row.path, camera: 'front' },
          },
    synced: row.state === 'in-sync' ? { sha256, size } : null,
    history: activities.filter(({ path }) => path === row.path),
  };
}

/** A hold with both sides, with what the test needs changed. */
export function hold(reason: HoldReason, path: string, changes: Partial<Hold> = {}): Hold {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const side = {
    name,
    size: 184_320,
    width: 1600,
    height: 1200,
    sha256: null,
    changedAt: Date.now() - 3_600_000,
  };
  const made = {
    mirrorId: doubleMirrorId,
    item: `item-${path}`,
    path,
    reason,
    fingerprint: `print-${path}`,
    isOptional: reason === 'duplicate',
    local: side,
    remote: {
      ...side,
      size: 201_700,
      changedAt: Date.now() - 600_000,
      assetId: `asset-${path}`,
      annotations: 0,
    },
    answers: ['keep-mine', 'keep-theirs', 'keep-both', 'skip'] as Hold['answers'],
    needsRetention: false,
    ...changes,
  };
  return { ...made, problem: changes.problem ?? problemOfHold(made) };
}
