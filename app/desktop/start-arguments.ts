import { linkScheme } from './deep-link.ts';

/** What the app was asked for when it was started, or started once more. */
export interface StartArguments {
  /** In the tray alone, as at login. */
  readonly isHidden: boolean;
  /** Folder of a playground that is run instead of a person's own mirrors; null: none. */
  readonly playgroundDir: string | null;
  /** A link to show something; null: none. */
  readonly link: string | null;
}

/** Started at login. */
export const hiddenArgument = '--hidden';
const playgroundArgument = '--playground=';

/** Reads a command line, program included. Whatever else is in it is for Electron, or nobody. */
export function startArguments(argv: readonly string[]): StartArguments {
  const given = argv.slice(1);
  const playground = given.find((each) => each.startsWith(playgroundArgument));
  return {
    isHidden: given.includes(hiddenArgument),
    playgroundDir: playground?.slice(playgroundArgument.length) || null,
    link: given.find((each) => each.toLowerCase().startsWith(`${linkScheme}://`)) ?? null,
  };
}
