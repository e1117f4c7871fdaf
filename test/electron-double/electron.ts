// The module `electron` as the main process finds it under test. What it does not have, it refuses: see check.ts.
import { closeContext } from './browser.ts';
import { guarded, guardedClass } from './check.ts';
import { startControl } from './control.ts';
import {
  app as appDouble,
  ipcMain as ipcDouble,
  protocol as protocolDouble,
  sessionDouble,
} from './process-parts.ts';
import {
  DialogDouble,
  ImageDouble,
  MenuDouble,
  NotificationDouble,
  PowerMonitorDouble,
  SaveBlockerDouble,
  ScreenDouble,
  ShellDouble,
  ThemeDouble,
  TrayDouble,
  UtilityDouble,
} from './system-parts.ts';
import { WindowDouble } from './windows.ts';

const dialogDouble = new DialogDouble();
const themeDouble = new ThemeDouble();
const powerDouble = new PowerMonitorDouble();
const blockerDouble = new SaveBlockerDouble();

export const app = guarded('App', appDouble);
// Its events are channels, which each app names by itself.
export const ipcMain = ipcDouble;
export const protocol = guarded('Protocol', protocolDouble);
sessionDouble.webRequest = guarded('WebRequest', sessionDouble.webRequest);
const defaultSession = guarded('Session', sessionDouble);
export const session = { defaultSession };
export const dialog = guarded('Dialog', dialogDouble);
export const shell = guarded('Shell', new ShellDouble());
export const nativeTheme = guarded('NativeTheme', themeDouble);
export const powerMonitor = guarded('PowerMonitor', powerDouble);
export const powerSaveBlocker = guarded('PowerSaveBlocker', blockerDouble);
export const screen = guarded('Screen', new ScreenDouble());
export const nativeImage = guardedClass('NativeImage', ImageDouble);
export const Menu = guardedClass('Menu', MenuDouble);
export const Tray = guardedClass('Tray', TrayDouble);
export const Notification = guardedClass('Notification', NotificationDouble);
export const BrowserWindow = guardedClass('BrowserWindow', WindowDouble);
export const utilityProcess = guardedClass('UtilityProcess', UtilityDouble);

appDouble.end = closeContext;
startControl({ dialog: dialogDouble, theme: themeDouble, power: powerDouble, blocker: blockerDouble });
