import net from 'node:net';
import { createBirpc } from 'birpc';
import { z } from 'zod';
import {
  type AppEnd,
  type CallArgs,
  type CallResult,
  callErrorSchema,
  type EngineApi,
  type EngineCallName,
  type EngineEventName,
  type EventName,
  type EventPayload,
  engineCalls,
  engineEvents,
  type FrontEnd,
  type Problem,
} from '../contract.ts';
import type { Log } from '../log.ts';
import { linePort } from './line-port.ts';

/** A call that the engine of another process refused or could not do. `problem` says why, in words. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.problem = problem;
  }
}

/** A call that got no answer because the other process has ended. It says nothing about whether the engine did it. */
export class EngineLost extends Error {
  override readonly name = 'EngineLost';

  constructor(options?: ErrorOptions) {
    super('The engine of another process has ended.', options);
  }

  readonly problem: Problem = {
    code: 'engine-lost',
    title: 'The other Vi Sync has ended',
    detail: 'Vi Sync was running in another process, which ended before it had answered.',
    suggestion: 'Look whether it was done, and repeat the command if not.',
  };
}

/** An engine that runs in another process. */
export interface EngineClient extends EngineApi {
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  close(): void;
}

/** The longest message from an engine, in bytes: a page of 1,000 long paths is far below. */
const longestAnswer = 64 * 1024 * 1024;
/** How long an engine may take for the first, small answer. Milliseconds. */
const firstAnswerMs = 15_000;

/**
 * Connects to the engine that listens at an address, and makes sure that it answers. Null: nobody listens there.
 *
 * @throws CallRefused when it does not answer, or is of another version
 */
export async function connectToEngine(address: string, log: Log): Promise<EngineClient | null> {
  const socket = net.connect(address);
  const client = clientOn(socket, log);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!isOpen) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CallRefused(silentEngine)), firstAnswerMs);
  });
  try {
    await Promise.race([client.call('settings', {}), late]);
    return client;
  } catch (error) {
    client.close();
    if (error instanceof EngineLost) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const eventNames = Object.keys(engineEvents) as EngineEventName[];

/** The frames of birpc that may arrive here: events, or the answer to a call that we made. */
const frameSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('q'),
    i: z.string().optional(),
    m: z.literal('events'),
    a: z.tuple([z.array(z.object({ name: z.enum(eventNames), payload: z.unknown() }))]),
  }),
  z.object({ t: z.literal('s'), i: z.string(), r: z.unknown().optional(), e: z.unknown().optional() }),
]);

const outcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), error: callErrorSchema }),
]);

function clientOn(socket: net.Socket, log: Log): EngineClient {
  const port = linePort(socket, { longestMessage: longestAnswer, log });
  const listeners = new Map<EngineEventName, Set<(payload: never) => void>>();
  const front: FrontEnd = {
    events(batch) {
      for (const { name, payload } of batch) {
        // An engine alone is served there: no other events come.
        if (!isEngineEvent(name)) continue;
        const parsed = engineEvents[name].safeParse(payload);
        if (!parsed.success) continue;
        // The payload of each name is of that name's type, which TypeScript can't follow through a table of schemas.
        for (const listener of listeners.get(name) ?? []) listener(parsed.data as never);
      }
    },
  };
  const rpc = createBirpc<AppEnd, FrontEnd, false>(front, {
    proxify: false,
    // Some calls last as long as the work does; a process that ends closes its connections.
    timeout: -1,
    post: (message) => port.post(message),
    on: (listener) => {
      port.onMessage((message) => {
        const frame = frameSchema.safeParse(message);
        if (frame.success) return listener(frame.data);
        log.warn('The engine sent a message of an unknown form');
        return port.close('unknown message');
      });
    },
    resolver: (name, fn) => (name === 'events' ? fn : undefined),
  });
  const ended = new Promise<void>((resolve) => {
    port.onClose(() => {
      rpc.$close(new EngineLost());
      resolve();
    });
  });
  return {
    ended,
    async call<N extends EngineCallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
      if (socket.destroyed || rpc.$closed) throw new EngineLost();
      const outcome = outcomeSchema.safeParse(
        await rpc.$call('call', name, args).catch((cause: unknown) => {
          // What the engine throws crosses as data: this is the connection's own failure.
          throw cause instanceof EngineLost ? cause : new EngineLost({ cause });
        }),
      );
      if (!outcome.success) throw new CallRefused(otherVersion, { cause: outcome.error });
      if (!outcome.data.ok) throw new CallRefused(outcome.data.error);
      const parsed = engineCalls[name].result.safeParse(outcome.data.result);
      if (!parsed.success) throw new CallRefused(otherVersion, { cause: parsed.error });
      return parsed.data as CallResult<N>;
    },
    on<N extends EngineEventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
      const own = (payload: EventPayload<N>) => listener(payload);
      const ofName = listeners.get(name) ?? new Set();
      listeners.set(name, ofName);
      ofName.add(own);
      return () => ofName.delete(own);
    },
    close: () => port.close('done'),
  };
}

function isEngineEvent(name: EventName): name is EngineEventName {
  return Object.hasOwn(engineEvents, name);
}

const silentEngine: Problem = {
  code: 'engine-silent',
  title: 'The other Vi Sync does not answer',
  detail: 'Vi Sync runs in another process, which has not answered for 15 seconds.',
  suggestion: 'Repeat the command in a while. If it stays so, end the other process, and start it again.',
};

const otherVersion: Problem = {
  code: 'engine-version',
  title: 'The other Vi Sync is of another version',
  detail: 'Vi Sync runs in another process, and its answer is of a form that this version does not know.',
  suggestion: 'End the other process, and start it again with the version that is installed now.',
};
