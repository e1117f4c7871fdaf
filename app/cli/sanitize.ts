// Control characters drive a terminal (colors, cursor, title, clipboard); bidirectional controls and line separators make a
// text look like another; zero-width characters hide in it; lone surrogates are no text at all.
const UNSAFE = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\p{Surrogate}]/gu;
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A text that came from elsewhere (a server, a disk), made fit for a terminal: what could drive or deceive it is written out,
 * `\x1b` or `\u{202e}`. The result is one line.
 */
export function sanitize(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** A JSON text in which the characters that some terminals act on are escaped as well; its value is the same. */
export function sanitizeJson(json: string): string {
  return json.replace(
    UNSAFE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
