import {
  type Credentials,
  CredentialsError,
  DEFAULT_ENDPOINT,
  KeychainError,
  KeychainProblem,
  loadCredentials,
} from '../credentials.ts';
import type { Connect, DatasetAddress, Remote } from '../engine/environment.ts';
import { impatient, viRemote } from '../engine/vi-remote.ts';
import { type Keychain, openKeychain } from '../keychain.ts';
import { type Log, silentLog } from '../log.ts';
import { orAborted } from '../or-aborted.ts';
import { ViAuthenticationError, ViClient, ViConfigurationError } from '../vi/index.ts';
import { isLoopback } from '../vi/loopback.ts';

export interface ConnectionsOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly keychain?: Keychain;
  readonly log?: Log;
}

/** The ways to the datasets of a real service, with the credentials of the person who runs the program. */
export interface Connections {
  readonly connect: Connect;
  /** Somebody has asked for a new try: a keychain that was left alone because it is locked is asked again. */
  askAgain(): void;
  /** Ends all connections. When nothing is in flight any more. */
  close(): Promise<void>;
}

/** Where an organization is. */
type Place = Pick<DatasetAddress, 'endpoint' | 'organizationId'>;

/** After somebody has not unlocked the keychain, they are not asked again for this long, unless they ask for it. Milliseconds. */
const keychainRestMs = 5 * 60_000;

/**
 * Connects mirrors to the service, each organization by one client. Credentials are looked for when the first call is made, in the environment
 * and then in the keychain, and used only for the endpoint and the organization that they belong to. Without any that fit, a call
 * fails with a ViConfigurationError, and the next one looks again: whoever logs in meanwhile need not start anything anew. When the service
 * refuses a key, the next call looks whether there is another.
 */
export function openConnections(options: ConnectionsOptions = {}): Connections {
  const { env = process.env, log = silentLog } = options;
  const keychain = restingKeychain(options.keychain ?? openKeychain());
  const ways = new Map<string, Way>();
  const clients = new Set<ViClient>();
  const ending = new AbortController();
  const open = (credentials: Credentials): ViClient => {
    const { secretKey, organizationId, endpoint } = credentials;
    const client = new ViClient({
      secretKey,
      organizationId,
      endpoint,
      // An empty environment: what it holds has been weighed already.
      env: {},
      retry: impatient,
      onRetry: ({ error, attempt, waitMs }) =>
        log.info('A request is tried again', { code: error.code, attempt, waitMs: Math.round(waitMs) }),
    });
    clients.add(client);
    return client;
  };
  return {
    connect(address) {
      const key = `${address.organizationId} ${address.endpoint}`;
      const way = ways.get(key) ?? new Way(() => credentialsFor(address, env, keychain, ending.signal), open);
      ways.set(key, way);
      return lazyRemote(address, way);
    },
    askAgain: () => keychain.wake(),
    async close() {
      ending.abort(new DOMException('The connections have been closed.', 'AbortError'));
      await Promise.all([...clients].map((client) => client.close()));
    },
  };
}

/** The way to one organization: its client, made when it is needed, and made anew when other credentials are there. */
class Way {
  readonly #find: () => Promise<Credentials>;
  readonly #open: (credentials: Credentials) => ViClient;
  #current: { readonly secretKey: string; readonly client: ViClient } | null = null;
  #opening: Promise<ViClient> | null = null;
  /** The service has refused the key. */
  #isRefused = false;

  constructor(find: () => Promise<Credentials>, open: (credentials: Credentials) => ViClient) {
    this.#find = find;
    this.#open = open;
  }

  async use<T>(signal: AbortSignal, call: (client: ViClient) => Promise<T>): Promise<T> {
    const ready = this.#isRefused ? null : this.#current;
    const client = ready?.client ?? (await orAborted(this.#openOnce(), signal));
    try {
      return await call(client);
    } catch (error) {
      if (error instanceof ViAuthenticationError && this.#current?.client === client) this.#isRefused = true;
      throw error;
    }
  }

  /** Calls that come at once look for credentials once. */
  #openOnce(): Promise<ViClient> {
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #openNow(): Promise<ViClient> {
    const credentials = await this.#find().catch((error: unknown) => {
      throw isOwnError(error) ? configurationError(error) : error;
    });
    this.#isRefused = false;
    const { secretKey } = credentials;
    if (this.#current?.secretKey === secretKey) return this.#current.client;
    // The one before stays open: others may still be waiting for its answers.
    this.#current = { secretKey, client: this.#open(credentials) };
    return this.#current.client;
  }
}

function lazyRemote(address: DatasetAddress, way: Way): Remote {
  const { datasetId } = address;
  const use = <T>(signal: AbortSignal, call: (remote: Remote) => Promise<T>): Promise<T> =>
    way.use(signal, (client) => call(viRemote(client, datasetId)));
  return {
    ...address,
    dataset: (signal) => use(signal, (remote) => remote.dataset(signal)),
    list: (order, page, signal) => use(signal, (remote) => remote.list(order, page, signal)),
    get: (assetId, signal) => use(signal, (remote) => remote.get(assetId, signal)),
    locate: (assetId, signal) => use(signal, (remote) => remote.locate(assetId, signal)),
    openSession: (files, annotations, signal) =>
      use(signal, (remote) => remote.openSession(files, annotations, signal)),
    delete: (assetId, signal) => use(signal, (remote) => remote.delete(assetId, signal)),
    session: (sessionId, signal) => use(signal, (remote) => remote.session(sessionId, signal)),
    send: (target, file, options) => use(options.signal, (remote) => remote.send(target, file, options)),
    fetch: (source, path, expected, options) =>
      use(options.signal, (remote) => remote.fetch(source, path, expected, options)),
  };
}

/**
 * The credentials that belong to an organization at an endpoint.
 *
 * @throws ViConfigurationError when there are none, or others; CredentialsError, KeychainError
 */
async function credentialsFor(
  place: Place,
  env: NodeJS.ProcessEnv,
  keychain: Keychain,
  signal: AbortSignal,
): Promise<Credentials> {
  const inEnvironment = await loadCredentials({ env, keychain: emptyKeychain });
  if (inEnvironment !== null && belongsTo(inEnvironment, place)) return inEnvironment;
  // A key of the environment goes to its own endpoint and organization alone, and so do these from the keychain.
  const { DATATURE_VI_SECRET_KEY: _key, DATATURE_VI_ORGANIZATION_ID: _organization, ...rest } = env;
  const { DATATURE_VI_API_ENDPOINT: _endpoint, ...withoutVi } = rest;
  const stored = await loadCredentials({ env: withoutVi, keychain, signal });
  if (stored !== null && belongsTo(stored, place)) return stored;
  throw wrongCredentials(place, stored ?? inEnvironment);
}

function belongsTo(credentials: Credentials, { endpoint, organizationId }: Place): boolean {
  return credentials.endpoint === endpoint && credentials.organizationId === organizationId;
}

function wrongCredentials(place: Place, found: Credentials | null): ViConfigurationError {
  const isUsual = place.endpoint === DEFAULT_ENDPOINT;
  const login = `vi-sync login --organization ${place.organizationId}${isUsual ? '' : ` --endpoint ${place.endpoint}`}`;
  const suggestion = isLocal(place.endpoint)
    ? `If that is a sandbox, start it, and paste the lines that it prints before this is run again. Otherwise run ${login}.`
    : `Run ${login}. The mirror goes on by itself then.`;
  if (found === null) {
    return new ViConfigurationError(
      'Nobody is logged in: there is no secret key in the system’s keychain (or it is locked), nor in DATATURE_VI_SECRET_KEY.',
      { code: 'not-logged-in', suggestion },
    );
  }
  const source = found.source === 'keychain' ? 'the system’s keychain' : 'the environment';
  return new ViConfigurationError(
    `The mirror belongs to organization ${place.organizationId} at ${place.endpoint}; the key in ${source} is for ${found.organizationId} at ${found.endpoint}, and is not sent anywhere else.`,
    { code: 'other-organization', suggestion },
  );
}

function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && isLoopback(new URL(endpoint).hostname);
}

function isOwnError(error: unknown): error is CredentialsError | KeychainError {
  return error instanceof CredentialsError || error instanceof KeychainError;
}

function configurationError(error: CredentialsError | KeychainError): ViConfigurationError {
  const { code, title, detail, suggestion } = error;
  return new ViConfigurationError(`${title} ${detail}`, { code, suggestion, cause: error });
}

const emptyKeychain: Keychain = {
  get: async () => null,
  set: async () => undefined,
  delete: async () => false,
};

/** A keychain that nobody has unlocked is left alone for a while: its window would come up again and again. */
function restingKeychain(keychain: Keychain): Keychain & { wake(): void } {
  let failed: { readonly error: KeychainError; readonly at: number } | null = null;
  return {
    ...keychain,
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
