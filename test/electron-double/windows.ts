import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Frame, Page, Request as PageRequest, Route } from 'playwright-core';
import { fromChromium, openContext, toChromium } from './browser.ts';
import { guarded } from './check.ts';
import { type DoubleEvent, eventWith } from './events.ts';
import { bindingName, pageScript, receiverName } from './page-script.ts';
import { app, ipcMain, protocol, sessionDouble } from './process-parts.ts';

type Options = Readonly<Record<string, unknown>>;
type OpenHandler = (details: { readonly url: string }) => { readonly action: string };

export interface FrameDouble {
  readonly url: string;
  readonly parent: FrameDouble | null;
}

export const windows: WindowDouble[] = [];
const contentsOfPage = new WeakMap<Page, ContentsDouble>();
const setUp = new WeakSet<BrowserContext>();

/** The contents of a window: a page of Chromium’s. */
export class ContentsDouble extends EventEmitter {
  page: Page | null = null;
  /** Itself, as code sees it. */
  self: ContentsDouble = this;
  readonly #preload: string | null;
  #openHandler: OpenHandler | null = null;
  /** Navigations that the app itself has asked for: those are not asked about. */
  expected: string | null = null;
  /** Another document comes with the next navigation that is told. */
  isLeaving = false;

  constructor(preload: string | null) {
    super();
    this.#preload = preload;
  }

  async loadURL(url: string): Promise<void> {
    const page = this.page ?? (await this.#open());
    this.expected = url;
    await page.goto(toChromium(url), { waitUntil: 'load' });
    this.emit('did-finish-load', eventWith({}));
  }

  send(channel: string, ...args: unknown[]): void {
    const page = this.page;
    if (page === null || page.isClosed()) return;
    const message: [string, string, unknown[]] = [receiverName, channel, structuredClone(args)];
    const deliver = ([name, to, values]: typeof message): void => {
      const receive: unknown = Reflect.get(window, name);
      if (typeof receive === 'function') receive(to, values);
    };
    // The page may be closed or left at any moment: then nobody gets it, as in Electron.
    page.evaluate<void, typeof message>(deliver, message).catch(() => undefined);
  }

  isDestroyed(): boolean {
    return this.page?.isClosed() ?? false;
  }

  getURL(): string {
    return this.page === null ? '' : fromChromium(this.page.url());
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  askToOpen(url: string): string {
    if (this.#openHandler === null) throw new Error('Nobody decides about window.open.');
    return this.#openHandler({ url }).action;
  }

  /** Whether a navigation that the page itself has begun may go on. */
  mayNavigate(url: string, isMainFrame: boolean): boolean {
    const details = { url, isMainFrame, isSameDocument: false };
    const ofFrame = eventWith(details);
    this.emit('will-frame-navigate', ofFrame);
    if (!isMainFrame) return !ofFrame.defaultPrevented;
    const event = eventWith(details);
    this.emit('will-navigate', event);
    return !event.defaultPrevented && !ofFrame.defaultPrevented;
  }

  async #open(): Promise<Page> {
    const context = await openContext(app.getPath('userData'));
    if (!setUp.has(context)) {
      setUp.add(context);
      await prepare(context);
    }
    ownPages += 1;
    const page = await context.newPage();
    this.page = page;
    contentsOfPage.set(page, this);
    if (this.#preload !== null) await page.addInitScript(pageScript(readFileSync(this.#preload, 'utf8')));
    page.on('console', (message) => {
      const { url, lineNumber } = message.location();
      const level = message.type() === 'error' ? 'error' : message.type() === 'warning' ? 'warning' : 'info';
      const told = { level, message: message.text(), sourceId: fromChromium(url), lineNumber };
      this.emit('console-message', eventWith(told));
    });
    page.on('download', (download) => {
      this.isLeaving = false;
      const event = eventWith({});
      sessionDouble.emit('will-download', event, { getURL: () => fromChromium(download.url()) }, this.self);
      if (!event.defaultPrevented) app.note('downloads', download.url());
      void download.cancel();
    });
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame() || !this.isLeaving) return;
      this.isLeaving = false;
      this.emit('did-navigate', eventWith({}), fromChromium(frame.url()));
    });
    page.on('crash', () =>
      this.emit('render-process-gone', eventWith({}), { reason: 'crashed', exitCode: 1 }),
    );
    return page;
  }
}

async function prepare(context: BrowserContext): Promise<void> {
  await context.exposeBinding(bindingName, ({ page, frame }, channel: string, args: unknown[]) => {
    const contents = contentsOfPage.get(page);
    if (contents !== undefined) deliverIpc(contents.self, frameDouble(frame), channel, args);
  });
  await context.route('**/*', (route) => answer(route));
  context.on('page', (page) => void popup(page));
}

/** Windows that a page has opened: all that the app has not. */
const popups = new WeakSet<Page>();
let ownPages = 0;
let asks = 0;

/** It is closed at once, whatever the app says: that it says no is what is looked at. */
async function popup(page: Page): Promise<void> {
  if (ownPages > 0) {
    ownPages -= 1;
    return;
  }
  popups.add(page);
  const before = asks;
  // Its first request says where it was to go, and is asked about; one without any is empty.
  await page.waitForEvent('request', { timeout: 1_000 }).catch(() => null);
  if (asks === before) askToOpen(page.url());
  await page.close();
}

/** Who has opened it is not told, since the page's policy cuts the two apart: the app has one window. */
function askToOpen(url: string): void {
  asks += 1;
  const opener = windows.findLast(({ isGone }) => !isGone);
  if (opener?.contents.askToOpen(url) !== 'deny') app.note('popups', url);
}

/** The frame that a request is to fill; null: none. `popup`: that of a window which is only about to be there. */
function frameOf(request: PageRequest): Frame | 'popup' | null {
  if (!request.isNavigationRequest()) return null;
  try {
    const frame = request.frame();
    return popups.has(frame.page()) ? 'popup' : frame;
  } catch {
    return 'popup';
  }
}

async function answer(route: Route): Promise<void> {
  const request = route.request();
  const url = fromChromium(request.url());
  const frame = frameOf(request);
  if (frame === 'popup') {
    askToOpen(url);
    return route.abort('aborted');
  }
  const contents = frame === null ? undefined : contentsOfPage.get(frame.page());
  if (contents !== undefined && frame !== null) {
    const isMainFrame = frame.parentFrame() === null;
    const isExpected = isMainFrame && contents.expected?.split('#')[0] === url.split('#')[0];
    if (isExpected) contents.expected = null;
    else if (!contents.mayNavigate(url, isMainFrame)) return route.abort('aborted');
    if (isMainFrame) contents.isLeaving = true;
  }
  if (await sessionDouble.cancels(url)) return route.abort('blockedbyclient');
  const handler = protocol.handlerOf(url);
  if (handler === null) {
    app.note('leaks', url);
    return route.abort('failed');
  }
  const response = await handler(new Request(url, { method: request.method(), headers: request.headers() }));
  return route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}

function frameDouble(frame: Frame): FrameDouble {
  const parent = frame.parentFrame();
  return { url: fromChromium(frame.url()), parent: parent === null ? null : frameDouble(parent) };
}

/** A message of a page, as the main process gets it. */
export function deliverIpc(
  sender: unknown,
  senderFrame: FrameDouble | null,
  channel: string,
  args: readonly unknown[],
): void {
  if (ipcMain.listenerCount(channel) === 0) app.note('unheard', channel);
  ipcMain.emit(channel, eventWith({ sender, senderFrame, ports: [] }), ...args);
}

/** A window; what it is asked for is recorded. */
export class WindowDouble extends EventEmitter {
  readonly options: Options;
  readonly contents: ContentsDouble;
  readonly webContents: ContentsDouble;
  readonly recorded: Record<string, unknown> = {};
  isShown: boolean;
  isSmall = false;
  isLarge = false;
  isGone = false;
  isInFront = false;
  #bounds: Record<string, number>;

  constructor(options: Options) {
    super();
    this.options = options;
    this.isShown = options.show !== false;
    const { x = 0, y = 0, width = 800, height = 600 } = options as Record<string, number>;
    this.#bounds = { x, y, width, height };
    const preferences = (options.webPreferences ?? {}) as Options;
    this.contents = new ContentsDouble(typeof preferences.preload === 'string' ? preferences.preload : null);
    this.webContents = guarded('WebContents', this.contents);
    this.contents.self = this.webContents;
    windows.push(this);
    app.emit('web-contents-created', eventWith({}), this.webContents);
    this.contents.once('did-finish-load', () => this.emit('ready-to-show'));
  }

  show(): void {
    this.isShown = true;
    this.isSmall = false;
    this.isInFront = true;
    this.emit('show');
  }

  hide(): void {
    this.isShown = false;
    this.isInFront = false;
    this.emit('hide');
  }

  focus(): void {
    this.isInFront = true;
  }

  minimize(): void {
    this.isSmall = true;
    this.isInFront = false;
    this.emit('minimize');
  }

  restore(): void {
    this.isSmall = false;
  }

  maximize(): void {
    this.isLarge = true;
    this.emit('maximize');
  }

  isVisible = (): boolean => this.isShown && !this.isSmall;
  isFocused = (): boolean => this.isInFront;
  isMinimized = (): boolean => this.isSmall;
  isMaximized = (): boolean => this.isLarge;
  isDestroyed = (): boolean => this.isGone;
  getNormalBounds = (): Record<string, number> => this.#bounds;
  loadURL = (url: string): Promise<void> => this.contents.loadURL(url);

  setBackgroundColor(color: string): void {
    this.recorded.backgroundColor = color;
  }

  setProgressBar(progress: number): void {
    this.recorded.progress = progress;
  }

  setOverlayIcon(icon: unknown, description: string): void {
    this.recorded.overlay = icon === null ? null : description;
  }

  /** A person drags the window. */
  move(bounds: Record<string, number>): void {
    this.#bounds = bounds;
    this.emit('moved');
  }

  /** A person closes the window, or the app does as it ends. */
  async close(): Promise<DoubleEvent> {
    const event = eventWith({});
    this.emit('close', event);
    if (!event.defaultPrevented) {
      this.isGone = true;
      await this.contents.page?.close();
      this.emit('closed');
      if (windows.every(({ isGone }) => isGone)) app.emit('window-all-closed');
    }
    return event;
  }
}
