import type { Port } from '../host/port.ts';

/** One end of a connection that carries JSON texts. */
export interface TextEnd {
  /** Hands one text to the transport. */
  readonly send: (text: string) => void;
  /** Tells the other side that the connection has ended. Called once, and not when it was the other side that ended it. */
  readonly hangUp: (reason: string) => void;
}

/** A connection of JSON texts as a port, and what has arrived for it. */
export interface TextPort extends Port {
  /** A text has arrived. One that is no JSON ends the connection. */
  receive(text: string): void;
  /** The other side is gone. */
  ended(): void;
}

/** The longest message from a front end, in characters. The longest call has two texts of ignore rules, of 64 KiB each. */
export const longestFrontEndText = 1024 * 1024;

/** A port over anything that carries texts: each message one JSON text. */
export function textPort({ send, hangUp }: TextEnd, longestText = Number.POSITIVE_INFINITY): TextPort {
  const messageListeners = new Set<(message: unknown) => void>();
  const closeListeners = new Set<() => void>();
  let isOpen = true;

  const end = (): boolean => {
    if (!isOpen) return false;
    isOpen = false;
    for (const listener of [...closeListeners]) listener();
    return true;
  };
  const close = (reason: string): void => {
    if (end()) hangUp(reason);
  };
  return {
    post(message) {
      if (!isOpen) throw new Error('The connection is closed.');
      send(JSON.stringify(message));
    },
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    onClose(listener) {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    close,
    receive(text) {
      if (!isOpen) return;
      const message = text.length > longestText ? undefined : parseJson(text);
      // JSON has no `undefined`, so it can mean "no message" here.
      if (message === undefined) close('not a JSON text of the length that is allowed');
      else for (const listener of messageListeners) listener(message);
    },
    ended: () => void end(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
