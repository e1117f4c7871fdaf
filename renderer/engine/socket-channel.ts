import type { Channel, ChannelListener } from './remote-engine.ts';

/** A WebSocket as a channel: each message one JSON text. */
export function socketChannel(socket: WebSocket, listener: ChannelListener): Channel {
  socket.addEventListener('open', () => listener.onOpen());
  socket.addEventListener('message', (event) => listener.onMessage(JSON.parse(String(event.data))));
  // An error is always followed by a close.
  socket.addEventListener('close', () => listener.onClose());
  return {
    post: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
  };
}
