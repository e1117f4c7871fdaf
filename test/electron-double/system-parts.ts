import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { guarded } from './check.ts';
import { app } from './process-parts.ts';

type Template = readonly Readonly<Record<string, unknown>>[];

export class ImageDouble {
  /** Not Electron’s: for the test. */
  readonly _file: string;
  isTemplate = false;

  constructor(file: string) {
    this._file = file;
  }

  static createFromPath(file: string): ImageDouble {
    // Electron makes an empty image of a file that is not there, which nobody sees.
    if (!existsSync(file)) throw new Error(`There is no image ${file}.`);
    return guarded('NativeImage', new ImageDouble(file));
  }

  setTemplateImage(isTemplate: boolean): void {
    this.isTemplate = isTemplate;
  }
}

export class MenuDouble {
  static current: MenuDouble | null = null;
  readonly template: Template;

  constructor(template: Template = []) {
    this.template = template;
  }

  static buildFromTemplate(template: Template): MenuDouble {
    return new MenuDouble(template);
  }

  static setApplicationMenu(menu: MenuDouble | null): void {
    MenuDouble.current = menu;
  }
}

export const trays: TrayDouble[] = [];

export class TrayDouble extends EventEmitter {
  image: ImageDouble;
  toolTip = '';
  menu: MenuDouble | null = null;
  isGone = false;

  constructor(image: ImageDouble) {
    super();
    this.image = image;
    trays.push(this);
  }

  setImage(image: ImageDouble): void {
    this.image = image;
  }

  setToolTip(text: string): void {
    this.toolTip = text;
  }

  setContextMenu(menu: MenuDouble): void {
    this.menu = menu;
  }

  destroy(): void {
    this.isGone = true;
  }
}

export const notifications: NotificationDouble[] = [];

export class NotificationDouble extends EventEmitter {
  readonly options: unknown;
  isShown = false;

  constructor(options: unknown) {
    super();
    this.options = options;
    notifications.push(this);
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    this.isShown = true;
  }

  close(): void {
    this.isShown = false;
    this.emit('close');
  }
}

interface Asked {
  readonly kind: string;
  readonly options: unknown;
}

/** Dialogs that were shown, and what a person says to the next ones. A dialog without an answer waits. */
export class DialogDouble {
  readonly asked: Asked[] = [];
  readonly #answers: unknown[] = [];
  readonly #waiting: ((answer: unknown) => void)[] = [];

  showOpenDialog(...args: unknown[]): Promise<unknown> {
    return this.#show('open', args);
  }

  showMessageBox(...args: unknown[]): Promise<unknown> {
    return this.#show('message', args);
  }

  answer(value: unknown): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#answers.push(value);
    else waiting(value);
  }

  #show(kind: string, args: readonly unknown[]): Promise<unknown> {
    this.asked.push({ kind, options: args.at(-1) });
    if (this.#answers.length > 0) return Promise.resolve(this.#answers.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export class ShellDouble {
  openExternal(url: string): Promise<void> {
    app.note('openedExternal', url);
    return Promise.resolve();
  }

  openPath(place: string): Promise<string> {
    app.note('openedPath', place);
    return Promise.resolve('');
  }

  showItemInFolder(place: string): void {
    app.note('shownItem', place);
  }
}

export class ThemeDouble extends EventEmitter {
  themeSource = 'system';

  get shouldUseDarkColors(): boolean {
    return this.themeSource === 'dark';
  }
}

export class PowerMonitorDouble extends EventEmitter {
  isOnBattery = false;

  isOnBatteryPower(): boolean {
    return this.isOnBattery;
  }
}

export class SaveBlockerDouble {
  readonly held = new Map<number, string>();
  #last = 0;

  start(type: string): number {
    this.#last += 1;
    this.held.set(this.#last, type);
    return this.#last;
  }

  stop(id: number): boolean {
    return this.held.delete(id);
  }
}

export class ScreenDouble extends EventEmitter {
  getAllDisplays(): unknown[] {
    return [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }];
  }
}

export const utilities: UtilityDouble[] = [];
const parentPort = fileURLToPath(new URL('./parent-port.ts', import.meta.url));

/** A utility process: a real process of Node’s. */
export class UtilityDouble extends EventEmitter {
  readonly #child: ChildProcess;
  readonly serviceName: string;

  constructor(child: ChildProcess, { serviceName = 'Node Utility Process' }: { serviceName?: string }) {
    super();
    this.#child = child;
    this.serviceName = serviceName;
    utilities.push(this);
    child.once('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.once('exit', (code, signal) => this.emit('exit', code ?? (signal === null ? 0 : 1)));
  }

  static fork(
    file: string,
    args: readonly string[] = [],
    options: { serviceName?: string } = {},
  ): UtilityDouble {
    if (!app.isReady) throw new Error('A utility process is forked once the app is ready.');
    const child = fork(file, [...args], {
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', parentPort],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return guarded('UtilityProcess', new UtilityDouble(child, options));
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  get stdout(): Readable | null {
    return this.#child.stdout;
  }

  get stderr(): Readable | null {
    return this.#child.stderr;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}
