import type { Socket } from 'node:net';
import type { Log } from '../log.ts';
import type { Port } from './port.ts';

export interface LinePortOptions {
  /** The longest message that is taken from the other side, in bytes. A longer one ends the connection. */
  readonly longestMessage: number;
  readonly log: Log;
}

/** Bytes that may wait for a peer that does not read. Beyond, it is cut off. */
const mostBytesWaiting = 32 * 1024 * 1024;
const newline = 0x0a;

/**
 * A stream socket as a port: each message one line of JSON. Listeners must be there before the first message can come: within the turn in
 * which the socket was opened.
 */
export function linePort(socket: Socket, { longestMessage, log }: LinePortOptions): Port {
  const listeners = new Set<(message: unknown) => void>();
  const parts: Buffer[] = [];
  let waiting = 0;

  const refuse = (reason: string): void => {
    log.warn(`A connection of the local socket was closed: ${reason}.`);
    socket.destroy();
  };
  const receive = (line: Buffer): void => {
    const message = parseJson(line.toString('utf8'));
    // JSON has no `undefined`, so it can mean "no JSON" here.
    if (message === undefined) refuse('a line that is no JSON');
    else for (const listener of listeners) listener(message);
  };
  socket.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      parts.push(chunk.subarray(start, end));
      waiting += end - start;
      start = end + 1;
      if (waiting > longestMessage) return refuse('a message that is too long');
      const line = Buffer.concat(parts);
      parts.length = 0;
      waiting = 0;
      receive(line);
      if (socket.destroyed) return;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    waiting += chunk.length - start;
    if (waiting > longestMessage) refuse('a message that is too long');
  });
  // The other process has died, or has been cut off: the close that follows is what counts.
  socket.on('error', (error) => log.info('A connection of the local socket has failed', { error }));

  return {
    post(message) {
      if (!socket.writable) throw new Error('The connection is closed.');
      if (socket.writableLength > mostBytesWaiting) return refuse('it does not read what it asked for');
      socket.write(`${JSON.stringify(message)}\n`);
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClose(listener) {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
    close() {
      if (!socket.destroyed) socket.destroySoon();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
