import type { Stats } from 'node:fs';
import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Watch, WatchOptions } from '../engine/environment.ts';
import { systemCode } from './file-stamp.ts';
import { watchLimits, watchProblem } from './watch-words.ts';

/**
 * So many hints say no more than "everything": the folder itself is handed on instead. Less than what a Linux kernel keeps for us
 * (16,384): when that overflows, it drops the rest without a word.
 */
const mostHints = 10_000;

/** Codes of errors that concern one path alone, which the scan deals with. */
const passing: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

/** Watches a folder. What it hands on are hints, never facts: a scan of the paths says what is so. */
export function watchLocally(options: WatchOptions): Watch {
  let hints = new Set<string>();
  let quietTimer: NodeJS.Timeout | undefined;
  let longestTimer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let hasFailed = false;

  const relativeTo = (absolute: string) => path.relative(options.folder, absolute).split(path.sep).join('/');
  const handOn = () => {
    clearTimeout(quietTimer);
    clearTimeout(longestTimer);
    quietTimer = undefined;
    longestTimer = undefined;
    if (hints.size === 0 || isClosed) return;
    const paths = hints;
    hints = new Set();
    options.onHints(paths);
  };
  const hint = (absolute: string) => {
    if (isClosed) return;
    if (hints.size >= mostHints) hints = new Set(['']);
    else if (!hints.has('')) hints.add(relativeTo(absolute));
    clearTimeout(quietTimer);
    quietTimer = setTimeout(handOn, options.quietMs);
    longestTimer ??= setTimeout(handOn, options.longestMs);
  };

  const watcher: FSWatcher = watch(options.folder, {
    ignoreInitial: true,
    followSymlinks: false,
    // Its pairing of events into one "change" hides names that the scan must see.
    atomic: false,
    ignored: (each, stats) =>
      each.length > options.folder.length && !options.isWatched(relativeTo(each), kindOf(stats)),
  });
  const close = async () => {
    isClosed = true;
    clearTimeout(quietTimer);
    clearTimeout(longestTimer);
    await watcher.close();
  };
  const fail = (code: string) => {
    if (hasFailed) return;
    hasFailed = true;
    options.onFailure(watchProblem(options.folder, code));
    // Half a watch is worth little, and what it holds of the limit is missing elsewhere.
    if (watchLimits.has(code)) void close();
  };
  watcher.on('all', (_event, each) => hint(each));
  watcher.on('ready', () => {
    if (isClosed) return;
    options.onReady();
    // What happened while the watcher looked around for the first time may have been missed.
    hint(options.folder);
  });
  watcher.on('error', (error) => {
    if (isClosed) return;
    const code = systemCode(error) ?? 'unknown';
    if (passing.has(code)) hint(placeOf(error, options.folder));
    else fail(code);
  });
  return { close };
}

function kindOf(stats: Stats | undefined): 'file' | 'folder' | 'link' | 'unknown' {
  if (stats === undefined) return 'unknown';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'file';
}

/** The path that an error is about, as far as it lies in the folder. */
function placeOf(error: unknown, folder: string): string {
  const place = error instanceof Error && 'path' in error ? error.path : undefined;
  const isInside = typeof place === 'string' && place.startsWith(folder + path.sep);
  return isInside ? place : folder;
}
