/** What the desktop app's page finds at `window.viSync`: the way to the engine, and nothing else. */
export interface DesktopBridge {
  /** Opens a connection. Each message is one JSON text. */
  connect(listener: BridgeListener): BridgeConnection;
}

/** `onClose` comes once, after `onOpen` or instead of it. */
export interface BridgeListener {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

export interface BridgeConnection {
  readonly post: (text: string) => void;
  readonly close: () => void;
}
