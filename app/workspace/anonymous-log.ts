import { redactSecrets } from '../redact.ts';

/** Facts of a log entry that say nothing about anybody: numbers, codes, words of the program. */
const harmlessFacts: ReadonlySet<string> = new Set([
  'attempt',
  'bytes',
  'code',
  'count',
  'errno',
  'event',
  'exitCode',
  'isRetryable',
  'kind',
  'ms',
  'phase',
  'platform',
  'reason',
  'retryAfter',
  'state',
  'status',
  'syscall',
  'tries',
  'version',
  'waitMs',
]);

/** Facts that are looked into, and kept without their words. */
const nestedFacts: ReadonlySet<string> = new Set(['cause', 'error', 'problem']);

const linePattern = /^(\S+ (?:error|warn|info|debug)(?: \([\w/-]+\))?) (.*)$/s;

/**
 * A line of the log without anything that a person or the service could have named: what the program itself says stays, up to the first
 * thing that may be a name; of the facts beside it only those stay of which it is known that they are none.
 */
export function anonymousLog(line: string): string {
  const [, head, rest] = linePattern.exec(line) ?? [];
  if (head === undefined || rest === undefined) return '…';
  const at = rest.indexOf(' {');
  const message = at === -1 ? rest : rest.slice(0, at);
  const facts = at === -1 ? null : parse(rest.slice(at + 1));
  const told = facts === null ? '' : ` ${JSON.stringify(harmless(facts))}`;
  return redactSecrets(`${head} ${anonymousWords(message)}${told}`);
}

/** Words of the program: nothing in quotation marks, no paths, no addresses, and nothing behind a colon. */
function anonymousWords(message: string): string {
  const [words = ''] = message.split(/:(?=\s|$)/, 1);
  const isCut = words.length < message.length;
  const plain = words
    .replaceAll(/“[^”]*”?|"[^"]*"?|(?<=^|\s)'[^']*'?|‘[^’]*’?/g, '“…”')
    .replace(/(?<=^|[\s(])(?:[\w.-]+:)?[\\/~][\s\S]*$/, '…')
    .replaceAll(/\S*[\\/]\S*/g, '…')
    .replaceAll(/\S+\.\w{2,5}(?=$|[\s,;)])/g, '…');
  return isCut ? `${plain}: …` : plain;
}

function harmless(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (nestedFacts.has(name) && isRecord(value)) kept[name] = harmless(value);
    else if (name === 'stack' && typeof value === 'string') kept.stack = anonymousStack(value);
    else if (
      name === 'name' &&
      typeof value === 'string' &&
      /^[A-Z]\w*(?:Error|Failure|Refused|Lost)$/.test(value)
    )
      kept.name = value;
    else if (harmlessFacts.has(name) && isHarmless(value)) kept[name] = value;
  }
  return kept;
}

function isHarmless(value: unknown): boolean {
  if (typeof value === 'string') return /^[\w-]{1,40}$|^v[\d.]+$/.test(value);
  return typeof value === 'number' || typeof value === 'boolean' || value === null;
}

/** Where in the program: functions and the files of ours that they are in. */
function anonymousStack(stack: string): string[] {
  return stack
    .split('\n')
    .flatMap((line) => {
      const [, called, file] =
        /^\s+at (?:async )?([\w.#<>[\] ]*?)\s*\(?(?:[^()]*[\\/])?([\w.-]+\.(?:ts|js|mjs):\d+:\d+)\)?$/.exec(
          line,
        ) ?? [];
      return file === undefined ? [] : [`${called ?? ''} ${file}`.trim()];
    })
    .slice(0, 30);
}

/** Takes known names out of a text, whatever their case: the last net under {@link anonymousLog}. */
export function withoutNames(text: string, names: readonly string[]): string {
  let anonymous = text;
  const worthwhile = [...new Set(names)].filter((name) => name.length >= 4 && !isOrdinary(name));
  for (const name of worthwhile.sort((a, b) => b.length - a.length)) {
    anonymous = anonymous.replaceAll(new RegExp(name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi'), '…');
  }
  return anonymous;
}

/** Parts of paths that every system has, and words that the program itself says. */
function isOrdinary(name: string): boolean {
  return /^(?:home|users?|root|temp|local|share|data|images?|files?|folders?|datasets?|mirrors?|sandbox|engine|vi-sync|playground|pictures|documents|desktop|downloads|library|application support|appdata|roaming|volumes|media|sample)$/i.test(
    name,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
