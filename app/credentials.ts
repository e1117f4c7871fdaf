import path from 'node:path';
import { z } from 'zod';
import type { Facts, Problem } from './contract.ts';
import { type Keychain, openKeychain } from './keychain.ts';
import { registerSecret } from './redact.ts';
import { DEFAULT_ENDPOINT } from './vi/default-endpoint.ts';

export { KeychainError, KeychainProblem } from './keychain.ts';

export { DEFAULT_ENDPOINT };

export type CredentialsSource = 'arguments' | 'environment' | 'keychain';

/** What it takes to speak to the service. */
export interface Credentials {
  readonly secretKey: string;
  readonly organizationId: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Where the secret key came from. */
  readonly source: CredentialsSource;
}

export const CredentialsProblem = {
  KEY_MALFORMED: 'secret-key-malformed',
  ORGANIZATION_MISSING: 'organization-missing',
  ORGANIZATION_MALFORMED: 'organization-malformed',
  ENDPOINT_MALFORMED: 'endpoint-malformed',
  /** The stored key belongs to another endpoint than the one that was asked for. */
  ENDPOINT_DIFFERS: 'endpoint-differs',
  ENTRY_UNREADABLE: 'keychain-entry-unreadable',
} as const;
export type CredentialsProblem = (typeof CredentialsProblem)[keyof typeof CredentialsProblem];

/** Credentials that are there but can't be used. Never carries the key, nor a part of it. */
export class CredentialsError extends Error implements Problem {
  readonly code: CredentialsProblem;
  readonly title: string;
  readonly detail: string;
  readonly suggestion: string;
  readonly facts: Facts;

  constructor(code: CredentialsProblem, words: Omit<Problem, 'code'>, options?: ErrorOptions) {
    super(`${words.title} ${words.detail}`, options);
    this.name = 'CredentialsError';
    this.code = code;
    this.title = words.title;
    this.detail = words.detail;
    this.suggestion = words.suggestion;
    this.facts = words.facts ?? {};
  }
}

export interface LoadOptions {
  /** Goes before environment and keychain, field by field. */
  readonly explicit?: {
    readonly secretKey?: string | undefined;
    readonly organizationId?: string | undefined;
    readonly endpoint?: string | undefined;
  };
  readonly env?: NodeJS.ProcessEnv;
  /** Asked only when neither arguments nor environment hold a key. */
  readonly keychain?: Keychain;
  readonly signal?: AbortSignal | undefined;
}

const KEY_LENGTH = 103;
const SECRET_KEY = /^dtvi_[\x21-\x7e]{98}$/u;
const ORGANIZATION_ID = /^[a-zA-Z0-9_-]{1,255}$/u;

const entrySchema = z.object({ secretKey: z.string(), organizationId: z.string(), endpoint: z.string() });

/**
 * The credentials to use: from the arguments, else the environment (`DATATURE_VI_SECRET_KEY`, `DATATURE_VI_ORGANIZATION_ID`,
 * `DATATURE_VI_API_ENDPOINT`), else the keychain; null when there is no key anywhere. A key from the keychain is only used for
 * the endpoint that it was stored for: a changed endpoint must not send it to a stranger.
 * @throws CredentialsError, KeychainError, or the signal's reason
 */
export async function loadCredentials(options: LoadOptions = {}): Promise<Credentials | null> {
  const { explicit = {}, env = process.env, signal } = options;
  const organizationId = given(explicit.organizationId) ?? given(env.DATATURE_VI_ORGANIZATION_ID);
  const endpoint = given(explicit.endpoint) ?? given(env.DATATURE_VI_API_ENDPOINT);
  const explicitKey = given(explicit.secretKey);
  const secretKey = explicitKey ?? given(env.DATATURE_VI_SECRET_KEY);
  if (secretKey !== undefined) {
    return checkCredentials({
      secretKey,
      organizationId,
      endpoint: endpoint ?? DEFAULT_ENDPOINT,
      source: explicitKey === undefined ? 'environment' : 'arguments',
    });
  }

  const text = await (options.keychain ?? openKeychain()).get(keychainAccount(env), { signal });
  if (text === null) return null;
  const stored = checkCredentials({ ...parseEntry(text), source: 'keychain' });
  if (endpoint !== undefined && normalizeEndpoint(endpoint) !== stored.endpoint) {
    throw new CredentialsError(CredentialsProblem.ENDPOINT_DIFFERS, {
      title: 'The stored key belongs to another endpoint.',
      facts: { stored: stored.endpoint, endpoint: normalizeEndpoint(endpoint) },
      detail: `The key in the keychain is for ${stored.endpoint}; it is not sent to ${normalizeEndpoint(endpoint)}.`,
      suggestion: `Log in to that endpoint (vi-sync login --endpoint ${normalizeEndpoint(endpoint)}), or leave the endpoint out. DATATURE_VI_API_ENDPOINT in the environment counts too.`,
    });
  }
  return organizationId === undefined
    ? stored
    : { ...stored, organizationId: checkOrganization(organizationId) };
}

/**
 * Stores credentials in the keychain, in place of what was there. There is no other place: where the keychain can't be used,
 * this throws, and nothing is written anywhere.
 * @throws CredentialsError, KeychainError, or the signal's reason
 */
export async function saveCredentials(
  credentials: Omit<Credentials, 'source'>,
  options: Omit<LoadOptions, 'explicit'> = {},
): Promise<void> {
  const { secretKey, organizationId, endpoint } = checkCredentials({ ...credentials, source: 'arguments' });
  const entry = JSON.stringify({ secretKey, organizationId, endpoint });
  await (options.keychain ?? openKeychain()).set(keychainAccount(options.env), entry, {
    signal: options.signal,
  });
}

/**
 * Removes the credentials from the keychain; false when it held none.
 * @throws KeychainError, or the signal's reason
 */
export function deleteCredentials(options: Omit<LoadOptions, 'explicit'> = {}): Promise<boolean> {
  const { keychain = openKeychain(), env, signal } = options;
  return keychain.delete(keychainAccount(env), { signal });
}

/**
 * Checks the form of credentials that a person gave, before anything is sent.
 * @throws CredentialsError
 */
export function checkCredentials(given: {
  readonly secretKey: string;
  readonly organizationId: string | undefined;
  readonly endpoint: string;
  readonly source: CredentialsSource;
}): Credentials {
  const secretKey = given.secretKey.trim();
  registerSecret(secretKey);
  if (!SECRET_KEY.test(secretKey)) {
    const found = secretKey.startsWith('dtvi_')
      ? `This one has ${secretKey.length} characters${secretKey.length === KEY_LENGTH ? ', some of which no key has' : ''}.`
      : `This one begins otherwise and has ${secretKey.length} characters.`;
    throw new CredentialsError(CredentialsProblem.KEY_MALFORMED, {
      title: "The secret key doesn't have the form of a key.",
      facts: {
        case: !secretKey.startsWith('dtvi_')
          ? 'begin'
          : secretKey.length === KEY_LENGTH
            ? 'characters'
            : 'length',
        length: secretKey.length,
        due: KEY_LENGTH,
      },
      detail: `A key begins with dtvi_ and has ${KEY_LENGTH} characters. ${found}`,
      suggestion: 'Copy the whole key once more from the settings of your organization in Datature Vi.',
    });
  }
  if (given.organizationId === undefined) {
    throw new CredentialsError(CredentialsProblem.ORGANIZATION_MISSING, {
      title: 'The organization ID is missing.',
      detail: 'There is a secret key, but not the ID of the organization that it belongs to.',
      suggestion: 'Set DATATURE_VI_ORGANIZATION_ID beside DATATURE_VI_SECRET_KEY, or pass --organization.',
    });
  }
  const organizationId = checkOrganization(given.organizationId);
  return { secretKey, organizationId, endpoint: normalizeEndpoint(given.endpoint), source: given.source };
}

/**
 * The endpoint as a URL without a slash at its end.
 * @throws CredentialsError when it is no URL, or one that the key must not travel to: anything but https, save http on this machine
 */
export function normalizeEndpoint(endpoint: string): string {
  const fail = (kind: string, detail: string): never => {
    throw new CredentialsError(CredentialsProblem.ENDPOINT_MALFORMED, {
      title: "The endpoint can't be used.",
      facts: { case: kind, endpoint: endpoint.trim(), example: DEFAULT_ENDPOINT },
      detail,
      suggestion: `Give a URL such as ${DEFAULT_ENDPOINT}, or leave the endpoint out. DATATURE_VI_API_ENDPOINT in the environment counts too.`,
    });
  };
  const text = endpoint.trim();
  if (!URL.canParse(text)) return fail('no-url', `“${text}” is no URL.`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return fail('more', 'It must have no user name, password, query or fragment.');
  }
  const local = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/u.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
    return fail(
      'open',
      `${url.origin} is not https: the secret key would cross the network readable to others.`,
    );
  }
  return url.href.replace(/\/+$/u, '');
}

function checkOrganization(text: string): string {
  const organizationId = text.trim();
  if (ORGANIZATION_ID.test(organizationId)) return organizationId;
  throw new CredentialsError(CredentialsProblem.ORGANIZATION_MALFORMED, {
    title: "The organization ID doesn't have the form of an ID.",
    detail: 'An ID has 1 to 255 letters, digits, hyphens and underscores.',
    suggestion: 'Copy the ID once more from the settings of your organization in Datature Vi.',
  });
}

/** Each installation has its own entry: one with a data folder of its own doesn't touch the login of the usual one. */
function keychainAccount(env: NodeJS.ProcessEnv = process.env): string {
  const folder = given(env.VI_SYNC_DATA);
  return folder === undefined ? 'default' : path.resolve(folder);
}

function parseEntry(text: string): z.infer<typeof entrySchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes what it read, which is the secret; it must not become a cause.
    value = undefined;
  }
  const entry = entrySchema.safeParse(value);
  if (entry.success) return entry.data;
  throw new CredentialsError(CredentialsProblem.ENTRY_UNREADABLE, {
    title: 'The keychain entry of Vi Sync is not readable.',
    detail: 'It is not what Vi Sync stores there; another program or version may have written it.',
    suggestion: 'Run vi-sync login to store it anew.',
  });
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
