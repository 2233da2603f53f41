// Writes the one canonical encoding of a value: a single segment, objects in preorder without gaps,
// trailing defaults cut, absent as null. What was read is written again and must give the same
// bytes (formats.md 2), so two encodings of one statement cannot both be signed.
import { utf8 } from './bytes.js';
import type { Field, Schema } from './capnp_schema.js';

const WORD_BYTES = 8;
const EMPTY_STRUCT = 0xfffffffcn; // Offset -1: a struct of no words points at itself.

type Value = Record<string, unknown>;
type PointerField = Field & { pointer: number };

class Segment {
  private buffer = new Uint8Array(1024);
  words = 0;

  /** Appends zeroed words; returns the index of the first. */
  allocate(words: number): number {
    const at = this.words;
    this.words += words;
    while (this.words * WORD_BYTES > this.buffer.length) {
      const larger = new Uint8Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    return at;
  }

  set(at: number, bytes: Uint8Array): void {
    this.buffer.set(bytes, at * WORD_BYTES);
  }

  setWord(at: number, word: bigint): void {
    new DataView(this.buffer.buffer).setBigUint64(at * WORD_BYTES, word, true);
  }

  /** REQUIRES: the target comes after the pointer, as in preorder. */
  setPointer(at: number, target: number, kind: 0n | 1n, high: bigint): void {
    this.setWord(at, (high << 32n) | (BigInt(target - at - 1) << 2n) | kind);
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.words * WORD_BYTES);
  }
}

function dataOf(schema: Schema, value: Value): Uint8Array {
  const data = new Uint8Array(schema.words * WORD_BYTES);
  const view = new DataView(data.buffer);
  for (const [name, field] of Object.entries(schema.fields)) {
    const found = value[name];
    switch (field.is) {
      case 'u8':
        view.setUint8(field.byte, found as number);
        break;
      case 'u16':
        view.setUint16(field.byte, found as number, true);
        break;
      case 'u32':
        view.setUint32(field.byte, found as number, true);
        break;
      case 'i16':
        view.setInt16(field.byte, found as number, true);
        break;
      case 'u64':
        view.setBigUint64(field.byte, found as bigint, true);
        break;
      case 'i64':
        view.setBigInt64(field.byte, found as bigint, true);
        break;
      case 'bool':
        view.setUint8(field.byte, found === true ? 1 : 0);
        break;
      case 'choice':
        view.setUint16(field.byte, field.of.indexOf(found as string), true);
        break;
      case 'union': {
        const { is } = found as { is: string };
        view.setUint16(field.byte, Object.keys(field.of).indexOf(is), true);
        break;
      }
      default:
        break;
    }
  }
  return data;
}

function usedWords(data: Uint8Array): number {
  let end = data.length;
  while (end > 0 && data[end - 1] === 0) --end;
  return Math.ceil(end / WORD_BYTES);
}

function stands(field: PointerField, value: unknown): boolean {
  if (field.is === 'text') return value !== '';
  return field.is === 'list' ? (value as unknown[]).length > 0 : value !== null;
}

function pointerFields(schema: Schema): [string, PointerField][] {
  const fields = Object.entries(schema.fields).filter(([, field]) => 'pointer' in field);
  return (fields as [string, PointerField][]).sort(([, a], [, b]) => a.pointer - b.pointer);
}

function usedPointers(schema: Schema, value: Value): number {
  let used = 0;
  for (const [name, field] of pointerFields(schema)) {
    if (stands(field, value[name])) used = field.pointer + 1;
  }
  return used;
}

function writeBlob(to: Segment, pointer: number, bytes: Uint8Array): void {
  const target = to.allocate(Math.ceil(bytes.length / WORD_BYTES));
  to.set(target, bytes);
  to.setPointer(pointer, target, 1n, (BigInt(bytes.length) << 3n) | 2n);
}

function writeStruct(to: Segment, pointer: number, schema: Schema, value: Value): void {
  const data = dataOf(schema, value);
  const words = usedWords(data);
  const pointers = usedPointers(schema, value);
  if (words + pointers === 0) return to.setWord(pointer, EMPTY_STRUCT);
  const target = to.allocate(words + pointers);
  to.set(target, data.subarray(0, words * WORD_BYTES));
  to.setPointer(pointer, target, 0n, (BigInt(pointers) << 16n) | BigInt(words));
  writeTargets(to, target + words, schema, value);
}

function writeList(to: Segment, pointer: number, schema: Schema, values: Value[]): void {
  const datas = values.map((value) => dataOf(schema, value));
  const words = datas.reduce((most, data) => Math.max(most, usedWords(data)), 0);
  const pointers = values.reduce((most, value) => Math.max(most, usedPointers(schema, value)), 0);
  const size = values.length * (words + pointers);
  const tag = to.allocate(1 + size);
  to.setPointer(pointer, tag, 1n, (BigInt(size) << 3n) | 7n);
  to.setWord(
    tag,
    (BigInt(pointers) << 48n) | (BigInt(words) << 32n) | (BigInt(values.length) << 2n),
  );
  const element = (i: number): number => tag + 1 + i * (words + pointers);
  datas.forEach((data, i) => to.set(element(i), data.subarray(0, words * WORD_BYTES)));
  values.forEach((value, i) => writeTargets(to, element(i) + words, schema, value));
}

function writeTargets(to: Segment, pointersAt: number, schema: Schema, value: Value): void {
  for (const [name, field] of pointerFields(schema)) {
    const found = value[name];
    if (!stands(field, found)) continue;
    const pointer = pointersAt + field.pointer;
    if (field.is === 'text') writeBlob(to, pointer, utf8(`${found as string}\0`));
    if (field.is === 'bytes') writeBlob(to, pointer, found as Uint8Array);
    if (field.is === 'list') writeList(to, pointer, field.of, found as Value[]);
    if (field.is === 'struct') writeStruct(to, pointer, field.of, found as Value);
    if (field.is === 'union') {
      const { is, value: chosen } = found as { is: string; value: Value };
      writeStruct(to, pointer, field.of[is]!, chosen);
    }
  }
}

/** REQUIRES: every field of the schema has a value, as reading gives it. */
export function encodePayload(schema: Schema, value: Value): Uint8Array {
  const segment = new Segment();
  writeStruct(segment, segment.allocate(1), schema, value);
  return segment.bytes();
}
