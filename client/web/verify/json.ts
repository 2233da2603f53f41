// The JSON of a bundle (docs/bundle.md, The file): RFC 8259, except everything that two readers
// could understand differently. A bundle has no float, sign, true, false or null, so none is read.
// Also the JSON of a payload (docs/epcis.md), which has them: I-JSON (RFC 7493).
import { Fault } from './bytes.js';

export type Json = string | number | Json[] | Map<string, Json>;
/** A number as written in the text, with all its digits. */
export class JsonNumber {
  constructor(readonly text: string) {}
}
export type AnyJson = string | JsonNumber | boolean | null | AnyJson[] | Map<string, AnyJson>;

const DEPTH_MAX = 16; // The outermost object is nesting 1.
const NUMBER = /(0|[1-9][0-9]{0,15})/y;
const ANY_NUMBER = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const WORDS: [string, boolean | null][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
// What a string may hold as it is; the rest is escaped.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser<Value extends AnyJson | Json> {
  at = 0;
  fault: Fault | null = null;

  constructor(
    readonly text: string,
    readonly depthMax: number,
    readonly scalar: (parser: Parser<Value>) => Value,
  ) {}

  refuse(why: string): string {
    this.fault ??= new Fault(`at character ${this.at}: ${why}`);
    return '';
  }

  space(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text[this.at]!)) ++this.at;
  }

  take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    ++this.at;
    return true;
  }

  value(depth: number): Value {
    this.space();
    const first = this.text[this.at];
    if (first === '"') return this.string() as Value;
    if (first === '{' || first === '[') {
      if (depth === this.depthMax) return this.refuse(`nested deeper than ${depth}`) as Value;
      ++this.at;
      return (first === '{' ? this.object(depth + 1) : this.array(depth + 1)) as Value;
    }
    return this.scalar(this);
  }

  object(depth: number): Map<string, Value> | string {
    const fields = new Map<string, Value>();
    this.space();
    if (this.take('}')) return fields;
    while (!this.fault) {
      this.space();
      const name = this.string();
      if (fields.has(name)) return this.refuse(`the field ${JSON.stringify(name)} stands twice`);
      this.space();
      if (!this.take(':')) return this.refuse('expected a colon');
      fields.set(name, this.value(depth));
      this.space();
      if (this.take('}')) return fields;
      if (!this.take(',')) return this.refuse('expected a comma or the end of the object');
    }
    return fields;
  }

  array(depth: number): Value[] | string {
    const elements: Value[] = [];
    this.space();
    if (this.take(']')) return elements;
    while (!this.fault) {
      elements.push(this.value(depth));
      this.space();
      if (this.take(']')) return elements;
      if (!this.take(',')) return this.refuse('expected a comma or the end of the list');
    }
    return elements;
  }

  match(form: RegExp): string | null {
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    if (!found) return null;
    this.at = form.lastIndex;
    return found[0];
  }

  string(): string {
    if (!this.take('"')) return this.refuse('expected a text');
    const parts: string[] = [];
    for (;;) {
      PLAIN.lastIndex = this.at;
      const plain = PLAIN.exec(this.text)![0]; // It matches the empty text at least.
      parts.push(plain);
      this.at += plain.length;
      const next = this.text[this.at++];
      if (next === '"') return parts.join('');
      if (next !== '\\') return this.refuse('a text ends in a quotation mark, on its line');
      const escape = this.escape();
      if (this.fault) return '';
      parts.push(escape);
    }
  }

  escape(): string {
    const kind = this.text[this.at++] ?? '';
    if (kind !== 'u') {
      return Object.hasOwn(ESCAPES, kind) ? ESCAPES[kind]! : this.refuse('an unknown escape');
    }
    const first = this.fourHex();
    if (first === 0) return this.refuse('U+0000 in a text');
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    // Half of a pair: the other half must follow, or the text could not be written as UTF-8.
    const pair = first <= 0xdbff && this.take('\\') && this.take('u');
    if (!pair) return this.refuse('a lone surrogate');
    const second = this.fourHex();
    if (second < 0xdc00 || second > 0xdfff) return this.refuse('a lone surrogate');
    return String.fromCharCode(first, second);
  }

  fourHex(): number {
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      this.refuse('an escape \\u has four hexadecimal digits');
      return 1; // Any code: the fault stands.
    }
    this.at += 4;
    return parseInt(digits, 16);
  }
}

function decimal(parser: Parser<Json>): Json {
  const found = parser.match(NUMBER);
  if (found === null) return parser.refuse('expected a text, a decimal, a list or an object');
  if (/[0-9.eE+-]/.test(parser.text[parser.at] ?? ' ')) {
    return parser.refuse('a number is a decimal without sign, point, exponent or leading zero');
  }
  const value = Number(found);
  return value <= Number.MAX_SAFE_INTEGER ? value : parser.refuse('a number is at most 2^53-1');
}

function anyScalar(parser: Parser<AnyJson>): AnyJson {
  const word = WORDS.find(([text]) => parser.text.startsWith(text, parser.at));
  if (word) {
    parser.at += word[0].length;
    return word[1];
  }
  const found = parser.match(ANY_NUMBER);
  return found === null ? parser.refuse('expected a value') : new JsonNumber(found);
}

function parse<Value extends AnyJson | Json>(parser: Parser<Value>): Value | Fault {
  const value = parser.value(0);
  parser.space();
  if (!parser.fault && parser.at !== parser.text.length) {
    parser.refuse('there is data after the value');
  }
  return parser.fault ?? value;
}

export function parseJson(text: string): Json | Fault {
  return parse(new Parser<Json>(text, DEPTH_MAX, decimal));
}

export function parseAnyJson(text: string, depthMax: number): AnyJson | Fault {
  return parse(new Parser<AnyJson>(text, depthMax, anyScalar));
}
