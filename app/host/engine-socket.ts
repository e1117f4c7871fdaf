import { chmodSync } from 'node:fs';
import net from 'node:net';
import type { CallArgs, CallResult, EngineApi, EngineCallName } from '../contract.ts';
import type { Log } from '../log.ts';
import { linePort } from './line-port.ts';
import { serveEngine } from './rpc.ts';
import { makeSocketPlace } from './socket-place.ts';

/** An engine that other processes of the same person can speak to. */
export interface EngineSocket {
  /** Takes nobody in any more, waits a little for calls that are under way, and ends the connections. Before the engine is closed. */
  close(): Promise<void>;
}

/** The longest message from a client, in bytes. The longest call has two texts of ignore rules, of 64 KiB each. */
const longestCall = 1024 * 1024;
/** Processes at once. A person has a few; more is a loop gone wrong. */
const mostConnections = 64;
/** How long calls that are under way are waited for. Milliseconds. */
const longestDrainMs = 5000;
/** Calls that last as long as the work does: whoever makes them goes on elsewhere. */
const lastingCalls: ReadonlySet<EngineCallName> = new Set(['settled', 'verify']);

/**
 * Serves the engine of a data folder on the folder's local socket. Whoever calls this holds the manifest. An engine that can't be reached by
 * others still works: what stands in the way is logged, and null is returned.
 */
export async function serveOnSocket(
  engine: EngineApi,
  dataDir: string,
  log: Log,
): Promise<EngineSocket | null> {
  try {
    return await listen(engine, dataDir, log);
  } catch (error) {
    log.warn('Other processes can’t reach this engine', { error });
    return null;
  }
}

async function listen(engine: EngineApi, dataDir: string, log: Log): Promise<EngineSocket> {
  const place = makeSocketPlace(dataDir);
  const calls = new RunningCalls(engine);
  const stops = new Set<() => void>();
  const server = net.createServer((socket) => {
    const stop = serveEngine(calls, linePort(socket, { longestMessage: longestCall, log }), log);
    stops.add(stop);
    socket.once('close', () => stops.delete(stop));
  });
  server.maxConnections = mostConnections;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(place.address, resolve);
    });
    // Its folder keeps others out already.
    if (process.platform !== 'win32') chmodSync(place.address, 0o600);
  } catch (error) {
    server.close();
    place.remove();
    throw error;
  }
  server.on('error', (error) => log.warn('The local socket has failed', { error }));
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      place.remove();
      await calls.finished(longestDrainMs);
      for (const stop of stops) stop();
      await closed;
    },
  };
}

/** An engine of which it is known whether somebody waits for an answer of it. */
class RunningCalls implements EngineApi {
  readonly on: EngineApi['on'];
  readonly #engine: EngineApi;
  readonly #running = new Set<Promise<unknown>>();

  constructor(engine: EngineApi) {
    this.#engine = engine;
    this.on = (name, listener) => engine.on(name, listener);
  }

  async call<N extends EngineCallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
    const answer = this.#engine.call(name, args);
    if (lastingCalls.has(name)) return answer;
    this.#running.add(answer);
    try {
      return await answer;
    } finally {
      this.#running.delete(answer);
    }
  }

  /** Resolves when no call that ends by itself is under way, or after so many milliseconds. */
  async finished(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([Promise.allSettled(this.#running), late]);
    clearTimeout(timer);
  }
}
