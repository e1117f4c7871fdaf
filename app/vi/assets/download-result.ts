import type { ViError } from '../errors.ts';
import type { LazyList } from '../lazy-list.ts';

/** An asset that was not downloaded, and why. */
export interface DownloadFailure {
  readonly assetId: string;
  /** As the service has it. */
  readonly filename: string;
  /** Where it would have gone; null when it can't have a name on this disk. */
  readonly path: string | null;
  readonly code: string;
  /** For a person, with what to do. */
  readonly message: string;
  readonly error: ViError;
}

/** A file that was there, differs from its asset, and was left as it is. */
export interface KeptFile {
  readonly path: string;
  readonly assetId: string;
  readonly filename: string;
  /**
   * `size` or `content` differ; `unknown` when the service tells neither size nor hash; `not-a-file` when a folder, a
   * symbolic link or the like is there.
   */
  readonly difference: 'size' | 'content' | 'unknown' | 'not-a-file';
}

/** A file that has another name than its asset. */
export interface RenamedFile {
  /** The asset's name. */
  readonly filename: string;
  /** The name of the file. */
  readonly savedAs: string;
}

export interface DownloadResultFields {
  readonly saveDir: string;
  readonly folder: string;
  readonly totalFiles: number;
  readonly totalDownloaded: number;
  readonly totalSkipped: number;
  readonly totalBytes: number;
  readonly kept: readonly KeptFile[];
  readonly failures: readonly DownloadFailure[];
  readonly renamed: LazyList<RenamedFile>;
  readonly unverified: LazyList<string>;
}

/** What a download did. `totalFiles` = `totalDownloaded` + `totalSkipped` + `totalKept` + `totalFailed`. */
export class AssetDownloadResult {
  readonly saveDir: string;
  /** The folder that the files are in: `saveDir/{datasetId}`. */
  readonly folder: string;
  /** Assets of the dataset that matched. */
  readonly totalFiles: number;
  readonly totalDownloaded: number;
  /** Files that were there and are the same as their asset. */
  readonly totalSkipped: number;
  /** Files that were there, differ, and were left as they are (`overwrite: false`). */
  readonly totalKept: number;
  readonly totalFailed: number;
  /** Bytes fetched of the files that arrived. */
  readonly totalBytes: number;
  readonly kept: readonly KeptFile[];
  readonly failures: readonly DownloadFailure[];
  /** Filenames of assets whose file did not arrive. */
  readonly failedFiles: readonly string[];
  readonly totalRenamed: number;
  readonly totalUnverified: number;
  readonly #renamed: LazyList<RenamedFile>;
  readonly #unverified: LazyList<string>;

  constructor(fields: DownloadResultFields) {
    this.saveDir = fields.saveDir;
    this.folder = fields.folder;
    this.totalFiles = fields.totalFiles;
    this.totalDownloaded = fields.totalDownloaded;
    this.totalSkipped = fields.totalSkipped;
    this.totalKept = fields.kept.length;
    this.totalFailed = fields.failures.length;
    this.totalBytes = fields.totalBytes;
    this.kept = fields.kept;
    this.failures = fields.failures;
    this.failedFiles = fields.failures.map((failure) => failure.filename);
    this.totalRenamed = fields.renamed.length;
    this.totalUnverified = fields.unverified.length;
    this.#renamed = fields.renamed;
    this.#unverified = fields.unverified;
  }

  /** Assets whose name this disk can't hold, and the name that their file has instead (see `safeFilename`). Made anew each time. */
  get renamed(): readonly RenamedFile[] {
    return this.#renamed.items();
  }

  /**
   * Paths of files, downloaded or skipped, whose content no hash of the service could vouch for, only the size. Made anew each
   * time: where the service gives no hashes it names every file.
   */
  get unverified(): readonly string[] {
    return this.#unverified.items();
  }

  /** A few lines for a person. */
  summary(): string {
    const lines = [
      `Downloaded ${this.totalDownloaded} of ${count(this.totalFiles, 'asset')} (${this.totalBytes} bytes) to ${this.folder}.`,
    ];
    if (this.totalSkipped > 0) lines.push(`${count(this.totalSkipped, 'file')} already there and the same.`);
    if (this.totalKept > 0)
      lines.push(`${count(this.totalKept, 'file')} already there with other content, and kept:`);
    lines.push(...listed(this.kept, (kept) => kept.path));
    if (this.totalFailed > 0) lines.push(`${count(this.totalFailed, 'asset')} failed:`);
    lines.push(
      ...listed(this.failures, (failure) => `${failure.filename}: ${failure.code}: ${failure.message}`),
    );
    const { renamed } = this;
    if (renamed.length > 0) lines.push(`${count(renamed.length, 'file')} saved under another name:`);
    lines.push(...listed(renamed, ({ filename, savedAs }) => `${JSON.stringify(filename)} as ${savedAs}`));
    if (this.totalUnverified > 0)
      lines.push(`${count(this.totalUnverified, 'file')} could be checked by size only.`);
    return lines.join('\n');
  }

  /** Throws the first failure's error, if there is one; returns the result itself otherwise. */
  throwIfFailed(): this {
    const error = this.failures[0]?.error;
    if (error !== undefined) throw error;
    return this;
  }
}

const mostLines = 20;

function* listed<T>(items: readonly T[], text: (item: T) => string): Generator<string> {
  for (const item of items.slice(0, mostLines)) yield `  ${text(item)}`;
  if (items.length > mostLines) yield `  … and ${items.length - mostLines} more.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
