import { type Contents, isExpired } from './contents.ts';
import {
  ViDownloadError,
  type ViError,
  ViFileTooLargeError,
  ViRateLimitError,
  ViServerError,
  ViUploadError,
} from './errors.ts';
import { noRoom, parseRetryAfter, parseTraceId, singleHeader } from './http-error.ts';
import type { SignedResponse } from './signed-response.ts';

/** Statuses with which storage services refuse a URL that is too old (400 with a code of its own, 401, 403, 410). */
const expiryStatuses = new Set([400, 401, 403, 410]);

/** The part of an answer that is read for its reason. */
const mostReasonBytes = 4096;

/**
 * The typed error of an answer of a signed URL that is not 2xx. Reads the body's beginning for the reason.
 *
 * @param subject - the file or asset, for the message
 */
export async function transferRefusal(
  direction: 'upload' | 'download',
  subject: string,
  contents: Contents,
  response: SignedResponse,
): Promise<ViError> {
  const status = response.statusCode;
  const reason = await readReason(response);
  const options = {
    status,
    traceId: parseTraceId(singleHeader(response.headers['x-cloud-trace-context'])),
    retryAfter: parseRetryAfter(
      singleHeader(response.headers['retry-after']),
      singleHeader(response.headers.date),
    ),
    details: { subject, response: reason },
  };
  const Kind = direction === 'upload' ? ViUploadError : ViDownloadError;
  // Our clock may be off, so the body's own word counts as well as the time.
  if (expiryStatuses.has(status) && (/expired/i.test(reason) || isExpired(contents))) {
    return new Kind(`Cannot ${direction} ${subject}: its signed URL is too old.`, {
      ...options,
      code: 'UrlExpired',
      isExpired: true,
      suggestion:
        direction === 'upload'
          ? 'Create a new ingestion session for the file: it gives a new URL.'
          : 'Get the asset with its contents again: that gives a new URL.',
    });
  }
  const words = reasonIn(reason);
  const message = `Cannot ${direction} ${subject}: the storage answered ${status}${words === '' ? '' : `, "${words}"`}.`;
  if (status === 429) return new ViRateLimitError(message, options);
  if (status === 413) return new ViFileTooLargeError(message, options);
  if (status === 507) return new ViServerError(message, { ...options, ...noRoom });
  if (status >= 500) return new ViServerError(message, options);
  return new Kind(message, options);
}

async function readReason(response: SignedResponse): Promise<string> {
  try {
    return (await response.beginning(mostReasonBytes)).toString('utf8');
  } catch (error) {
    return `(the answer broke off: ${error instanceof Error ? error.message : String(error)})`;
  }
}

/** What an answer says to a person: object stores say it in XML, others in JSON, and some as they like. */
function reasonIn(body: string): string {
  const inXml = /<Message>([^<]*)<\/Message>/i.exec(body)?.[1];
  if (inXml !== undefined) return firstLine(unescapeXml(inXml));
  const inJson = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  return firstLine(inJson === undefined ? body : textOfJson(inJson));
}

function textOfJson(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    // An escape that is none: rather as it came than not at all.
    return json;
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
