import { bridgeChannel } from './bridge-channel.ts';
import { connectRemoteEngine, type RemoteEngine } from './remote-engine.ts';
import { socketChannel } from './socket-channel.ts';

/** The engine behind this page: that of the desktop app around it, or of the host that served it. */
export function connectToHost(): RemoteEngine {
  const bridge = window.viSync;
  const engine = connectRemoteEngine(
    bridge === undefined
      ? {
          openChannel: (listener) => socketChannel(new WebSocket(`ws://${location.host}/engine`), listener),
          hasSession: async () => (await fetch('/session', { cache: 'no-store' })).ok,
        }
      : {
          openChannel: (listener) => bridgeChannel(bridge, listener),
          // The window is the app's own: nobody has to sign in.
          hasSession: async () => true,
        },
  );
  // Timers of hidden pages are throttled: back in view, the page should not wait for one.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') engine.reconnect();
  });
  return engine;
}
