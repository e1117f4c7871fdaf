/**
 * Names of assets as names of files. An asset can be called anything; a file can not. What a disk can't hold, or would
 * read as a path, is escaped so that the asset's name can be read back from the file's: see {@link safeFilename}.
 */

/** What a disk does with names. `probeNameRules` finds out; {@link defaultNameRules} is the guess by platform. */
export interface NameRules {
  /** `<>:"|?*` can't be in a name. */
  readonly forbidsPunctuation: boolean;
  /** `A.jpg` and `a.jpg` are one file. */
  readonly foldsCase: boolean;
  /** Names that differ only by Unicode normal form are one file. */
  readonly foldsNormalForm: boolean;
}

/** What is usual for the disks of this platform. */
export const defaultNameRules: NameRules = {
  forbidsPunctuation: process.platform === 'win32',
  foldsCase: process.platform === 'win32' || process.platform === 'darwin',
  foldsNormalForm: process.platform === 'darwin',
};

export type SafeFilename =
  | {
      readonly ok: true;
      readonly name: string;
      /** True when the name differs from the asset's. */
      readonly escaped: boolean;
    }
  | {
      readonly ok: false;
      readonly problem: 'empty' | 'too-long';
    };

/** The longest name that common disks hold, in bytes of UTF-8. */
const mostNameBytes = 255;

/** Names of devices on Windows, whatever their extension; a file of that name can't be opened there. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)[ ]*(\.|$)/i;

const punctuation = /[<>:"|?*]/;
const escapeSequence = /%(?:u([0-9a-f]{4})|([0-9a-f]{2}))/i;

/**
 * The file name of an asset. Most names stay as they are. Escaped, as `%` and the character's code in hex (`%2F`, or
 * `%uD800` above FF), are:
 *
 * | what | example | becomes |
 * |---|---|---|
 * | separators, NUL, control characters, halves of surrogate pairs | `a/../b.jpg` | `a%2F..%2Fb.jpg` |
 * | `<>:"|?*`, where the disk forbids them | `12:30.jpg` | `12%3A30.jpg` |
 * | a dot or space at the end (so `.` and `..` too) | `..` | `.%2E` |
 * | the first letter of a Windows device name | `con.jpg` | `%63on.jpg` |
 * | a `%` that would read as an escape | `a%2Fb.jpg` | `a%252Fb.jpg` |
 *
 * {@link assetFilename} reads the asset's name back, so two assets never get one file name; whether the disk takes two
 * names for one is what {@link nameKey} is for. An empty name, and one of more than 255 bytes, has no file name.
 */
export function safeFilename(filename: string, rules: NameRules = defaultNameRules): SafeFilename {
  if (filename === '') return { ok: false, problem: 'empty' };
  let name = '';
  for (let at = 0; at < filename.length; at++) {
    const pair = filename.codePointAt(at) ?? 0;
    if (pair > 0xffff) {
      name += filename.slice(at, at + 2);
      at++;
      continue;
    }
    const character = filename.charAt(at);
    name += mustEscape(filename, at, rules) ? escaped(character) : character;
  }
  if (Buffer.byteLength(name) > mostNameBytes) return { ok: false, problem: 'too-long' };
  return { ok: true, name, escaped: name !== filename };
}

/** The asset's name that {@link safeFilename} made this file name of. */
export function assetFilename(name: string): string {
  return name.replace(
    new RegExp(escapeSequence, 'gi'),
    (_all, long: string | undefined, short: string | undefined) =>
      String.fromCharCode(Number.parseInt(long ?? short ?? '', 16)),
  );
}

/**
 * Two file names are one file on a disk of these rules exactly when (or, for rare letters, only when) their keys are equal:
 * rather two names too many held apart by their user than two assets in one file.
 */
export function nameKey(name: string, rules: NameRules): string {
  const normal = rules.foldsNormalForm ? name.normalize('NFC') : name;
  // Both ways, since some letters have a partner in one direction only.
  return rules.foldsCase ? normal.toUpperCase().toLowerCase().normalize('NFC') : normal;
}

function mustEscape(filename: string, at: number, rules: NameRules): boolean {
  const character = filename.charAt(at);
  if (isNeverAllowed(character)) return true;
  if (rules.forbidsPunctuation && punctuation.test(character)) return true;
  if (character === '%') return filename.slice(at).search(escapeSequence) === 0;
  if (at === filename.length - 1 && (character === '.' || character === ' ')) return true;
  return at === 0 && deviceName.test(filename);
}

/** Separators, NUL, control characters, and halves of surrogate pairs (whole pairs never get here). */
function isNeverAllowed(character: string): boolean {
  const code = character.charCodeAt(0);
  return (
    character === '/' ||
    character === '\\' ||
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0xd800 && code <= 0xdfff)
  );
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0xff
    ? `%u${code.toString(16).toUpperCase().padStart(4, '0')}`
    : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
}
