/**
 * A two-way channel of whole messages: a WebSocket now, a MessagePort or an engine process's port in the desktop app.
 * What it carries has passed through JSON or structured clone, so it is data of unknown shape until it is parsed.
 */
export interface Port {
  /** Hands one message to the transport. Throws when the port is closed. */
  post(message: unknown): void;
  /** Returns the function that ends the subscription. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once when the other side is gone. Returns the function that ends the subscription. */
  onClose(listener: () => void): () => void;
  /** Ends the connection. `reason` is for the other side's log. Closing twice does nothing. */
  close(reason: string): void;
}
