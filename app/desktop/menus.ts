import path from 'node:path';
import type { Activity, MirrorStatus } from '../contract.ts';
import { addresses } from './addresses.ts';
import { documentationUrl } from './external-links.ts';
import type { ShellState } from './shell-state.ts';
import type { ShellWords, SpokenWords } from './words.ts';

/** What a click in a menu does. */
export type ShellAction =
  /** Shows the window; at an address of it, or where it is. */
  | { readonly type: 'show'; readonly address: string | null }
  | { readonly type: 'pause' | 'resume' | 'sync' | 'update' | 'quit' }
  | { readonly type: 'browse'; readonly url: string };

/** What the system does by itself, by its name at Electron. */
export type SystemRole =
  | 'about'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'
  | 'minimize'
  | 'close'
  | 'front';

export type MenuLine =
  | { readonly kind: 'line' }
  | { readonly kind: 'text'; readonly label: string }
  | {
      readonly kind: 'action';
      readonly label: string;
      readonly action: ShellAction;
      readonly isEnabled: boolean;
      readonly accelerator?: string;
    }
  | { readonly kind: 'role'; readonly role: SystemRole }
  | { readonly kind: 'menu'; readonly label: string; readonly lines: readonly MenuLine[] };

export interface MenuFacts {
  readonly state: ShellState;
  readonly mirrors: readonly MirrorStatus[];
  /** The newest first. */
  readonly recent: readonly Activity[];
  readonly words: ShellWords;
  readonly spoken: SpokenWords;
  readonly formatCount: (n: number) => string;
  /** The new version that a restart puts in place; null: there is none. */
  readonly update: string | null;
}

const mostMirrors = 5;
const mostRecent = 8;
const longestLabel = 60;
const line = { kind: 'line' } as const;

/** What the tray's tooltip and the first line of its menu say. */
export function statusLine({
  state,
  words,
  formatCount,
}: Pick<MenuFacts, 'state' | 'words' | 'formatCount'>): string {
  const { mood, held, moving } = state;
  if (held > 0) return words.waiting(held, formatCount(held));
  if (mood === 'syncing' && moving.total > 0)
    return words.moving(formatCount(moving.done), formatCount(moving.total));
  return words.moods[mood];
}

/** The tray's menu. “Open” comes first: on many Linux desktops a click on the icon itself says nothing. */
export function trayMenu(facts: MenuFacts): readonly MenuLine[] {
  const { state, mirrors, words } = facts;
  const isThere = mirrors.length > 0;
  const pause: ShellAction = { type: state.isPaused ? 'resume' : 'pause' };
  return [
    action(words.open, { type: 'show', address: null }),
    line,
    { kind: 'text', label: statusLine(facts) },
    ...mirrors.slice(0, mostMirrors).map((mirror) =>
      action(labelOf(path.basename(mirror.folder)), {
        type: 'show',
        address:
          mirror.counts.held > 0 ? addresses.waiting(mirror.mirrorId) : addresses.mirror(mirror.mirrorId),
      }),
    ),
    line,
    action(state.isPaused ? words.resumeAll : words.pauseAll, pause, isThere),
    action(words.syncNow, { type: 'sync' }, isThere && !state.isPaused),
    { kind: 'menu', label: words.recent, lines: recentLines(facts) },
    line,
    action(words.settings, { type: 'show', address: addresses.settings }),
    ...updateLines(facts),
    action(words.quit, { type: 'quit' }),
  ];
}

/** The menu of the app: on macOS in the bar of the screen, elsewhere in the window, where Alt shows it. */
export function appMenu(
  { words, update }: Pick<MenuFacts, 'words' | 'update'>,
  platform: NodeJS.Platform,
): readonly MenuLine[] {
  const isMac = platform === 'darwin';
  const restart = updateLines({ words, update });
  const settings: MenuLine = {
    ...action(words.settings, { type: 'show', address: addresses.settings }),
    accelerator: 'CmdOrCtrl+,',
  };
  const quit: MenuLine = { ...action(words.quit, { type: 'quit' }), accelerator: 'CmdOrCtrl+Q' };
  const newMirror: MenuLine = {
    ...action(words.addMirror, { type: 'show', address: addresses.addMirror }),
    accelerator: 'CmdOrCtrl+N',
  };
  const roles = (...names: readonly SystemRole[]): MenuLine[] =>
    names.map((role) => ({ kind: 'role', role }));
  return [
    ...(isMac
      ? [
          menu('Vi Sync', [
            ...roles('about'),
            line,
            settings,
            ...restart,
            line,
            ...roles('hide', 'hideOthers', 'unhide'),
            line,
            quit,
          ]),
          menu(words.file, [newMirror, line, ...roles('close')]),
        ]
      : [menu(words.file, [newMirror, settings, line, ...roles('close'), ...restart, quit])]),
    menu(words.edit, [...roles('undo', 'redo'), line, ...roles('cut', 'copy', 'paste', 'selectAll')]),
    menu(words.view, [...roles('resetZoom', 'zoomIn', 'zoomOut'), line, ...roles('togglefullscreen')]),
    menu(words.window, [...roles('minimize'), ...(isMac ? roles('front') : [])]),
    menu(words.help, [action(words.documentation, { type: 'browse', url: documentationUrl })]),
  ];
}

function updateLines({ words, update }: Pick<MenuFacts, 'words' | 'update'>): readonly MenuLine[] {
  return update === null ? [] : [action(words.restartToUpdate(update), { type: 'update' })];
}

function recentLines({ recent, words, spoken }: MenuFacts): MenuLine[] {
  if (recent.length === 0) return [{ kind: 'text', label: words.noRecent }];
  return [
    ...recent.slice(0, mostRecent).map((activity) => {
      const said = spoken.activity(activity);
      const label = activity.path === null ? said : `${activity.path.split('/').at(-1)}: ${said}`;
      return action(labelOf(label), { type: 'show', address: addresses.activity });
    }),
  ];
}

function action(label: string, does: ShellAction, isEnabled = true): Extract<MenuLine, { kind: 'action' }> {
  return { kind: 'action', label, action: does, isEnabled };
}

function menu(label: string, lines: readonly MenuLine[]): MenuLine {
  return { kind: 'menu', label, lines };
}

/** A name of anybody's making as a label: short, on one line, and no `&`, which would mark the letter after it. */
function labelOf(name: string): string {
  const plain = name.replace(/\p{Cc}/gu, ' ').replaceAll('&', '&&');
  return plain.length <= longestLabel ? plain : `${plain.slice(0, longestLabel - 1)}…`;
}
