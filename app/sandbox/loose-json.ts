import { QuerySyntaxError } from './query-syntax.ts';

export type LooseValue =
  | string
  | number
  | boolean
  | null
  | readonly LooseValue[]
  | { readonly [key: string]: LooseValue };

/**
 * Reads JSON, and what Python makes of a dictionary when it is put into a URL: single quotes, `True`, `False`, `None`.
 * The official client sends filters in that form.
 * @throws QuerySyntaxError
 */
export function parseLooseJson(text: string): LooseValue {
  const reader = new Reader(text);
  const value = reader.value();
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): LooseValue {
    if (++this.#depth > 200) throw new QuerySyntaxError('The filter is nested too deeply.');
    this.#space();
    const first = this.#text.charAt(this.#at);
    const value =
      first === '{'
        ? this.#object()
        : first === '['
          ? this.#array()
          : first === '"' || first === "'"
            ? this.#string()
            : this.#literal();
    this.#depth--;
    return value;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail('nothing more');
  }

  #object(): LooseValue {
    const entries: [string, LooseValue][] = [];
    this.#at++;
    while (!this.#taken('}')) {
      if (entries.length > 0 && !this.#taken(',')) this.#fail('a comma or }');
      this.#space();
      const key = this.#string();
      if (!this.#taken(':')) this.#fail('a colon');
      entries.push([key, this.value()]);
    }
    return Object.fromEntries(entries);
  }

  #array(): LooseValue {
    const values: LooseValue[] = [];
    this.#at++;
    while (!this.#taken(']')) {
      if (values.length > 0 && !this.#taken(',')) this.#fail('a comma or ]');
      values.push(this.value());
    }
    return values;
  }

  #string(): string {
    const quote = this.#text.charAt(this.#at);
    if (quote !== '"' && quote !== "'") this.#fail('a quote');
    const start = this.#at;
    let value = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character === quote) {
        this.#at++;
        return value;
      }
      value += character === '\\' ? this.#escaped() : character;
    }
    this.#at = start;
    return this.#fail('a quote that is closed');
  }

  #escaped(): string {
    const character = this.#text.charAt(++this.#at);
    const hex = /^(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(this.#text.slice(this.#at, this.#at + 5));
    if (hex !== null) {
      this.#at += hex[0].length - 1;
      return String.fromCharCode(Number.parseInt(hex[1] ?? hex[2] ?? '', 16));
    }
    return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[character] ?? character;
  }

  #literal(): LooseValue {
    const word = /^[^\s,:{}[\]]+/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += word.length;
    if (word === 'true' || word === 'True') return true;
    if (word === 'false' || word === 'False') return false;
    if (word === 'null' || word === 'None') return null;
    const number = Number(word);
    if (word === '' || Number.isNaN(number)) {
      this.#at -= word.length;
      this.#fail('a value');
    }
    return number;
  }

  #taken(character: string): boolean {
    this.#space();
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #fail(expected: string): never {
    throw new QuerySyntaxError(`The filter has ${expected} missing at ${this.#at + 1}.`);
  }
}
