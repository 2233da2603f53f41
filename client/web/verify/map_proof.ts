// Proofs of the chain map (formats.md 6): a path-compressed Merkle trie over code keys.
import { compare, equal } from './bytes.js';
import { HASH_BYTES, sha256 } from './sha256.js';

export const MAP_KEY_BYTES = 32;
export const MAP_VALUE_BYTES = 40;
export const EMPTY_MAP_ROOT = sha256(new Uint8Array(0));

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);
const KEY_LENGTH = Uint8Array.of(MAP_KEY_BYTES);
const VALUE_LENGTH = Uint8Array.of(MAP_VALUE_BYTES);

export function mapLeafHash(key: Uint8Array, value: Uint8Array): Uint8Array {
  return sha256(LEAF, KEY_LENGTH, key, VALUE_LENGTH, value);
}

/** b below 256 is one byte of LEB128, or two from 128 on. */
export function mapInnerHash(b: number, left: Uint8Array, right: Uint8Array): Uint8Array {
  const uv = b < 128 ? Uint8Array.of(b) : Uint8Array.of((b & 127) | 128, 1);
  return sha256(INNER, uv, left, right);
}

/** The bit of the key, counted from its first byte's highest. */
export function bitOf(key: Uint8Array, b: number): number {
  return (key[b >> 3]! >> (7 - (b & 7))) & 1;
}

interface Step {
  b: number;
  sibling: Uint8Array;
}

/** The path, or null if it is invalid: too short, b above 255, not falling, not minimal. */
function readPath(bytes: Uint8Array, from: number): Step[] | null {
  const steps: Step[] = [];
  let before = 256;
  let at = from;
  while (at < bytes.length) {
    let b = bytes[at++]!;
    if (b >= 128) {
      if (bytes[at++] !== 1) return null; // Only 128 to 255 take two bytes.
      // The low seven bits are unchanged; the eighth is the 1 just read.
    }
    if (b >= before || at + HASH_BYTES > bytes.length) return null;
    steps.push({ b, sibling: bytes.subarray(at, at + HASH_BYTES) });
    before = b;
    at += HASH_BYTES;
  }
  return steps;
}

function climb(key: Uint8Array, leaf: Uint8Array, steps: Step[]): Uint8Array {
  let node = leaf;
  for (const { b, sibling } of steps) {
    node = bitOf(key, b) === 0 ? mapInnerHash(b, node, sibling) : mapInnerHash(b, sibling, node);
  }
  return node;
}

function speaksOfChain(value: Uint8Array): boolean {
  return value.length === MAP_VALUE_BYTES && value.subarray(0, 8).some((byte) => byte !== 0);
}

export function provesPresence(
  root: Uint8Array,
  key: Uint8Array,
  value: Uint8Array,
  proof: Uint8Array,
): boolean {
  if (key.length !== MAP_KEY_BYTES || !speaksOfChain(value)) return false;
  const steps = readPath(proof, 0);
  return steps !== null && equal(climb(key, mapLeafHash(key, value), steps), root);
}

export function provesAbsence(root: Uint8Array, key: Uint8Array, proof: Uint8Array): boolean {
  if (key.length !== MAP_KEY_BYTES) return false;
  if (proof.length === 0) return equal(root, EMPTY_MAP_ROOT);
  const valueAt = 1 + MAP_KEY_BYTES + 1;
  const pathAt = valueAt + MAP_VALUE_BYTES;
  if (proof.length < pathAt) return false;
  if (proof[0] !== MAP_KEY_BYTES || proof[valueAt - 1] !== MAP_VALUE_BYTES) return false;
  const other = proof.subarray(1, 1 + MAP_KEY_BYTES);
  const value = proof.subarray(valueAt, pathAt);
  if (compare(other, key) === 0 || !speaksOfChain(value)) return false;
  const steps = readPath(proof, pathAt);
  if (steps === null) return false;
  // The search for the key must really end at that leaf.
  if (steps.some(({ b }) => bitOf(key, b) !== bitOf(other, b))) return false;
  return equal(climb(other, mapLeafHash(other, value), steps), root);
}
