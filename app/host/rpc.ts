import { createBirpc } from 'birpc';
import { z } from 'zod';
import {
  type CallArgs,
  type CallName,
  type CallOutcome,
  calls,
  type EngineApi,
  type EngineEnd,
  type EventName,
  events,
  type FrontEnd,
} from '../contract.ts';
import type { Log } from '../log.ts';
import { toCallError } from './call-error.ts';
import { type EngineEvent, EventGate } from './event-gate.ts';
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

/**
 * Serves an engine over a port until the port closes. Arguments are parsed with the contract where they arrive; errors cross as data; events
 * pass through a gate that merges them while the front end is busy. A message of another form ends the connection.
 * Returns the function that stops serving and closes the port.
 */
export function serveEngine(engine: EngineApi, port: Port, log: Log): () => void {
  const end: EngineEnd = { call: (name, args) => answer(engine, name, args, log) };
  const rpc = createBirpc<FrontEnd, EngineEnd, false>(end, {
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
  const unsubscribe = eventNames.map((name) => forward(engine, name, gate));
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

const eventNames = Object.keys(events) as EventName[];

function forward<N extends EventName>(engine: EngineApi, name: N, gate: EventGate): () => void {
  // A generic pair of name and payload is one of the union's members, which TypeScript can't see by itself.
  return engine.on(name, (payload) => gate.push({ name, payload } as EngineEvent));
}

async function answer(engine: EngineApi, name: unknown, args: unknown, log: Log): Promise<CallOutcome> {
  if (!isCallName(name)) {
    return refuse('unknown-call', `Vi Sync has no call named “${String(name).slice(0, 40)}”.`);
  }
  const parsed = calls[name].args.safeParse(args);
  if (!parsed.success) return refuse('invalid-arguments', z.prettifyError(parsed.error));
  try {
    return { ok: true, result: await engine.call(name, parsed.data as CallArgs<typeof name>) };
  } catch (error) {
    const told = toCallError(error);
    log.error(`The call “${name}” failed (${told.code}): ${told.detail}`);
    return { ok: false, error: told };
  }
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

function refuse(code: string, detail: string): CallOutcome {
  return {
    ok: false,
    error: {
      code,
      title: 'Vi Sync was asked for something that it does not understand',
      detail,
      suggestion: 'Reload the page, or start Vi Sync again: one may be older than the other.',
    },
  };
}
