import type {
  CallArgs,
  CallName,
  CallResult,
  EngineCallName,
  EngineEventName,
  EventName,
  EventPayload,
} from './calls.ts';
import type { CallError } from './problem.ts';

/** The answer to a call as it crosses: an error is data too. */
export type CallOutcome<R = unknown> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly error: CallError };

/** What the app's end of a connection offers. Names and arguments are parsed there. */
export interface AppEnd {
  call(name: string, args: unknown): Promise<CallOutcome>;
}

/** An event as it crosses. */
export interface CrossingEvent {
  readonly name: EventName;
  readonly payload: unknown;
}

/** What a front end's side of a connection offers. Its answer says that it is ready for more. */
export interface FrontEnd {
  events(batch: readonly CrossingEvent[]): void;
}

/** What can be done with an engine, whatever carries the calls. */
export interface EngineApi {
  call<N extends EngineCallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>>;
  /** Returns the function that ends the subscription. */
  on<N extends EngineEventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

/** What a window can do with the app: its engine, and what is around it. */
export interface AppApi {
  call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
