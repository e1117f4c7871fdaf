import { createBirpc } from 'birpc';
import { z } from 'zod';
import { toCallError } from '../call-error.ts';
import {
  type AppApi,
  type AppEnd,
  type CallOutcome,
  calls,
  type EngineApi,
  engineCalls,
  engineEvents,
  events,
  type FrontEnd,
} from '../contract.ts';
import type { Log } from '../log.ts';
import { type AppEvent, EventGate } from './event-gate.ts';
import type { Port } from './port.ts';

/** The frames of birpc that may arrive here: a call of ours, or the answer to one that we made. */
const frameSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('q'),
    i: z.string().max(64).optional(),
    m: z.literal('call'),
    a: z.array(z.unknown()).max(2),
  }),
  z.object({
    t: z.literal('s'),
    i: z.string().max(64),
    r: z.unknown().optional(),
    e: z.unknown().optional(),
  }),
]);

/** What can be served: names with the schemas of their arguments, and how they are called. */
interface Served {
  readonly argumentsOf: Readonly<Record<string, { readonly args: z.ZodType }>>;
  /** Of a name of the table, with arguments of its schema. */
  readonly call: (name: never, args: never) => Promise<unknown>;
  /** Subscribes to every event there is; returns what ends each. */
  readonly subscribe: (gate: EventGate) => readonly (() => void)[];
}

/** Serves an engine alone: to another process of the same person. See {@link serve}. */
export function serveEngine(engine: EngineApi, port: Port, log: Log): () => void {
  return serve(
    {
      argumentsOf: engineCalls,
      call: (name, args) => engine.call(name, args),
      subscribe: (gate) =>
        namesOf(engineEvents).map((name) => engine.on(name, (payload) => gate.push(eventOf(name, payload)))),
    },
    port,
    log,
  );
}

/** Serves the app, its engine included: to a window. See {@link serve}. */
export function serveApp(app: AppApi, port: Port, log: Log): () => void {
  return serve(
    {
      argumentsOf: calls,
      call: (name, args) => app.call(name, args),
      subscribe: (gate) =>
        namesOf(events).map((name) => app.on(name, (payload) => gate.push(eventOf(name, payload)))),
    },
    port,
    log,
  );
}

/**
 * Serves calls and events over a port until the port closes. Arguments are parsed with the contract where they arrive; errors cross as data;
 * events pass through a gate that merges them while the front end is busy. A message of another form ends the connection.
 * Returns the function that stops serving and closes the port.
 */
function serve(served: Served, port: Port, log: Log): () => void {
  const end: AppEnd = { call: (name, args) => answer(served, name, args, log) };
  const rpc = createBirpc<FrontEnd, AppEnd, false>(end, {
    proxify: false,
    // A tab that the browser has frozen answers when it thaws; until then its events merge.
    timeout: -1,
    post: (message) => port.post(message),
    on: (listener) => {
      port.onMessage((message) => {
        const frame = frameSchema.safeParse(message);
        if (frame.success) return listener(frame.data);
        log.warn('A front end sent a message of an unknown form; its connection was closed.');
        return port.close('unknown message');
      });
    },
    onGeneralError: (error) => {
      // The port closed between a call and its answer: nobody is left to tell.
      log.warn(`An answer could not be delivered: ${error.message}`);
      return true;
    },
  });
  const gate = new EventGate({
    deliver: (batch) => rpc.$call('events', batch),
    onError: (error) => log.warn(`Events could not be delivered: ${toCallError(error).detail}`),
  });
  const unsubscribe = served.subscribe(gate);
  let stopped = false;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    for (const end of unsubscribe) end();
    gate.close();
    rpc.$close();
    port.close('stopped');
  };
  port.onClose(stop);
  return stop;
}

function namesOf<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[];
}

function eventOf(name: AppEvent['name'], payload: AppEvent['payload']): AppEvent {
  // A generic pair of name and payload is one of the union's members, which TypeScript can't see by itself.
  return { name, payload } as AppEvent;
}

async function answer(served: Served, name: unknown, args: unknown, log: Log): Promise<CallOutcome> {
  const entry =
    typeof name === 'string' && Object.hasOwn(served.argumentsOf, name)
      ? served.argumentsOf[name]
      : undefined;
  if (entry === undefined) {
    return refuse('unknown-call', `Vi Sync has no call named “${String(name).slice(0, 40)}”.`);
  }
  const parsed = entry.args.safeParse(args);
  if (!parsed.success) return refuse('invalid-arguments', z.prettifyError(parsed.error));
  try {
    // The name is one of the table, and the arguments are of its schema.
    return { ok: true, result: await served.call(name as never, parsed.data as never) };
  } catch (error) {
    const told = toCallError(error);
    log.error(`The call “${String(name)}” failed (${told.code}): ${told.detail}`);
    return { ok: false, error: told };
  }
}

function refuse(code: string, detail: string): CallOutcome {
  return {
    ok: false,
    error: {
      code,
      facts: { detail },
      title: 'Vi Sync was asked for something that it does not understand',
      detail,
      suggestion: 'Reload the page, or start Vi Sync again: one may be older than the other.',
    },
  };
}
