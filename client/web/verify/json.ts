// The JSON of a bundle (docs/bundle.md, The file): RFC 8259, less all that two readers could take
// in two ways. No float, no sign, no true, false or null stands in a bundle, so none is read.
import { Fault } from './bytes.js';

export type Json = string | number | Json[] | Map<string, Json>;

const DEPTH_MAX = 16; // The outermost object is nesting 1.
const NUMBER = /(0|[1-9][0-9]{0,15})/y;
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

class Parser {
  at = 0;
  fault: Fault | null = null;

  constructor(readonly text: string) {}

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

  value(depth: number): Json {
    this.space();
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === '{' || first === '[') {
      if (depth === DEPTH_MAX) return this.refuse(`nested deeper than ${DEPTH_MAX}`);
      ++this.at;
      return first === '{' ? this.object(depth + 1) : this.array(depth + 1);
    }
    return this.number();
  }

  object(depth: number): Json {
    const fields = new Map<string, Json>();
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

  array(depth: number): Json {
    const elements: Json[] = [];
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

  number(): Json {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) return this.refuse('expected a text, a decimal, a list or an object');
    this.at = NUMBER.lastIndex;
    if (/[0-9.eE+-]/.test(this.text[this.at] ?? ' ')) {
      return this.refuse('a number is a decimal without sign, point, exponent or leading zero');
    }
    const value = Number(found[0]);
    return value <= Number.MAX_SAFE_INTEGER ? value : this.refuse('a number is at most 2^53-1');
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

export function parseJson(text: string): Json | Fault {
  const parser = new Parser(text);
  const value = parser.value(0);
  parser.space();
  if (!parser.fault && parser.at !== text.length) parser.refuse('something follows the value');
  return parser.fault ?? value;
}
