import path from 'node:path';
import { nativeImage, Tray } from 'electron';
import { type MenuFacts, type ShellAction, statusLine, trayMenu } from '../app/desktop/menus.ts';
import type { Mood } from '../app/desktop/shell-state.ts';
import type { Log } from '../app/log.ts';
import { buildMenu } from './menus.ts';

export interface TrayIconOptions {
  readonly outDir: string;
  readonly log: Log;
  readonly act: (action: ShellAction) => void;
}

/** The icon in the tray, with its menu. Kept for as long as the app runs: one that nobody holds vanishes. */
export class TrayIcon {
  readonly #options: TrayIconOptions;
  readonly #tray: Tray;
  #mood: Mood = 'starting';
  #shown = '';

  private constructor(tray: Tray, options: TrayIconOptions) {
    this.#tray = tray;
    this.#options = options;
    // On macOS, and on some Linux desktops, a click opens the menu by itself.
    if (process.platform === 'win32') {
      tray.on('click', () => options.act({ type: 'show', address: null }));
    }
  }

  /** Null: the system has no tray. */
  static open(options: TrayIconOptions): TrayIcon | null {
    try {
      return new TrayIcon(new Tray(imageOf('starting', options.outDir)), options);
    } catch (error) {
      options.log.warn('There is no tray', { error });
      return null;
    }
  }

  update(facts: MenuFacts): void {
    const { outDir, act } = this.#options;
    const { mood } = facts.state;
    if (mood !== this.#mood) {
      this.#mood = mood;
      this.#tray.setImage(imageOf(mood, outDir));
    }
    const lines = trayMenu(facts);
    const status = `Vi Sync: ${statusLine(facts)}`;
    // A menu that is replaced closes where it is open: only where it says something else.
    const shown = JSON.stringify([status, lines]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setToolTip(status);
    this.#tray.setContextMenu(buildMenu(lines, act));
  }

  close(): void {
    this.#tray.destroy();
  }
}

function imageOf(mood: Mood, outDir: string): Electron.NativeImage {
  const ending = { darwin: 'Template.png', win32: '.ico' }[process.platform as string] ?? '.png';
  const image = nativeImage.createFromPath(path.join(outDir, 'icons', `tray-${mood}${ending}`));
  if (process.platform === 'darwin') image.setTemplateImage(true);
  return image;
}
