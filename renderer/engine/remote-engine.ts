import { type BirpcReturn, createBirpc } from 'birpc';
import type {
  AppApi,
  AppEnd,
  CallArgs,
  CallError,
  CallName,
  CallResult,
  EventName,
  EventPayload,
  FrontEnd,
} from '../../app/contract.ts';
import { type Observable, ObservableValue } from './observable.ts';

/** `signed-out`: the host is there but does not know this page; its address with a new token must be opened. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'signed-out';

/** A call that the engine refused or could not do, in words for a person. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly problem: CallError;

  constructor(problem: CallError) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** A call that could not be made, or got no answer, because the connection ended. It says nothing about whether the engine did it. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export interface RemoteEngine extends AppApi {
  readonly connection: Observable<ConnectionState>;
  /** Tries at once instead of when the back-off ends. */
  reconnect(): void;
  close(): void;
}

/** A connection of whole messages to the engine's end: a WebSocket in a browser, a MessagePort in the desktop app. */
export interface Channel {
  post(message: unknown): void;
  close(): void;
}

/** What a channel tells. `onClose` comes once, after `onOpen` or instead of it. */
export interface ChannelListener {
  onOpen(): void;
  onMessage(message: unknown): void;
  onClose(): void;
}

export interface RemoteEngineOptions {
  readonly openChannel: (listener: ChannelListener) => Channel;
  /** Whether the host knows this page's session; rejects when the host can't be reached. */
  readonly hasSession: () => Promise<boolean>;
}

const firstRetryMs = 250;
const longestRetryMs = 4_000;
const callTimeoutMs = 60_000;
/** Calls that answer when long work is done: they end with it, or with the connection. */
const patientCalls: ReadonlySet<CallName> = new Set([
  'settled',
  'verify',
  'verifyPull',
  'comparePull',
  'deleteAssets',
  'restore',
  'emptyTrash',
  // A person takes their time.
  'chooseFolder',
]);

/** An engine at the other end of a channel, which is opened again whenever it ends. Events of the time between are not replayed: ask again when `connection` is `open`. */
export function connectRemoteEngine(options: RemoteEngineOptions): RemoteEngine {
  const connection = new ObservableValue<ConnectionState>('connecting');
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  let channel: Channel | null = null;
  let rpc: BirpcReturn<AppEnd, FrontEnd, false> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let closed = false;

  const front: FrontEnd = {
    events(batch) {
      for (const { name, payload } of batch) {
        // The host is this page's own server and types its events with the same contract.
        for (const listener of listeners.get(name) ?? []) listener(payload as never);
      }
    },
  };

  function open(): void {
    clearTimeout(timer);
    let receive: (message: unknown) => void = () => undefined;
    const opening = options.openChannel({
      onOpen() {
        retryMs = firstRetryMs;
        rpc = createBirpc<AppEnd, FrontEnd, false>(front, {
          proxify: false,
          // A call's own, below.
          timeout: -1,
          post: (message) => opening.post(message),
          on: (listener) => {
            receive = listener;
          },
          resolver: (name, fn) => (name === 'events' ? fn : undefined),
        });
        connection.set('open');
      },
      onMessage: (message) => receive(message),
      onClose() {
        rpc?.$close(new ConnectionLost('The connection to Vi Sync ended.'));
        rpc = null;
        channel = null;
        if (!closed) void retry();
      },
    });
    channel = opening;
  }

  async function retry(): Promise<void> {
    if (connection.get() === 'open') connection.set('lost');
    const signedOut = await options.hasSession().then(
      (known) => !known,
      () => false,
    );
    // Somebody may have asked to reconnect meanwhile.
    if (closed || channel !== null) return;
    connection.set(signedOut ? 'signed-out' : 'lost');
    // Jitter, so that many windows do not all come back in the same moment.
    timer = setTimeout(open, retryMs * (0.75 + Math.random() / 2));
    retryMs = Math.min(longestRetryMs, retryMs * 1.7);
  }

  open();
  return {
    connection,
    async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
      if (rpc === null) throw new ConnectionLost('There is no connection to Vi Sync.');
      const answer = rpc.$call('call', name, args);
      const outcome = await (patientCalls.has(name) ? answer : inTime(answer, name));
      if (!outcome.ok) throw new CallFailed(outcome.error);
      return outcome.result as CallResult<N>;
    },
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
      const ofName = listeners.get(name) ?? new Set();
      listeners.set(name, ofName);
      ofName.add(listener);
      return () => ofName.delete(listener);
    },
    reconnect() {
      if (channel !== null || closed) return;
      retryMs = firstRetryMs;
      open();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      channel?.close();
    },
  };
}

/** The answer, unless it takes too long: a host that hangs must not leave a person without a word. */
function inTime<T>(answer: Promise<T>, name: CallName): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Vi Sync has not answered “${name}” for a minute.`)),
      callTimeoutMs,
    );
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
