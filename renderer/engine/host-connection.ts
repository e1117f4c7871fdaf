import { connectRemoteEngine, type RemoteEngine } from './remote-engine.ts';
import { socketChannel } from './socket-channel.ts';

/** The engine of the host that served this page. */
export function connectToHost(): RemoteEngine {
  const engine = connectRemoteEngine({
    openChannel: (listener) => socketChannel(new WebSocket(`ws://${location.host}/engine`), listener),
    hasSession: async () => (await fetch('/session', { cache: 'no-store' })).ok,
  });
  // Timers of hidden pages are throttled: back in view, the page should not wait for one.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') engine.reconnect();
  });
  return engine;
}
