import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Facts, Problem } from './contract.ts';
import { type KeychainAnswer, type KeychainRequest, keychainAnswerSchema } from './keychain-messages.ts';

/** What went wrong with the keychain. */
export const KeychainProblem = {
  /** There is no keychain, or its library can't be loaded. */
  MISSING: 'keychain-missing',
  /** It is there and locked, and nobody unlocked it. */
  LOCKED: 'keychain-locked',
  /** It didn't answer in time, most likely because it waits for a person. */
  TIMEOUT: 'keychain-timeout',
  /** Anything else that it reported. */
  FAILED: 'keychain-failed',
} as const;
export type KeychainProblem = (typeof KeychainProblem)[keyof typeof KeychainProblem];

/** The operating system's keychain can't be used. `title`, `detail` and `suggestion` are for a person; no secret is in them. */
export class KeychainError extends Error implements Problem {
  readonly code: KeychainProblem;
  readonly title: string;
  readonly detail: string;
  readonly suggestion: string;
  readonly facts: Facts;

  constructor(code: KeychainProblem, words: Omit<Problem, 'code'>, options?: ErrorOptions) {
    super(`${words.title} ${words.detail}`, options);
    this.name = 'KeychainError';
    this.code = code;
    this.title = words.title;
    this.detail = words.detail;
    this.suggestion = words.suggestion;
    this.facts = words.facts ?? {};
  }
}

/** A place for secrets: one text for each account. Every method throws {@link KeychainError}, or the signal's reason. */
export interface Keychain {
  get(account: string, options?: KeychainCallOptions): Promise<string | null>;
  set(account: string, value: string, options?: KeychainCallOptions): Promise<void>;
  /** False when there was nothing to delete. */
  delete(account: string, options?: KeychainCallOptions): Promise<boolean>;
}

export interface KeychainCallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface KeychainOptions {
  /** Name under which the entries stand in the keychain. Default: `vi-sync`. */
  readonly service?: string;
  /** How long one call may take, in milliseconds: long enough to type a password into the system's prompt. Default: 60,000. */
  readonly timeoutMs?: number;
  /** Called once when a call takes longer than two seconds, so that a person can be told to look for a prompt. */
  readonly onWaiting?: () => void;
  /** Where this program may not start a process of its own. */
  readonly ask?: AskKeychainProcess;
}

/**
 * Starts a process that asks the keychain, hands it the request, and resolves to what it says. Ends it when the signal says so. Rejects when
 * it can't be started, or ends without an answer.
 */
export type AskKeychainProcess = (request: KeychainRequest, signal: AbortSignal) => Promise<unknown>;

const WAITING_AFTER_MS = 2000;

/**
 * The operating system's keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service (GNOME Keyring, KWallet,
 * KeePassXC) on Linux. Each call runs in a short-lived process, so that a keychain that hangs can't hang the program.
 */
export function openKeychain(options: KeychainOptions = {}): Keychain {
  const { service = 'vi-sync' } = options;
  const call = (request: KeychainRequest, signal: AbortSignal | undefined) =>
    callKeychain(request, options, signal);
  return {
    get: (account, { signal } = {}) => call({ operation: 'get', service, account }, signal),
    set: async (account, value, { signal } = {}) => {
      await call({ operation: 'set', service, account, value }, signal);
    },
    delete: async (account, { signal } = {}) =>
      (await call({ operation: 'delete', service, account }, signal)) !== null,
  };
}

async function callKeychain(
  request: KeychainRequest,
  { timeoutMs = 60_000, onWaiting, ask = askForkedProcess }: KeychainOptions,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  signal?.throwIfAborted();
  const over = new AbortController();
  const waiting = setTimeout(() => onWaiting?.(), WAITING_AFTER_MS);
  let limit: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  try {
    const message = await new Promise<unknown>((resolve, reject) => {
      limit = setTimeout(() => reject(timeoutError(timeoutMs)), timeoutMs);
      abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      ask(request, over.signal).then(resolve, (error: unknown) => {
        const cause = error instanceof Error ? error : new Error(String(error));
        reject(failedError(cause.message, cause));
      });
    });
    const answer = keychainAnswerSchema.safeParse(message);
    if (!answer.success) {
      throw failedError('The process that asks it gave an answer that makes no sense.', answer.error);
    }
    if (!answer.data.ok) throw explain(answer.data);
    return answer.data.value;
  } finally {
    clearTimeout(waiting);
    clearTimeout(limit);
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
    over.abort();
  }
}

function askForkedProcess(request: KeychainRequest, signal: AbortSignal): Promise<unknown> {
  const child = forkKeychainProcess();
  signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code, killedBy) => reject(endedWithoutAnswer(killedBy ?? `code ${code}`)));
    child.send(request, (error) => {
      if (error !== null) reject(error);
    });
  });
}

/** The process that was to ask the keychain has ended. */
export function endedWithoutAnswer(how: string): Error {
  return new Error(`The process that asks it ended without an answer (${how}).`);
}

function forkKeychainProcess(): ChildProcess {
  const self = fileURLToPath(import.meta.url);
  const script = path.join(path.dirname(self), `keychain-process${path.extname(self)}`);
  // The key travels over the channel between the processes, never in arguments or the environment. stderr is left out: GLib
  // prints warnings there that mean nothing to a person.
  const { DATATURE_VI_SECRET_KEY: _key, NODE_OPTIONS: _options, ...env } = process.env;
  return fork(script, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
}

const WITHOUT_KEYCHAIN =
  'Where there is no keychain (a server, a container, CI), set DATATURE_VI_SECRET_KEY and DATATURE_VI_ORGANIZATION_ID in the environment instead.';

const INSTALL_SERVICE =
  process.platform === 'linux'
    ? 'Install a keychain and log in to the desktop again, for example: sudo apt install gnome-keyring libsecret-1-0 (KWallet and KeePassXC work too).'
    : 'Install Vi Sync again.';

/** Turns what the keychain's library says into what a person can do. The texts are those of libsecret, GIO and keytar 7. */
function explain(answer: Extract<KeychainAnswer, { ok: false }>): KeychainError {
  const { stage, message } = answer;
  const cause = new Error(message);
  if (stage === 'load') {
    return new KeychainError(
      KeychainProblem.MISSING,
      {
        title: "The library for the system's keychain can't be loaded.",
        facts: { case: 'library', message },
        detail: `${process.platform === 'linux' ? 'libsecret is most likely not installed.' : 'A part of the installation is missing.'} (${message})`,
        suggestion: `${INSTALL_SERVICE} ${WITHOUT_KEYCHAIN}`,
      },
      { cause },
    );
  }
  if (
    /locked collection|is locked|prompt.*dismissed|collection\/login|user cancell?ed|-128/iu.test(message)
  ) {
    return new KeychainError(
      KeychainProblem.LOCKED,
      {
        title: "The system's keychain is locked.",
        facts: { message },
        detail: `It was not unlocked, so nothing could be read or stored. (${message})`,
        suggestion: `Unlock it (logging in to the desktop does, or its own app, for example Passwords and Keys) and repeat. ${WITHOUT_KEYCHAIN}`,
      },
      { cause },
    );
  }
  if (
    /autolaunch|org\.freedesktop\.secrets|ServiceUnknown|could not connect|cannot spawn|no such file|session bus/iu.test(
      message,
    )
  ) {
    return new KeychainError(
      KeychainProblem.MISSING,
      {
        title: 'No keychain answers on this system.',
        facts: { case: 'service', message },
        detail: `The secret key is kept in the system's keychain and nowhere else. (${message})`,
        suggestion: `${INSTALL_SERVICE} ${WITHOUT_KEYCHAIN}`,
      },
      { cause },
    );
  }
  return failedError(message, cause);
}

function timeoutError(timeoutMs: number): KeychainError {
  return new KeychainError(KeychainProblem.TIMEOUT, {
    title: "The system's keychain doesn't answer.",
    facts: { seconds: Math.round(timeoutMs / 1000) },
    detail: `It had ${Math.round(timeoutMs / 1000)} seconds. It may be showing a window that asks for its password, perhaps behind others.`,
    suggestion: `Look for that window, unlock the keychain, and repeat. ${WITHOUT_KEYCHAIN}`,
  });
}

function failedError(message: string, cause?: Error): KeychainError {
  return new KeychainError(
    KeychainProblem.FAILED,
    {
      title: "The system's keychain reported an error.",
      facts: { message },
      detail: message,
      suggestion: `Open the keychain's own app to see whether it works, and repeat. ${WITHOUT_KEYCHAIN}`,
    },
    cause === undefined ? undefined : { cause },
  );
}
