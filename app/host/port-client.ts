import { createBirpc } from 'birpc';
import { z } from 'zod';
import {
  type AppApi,
  type AppEnd,
  type CallArgs,
  type CallName,
  type CallResult,
  callErrorSchema,
  calls,
  type EngineCallName,
  type EngineEventName,
  type EventName,
  type EventPayload,
  engineCalls,
  engineEvents,
  events,
  type FrontEnd,
  type Problem,
} from '../contract.ts';
import type { Log } from '../log.ts';
import type { Port } from './port.ts';

/** A call that the other side refused or could not do. `problem` says why, in words. */
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

/** What is served at the other end of a port. */
export interface PortClient<Call extends CallName, Event extends EventName> {
  call<N extends Call>(name: N, args: CallArgs<N>): Promise<CallResult<N>>;
  /** Returns the function that ends the subscription. */
  on<N extends Event>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  close(): void;
}

/** The engine alone, as `serveEngine` serves it. */
export function engineClientOn(port: Port, log: Log): PortClient<EngineCallName, EngineEventName> {
  return clientOn({ calls: engineCalls, events: engineEvents }, port, log);
}

/** The whole app, as `serveApp` serves it. */
export function appClientOn(port: Port, log: Log): PortClient<CallName, EventName> & AppApi {
  return clientOn({ calls, events }, port, log);
}

/** The frames of birpc that may arrive here: events, or the answer to a call that we made. */
const frameSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('q'),
    i: z.string().optional(),
    m: z.literal('events'),
    a: z.tuple([z.array(z.object({ name: z.string(), payload: z.unknown() }))]),
  }),
  z.object({ t: z.literal('s'), i: z.string(), r: z.unknown().optional(), e: z.unknown().optional() }),
]);

const outcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), error: callErrorSchema }),
]);

interface Tables<Call extends CallName, Event extends EventName> {
  readonly calls: Readonly<Record<Call, { readonly result: z.ZodType }>>;
  readonly events: Readonly<Record<Event, z.ZodType>>;
}

function clientOn<Call extends CallName, Event extends EventName>(
  known: Tables<Call, Event>,
  port: Port,
  log: Log,
): PortClient<Call, Event> {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const isKnown = (name: string): name is Event => Object.hasOwn(known.events, name);
  const front: FrontEnd = {
    events(batch) {
      for (const { name, payload } of batch) {
        if (!isKnown(name)) continue;
        const parsed = known.events[name].safeParse(payload);
        if (!parsed.success) continue;
        // The payload of each name is of that name's type, which TypeScript can't follow through a table of schemas.
        for (const listener of listeners.get(name) ?? []) listener(parsed.data as never);
      }
    },
  };
  let isEnded = false;
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
      isEnded = true;
      rpc.$close(new EngineLost());
      resolve();
    });
  });
  return {
    ended,
    async call<N extends Call>(name: N, args: CallArgs<N>): Promise<CallResult<N>> {
      if (isEnded || rpc.$closed) throw new EngineLost();
      const outcome = outcomeSchema.safeParse(
        await rpc.$call('call', name, args).catch((cause: unknown) => {
          // What the engine throws crosses as data: this is the connection's own failure.
          throw cause instanceof EngineLost ? cause : new EngineLost({ cause });
        }),
      );
      if (!outcome.success) throw new CallRefused(otherVersion, { cause: outcome.error });
      if (!outcome.data.ok) throw new CallRefused(outcome.data.error);
      const parsed = known.calls[name].result.safeParse(outcome.data.result);
      if (!parsed.success) throw new CallRefused(otherVersion, { cause: parsed.error });
      return parsed.data as CallResult<N>;
    },
    on<N extends Event>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
      const own = (payload: EventPayload<N>) => listener(payload);
      const ofName = listeners.get(name) ?? new Set();
      listeners.set(name, ofName);
      ofName.add(own);
      return () => ofName.delete(own);
    },
    close: () => port.close('done'),
  };
}

const otherVersion: Problem = {
  code: 'engine-version',
  title: 'The other Vi Sync is of another version',
  detail: 'Vi Sync runs in another process, and its answer is of a form that this version does not know.',
  suggestion: 'End the other process, and start it again with the version that is installed now.',
};
