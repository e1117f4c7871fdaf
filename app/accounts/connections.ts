import type { CredentialsError, KeychainError } from '../credentials.ts';
import type { Connect, DatasetAddress, Remote } from '../engine/environment.ts';
import { impatient, viRemote } from '../engine/vi-remote.ts';
import { type Keychain, openKeychain } from '../keychain.ts';
import { type Log, silentLog } from '../log.ts';
import { orAborted } from '../or-aborted.ts';
import { ViAuthenticationError, ViClient, ViConfigurationError } from '../vi/index.ts';
import { AccountKeys, isKeyError, type Place, type PlacedKey } from './account-keys.ts';

export interface ConnectionsOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly keychain?: Keychain;
  /** Of a sandbox that runs in this program. */
  readonly sandbox?: PlacedKey;
  readonly log?: Log;
}

/** The ways to the datasets of a real service, with the credentials of the person who runs the program. */
export interface Connections {
  readonly connect: Connect;
  readonly keys: AccountKeys;
  /**
   * Does something with the client of an organization.
   *
   * @throws ViConfigurationError when there is no key for it; what `call` throws; the signal's reason
   */
  use<T>(place: Place, signal: AbortSignal, call: (client: ViClient) => Promise<T>): Promise<T>;
  /** Somebody has asked for a new try, or has changed a key: keychain and keys are looked at again with the next call. */
  askAgain(): void;
  /** The key of a place has been taken back: nothing is asked with it any more. */
  forget(place: Place): void;
  /** Ends all connections. When nothing is in flight any more. */
  close(): Promise<void>;
}

/**
 * Connects mirrors to the service, each organization by one client. Credentials are looked for when the first call is made, and used only
 * for the endpoint and the organization that they belong to. Without any that fit, a call fails with a ViConfigurationError, and the next
 * one looks again: whoever logs in meanwhile need not start anything anew. When the service refuses a key, the next call looks whether
 * there is another.
 */
export function openConnections(options: ConnectionsOptions = {}): Connections {
  const { env = process.env, log = silentLog, keychain = openKeychain(), sandbox } = options;
  const keys = new AccountKeys({ env, keychain, sandbox });
  const ways = new Map<string, Way>();
  const clients = new Set<ViClient>();
  const ending = new AbortController();
  const open = ({ secretKey, organizationId, endpoint }: PlacedKey): ViClient => {
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
  const wayTo = (place: Place): Way => {
    const id = `${place.organizationId} ${place.endpoint}`;
    const way = ways.get(id) ?? new Way(() => keys.find(place, ending.signal), open);
    ways.set(id, way);
    return way;
  };
  return {
    keys,
    connect: (address) => lazyRemote(address, wayTo(address)),
    use: (place, signal, call) => wayTo(place).use(signal, call),
    askAgain() {
      keys.wake();
      for (const way of ways.values()) way.doubt();
    },
    forget: (place) => wayTo(place).forget(),
    async close() {
      ending.abort(new DOMException('The connections have been closed.', 'AbortError'));
      await Promise.all([...clients].map((client) => client.close()));
    },
  };
}

/** The way to one organization: its client, made when it is needed, and made anew when other credentials are there. */
class Way {
  readonly #find: () => Promise<PlacedKey>;
  readonly #open: (key: PlacedKey) => ViClient;
  #current: { readonly secretKey: string; readonly client: ViClient } | null = null;
  #opening: Promise<ViClient> | null = null;
  /** Why the key is looked for anew: the service has refused it, or somebody may have changed it. */
  #doubt: 'none' | 'refused' | 'changed' = 'none';

  constructor(find: () => Promise<PlacedKey>, open: (key: PlacedKey) => ViClient) {
    this.#find = find;
    this.#open = open;
  }

  doubt(): void {
    if (this.#doubt === 'none') this.#doubt = 'changed';
  }

  forget(): void {
    this.#current = null;
  }

  async use<T>(signal: AbortSignal, call: (client: ViClient) => Promise<T>): Promise<T> {
    const ready = this.#doubt === 'none' ? this.#current : null;
    const client = ready?.client ?? (await orAborted(this.#openOnce(), signal));
    try {
      return await call(client);
    } catch (error) {
      if (error instanceof ViAuthenticationError && this.#current?.client === client) this.#doubt = 'refused';
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
    const key = await this.#find().catch((error: unknown) => {
      if (!isKeyError(error)) throw error;
      // A keychain that has been locked meanwhile says nothing against a key that works.
      if (this.#doubt === 'changed' && this.#current !== null) return null;
      throw configurationError(error);
    });
    this.#doubt = 'none';
    if (this.#current !== null && (key === null || this.#current.secretKey === key.secretKey)) {
      return this.#current.client;
    }
    if (key === null) throw new TypeError('Without a key there is no client.');
    // The one before stays open: others may still be waiting for its answers.
    this.#current = { secretKey: key.secretKey, client: this.#open(key) };
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
    locatePage: (page, signal) => use(signal, (remote) => remote.locatePage(page, signal)),
    openSession: (files, annotations, signal) =>
      use(signal, (remote) => remote.openSession(files, annotations, signal)),
    delete: (assetId, signal) => use(signal, (remote) => remote.delete(assetId, signal)),
    session: (sessionId, signal) => use(signal, (remote) => remote.session(sessionId, signal)),
    send: (target, file, options) => use(options.signal, (remote) => remote.send(target, file, options)),
    fetch: (source, path, expected, options) =>
      use(options.signal, (remote) => remote.fetch(source, path, expected, options)),
  };
}

function configurationError(error: CredentialsError | KeychainError): ViConfigurationError {
  const { code, title, detail, suggestion, facts } = error;
  return new ViConfigurationError(`${title} ${detail}`, { code, suggestion, details: facts, cause: error });
}
