import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import { z } from 'zod';
import { pageOrigin } from '../app/desktop/page-files.ts';
import { longestFrontEndText } from '../app/desktop/text-port.ts';
import type { Log } from '../app/log.ts';
import type { EngineHost, HostPort } from './engine-host.ts';
import { channels } from './ipc-channels.ts';

export interface PageIpcOptions {
  readonly host: EngineHost;
  readonly log: Log;
  /** The contents of the app's own window; null: there is none. Nobody else is answered. */
  readonly page: () => WebContents | null;
}

const number = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const numberSchema = z.tuple([number]);
const postSchema = z.tuple([number, z.string().max(longestFrontEndText)]);

/** Connections of a page at once. It needs one; more is a page gone wrong. */
const mostConnections = 8;

/** Carries texts between the app's own page and the engine. Each message is looked at for who sent it and what it is, and dropped where either is wrong. */
export class PageIpc {
  readonly #options: PageIpcOptions;
  readonly #connections = new Map<number, HostPort>();

  constructor(options: PageIpcOptions) {
    this.#options = options;
    this.#handle(channels.open, numberSchema, ([number]) => this.#open(number));
    this.#handle(channels.post, postSchema, ([number, text]) => this.#connections.get(number)?.post(text));
    this.#handle(channels.close, numberSchema, ([number]) => {
      this.#connections.get(number)?.close();
      this.#connections.delete(number);
    });
  }

  /** The page has been left, or has died: nobody waits at the other end of its connections. */
  pageGone(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  #handle<T>(channel: string, schema: z.ZodType<T>, take: (args: T) => void): void {
    const { log } = this.#options;
    ipcMain.on(channel, (event, ...args: unknown[]) => {
      if (!this.#isOwnPage(event)) {
        log.error('A message of a foreign page was refused', {
          channel,
          url: event.senderFrame?.url ?? null,
        });
        return;
      }
      const parsed = schema.safeParse(args);
      if (parsed.success) take(parsed.data);
      else log.error('A message of an unknown form was refused', { channel });
    });
  }

  /** The top frame of the app's own window, showing the app's own page. */
  #isOwnPage({ sender, senderFrame }: IpcMainEvent): boolean {
    const page = this.#options.page();
    // It is null when the frame has been left or removed meanwhile.
    if (page === null || senderFrame === null || sender !== page) return false;
    return senderFrame.parent === null && originOf(senderFrame.url) === pageOrigin;
  }

  #open(number: number): void {
    // A number that is taken is no way into somebody's connection.
    if (this.#connections.has(number)) return;
    if (this.#connections.size >= mostConnections) {
      this.#options.log.error('A page has too many connections; another one was refused');
      this.#send(channels.closed, number);
      return;
    }
    const connection = this.#options.host.openPort({
      onText: (text) => this.#send(channels.text, number, text),
      onClose: () => {
        this.#connections.delete(number);
        this.#send(channels.closed, number);
      },
    });
    if (connection !== null) this.#connections.set(number, connection);
    this.#send(connection === null ? channels.closed : channels.opened, number);
  }

  #send(channel: string, ...args: readonly (number | string)[]): void {
    const page = this.#options.page();
    if (page !== null && !page.isDestroyed()) page.send(channel, ...args);
  }
}

function originOf(address: string): string | null {
  const url = URL.parse(address);
  // Schemes of our own have no origin at the URL standard.
  return url === null ? null : `${url.protocol}//${url.host}`;
}
