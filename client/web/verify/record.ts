// The record of an event (formats.md 2): which codes it concerns, and the hash of its payload.
import { Fault, compare, concat, utf8, viewOf } from './bytes.js';
import { HASH_BYTES, sha256 } from './sha256.js';

export interface EventRecord {
  codeKeys: Uint8Array[];
  payloadHash: Uint8Array;
}

const TAG = utf8('suyuan/event/v1\n');
const PAYLOAD_TAG = utf8('suyuan/payload/v1\n');
const CODE_TAG = utf8('suyuan/code/v1\n');
const KEYS_MAX = 4096;

export function codeKey(code: string): Uint8Array {
  return sha256(CODE_TAG, utf8(code));
}

/** Ascending and distinct. */
export function codeKeysOf(codes: Iterable<string>): Uint8Array[] {
  return [...new Set(codes)].map(codeKey).sort(compare);
}

export function payloadHash(salt: Uint8Array, payload: Uint8Array): Uint8Array {
  return sha256(PAYLOAD_TAG, salt, payload);
}

export function recordBytes(record: EventRecord): Uint8Array {
  const count = Uint8Array.of(record.codeKeys.length >> 8, record.codeKeys.length & 255);
  return concat(TAG, count, ...record.codeKeys, record.payloadHash);
}

export function parseRecord(bytes: Uint8Array): EventRecord | Fault {
  const keysAt = TAG.length + 2;
  if (bytes.length < keysAt || compare(bytes.subarray(0, TAG.length), TAG) !== 0) {
    return new Fault('the record does not begin as one');
  }
  const count = viewOf(bytes).getUint16(TAG.length);
  if (count < 1 || count > KEYS_MAX) return new Fault(`a record has 1 to ${KEYS_MAX} code keys`);
  const end = keysAt + count * HASH_BYTES;
  if (bytes.length !== end + HASH_BYTES) return new Fault('the record has another length');
  const codeKeys: Uint8Array[] = [];
  for (let at = keysAt; at < end; at += HASH_BYTES) {
    const key = bytes.subarray(at, at + HASH_BYTES);
    const before = codeKeys[codeKeys.length - 1];
    if (before && compare(before, key) >= 0) return new Fault('code keys ascend, each once');
    codeKeys.push(key);
  }
  return { codeKeys, payloadHash: bytes.subarray(end) };
}
