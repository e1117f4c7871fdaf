import type { Facts } from './contract.ts';
import type { ViError } from './vi/index.ts';

/** Details of the client's errors that a sentence can name. The rest, such as the beginning of an answer, is for logs. */
const named = [
  'case',
  'path',
  'host',
  'errno',
  'filename',
  'organization',
  'endpoint',
  'other',
  'otherEndpoint',
  'stored',
  'example',
  'length',
  'due',
  'seconds',
] as const;

/** What an error of the client is about. `message` are its own words, in English; `case` is the system's code where there is one. */
export function errorFacts({ message, status, retryAfter, details }: ViError): Facts {
  const facts: Record<string, string | number> = { message };
  for (const name of named) {
    const fact = details[name];
    if (typeof fact === 'string' || typeof fact === 'number') facts[name] = fact;
  }
  if (status !== undefined) facts.status = status;
  if (retryAfter !== undefined) facts.waitSeconds = Math.max(1, Math.ceil(retryAfter / 1000));
  if (facts.case === undefined && facts.errno !== undefined) facts.case = facts.errno;
  return facts;
}
