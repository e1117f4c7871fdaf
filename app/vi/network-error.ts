import { type ViError, ViNetworkError, ViTimeoutError } from './errors.ts';

const timeouts = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'TOO_SLOW',
]);

/** Codes of a connection that never came about, so that the request can't have been processed. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host can not be reached',
  ENETUNREACH: 'the network can not be reached',
  ECONNRESET: 'the connection was closed by the other side',
  EPIPE: 'the connection was closed by the other side',
  UND_ERR_SOCKET: 'the connection was closed by the other side',
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function isCertificateProblem(code: string | undefined): boolean {
  return code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|HOSTNAME_MISMATCH/.test(code);
}

/**
 * The typed error of a request that got no answer. The cause is a plain copy: the errors of HTTP libraries hold the
 * request's headers, and with them the secret key.
 *
 * @param what - what was being done, e.g. "list the assets"
 * @param host - whom it was asked of
 */
export function networkError(error: unknown, what: string, host: string): ViError {
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const options = { cause: plainCopy(error, text), details: { host, errno: code } };
  if (code !== undefined && timeouts.has(code)) {
    return new ViTimeoutError(`Cannot ${what}: ${host} took too long to answer.`, options);
  }
  if (isCertificateProblem(code)) {
    return new ViNetworkError(`Cannot ${what}: the certificate of ${host} can not be trusted (${text}).`, {
      ...options,
      code: 'CertificateInvalid',
      suggestion:
        'Check the endpoint and the clock of this computer. Behind a company proxy, set NODE_EXTRA_CA_CERTS.',
      isRetryable: false,
    });
  }
  const reason = (code === undefined ? undefined : reasons[code]) ?? text;
  return new ViNetworkError(`Cannot ${what}: no connection to ${host}, ${reason}.`, options);
}

/** True when the failed request can't have reached the service. */
export function wasNeverSent(error: ViError): boolean {
  const errno = error.details.errno;
  return typeof errno === 'string' && neverConnected.has(errno);
}

function plainCopy(error: unknown, text: string): Error {
  const copy: Error & { code?: string } = new Error(text);
  if (error instanceof Error) {
    copy.name = error.name;
    if (error.stack !== undefined) copy.stack = error.stack;
    const code = codeOf(error);
    if (code !== undefined) copy.code = code;
  }
  return copy;
}
