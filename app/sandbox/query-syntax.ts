/** A condition on an asset, whatever it was written in. */
export type Query =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Query[] }
  | { readonly kind: 'not'; readonly term: Query }
  | { readonly kind: 'compare'; readonly field: string; readonly operator: Operator; readonly value: Scalar }
  /** A bare word: a part of the filename. */
  | { readonly kind: 'text'; readonly text: string };

export type Scalar = string | number | boolean;

/** `:` is "has": a part of a text, or the same number. */
export type Operator = '==' | '!=' | '>' | '>=' | '<' | '<=' | ':';

/** A query that can't be read, with where and why. */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError';
}

type Token =
  | { readonly kind: 'operator'; readonly text: Operator; readonly at: number }
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'quoted'; readonly text: string; readonly at: number }
  | { readonly kind: '(' | ')'; readonly at: number };

const OPERATORS: Readonly<Record<string, Operator>> = {
  '==': '==',
  '=': '==',
  '!=': '!=',
  '>=': '>=',
  '<=': '<=',
  '>': '>',
  '<': '<',
  ':': ':',
};

/**
 * Reads a query:
 * ```
 * query      = all { "or" all }
 * all        = one { ["and"] one }
 * one        = "not" one | "(" query ")" | comparison | word
 * comparison = field operator value
 * operator   = "==" | "=" | "!=" | ">" | ">=" | "<" | "<=" | ":"
 * field      = word | quoted        (dots lead into an object: metadata.fileSize)
 * value      = number | "true" | "false" | word | quoted
 * ```
 * `&&` and `||` stand for `and` and `or`; quotes are double or single, with a backslash before what they would end.
 * @throws QuerySyntaxError
 */
export function parseQuery(text: string): Query {
  const tokens = tokenize(text);
  const parser = new Parser(tokens, text.length);
  return parser.parse();
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest);
    const operator = /^(?:==|!=|>=|<=|=|>|<|:)/.exec(rest);
    const joint = /^(?:&&|\|\|)/.exec(rest);
    const word = /^[^\s()=!<>:"'&|]+/.exec(rest);
    const first = rest.charAt(0);
    if (space !== null) {
      at += space[0].length;
    } else if (first === '(' || first === ')') {
      tokens.push({ kind: first, at });
      at += 1;
    } else if (first === '"' || first === "'") {
      const quoted = readQuoted(text, at);
      tokens.push({ kind: 'quoted', text: quoted.text, at });
      at = quoted.end;
    } else if (joint !== null) {
      tokens.push({ kind: 'word', text: joint[0] === '&&' ? 'and' : 'or', at });
      at += 2;
    } else if (operator !== null) {
      const known = OPERATORS[operator[0]];
      if (known === undefined) throw new QuerySyntaxError(`“${operator[0]}” at ${at + 1} is no operator.`);
      tokens.push({ kind: 'operator', text: known, at });
      at += operator[0].length;
    } else if (word !== null) {
      tokens.push({ kind: 'word', text: word[0], at });
      at += word[0].length;
    } else {
      throw new QuerySyntaxError(`“${first}” at ${at + 1} has no meaning here.`);
    }
  }
  return tokens;
}

function readQuoted(text: string, start: number): { readonly text: string; readonly end: number } {
  const quote = text.charAt(start);
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === quote) return { text: value, end: at + 1 };
    if (character === '\\') at++;
    value += text.charAt(at);
  }
  throw new QuerySyntaxError(`The quote at ${start + 1} is not closed.`);
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  parse(): Query {
    const query = this.#any();
    const left = this.#tokens[this.#next];
    if (left !== undefined) throw new QuerySyntaxError(`Nothing is expected at ${left.at + 1}.`);
    return query;
  }

  #any(): Query {
    const terms = [this.#all()];
    while (this.#takeWord('or')) terms.push(this.#all());
    return terms.length === 1 && terms[0] !== undefined ? terms[0] : { kind: 'or', terms };
  }

  #all(): Query {
    const terms = [this.#one()];
    for (;;) {
      const joined = this.#takeWord('and');
      const token = this.#tokens[this.#next];
      const ends =
        token === undefined ||
        token.kind === ')' ||
        (token.kind === 'word' && token.text.toLowerCase() === 'or');
      if (ends && !joined) break;
      terms.push(this.#one());
    }
    return terms.length === 1 && terms[0] !== undefined ? terms[0] : { kind: 'and', terms };
  }

  #one(): Query {
    // Nested deeper than anybody writes: would only overflow the stack.
    if (++this.#depth > 500) throw new QuerySyntaxError('The query is nested too deeply.');
    try {
      if (this.#takeWord('not')) return { kind: 'not', term: this.#one() };
      const token = this.#tokens[this.#next];
      if (token === undefined) throw new QuerySyntaxError(`The query ends at ${this.#length} too early.`);
      this.#next++;
      if (token.kind === '(') {
        const inner = this.#any();
        if (this.#tokens[this.#next]?.kind !== ')') {
          throw new QuerySyntaxError(`The parenthesis at ${token.at + 1} is not closed.`);
        }
        this.#next++;
        return inner;
      }
      if (token.kind !== 'word' && token.kind !== 'quoted') {
        throw new QuerySyntaxError(`A field is expected at ${token.at + 1}.`);
      }
      const operator = this.#tokens[this.#next];
      if (operator?.kind !== 'operator') {
        if (token.kind === 'word' && /^(?:and|or)$/i.test(token.text)) {
          throw new QuerySyntaxError(`Something is missing before the “${token.text}” at ${token.at + 1}.`);
        }
        return { kind: 'text', text: token.text };
      }
      this.#next++;
      return { kind: 'compare', field: token.text, operator: operator.text, value: this.#value() };
    } finally {
      this.#depth--;
    }
  }

  #value(): Scalar {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new QuerySyntaxError(`A value is expected at ${this.#length + 1}.`);
    if (token.kind === 'quoted') {
      this.#next++;
      return token.text;
    }
    if (token.kind !== 'word') throw new QuerySyntaxError(`A value is expected at ${token.at + 1}.`);
    this.#next++;
    if (token.text === 'true') return true;
    if (token.text === 'false') return false;
    return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(token.text) ? Number(token.text) : token.text;
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    // `not: 3` and `or == 1` are fields of these names.
    if (this.#tokens[this.#next + 1]?.kind === 'operator') return false;
    this.#next++;
    return true;
  }
}
