import { z } from 'zod';
import { breaches } from './check.ts';
import { eventWith } from './events.ts';
import { app, notes, protocol, sessionDouble } from './process-parts.ts';
import {
  type DialogDouble,
  MenuDouble,
  notifications,
  type PowerMonitorDouble,
  type SaveBlockerDouble,
  type ThemeDouble,
  trays,
  utilities,
} from './system-parts.ts';
import { deliverIpc, windows } from './windows.ts';

export interface Parts {
  readonly dialog: DialogDouble;
  readonly theme: ThemeDouble;
  readonly power: PowerMonitorDouble;
  readonly blocker: SaveBlockerDouble;
}

const path = z.array(z.string()).min(1);
const bounds = z.record(z.string(), z.number());

/** What a test can have happen to the app: what a person, the system or a hostile page does. */
export const commandSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('state') }),
  z.object({ do: z.literal('closeWindow') }),
  z.object({ do: z.literal('moveWindow'), bounds }),
  z.object({ do: z.literal('blurWindow') }),
  z.object({ do: z.literal('clickMenu'), in: z.enum(['tray', 'app']), path }),
  z.object({ do: z.literal('clickNotification'), title: z.string() }),
  z.object({ do: z.literal('answerDialog'), answer: z.unknown() }),
  z.object({ do: z.literal('quit') }),
  z.object({ do: z.literal('openUrl'), url: z.string() }),
  z.object({ do: z.literal('power'), event: z.enum(['resume', 'on-battery', 'on-ac', 'shutdown']) }),
  z.object({
    do: z.literal('ipc'),
    channel: z.string(),
    args: z.array(z.unknown()),
    /** Default: that of the app’s own window. `foreign`: of no window that the app knows. */
    sender: z.enum(['own', 'foreign']).default('own'),
    frame: z.object({ url: z.string(), isTop: z.boolean() }).nullable(),
  }),
  z.object({ do: z.literal('permission'), permission: z.string(), url: z.string() }),
  z.object({ do: z.literal('attachWebview') }),
]);
export type Command = z.input<typeof commandSchema>;

const requestSchema = z.object({ id: z.number(), command: commandSchema });

/** Carries out what the test’s process says. */
export function startControl(parts: Parts): void {
  process.on('message', (message) => {
    const { id, command } = requestSchema.parse(message);
    void carryOut(command, parts).then(
      (result) => process.send?.({ type: 'answer', id, result }),
      (error: unknown) => process.send?.({ type: 'answer', id, error: String(error) }),
    );
  });
  // The app is the test’s: it does not outlive it.
  process.on('disconnect', () => process.exit(1));
}

async function carryOut(command: z.output<typeof commandSchema>, parts: Parts): Promise<unknown> {
  const window = windows.findLast(({ isGone }) => !isGone);
  switch (command.do) {
    case 'state':
      return stateOf(parts);
    case 'closeWindow':
      return (await window?.close())?.defaultPrevented;
    case 'moveWindow':
      return window?.move(command.bounds);
    case 'blurWindow':
      if (window !== undefined) window.isInFront = false;
      return undefined;
    case 'clickMenu':
      return click(command.in === 'tray' ? (trays.at(-1)?.menu ?? null) : MenuDouble.current, command.path);
    case 'clickNotification':
      return notifications
        .findLast(({ options }) => (options as { title?: string }).title === command.title)
        ?.emit('click', eventWith({}));
    case 'answerDialog':
      return parts.dialog.answer(command.answer);
    case 'quit':
      return setImmediate(() => app.quit()) && undefined;
    case 'openUrl':
      return app.emit('open-url', eventWith({}), command.url);
    case 'power':
      if (command.event === 'on-battery') parts.power.isOnBattery = true;
      if (command.event === 'on-ac') parts.power.isOnBattery = false;
      return parts.power.emit(command.event, eventWith({}));
    case 'ipc': {
      const { channel, args, frame } = command;
      const parent = { url: 'app://vi-sync/index.html', parent: null };
      const from = frame === null ? null : { url: frame.url, parent: frame.isTop ? null : parent };
      return deliverIpc(command.sender === 'own' ? window?.webContents : {}, from, channel, args);
    }
    case 'permission':
      return permission(command.permission, command.url);
    case 'attachWebview': {
      const event = eventWith({});
      window?.contents.emit('will-attach-webview', event, {}, { src: 'https://example.com/' });
      return event.defaultPrevented;
    }
  }
}

async function permission(name: string, url: string): Promise<unknown> {
  const { permissionRequest, permissionCheck, devicePermission } = sessionDouble;
  if (permissionRequest === null || permissionCheck === null || devicePermission === null) return null;
  const isGranted = await new Promise((resolve) =>
    permissionRequest({}, name, resolve, { requestingUrl: url }),
  );
  return { isGranted, isChecked: permissionCheck({}, name, originOf(url)), device: devicePermission() };
}

/** As Electron tells it: also of a scheme of one's own. */
function originOf(address: string): string {
  const { protocol: scheme, host } = new URL(address);
  return `${scheme}//${host}/`;
}

type Item = Readonly<Record<string, unknown>>;

function click(menu: MenuDouble | null, path: readonly string[]): void {
  let items: readonly Item[] = menu?.template ?? [];
  for (const [index, label] of path.entries()) {
    const item = items.find((each) => each.label === label);
    if (item === undefined)
      throw new Error(`There is no “${label}” among ${items.map((each) => each.label).join(', ')}.`);
    if (index < path.length - 1) items = item.submenu as readonly Item[];
    else if (item.enabled === false || typeof item.click !== 'function')
      throw new Error(`“${label}” can’t be clicked.`);
    else item.click();
  }
}

function stateOf({ dialog, theme, power, blocker }: Parts): unknown {
  const tray = trays.findLast(({ isGone }) => !isGone);
  return {
    windows: windows.map((window) => ({
      options: plain(window.options),
      isVisible: window.isVisible(),
      isMinimized: window.isSmall,
      isFocused: window.isInFront,
      isGone: window.isGone,
      url: window.isGone ? '' : window.contents.getURL(),
      recorded: window.recorded,
    })),
    tray:
      tray === undefined
        ? null
        : { image: tray.image._file, toolTip: tray.toolTip, menu: plain(tray.menu?.template ?? []) },
    appMenu: plain(MenuDouble.current?.template ?? []),
    notifications: notifications.map(({ options, isShown }) => ({ options, isShown })),
    dialogs: dialog.asked,
    notes,
    badge: app.badge,
    themeSource: theme.themeSource,
    isOnBattery: power.isOnBattery,
    blockers: [...blocker.held.values()],
    engines: utilities
      .filter(({ serviceName }) => serviceName === 'Vi Sync engine')
      .map(({ pid }) => pid ?? null),
    privileged: protocol.privileged,
    breaches,
  };
}

/** As JSON would have it: functions are left out. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
