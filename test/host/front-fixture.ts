import { WebSocket } from 'ws';
import {
  type ConnectionState,
  connectRemoteEngine,
  type RemoteEngine,
} from '../../renderer/engine/remote-engine.ts';
import { socketChannel } from '../../renderer/engine/socket-channel.ts';

export interface Front {
  readonly engine: RemoteEngine;
  /** Resolves when the connection is in this state. */
  until(state: ConnectionState): Promise<void>;
}

/** The page's own end of the connection, in Node: what the browser adds by itself (origin, cookie) is added here. */
export async function openFront({
  host,
  cookie,
}: {
  readonly host: { readonly port: number };
  readonly cookie: string;
}): Promise<Front> {
  const origin = `http://127.0.0.1:${host.port}`;
  const engine = connectRemoteEngine({
    openChannel: (listener) => {
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}/engine`, { headers: { cookie, origin } });
      // A browser has no unhandled errors of sockets: the close that follows tells the page.
      socket.on('error', () => undefined);
      // The ws package implements the browser's interface, but does not say so in its types.
      return socketChannel(socket as unknown as globalThis.WebSocket, listener);
    },
    hasSession: async () => (await fetch(`${origin}/session`, { headers: { cookie } })).ok,
  });
  const until = (state: ConnectionState): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (engine.connection.get() !== state) return;
        end();
        resolve();
      };
      const end = engine.connection.subscribe(check);
      check();
    });
  await until('open');
  return { engine, until };
}
