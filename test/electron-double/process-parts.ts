import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { eventWith } from './events.ts';

type Handler = (request: Request) => Promise<Response>;

/** What the app has done that is no window, menu or icon: kept for the test. */
export const notes: Record<string, unknown[]> = {};

class AppDouble extends EventEmitter {
  readonly isPackaged = process.env.VI_SYNC_DOUBLE_PACKAGED === '1';
  readonly #paths = new Map<string, string>();
  #ready: Promise<void> | null = null;
  isReady = false;
  /** Ends what the double holds; set by electron.ts, which knows it all. */
  end: () => Promise<void> = async () => undefined;
  badge = 0;

  note(what: string, value: unknown): void {
    notes[what] = [...(notes[what] ?? []), value];
  }

  setPath(name: string, place: string): void {
    if (!existsSync(place)) throw new Error(`The folder ${place} is not there.`);
    this.#paths.set(name, place);
  }

  getPath(name: string): string {
    const place = this.#paths.get(name);
    if (place === undefined) throw new Error(`The path “${name}” was not set.`);
    return place;
  }

  setAppUserModelId(id: string): void {
    this.note('appUserModelId', id);
  }

  getPreferredSystemLanguages(): string[] {
    return [process.env.VI_SYNC_DOUBLE_LANGUAGE ?? 'en-GB'];
  }

  setAsDefaultProtocolClient(...args: unknown[]): boolean {
    this.note('protocolClient', args);
    return true;
  }

  getLoginItemSettings(): { wasOpenedAtLogin: boolean } {
    return { wasOpenedAtLogin: false };
  }

  setLoginItemSettings(settings: unknown): void {
    this.note('loginItem', settings);
  }

  setBadgeCount(count: number): boolean {
    this.badge = count;
    return true;
  }

  /** As Electron’s: the first of a profile listens, the next ones hand their data over. */
  requestSingleInstanceLock(data: unknown): boolean {
    return lock(this.getPath('userData'), data, (argv, handedOver) =>
      this.emit('second-instance', eventWith({}), argv, process.cwd(), handedOver),
    );
  }

  whenReady(): Promise<void> {
    this.#ready ??= new Promise((resolve) =>
      setImmediate(() => {
        this.isReady = true;
        this.emit('ready');
        resolve();
      }),
    );
    return this.#ready;
  }

  quit(): void {
    const event = eventWith({});
    this.emit('before-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }

  exit(code: number): void {
    if (!this.isReady && this.#ready === null) process.exit(code);
    void this.end().finally(() => process.exit(code));
  }
}

/**
 * Synchronous, as `requestSingleInstanceLock` is: a folder that is made by one process alone, with a socket beside it that the later ones speak
 * to before they end.
 */
function lock(
  userData: string,
  data: unknown,
  onSecond: (argv: string[], handedOver: unknown) => void,
): boolean {
  const folder = path.join(userData, 'lock');
  const address = path.join(userData, 'double.sock');
  try {
    mkdirSync(folder);
  } catch {
    // The first one has died where nobody listens any more; a test that kills it takes the folder away.
    const socket = net.connect(address);
    socket.end(JSON.stringify({ argv: process.argv, data }));
    // The process ends at once by `app.exit`; what was written has to leave first.
    app.end = () => new Promise((resolve) => socket.once('close', () => resolve()));
    app.exit = (code) => void app.end().finally(() => process.exit(code));
    return false;
  }
  rmSync(address, { force: true });
  const server = net.createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('end', () => {
      const { argv, data: handedOver } = JSON.parse(text) as { argv: string[]; data: unknown };
      onSecond(argv, handedOver);
    });
  });
  server.listen(address);
  server.unref();
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return true;
}

class SessionDouble extends EventEmitter {
  permissionRequest: ((...args: unknown[]) => void) | null = null;
  permissionCheck: ((...args: unknown[]) => boolean) | null = null;
  devicePermission: (() => boolean) | null = null;
  #beforeRequest: ((details: { url: string }, answer: (told: { cancel?: boolean }) => void) => void) | null =
    null;
  webRequest: object = {
    onBeforeRequest: (listener: NonNullable<SessionDouble['permissionRequest']>) => {
      this.#beforeRequest = listener;
    },
  };

  setPermissionRequestHandler(handler: SessionDouble['permissionRequest']): void {
    this.permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: SessionDouble['permissionCheck']): void {
    this.permissionCheck = handler;
  }

  setDevicePermissionHandler(handler: SessionDouble['devicePermission']): void {
    this.devicePermission = handler;
  }

  async resolveProxy(): Promise<string> {
    return process.env.VI_SYNC_DOUBLE_PROXY ?? 'DIRECT';
  }

  cancels(url: string): Promise<boolean> {
    const listener = this.#beforeRequest;
    if (listener === null) return Promise.resolve(false);
    return new Promise((resolve) => listener({ url }, ({ cancel = false }) => resolve(cancel)));
  }
}

class ProtocolDouble {
  readonly privileged: unknown[] = [];
  readonly #handlers = new Map<string, Handler>();

  registerSchemesAsPrivileged(schemes: readonly unknown[]): void {
    if (app.isReady) throw new Error('Schemes are registered before the app is ready.');
    this.privileged.push(...schemes);
  }

  handle(scheme: string, handler: Handler): void {
    this.#handlers.set(scheme, handler);
  }

  handlerOf(url: string): Handler | null {
    return this.#handlers.get(url.slice(0, url.indexOf(':'))) ?? null;
  }
}

export const app = new AppDouble();
export const ipcMain = new EventEmitter();
export const protocol = new ProtocolDouble();
export const sessionDouble = new SessionDouble();
