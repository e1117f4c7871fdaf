import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import electronLog from 'electron-log/node.js';
import { redactSecrets } from './redact.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Facts beside a message. Errors among them are written with their causes. Secrets are removed wherever they stand. */
export type LogDetails = Readonly<Record<string, unknown>>;

export interface Log {
  error(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  debug(message: string, details?: LogDetails): void;
  /** The same log, each line marked with the part of the program that it comes from. */
  scope(name: string): Log;
}

export interface LogOptions {
  /** Folder of the log files; created with the first entry. */
  readonly folder: string;
  /** Name of the file without `.log`. Programs that run at the same time take different names: rotation is per process. */
  readonly name: string;
  /** The least important level that is logged. Default: `info`. */
  readonly level?: LogLevel;
  /** Takes each entry as well, as `--verbose` does for the terminal. Default: nothing. */
  readonly onLine?: (line: string, level: LogLevel) => void;
  /** Size in bytes past which a file is set aside. Default: 2 MiB. */
  readonly maxSize?: number;
  /** How many files that were set aside are kept. Default: 3. */
  readonly keep?: number;
}

/** A log that goes nowhere. */
export const silentLog: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  scope: () => silentLog,
};

const complaints = new Set<string>();

// The library reports here, through its default logger alone, that a file can't be written. The program goes on without a log; a
// full disk would say so at every entry, so each complaint is made once.
electronLog.transports.console.transforms = [];
electronLog.transports.console.writeFn = ({ message }) => complain(message.data);

function complain(parts: readonly unknown[]): void {
  const text = redactSecrets(
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(': '),
  );
  if (complaints.has(text)) return;
  complaints.add(text);
  process.stderr.write(`vi-sync: ${oneLine(text)}\n`);
}

let logCount = 0;

/**
 * Opens the log `<folder>/<name>.log`: one line an entry (time in UTC, level, part, message, details as JSON), without secrets,
 * readable by its owner only, rotated to `<name>.1.log` … `<name>.<keep>.log`. A file that can't be written never stops the
 * program: that is said once on stderr.
 */
export function openLog(options: LogOptions): Log {
  const { folder, name, level = 'info', onLine, maxSize = 2 * 1024 * 1024, keep = 3 } = options;
  logCount += 1;
  const logger = electronLog.create({ logId: `${name}-${logCount}` });
  // What goes wrong inside the library would be dropped without this.
  Object.assign(logger, { processInternalErrorFn: (error: unknown) => complain(['The log failed', error]) });
  const { file, console: terminal } = logger.transports;
  // What else the library brings along (to a renderer, to a server) is not for us.
  for (const transport of Object.values(logger.transports)) {
    if (transport && transport !== file && transport !== terminal) transport.level = false;
  }

  file.level = level;
  // Otherwise the library looks for a package.json around the working folder, and logs nothing where there is none.
  file.setAppName('vi-sync');
  file.maxSize = maxSize;
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  file.resolvePathFn = () => path.resolve(folder, `${name}.log`);
  file.archiveLogFn = (full) => rotate(full.path, keep);
  // An entry is one finished string by now; the library's own formatting would take a `%` in it for a placeholder.
  file.transforms = [({ data }) => data.join(' ')];

  terminal.level = onLine === undefined ? false : level;
  terminal.transforms = [];
  terminal.writeFn = ({ message }) => onLine?.(message.data.join(' '), toLogLevel(message.level));

  const scoped = (scope: string): Log => {
    const write = (entryLevel: LogLevel, message: string, details?: LogDetails) => {
      const part = scope === '' ? '' : ` (${scope})`;
      const facts = details === undefined ? '' : ` ${factsToJson(details)}`;
      const entry = `${new Date().toISOString()} ${entryLevel}${part} ${message}${facts}`;
      logger[entryLevel](oneLine(redactSecrets(entry)));
    };
    return {
      error: (message, details) => write('error', message, details),
      warn: (message, details) => write('warn', message, details),
      info: (message, details) => write('info', message, details),
      debug: (message, details) => write('debug', message, details),
      scope: (inner) => scoped(scope === '' ? inner : `${scope}/${inner}`),
    };
  };
  return scoped('');
}

function toLogLevel(level: string): LogLevel {
  return level === 'error' || level === 'warn' || level === 'info' ? level : 'debug';
}

/** `x.log` becomes `x.1.log`, what was `x.1.log` becomes `x.2.log`, and so on; the oldest goes. */
function rotate(file: string, keep: number): void {
  const { dir, name, ext } = path.parse(file);
  const aside = (number: number) => path.join(dir, `${name}.${number}${ext}`);
  if (keep < 1) {
    rmSync(file, { force: true });
    return;
  }
  rmSync(aside(keep), { force: true });
  for (let number = keep - 1; number >= 1; number -= 1) {
    if (existsSync(aside(number))) renameSync(aside(number), aside(number + 1));
  }
  // Another process may have rotated the same file a moment ago.
  if (existsSync(file)) renameSync(file, aside(1));
}

function factsToJson(details: LogDetails): string {
  const ancestors: object[] = [];
  return JSON.stringify(details, function (this: unknown, _key, value: unknown) {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    while (ancestors.length > 0 && ancestors.at(-1) !== this) ancestors.pop();
    if (ancestors.includes(value)) return '[circular]';
    const plain = value instanceof Error ? errorFacts(value) : value;
    ancestors.push(plain);
    return plain;
  });
}

function errorFacts(error: Error): object {
  const { name, message, stack, cause } = error;
  return {
    ...error,
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Control characters written out, so that a filename in an entry can't forge another entry or drive a terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
