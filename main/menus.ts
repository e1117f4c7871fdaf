import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuLine, ShellAction } from '../app/desktop/menus.ts';

/** A menu of these lines. */
export function buildMenu(lines: readonly MenuLine[], act: (action: ShellAction) => void): Menu {
  return Menu.buildFromTemplate(lines.map((line) => itemOf(line, act)));
}

function itemOf(line: MenuLine, act: (action: ShellAction) => void): MenuItemConstructorOptions {
  switch (line.kind) {
    case 'line':
      return { type: 'separator' };
    case 'text':
      return { label: line.label, enabled: false };
    case 'role':
      return { role: line.role };
    case 'menu':
      return { label: line.label, submenu: line.lines.map((each) => itemOf(each, act)) };
    case 'action':
      return {
        label: line.label,
        enabled: line.isEnabled,
        click: () => act(line.action),
        ...(line.accelerator === undefined ? {} : { accelerator: line.accelerator }),
      };
  }
}
