import type { DesktopBridge } from '../../app/contract.ts';
import type { Channel, ChannelListener } from './remote-engine.ts';

declare global {
  interface Window {
    /** Only in the desktop app. */
    readonly viSync?: DesktopBridge;
  }
}

/** The desktop app's way to the engine as a channel. */
export function bridgeChannel(bridge: DesktopBridge, listener: ChannelListener): Channel {
  const connection = bridge.connect({
    onOpen: () => listener.onOpen(),
    onText: (text) => listener.onMessage(JSON.parse(text)),
    onClose: () => listener.onClose(),
  });
  return {
    post: (message) => connection.post(JSON.stringify(message)),
    close: () => connection.close(),
  };
}
