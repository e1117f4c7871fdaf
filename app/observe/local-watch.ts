import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { Problem } from '../contract.ts';
import type { Watch, WatchOptions } from '../engine/environment.ts';
import { systemCode } from './file-stamp.ts';
import { isIgnoredName } from './ignore-rules.ts';

/** So many hints say no more than "everything": the folder itself is handed on instead. */
const mostHints = 20_000;

/** Codes of errors that concern one path alone, which the scan deals with. */
const passing: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

/** Watches a folder. What it hands on are hints, never facts: a scan of the paths says what is so. */
export function watchLocally(options: WatchOptions): Watch {
  let hints = new Set<string>();
  let quietTimer: NodeJS.Timeout | undefined;
  let longestTimer: NodeJS.Timeout | undefined;
  let isClosed = false;

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
    else if (!hints.has('')) {
      hints.add(path.relative(options.folder, absolute).split(path.sep).join('/'));
    }
    clearTimeout(quietTimer);
    quietTimer = setTimeout(handOn, options.quietMs);
    longestTimer ??= setTimeout(handOn, options.longestMs);
  };

  const watcher: FSWatcher = watch(options.folder, {
    ignoreInitial: true,
    followSymlinks: false,
    // Its pairing of events into one "change" hides names that the scan must see.
    atomic: false,
    ignored: (each) => each.length > options.folder.length && isIgnoredName(path.basename(each)),
  });
  const close = async () => {
    isClosed = true;
    clearTimeout(quietTimer);
    clearTimeout(longestTimer);
    await watcher.close();
  };
  watcher.on('all', (_event, each) => hint(each));
  // What happened while the watcher looked around for the first time may have been missed.
  watcher.on('ready', () => hint(options.folder));
  watcher.on('error', (error) => {
    if (isClosed) return;
    const code = systemCode(error) ?? 'unknown';
    if (passing.has(code)) {
      hint(options.folder);
    } else {
      options.onFailure(watchProblem(options.folder, code));
      void close();
    }
  });
  return { close };
}

function watchProblem(folder: string, code: string): Problem {
  const isLimit = code === 'ENOSPC' || code === 'EMFILE';
  return {
    code: 'watch-failed',
    title: 'Changes are found later than usual',
    detail: isLimit
      ? `The system’s limit of watched folders is reached (${code}), so “${folder}” is scanned from time to time instead.`
      : `The system can’t watch “${folder}” (${code}), so it is scanned from time to time instead.`,
    suggestion: isLimit
      ? 'Raise the limit (on Linux: fs.inotify.max_user_watches), then start Vi Sync again. Nothing is lost meanwhile.'
      : 'Nothing is lost; changes are found with the next scan.',
  };
}
