// Reads a Cap'n Proto payload: one segment without framing. Safe on hostile bytes: pointers are
// checked, and the canonical form reaches no word twice, so the cost is linear in the size.
import { Fault, fromUtf8, viewOf } from './bytes.js';
import { TEXT_BYTES_MAX } from './capnp_schema.js';
import type { Field, Schema } from './capnp_schema.js';

const WORD_BYTES = 8;
const STRUCT = 0;
const LIST = 1;
const BYTE_ELEMENTS = 2;
const STRUCT_ELEMENTS = 7;
// C0 except TAB, LF, CR; DEL; C1; the bidirectional controls.
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

interface Target {
  // Where the parts of a struct are, in words.
  data: number;
  words: number;
  pointers: number;
}

type Value = Record<string, unknown>;

export class PayloadReader {
  fault: Fault | null = null;
  private readonly view: DataView;
  private readonly size: number;
  private unread: number;

  constructor(private readonly bytes: Uint8Array) {
    this.view = viewOf(bytes);
    this.size = bytes.length / WORD_BYTES;
    this.unread = this.size;
  }

  refuse(field: string, why: string): void {
    this.fault ??= new Fault(field === '' ? why : `${field}: ${why}`);
  }

  root(schema: Schema): Value {
    this.take('', 0, 1);
    const target = this.structAt(0, '');
    return target === null ? {} : this.struct(schema, target, '');
  }

  /** Words that an object takes; each may be taken once. */
  private take(field: string, at: number, words: number): boolean {
    this.unread -= words;
    if (at >= 0 && words >= 0 && at + words <= this.size && this.unread >= 0) return true;
    this.refuse(field, 'a pointer leads out of the payload, or two share a target');
    return false;
  }

  private isNull(at: number): boolean {
    return this.view.getBigUint64(at * WORD_BYTES, true) === 0n;
  }

  private low(at: number): number {
    return this.view.getInt32(at * WORD_BYTES, true);
  }

  private high(at: number): number {
    return this.view.getUint32(at * WORD_BYTES + 4, true);
  }

  private structAt(at: number, field: string): Target | null {
    if (this.isNull(at)) {
      this.refuse(field, 'a struct that must stand there is absent');
      return null;
    }
    if ((this.low(at) & 3) !== STRUCT) {
      this.refuse(field, 'expected a pointer to a struct');
      return null;
    }
    const data = at + 1 + (this.low(at) >> 2);
    const words = this.high(at) & 0xffff;
    const pointers = this.high(at) >>> 16;
    return this.take(field, data, words + pointers) ? { data, words, pointers } : null;
  }

  private struct(schema: Schema, at: Target, path: string): Value {
    const value: Value = {};
    for (const [name, field] of Object.entries(schema.fields)) {
      if (this.fault) return value;
      value[name] = this.field(field, at, path === '' ? name : `${path}.${name}`);
    }
    if (this.fault) return value;
    const fault = schema.check?.(value) ?? null;
    if (fault !== null) this.refuse(path, fault);
    return value;
  }

  private field(field: Field, at: Target, path: string): unknown {
    if ('pointer' in field && field.is !== 'union') {
      return this.behind(field, this.pointerOf(at, field.pointer), path);
    }
    switch (field.is) {
      case 'u8':
        return this.number(at, field.byte, 1);
      case 'u16':
        return this.number(at, field.byte, 2);
      case 'u32':
        return this.number(at, field.byte, 4);
      case 'i16':
        return (this.number(at, field.byte, 2) << 16) >> 16;
      case 'u64':
        return this.big(at, field.byte);
      case 'i64':
        return BigInt.asIntN(64, this.big(at, field.byte));
      case 'bool':
        return (this.number(at, field.byte, 1) & 1) === 1;
      case 'choice':
        return this.choice(field.of, this.number(at, field.byte, 2), path);
      case 'union':
        return this.union(field, at, path);
      default:
        return null;
    }
  }

  private choice(words: readonly string[], found: number, path: string): string {
    const word = words[found];
    if (word === undefined) this.refuse(path, `this version does not know choice ${found}`);
    return word ?? '';
  }

  private union(field: Field & { is: 'union' }, at: Target, path: string): unknown {
    const is = this.choice(Object.keys(field.of), this.number(at, field.byte, 2), path);
    const pointer = this.pointerOf(at, field.pointer);
    if (this.fault) return null;
    if (pointer === null) {
      this.refuse(is, 'it must stand there');
      return null;
    }
    const target = this.structAt(pointer, is);
    return target === null ? null : { is, value: this.struct(field.of[is]!, target, is) };
  }

  // Fields beyond the present data have the default.
  private number(at: Target, byte: number, size: 1 | 2 | 4): number {
    if (byte + size > at.words * WORD_BYTES) return 0;
    const from = at.data * WORD_BYTES + byte;
    return size === 1
      ? this.view.getUint8(from)
      : size === 2
        ? this.view.getUint16(from, true)
        : this.view.getUint32(from, true);
  }

  private big(at: Target, byte: number): bigint {
    if (byte + 8 > at.words * WORD_BYTES) return 0n;
    return this.view.getBigUint64(at.data * WORD_BYTES + byte, true);
  }

  /** Null if the pointer is null. */
  private pointerOf(at: Target, index: number): number | null {
    if (index >= at.pointers) return null;
    const pointer = at.data + at.words + index;
    return this.isNull(pointer) ? null : pointer;
  }

  private behind(
    field: Field & { is: 'text' | 'bytes' | 'struct' | 'list' },
    pointer: number | null,
    path: string,
  ): unknown {
    switch (field.is) {
      case 'text':
        return pointer === null ? '' : this.text(pointer, path);
      case 'list':
        return pointer === null ? [] : this.list(field, pointer, path);
      case 'bytes': {
        if (pointer === null && !field.needed) return null;
        const found = pointer === null ? new Uint8Array(0) : this.blob(pointer, path);
        if (found.length !== field.size) this.refuse(path, `expected ${field.size} bytes`);
        return found;
      }
      case 'struct': {
        if (pointer === null && !field.needed) return null;
        if (pointer === null) this.refuse(path, 'it must stand there');
        const target = pointer === null ? null : this.structAt(pointer, path);
        return target === null ? null : this.struct(field.of, target, path);
      }
    }
  }

  private blob(pointer: number, path: string): Uint8Array {
    const none = new Uint8Array(0);
    if ((this.low(pointer) & 3) !== LIST || (this.high(pointer) & 7) !== BYTE_ELEMENTS) {
      this.refuse(path, 'expected a pointer to bytes');
      return none;
    }
    const at = pointer + 1 + (this.low(pointer) >> 2);
    const size = this.high(pointer) >>> 3;
    if (!this.take(path, at, Math.ceil(size / WORD_BYTES))) return none;
    return this.bytes.subarray(at * WORD_BYTES, at * WORD_BYTES + size);
  }

  private text(pointer: number, path: string): string {
    const found = this.blob(pointer, path);
    if (this.fault) return '';
    const body = found.subarray(0, -1);
    if (found[found.length - 1] !== 0) this.refuse(path, 'the text does not end in NUL');
    if (body.length > TEXT_BYTES_MAX) this.refuse(path, `more than ${TEXT_BYTES_MAX} bytes`);
    const text = fromUtf8(body);
    if (text === null || text.includes('\0')) this.refuse(path, 'no UTF-8 without NUL');
    if (text !== null && CONTROL.test(text)) this.refuse(path, 'a control character');
    return text ?? '';
  }

  private list(field: Field & { is: 'list' }, pointer: number, path: string): Value[] {
    if ((this.low(pointer) & 3) !== LIST || (this.high(pointer) & 7) !== STRUCT_ELEMENTS) {
      this.refuse(path, 'expected a pointer to a list of structs');
      return [];
    }
    const tag = pointer + 1 + (this.low(pointer) >> 2);
    const size = this.high(pointer) >>> 3; // In words, without the tag.
    if (!this.take(path, tag, 1 + size)) return [];
    const count = this.low(tag) >>> 2;
    const words = this.high(tag) & 0xffff;
    const pointers = this.high(tag) >>> 16;
    if ((this.low(tag) & 3) !== STRUCT || count * (words + pointers) !== size) {
      this.refuse(path, 'the list has another size than its elements');
    } else if (count > field.max) {
      this.refuse(path, `more than ${field.max} elements`);
    } else if (words + pointers === 0) {
      this.refuse(path, 'no element of the list says anything');
    }
    const values: Value[] = [];
    for (let i = 0; i < count && !this.fault; ++i) {
      const data = tag + 1 + i * (words + pointers);
      values.push(this.struct(field.of, { data, words, pointers }, `${path}[${i}]`));
    }
    return values;
  }
}
