import type { AccountKey, PlacedKey } from '../accounts/account-keys.ts';
import type { Account, CallArgs, CallResult, Place, Problem } from '../contract.ts';
import { checkCredentials, DEFAULT_ENDPOINT, normalizeEndpoint } from '../credentials.ts';
import { ViClient, ViError } from '../vi/index.ts';
import { askService, serviceProblem } from './service-problem.ts';
import { WorkspaceError } from './workspace-error.ts';
import { syncMirrorsOf, type WorkspaceHandlers, type WorkspaceParts } from './workspace-parts.ts';

export interface AccountsOptions {
  /** Where the endpoint is taken from that nobody has named. */
  readonly env: NodeJS.ProcessEnv;
}

type AccountCalls = WorkspaceHandlers<'accounts' | 'connectAccount' | 'disconnectAccount'>;

/** How long the service may take to say whether it takes a key: a person waits for it. Milliseconds. */
const probeTimeouts = { connectMs: 10_000, idleMs: 20_000 };

/** Calls about the organizations that can be worked with. No answer and no error of theirs has a key in it. */
export function accountCalls(parts: WorkspaceParts, { env }: AccountsOptions): AccountCalls {
  const { connections, signal, emit } = parts;
  const { keys } = connections;

  async function accountOf(key: AccountKey): Promise<Account> {
    const { endpoint, organizationId, source } = key;
    try {
      const organizationName = await nameOf(key, signal);
      return { endpoint, organizationId, organizationName, source, problem: null };
    } catch (error) {
      if (!(error instanceof ViError)) throw error;
      return { endpoint, organizationId, organizationName: null, source, problem: serviceProblem(error) };
    }
  }

  async function accounts(): Promise<CallResult<'accounts'>> {
    const { keys: found, environmentProblem, keychainProblem } = await keys.all(signal);
    const items = await Promise.all(found.map(accountOf));
    if (environmentProblem !== null) items.push(brokenEnvironment(env, environmentProblem));
    return { items, keychainProblem };
  }

  async function connect(given: CallArgs<'connectAccount'>): Promise<CallResult<'connectAccount'>> {
    const endpoint = normalizeEndpoint(
      given.endpoint ?? givenText(env.DATATURE_VI_API_ENDPOINT) ?? DEFAULT_ENDPOINT,
    );
    const { secretKey, organizationId } = checkCredentials({ ...given, endpoint, source: 'arguments' });
    const key = { secretKey, organizationId, endpoint };
    const organizationName = await askService(nameOf(key, signal));
    if (given.forSession === true) keys.keepForSession(key);
    else await keys.store(key, signal);
    await changed(key);
    const source = given.forSession === true ? 'session' : 'keychain';
    return { account: { endpoint, organizationId, organizationName, source, problem: null } };
  }

  async function disconnect(place: Place): Promise<Record<string, never>> {
    const { keys: found } = await keys.all(signal);
    const key = found.find(
      (each) => each.endpoint === place.endpoint && each.organizationId === place.organizationId,
    );
    if (key?.source === 'environment' || key?.source === 'sandbox')
      throw new WorkspaceError(notOurs[key.source]);
    if ((await keys.forget(place, signal)) === null) throw new WorkspaceError(notConnected(place));
    connections.forget(place);
    await changed(place);
    return {};
  }

  /** Mirrors that have waited for a key go on, those that have lost theirs stop. */
  async function changed(place: Place): Promise<void> {
    connections.askAgain();
    emit('accountsChanged', {});
    await syncMirrorsOf(parts, place);
  }

  return { accounts, connectAccount: connect, disconnectAccount: disconnect };
}

/** The organization's name: what the service says to this key. */
async function nameOf(
  { secretKey, organizationId, endpoint }: PlacedKey,
  signal: AbortSignal,
): Promise<string> {
  // A client of its own: a key that is only tried must not take the place of one that works.
  const client = new ViClient({
    secretKey,
    organizationId,
    endpoint,
    env: {},
    retry: { tries: 1, rateLimitTries: 1 },
    timeouts: probeTimeouts,
  });
  try {
    return (await client.organizations.get({ signal })).name;
  } finally {
    await client.close();
  }
}

function givenText(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** What the environment holds is no key that can be used: the person sees where it comes from. */
function brokenEnvironment(env: NodeJS.ProcessEnv, problem: Problem): Account {
  return {
    endpoint: givenText(env.DATATURE_VI_API_ENDPOINT) ?? DEFAULT_ENDPOINT,
    organizationId: givenText(env.DATATURE_VI_ORGANIZATION_ID) ?? '',
    organizationName: null,
    source: 'environment',
    problem,
  };
}

const notOurs: Readonly<Record<'environment' | 'sandbox', Problem>> = {
  environment: {
    code: 'key-of-environment',
    title: 'The key is in the environment',
    detail: 'This account’s key comes from DATATURE_VI_SECRET_KEY, which Vi Sync was started with.',
    suggestion: 'Remove the variable from the environment, and start Vi Sync again.',
  },
  sandbox: {
    code: 'key-of-sandbox',
    title: 'The sandbox is part of Vi Sync',
    detail: 'The sandbox runs in this Vi Sync, and needs no key.',
    suggestion: 'Remove its mirrors if you do not want them any more.',
  },
};

function notConnected({ organizationId, endpoint }: Place): Problem {
  return {
    code: 'not-connected',
    facts: { organization: organizationId, endpoint },
    title: 'Not connected',
    detail: `There is no key of organization ${organizationId} at ${endpoint}.`,
    suggestion: 'Reload the list of accounts.',
  };
}
