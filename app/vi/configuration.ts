import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ViConfigurationError } from './errors.ts';
import { isLoopback } from './loopback.ts';

/** Source of these values: VI-API, "Connection". */
export const defaultEndpoint = 'https://api.vi.datature.com';
const keyPrefix = 'dtvi_';
const keyLength = 103;
const organizationPattern = /^[a-zA-Z0-9_-]{1,255}$/;

export interface ConfigurationOptions {
  readonly secretKey?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly configFile?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface Configuration {
  readonly secretKey: string;
  readonly organizationId: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
}

const configFileSchema = z.looseObject({
  secret_key: z.string().optional(),
  organization_id: z.string().optional(),
  endpoint: z.string().optional(),
});

/**
 * Finds the credentials, each value by itself: argument, then environment, then JSON file. No message holds the key or a
 * part of it.
 *
 * @throws ViConfigurationError
 */
export function resolveConfiguration(options: ConfigurationOptions): Configuration {
  const env = options.env ?? process.env;
  const file = options.configFile === undefined ? {} : readConfigFile(options.configFile);
  const secretKey = firstSet(options.secretKey, env.DATATURE_VI_SECRET_KEY, file.secret_key);
  const organizationId = firstSet(
    options.organizationId,
    env.DATATURE_VI_ORGANIZATION_ID,
    file.organization_id,
  );
  const endpoint = firstSet(options.endpoint, env.DATATURE_VI_API_ENDPOINT, file.endpoint) ?? defaultEndpoint;
  return {
    secretKey: checkSecretKey(secretKey),
    organizationId: checkOrganizationId(organizationId),
    endpoint: checkEndpoint(endpoint),
  };
}

/** Empty values count as not set: shells and CI systems leave such behind. White space around a pasted value is dropped. */
function firstSet(...values: (string | undefined)[]): string | undefined {
  for (const value of values) {
    const trimmed = value?.trim();
    if (trimmed !== undefined && trimmed !== '') return trimmed;
  }
  return undefined;
}

/**
 * Checks the form of a secret key.
 *
 * @throws ViConfigurationError
 */
export function checkSecretKey(secretKey: string | undefined): string {
  if (secretKey === undefined) {
    throw new ViConfigurationError('There is no secret key.', {
      code: 'SecretKeyMissing',
      suggestion:
        'Pass secretKey, set DATATURE_VI_SECRET_KEY, or name a JSON file with secret_key as configFile.',
    });
  }
  if (!secretKey.startsWith(keyPrefix)) {
    throw new ViConfigurationError(`The secret key does not begin with "${keyPrefix}".`, {
      code: 'SecretKeyInvalid',
      suggestion:
        'Copy the whole secret key from the organization’s settings; it is not the organization ID.',
    });
  }
  if (secretKey.length !== keyLength) {
    throw new ViConfigurationError(
      `The secret key has ${secretKey.length} characters instead of ${keyLength}.`,
      {
        code: 'SecretKeyInvalid',
        suggestion: 'Copy the whole secret key again; a part of it is missing, or something was added.',
      },
    );
  }
  if (!/^[\x21-\x7e]+$/.test(secretKey)) {
    throw new ViConfigurationError('The secret key has a space or another character that no key has.', {
      code: 'SecretKeyInvalid',
      suggestion: 'Copy the whole secret key again.',
    });
  }
  return secretKey;
}

function checkOrganizationId(organizationId: string | undefined): string {
  if (organizationId === undefined) {
    throw new ViConfigurationError('There is no organization ID.', {
      code: 'OrganizationIdMissing',
      suggestion:
        'Pass organizationId, set DATATURE_VI_ORGANIZATION_ID, or name a JSON file with organization_id as configFile.',
    });
  }
  if (!organizationPattern.test(organizationId)) {
    // A key that was pasted into the wrong place must not be repeated in a message.
    throw new ViConfigurationError(
      'The organization ID is not an ID: 1 to 255 letters, digits, "_" or "-".',
      {
        code: 'OrganizationIdInvalid',
        suggestion: 'Copy the organization ID from the organization’s settings.',
      },
    );
  }
  if (organizationId.startsWith(keyPrefix) && organizationId.length === keyLength) {
    throw new ViConfigurationError('The organization ID has the form of a secret key.', {
      code: 'OrganizationIdInvalid',
      suggestion: 'The secret key was given where the organization ID belongs.',
    });
  }
  return organizationId;
}

function checkEndpoint(endpoint: string): string {
  const invalid = (reason: string, suggestion: string): ViConfigurationError =>
    new ViConfigurationError(`The endpoint ${reason}.`, { code: 'EndpointInvalid', suggestion });
  const url = URL.parse(endpoint);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalid('is not a web address', `Use an address like ${defaultEndpoint}.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid(
      'has a user name, password, query or fragment',
      `Use a plain address like ${defaultEndpoint}.`,
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw invalid(
      'is not encrypted',
      'Use https: the secret key would cross the network readable by others.',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function readConfigFile(path: string): z.infer<typeof configFileSchema> {
  const invalid = (reason: string, cause?: unknown): ViConfigurationError =>
    new ViConfigurationError(`The configuration file ${path} ${reason}.`, {
      code: 'ConfigurationFileInvalid',
      suggestion: 'Write a JSON object with "secret_key" and "organization_id" into it.',
      details: { path },
      cause,
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid('can not be read', error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own error quotes the text, which holds the key: it is not passed on as the cause.
    throw invalid('is not JSON');
  }
  const parsed = configFileSchema.safeParse(json);
  if (!parsed.success) throw invalid('does not have "secret_key" and "organization_id" as texts');
  return parsed.data;
}
