/** A pre-signed URL of bytes: where to PUT or GET them, until when, and with which headers. */
export interface Contents {
  /** The URL. Whoever has it can use it until it expires, so it belongs in no log. */
  readonly url: string;
  /** When the URL expires, milliseconds since the epoch by the service's clock. */
  readonly expiry?: number | undefined;
  /** The headers that the request must carry, and the only ones of ours that it carries. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** HTTP method; by default PUT for an upload and GET for a download. */
  readonly method?: string | undefined;
}

/** True when the URL's time is over by this computer's clock, which may differ from the service's. */
export function isExpired(contents: Contents, now: number = Date.now()): boolean {
  return contents.expiry !== undefined && contents.expiry <= now;
}
