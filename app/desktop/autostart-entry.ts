import * as fs from 'node:fs/promises';
import path from 'node:path';

/** Where a Linux desktop looks for what is started at login. */
export function autostartFile(env: NodeJS.ProcessEnv, home: string): string {
  const config = env.XDG_CONFIG_HOME;
  const isUsable = config !== undefined && path.isAbsolute(config);
  return path.join(isUsable ? config : path.join(home, '.config'), 'autostart', 'vi-sync.desktop');
}

/** A file of the freedesktop.org autostart specification that runs a command. */
export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Vi Sync',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Has a command run at login, or not any more. */
export async function setAutostart(file: string, command: readonly string[] | null): Promise<void> {
  if (command === null) return fs.rm(file, { force: true });
  await fs.mkdir(path.dirname(file), { recursive: true });
  return fs.writeFile(file, autostartEntry(command), { mode: 0o644 });
}

/** An argument of `Exec`: quoted, with the characters escaped that mean something inside quotes, and `%`, which begins a field. */
function quoted(argument: string): string {
  // Twice: the value of a key has escapes of its own.
  const inQuotes = argument.replace(/["`$\\]/g, '\\$&').replaceAll('\\', '\\\\');
  return `"${inQuotes.replaceAll('%', '%%')}"`;
}
