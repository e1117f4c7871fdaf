import type { MenuLine } from '../../app/desktop/menus.ts';

/** The lines of a menu in short: `—` a line, `( )` a text, `[ ]` what the system does, `a > b` a line of a menu inside. */
export function menuLabels(lines: readonly MenuLine[]): string[] {
  return lines.flatMap(labelsOf);
}

function labelsOf(line: MenuLine): string[] {
  switch (line.kind) {
    case 'line':
      return ['—'];
    case 'text':
      return [`(${line.label})`];
    case 'role':
      return [`[${line.role}]`];
    case 'action':
      return [line.label];
    case 'menu':
      return menuLabels(line.lines).map((label) => `${line.label} > ${label}`);
  }
}
