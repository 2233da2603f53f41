// The text grammar that every signed or hashed text follows (formats.md 0): exactly the lines
// shown, in this order, bytes 0x20 to 0x7E, LF after each, one space between fields.
import { Fault } from './bytes.js';
import { fromBase64 } from './base64.js';
import { HASH_BYTES } from './sha256.js';

const LINE = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/;
const DECIMAL = /^(0|[1-9][0-9]{0,18})$/;
const PARTY_ID = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;
const NAME = /^[\x21-\x2a\x2c-\x7e]{1,255}$/; // No "+".
const RESERVED_ORIGINS = ['suyuan/', 'cosignature/', 'subtree/'];
const TIME_MAX = 253402300799999n; // The last millisecond of the year 9999.
const RESERVED_IDS = ['consumer', 'ledger', 'log', 'node', 'suyuan'];

export function decimal(text: string): bigint | null {
  return DECIMAL.test(text) ? BigInt(text) : null;
}

export function isPartyId(text: string): boolean {
  return PARTY_ID.test(text);
}

/** Names that no party may take, because they are reserved (docs/registry.md). */
export function isReservedId(text: string): boolean {
  return RESERVED_IDS.includes(text);
}

/** Of a key in a note. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Of a ledger; of a node. Signed texts of ours and of C2SP begin with the reserved words. */
export function isOrigin(text: string): boolean {
  return isName(text) && !RESERVED_ORIGINS.some((word) => text.startsWith(word));
}

/** Reads a text line by line; the first fault stays, and later lines are meaningless. */
export class Lines {
  fault: Fault | null = null;
  private readonly lines: string[];
  private at = 0;

  constructor(text: string) {
    this.lines = text.split('\n');
    if (this.lines.pop() !== '') this.fault = new Fault('the text does not end in a line feed');
  }

  refuse(why: string): void {
    this.fault ??= new Fault(`line ${this.at}: ${why}`);
  }

  done(): Fault | null {
    if (!this.fault && this.at < this.lines.length) {
      ++this.at;
      this.refuse('more than the text has');
    }
    return this.fault;
  }

  /** Requires that the whole next line is this. */
  exactly(expected: string): void {
    if (this.lines[this.at++] !== expected) this.refuse(`expected ${JSON.stringify(expected)}`);
  }

  /** The fields after `word`, exactly this many; empty texts after a fault. */
  fields(word: string, count: number): string[] {
    const line = this.lines[this.at++] ?? '';
    const found = LINE.test(line) ? line.split(' ') : [];
    if (found[0] === word && found.length === count + 1) return found.slice(1);
    this.refuse(`expected "${word}" and ${count} more`);
    return new Array<string>(count).fill('');
  }

  field(word: string): string {
    return this.fields(word, 1)[0]!;
  }

  /** Whether the next line begins with this word. */
  next(word: string): boolean {
    return !this.fault && (this.lines[this.at] ?? '').startsWith(word + ' ');
  }

  decimal(word: string): bigint {
    return this.number(this.field(word));
  }

  number(text: string): bigint {
    const value = decimal(text);
    if (value === null) this.refuse('expected a decimal');
    return value ?? 0n;
  }

  /** Milliseconds since 1970. */
  time(word: string): bigint {
    const value = this.decimal(word);
    this.require(value <= TIME_MAX, 'times end with the year 9999');
    return value;
  }

  bytes(text: string, size: number): Uint8Array {
    const value = fromBase64(text);
    if (value?.length !== size) this.refuse(`expected ${size} bytes in base64`);
    return value?.length === size ? value : new Uint8Array(size);
  }

  /** Which ledger the text is for: its origin, and the hash of its leaf 0's data. */
  ledger(): string {
    const [origin, genesis] = this.fields('ledger', 2) as [string, string];
    this.require(isOrigin(origin), 'the ledger has no origin');
    this.bytes(genesis, HASH_BYTES);
    return `${origin} ${genesis}`;
  }

  require(holds: boolean, why: string): void {
    if (!holds) this.refuse(why);
  }
}
