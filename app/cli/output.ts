import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { redactKeys, redactSecrets } from '../redact.ts';
import { sanitize, sanitizeJson } from './sanitize.ts';

/** How a line stands out on a terminal; elsewhere it is plain. */
export type LineStyle = 'plain' | 'bold' | 'dim' | 'good' | 'warning' | 'bad';

const STYLES = {
  bold: 'bold',
  dim: 'dim',
  good: 'green',
  warning: 'yellow',
  bad: 'red',
} as const;

/** Something that occupies the last line of the terminal, such as a progress bar; lines are printed above it. */
export interface LastLine {
  printAbove(text: string): void;
}

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface OutputOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** True: stdout carries one JSON document and nothing else. */
  readonly json: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The two ways out of a command. Results go to stdout, all else to stderr. Every text is stripped of secret keys and of characters
 * that could drive the terminal, because names and messages come from servers and disks.
 */
export class Output {
  readonly json: boolean;
  /** True when a person looks at stderr on a terminal that can redraw a line. */
  readonly isTerminal: boolean;
  /** For what draws on the terminal by itself, as a progress bar does. */
  readonly stderr: OutputStream;
  #lastLine: LastLine | null = null;
  #stdoutClosed = false;
  #hasFailed = false;
  #jsonStream: 'none' | 'first' | 'more' = 'none';
  readonly #stdout: OutputStream;

  constructor({ stdout, stderr, json, env }: OutputOptions) {
    this.#stdout = stdout;
    this.stderr = stderr;
    this.json = json;
    this.isTerminal = stderr.isTTY === true && env.TERM !== 'dumb';
    stdout.on('error', (error) => this.#stdoutFailed(error));
    // There is no place left to say it.
    stderr.on('error', () => undefined);
  }

  /** True when the result could not be written, and is lost: then the command has failed, whatever it did. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** True when stdout takes no more, because nobody reads it or because it can't be written: a listing can end early. */
  get closed(): boolean {
    return this.#stdoutClosed;
  }

  /** Columns of the terminal; 80 when it is none. */
  get columns(): number {
    return this.stderr.columns || 80;
  }

  /** One line of the result. With `--json` it is left out: the document says it. */
  line(text = '', style: LineStyle = 'plain'): void {
    if (this.json) return;
    this.#write(`${this.#styled(redactKeys(sanitize(text)), style, this.#stdout)}\n`);
  }

  /** One line beside the result: a note, a warning, progress. */
  note(text: string, style: LineStyle = 'plain'): void {
    const line = `${this.#styled(redactSecrets(sanitize(text)), style, this.stderr)}\n`;
    if (this.#lastLine === null) this.stderr.write(line);
    else this.#lastLine.printAbove(line);
  }

  /** The JSON document of a command. Only with `--json`, only once. */
  document(value: unknown): void {
    if (!this.json) return;
    const json = JSON.stringify(value, null, 2);
    this.#write(`${redactKeys(sanitizeJson(json))}\n`);
  }

  /**
   * Begins a JSON document `{"items": […], …}` whose items arrive by and by, so that a long listing needs no memory.
   */
  beginItems(): void {
    if (!this.json || this.#jsonStream !== 'none') return;
    this.#jsonStream = 'first';
    this.#write('{\n"items": [');
  }

  /** Adds items to the document that {@link beginItems} began. */
  items(values: readonly unknown[]): void {
    if (this.#jsonStream === 'none') return;
    for (const value of values) {
      const comma = this.#jsonStream === 'first' ? '' : ',';
      this.#jsonStream = 'more';
      this.#write(`${comma}\n${redactKeys(sanitizeJson(JSON.stringify(value)))}`);
    }
  }

  /** Ends the document that {@link beginItems} began, with further fields (an error is one). False when none was begun. */
  endItems(fields: Readonly<Record<string, unknown>>): boolean {
    if (this.#jsonStream === 'none') return false;
    this.#jsonStream = 'none';
    let text = '\n]';
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) text += `,\n${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    }
    this.#write(`${redactKeys(sanitizeJson(text))}\n}\n`);
    return true;
  }

  /**
   * Text to stdout as it is, secrets and all. The only user is `vi-sync sandbox`, which shows its own toy key so that it can be pasted.
   */
  verbatim(text: string): void {
    this.#write(text);
  }

  /** Gives the terminal's last line away, until null takes it back. */
  setLastLine(lastLine: LastLine | null): void {
    this.#lastLine = lastLine;
  }

  /** Resolves when everything written so far has left the process, so that it can end without cutting its output off. */
  async flush(): Promise<void> {
    await Promise.all([this.#stdout, this.stderr].map((stream) => drained(stream)));
    // Its event comes a moment later than the answer to the write.
    if (this.#stdout.errored) this.#stdoutFailed(this.#stdout.errored);
  }

  #stdoutFailed(error: Error): void {
    if (this.#stdoutClosed) return;
    this.#stdoutClosed = true;
    // A reader that has seen enough (`| head`) closes its end: no error of ours.
    if (isClosedPipe(error)) return;
    this.#hasFailed = true;
    const full = 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    this.note(`Error: The output could not be written: ${full ? 'the disk is full' : error.message}.`, 'bad');
  }

  #write(text: string): void {
    if (!this.#stdoutClosed) this.#stdout.write(text);
  }

  #styled(text: string, style: LineStyle, stream: OutputStream): string {
    // `validateStream` leaves the codes out when the stream is no terminal, or when NO_COLOR asks for it.
    return style === 'plain' ? text : styleText(STYLES[style], text, { stream, validateStream: true });
  }
}

function drained(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}

function isClosedPipe(error: Error): boolean {
  return (
    'code' in error &&
    (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || error.code === 'EIO')
  );
}
