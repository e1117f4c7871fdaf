import type { RawData, WebSocket } from 'ws';
import type { Log } from '../log.ts';
import type { Port } from './port.ts';

/** Bytes that may wait for a client that does not read. Beyond, it is cut off: it gets a snapshot when it connects again. */
const mostBytesWaiting = 32 * 1024 * 1024;
/** How often a client is asked for a sign of life, in milliseconds; one that misses a whole interval is cut off. */
const heartbeatMs = 20_000;

/** A WebSocket as a port: each message one JSON text. */
export function socketPort(socket: WebSocket, log: Log): Port {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    return socket.ping();
  }, heartbeatMs);
  heartbeat.unref();
  socket.on('close', () => clearInterval(heartbeat));
  // A broken frame, or a message over the size limit: ws closes the connection by itself.
  socket.on('error', (error) => log.warn(`A connection of the page failed: ${error.message}`));

  return {
    post(message) {
      if (socket.readyState !== socket.OPEN) throw new Error('The connection is closed.');
      if (socket.bufferedAmount > mostBytesWaiting) {
        log.warn('A page did not read what it asked for; its connection was cut.');
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      const receive = (data: RawData, isBinary: boolean): void => {
        const message = isBinary ? undefined : parseJson(data.toString());
        // JSON has no `undefined`, so it can mean "no JSON" here.
        if (message !== undefined) listener(message);
        else socket.close(1007, 'JSON texts only');
      };
      socket.on('message', receive);
      return () => socket.off('message', receive);
    },
    onClose(listener) {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
    close(reason) {
      socket.close(1008, reason);
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
