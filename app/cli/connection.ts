import type { Credentials } from '../credentials.ts';
import type { ViClient } from '../vi/client.ts';
import type { RetryEvent } from '../vi/retry.ts';
import type { CommandContext, ConnectionOptions } from './command.ts';
import { CommandFailure } from './failure.ts';
import { formatDuration } from './format.ts';

/**
 * The credentials that the command line, the environment and the keychain give.
 * @throws CommandFailure when there are none; CredentialsError or KeychainError when they can't be used
 */
export async function findCredentials(
  context: CommandContext,
  options: ConnectionOptions,
): Promise<Credentials> {
  const [{ loadCredentials }, { openKeychain }] = await Promise.all([
    import('../credentials.ts'),
    import('../keychain.ts'),
  ]);
  const credentials = await loadCredentials({
    explicit: { organizationId: options.organization, endpoint: options.endpoint },
    keychain: openKeychain({ onWaiting: () => noteWaiting(context) }),
    signal: context.signal,
  });
  if (credentials !== null) return credentials;
  throw new CommandFailure({
    code: 'not-logged-in',
    title: 'Nobody is logged in.',
    detail: `There is no secret key in the system's keychain (${lockedHint}), nor in DATATURE_VI_SECRET_KEY.`,
    suggestion: 'Run vi-sync login. To try things out without an account, start vi-sync sandbox.',
  });
}

/** An empty answer and a locked keychain can't be told apart everywhere, so a person is told of both. */
export const lockedHint = 'or the keychain is locked';

/** Says that the keychain takes its time, because a person may have to unlock it. */
export function noteWaiting({ output }: CommandContext): void {
  output.note("Waiting for the system's keychain. It may be showing a window that asks for its password.");
}

/** Runs something with a client of the service, and closes the client afterwards. */
export async function withClient<T>(
  context: CommandContext,
  options: ConnectionOptions,
  use: (client: ViClient) => Promise<T>,
): Promise<T> {
  // Both take a while to load or to answer, so they do so side by side.
  const [credentials] = await Promise.all([findCredentials(context, options), import('../vi/client.ts')]);
  return withCredentials(credentials, use, retryNotes(context));
}

/** Shorter waits than this are not worth a word. */
const NOTABLE_WAIT_MS = 2000;

/** Tells a person when the client waits for longer before it tries again, and the log of every time. */
export function retryNotes({ output, log }: CommandContext): (event: RetryEvent) => void {
  let quietUntil = 0;
  return ({ error, attempt, waitMs }) => {
    const { code, message, status } = error;
    log.info('tries again', { code, message, status, attempt, waitMs: Math.round(waitMs) });
    const now = performance.now();
    // Many files may meet the same obstacle at once; saying it once is enough.
    if (waitMs < NOTABLE_WAIT_MS || now < quietUntil) return;
    quietUntil = now + waitMs;
    output.note(`${message} Trying again in ${formatDuration(waitMs)}.`, 'warning');
  };
}

/** As {@link withClient}, with credentials that are known already. */
export async function withCredentials<T>(
  credentials: Omit<Credentials, 'source'>,
  use: (client: ViClient) => Promise<T>,
  onRetry?: (event: RetryEvent) => void,
): Promise<T> {
  const { ViClient } = await import('../vi/client.ts');
  const { secretKey, organizationId, endpoint } = credentials;
  // An empty environment: what it holds has been weighed already, and must not be mixed in again.
  const client = new ViClient({ secretKey, organizationId, endpoint, onRetry, env: {} });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
