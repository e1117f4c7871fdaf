import type { Problem } from '../contract.ts';
import {
  type Credentials,
  CredentialsError,
  DEFAULT_ENDPOINT,
  deleteCredentials,
  KeychainError,
  KeychainProblem,
  loadCredentials,
  saveCredentials,
} from '../credentials.ts';
import type { DatasetAddress } from '../engine/environment.ts';
import type { Keychain } from '../keychain.ts';
import { ViConfigurationError } from '../vi/index.ts';
import { isLoopback } from '../vi/loopback.ts';

/** Where an organization is. */
export type Place = Pick<DatasetAddress, 'endpoint' | 'organizationId'>;

/** A key with the one place that it is sent to. */
export type PlacedKey = Omit<Credentials, 'source'>;

/** `session`: kept in memory alone; `sandbox`: of a sandbox that runs in this program. */
export interface AccountKey extends PlacedKey {
  readonly source: 'sandbox' | 'session' | 'environment' | 'keychain';
}

export interface AccountKeysOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly keychain: Keychain;
  /** Of a sandbox that runs in this program. */
  readonly sandbox?: PlacedKey | undefined;
}

/** After somebody has not unlocked the keychain, they are not asked again for this long, unless they ask for it. Milliseconds. */
const keychainRestMs = 5 * 60_000;

/**
 * The secret keys of the person who runs the program, each for its own endpoint and organization: of the sandbox, of this session, of the
 * environment and of the keychain, in this order. They leave it to clients of the service alone.
 */
export class AccountKeys {
  readonly #env: NodeJS.ProcessEnv;
  readonly #keychain: RestingKeychain;
  readonly #sandbox: AccountKey | null;
  readonly #session = new Map<string, AccountKey>();

  constructor({ env, keychain, sandbox }: AccountKeysOptions) {
    this.#env = env;
    this.#keychain = restingKeychain(keychain);
    this.#sandbox = sandbox === undefined ? null : { ...sandbox, source: 'sandbox' };
  }

  /**
   * The key that belongs to an organization at an endpoint.
   *
   * @throws ViConfigurationError when there is none, or another's; CredentialsError, KeychainError; the signal's reason
   */
  async find(place: Place, signal: AbortSignal): Promise<AccountKey> {
    const kept = this.#kept().find((key) => isOf(key, place));
    if (kept !== undefined) return kept;
    const inEnvironment = await this.#inEnvironment();
    if (inEnvironment !== null && isOf(inEnvironment, place)) return inEnvironment;
    const stored = await this.#stored(signal);
    if (stored !== null && isOf(stored, place)) return stored;
    throw wrongKey(place, stored ?? inEnvironment);
  }

  /** All keys, one for each place; and what keeps keys from being found, in words. */
  async all(signal: AbortSignal): Promise<{
    readonly keys: readonly AccountKey[];
    readonly environmentProblem: Problem | null;
    readonly keychainProblem: Problem | null;
  }> {
    const [inEnvironment, stored] = await Promise.all([
      orProblem(this.#inEnvironment()),
      orProblem(this.#stored(signal)),
    ]);
    const keys: AccountKey[] = [];
    for (const key of [...this.#kept(), inEnvironment.key, stored.key]) {
      if (key !== null && !keys.some((other) => isOf(other, key))) keys.push(key);
    }
    return { keys, environmentProblem: inEnvironment.problem, keychainProblem: stored.problem };
  }

  /** Keeps a key in memory, until the program ends. */
  keepForSession(key: PlacedKey): void {
    this.#session.set(idOf(key), { ...key, source: 'session' });
  }

  /** Stores a key in the keychain, in place of the one that is there. @throws KeychainError; the signal's reason */
  async store(key: PlacedKey, signal: AbortSignal): Promise<void> {
    await saveCredentials(key, { keychain: this.#keychain, env: this.#env, signal });
    this.#session.delete(idOf(key));
  }

  /** Forgets the key of a place. @returns where it was; null: there was none that can be forgotten */
  async forget(place: Place, signal: AbortSignal): Promise<'session' | 'keychain' | null> {
    const wasKept = this.#session.delete(idOf(place));
    this.wake();
    const stored = await orProblem(this.#stored(signal));
    if (stored.key !== null && isOf(stored.key, place)) {
      await deleteCredentials({ keychain: this.#keychain, env: this.#env, signal });
      return 'keychain';
    }
    if (wasKept) return 'session';
    if (stored.error !== null) throw stored.error;
    return null;
  }

  /** Somebody has asked for a new try: a keychain that was left alone because it is locked is asked again. */
  wake(): void {
    this.#keychain.wake();
  }

  #kept(): AccountKey[] {
    return [...(this.#sandbox === null ? [] : [this.#sandbox]), ...this.#session.values()];
  }

  async #inEnvironment(): Promise<AccountKey | null> {
    const found = await loadCredentials({ env: this.#env, keychain: emptyKeychain });
    return found === null ? null : { ...found, source: 'environment' };
  }

  async #stored(signal: AbortSignal): Promise<AccountKey | null> {
    // A key of the environment goes to its own endpoint and organization alone, and so do these from the keychain.
    const { DATATURE_VI_SECRET_KEY: _key, DATATURE_VI_ORGANIZATION_ID: _organization, ...rest } = this.#env;
    const { DATATURE_VI_API_ENDPOINT: _endpoint, ...withoutVi } = rest;
    const found = await loadCredentials({ env: withoutVi, keychain: this.#keychain, signal });
    return found === null ? null : { ...found, source: 'keychain' };
  }
}

function idOf({ endpoint, organizationId }: Place): string {
  return `${organizationId} ${endpoint}`;
}

function isOf(key: Place, place: Place): boolean {
  return idOf(key) === idOf(place);
}

/** What is wrong with a place for keys is no reason not to look at the others. */
async function orProblem(
  looking: Promise<AccountKey | null>,
): Promise<{ key: AccountKey | null; problem: Problem | null; error: Error | null }> {
  try {
    return { key: await looking, problem: null, error: null };
  } catch (error) {
    if (!isKeyError(error)) throw error;
    const { code, title, detail, suggestion, facts } = error;
    return { key: null, problem: { code, title, detail, suggestion, facts }, error };
  }
}

/** An error that says that keys are there and can't be used. */
export function isKeyError(error: unknown): error is CredentialsError | KeychainError {
  return error instanceof CredentialsError || error instanceof KeychainError;
}

function wrongKey(place: Place, found: AccountKey | null): ViConfigurationError {
  const isUsual = place.endpoint === DEFAULT_ENDPOINT;
  const login = `vi-sync login --organization ${place.organizationId}${isUsual ? '' : ` --endpoint ${place.endpoint}`}`;
  const suggestion = isLocal(place.endpoint)
    ? `If that is a sandbox, start it, and paste the lines that it prints before this is run again. Otherwise run ${login}.`
    : `Run ${login}. The mirror goes on by itself then.`;
  if (found === null) {
    return new ViConfigurationError(
      'Nobody is logged in: there is no secret key in the system’s keychain (or it is locked), nor in DATATURE_VI_SECRET_KEY.',
      { code: 'not-logged-in', suggestion, details: { organization: place.organizationId } },
    );
  }
  const source = found.source === 'keychain' ? 'the system’s keychain' : 'the environment';
  return new ViConfigurationError(
    `The mirror belongs to organization ${place.organizationId} at ${place.endpoint}; the key in ${source} is for ${found.organizationId} at ${found.endpoint}, and is not sent anywhere else.`,
    {
      code: 'other-organization',
      suggestion,
      details: {
        organization: place.organizationId,
        endpoint: place.endpoint,
        other: found.organizationId,
        otherEndpoint: found.endpoint,
      },
    },
  );
}

function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && isLoopback(new URL(endpoint).hostname);
}

const emptyKeychain: Keychain = {
  get: async () => null,
  set: async () => undefined,
  delete: async () => false,
};

type RestingKeychain = Keychain & { wake(): void };

/** A keychain that nobody has unlocked is left alone for a while: its window would come up again and again. */
function restingKeychain(keychain: Keychain): RestingKeychain {
  let failed: { readonly error: KeychainError; readonly at: number } | null = null;
  return {
    set: (account, value, options) => keychain.set(account, value, options),
    delete: (account, options) => keychain.delete(account, options),
    async get(account, options) {
      if (failed !== null && performance.now() - failed.at < keychainRestMs) throw failed.error;
      failed = null;
      try {
        return await keychain.get(account, options);
      } catch (error) {
        if (error instanceof KeychainError && waitsForPerson(error))
          failed = { error, at: performance.now() };
        throw error;
      }
    },
    wake() {
      failed = null;
    },
  };
}

function waitsForPerson({ code }: KeychainError): boolean {
  return code === KeychainProblem.LOCKED || code === KeychainProblem.TIMEOUT;
}
