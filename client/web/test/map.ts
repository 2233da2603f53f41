// The chain map made the plain way: a trie over a sorted list, without memory. For tests alone.
import { compare, concat } from '../verify/bytes.js';
import { EMPTY_MAP_ROOT, bitOf, mapInnerHash, mapLeafHash } from '../verify/map_proof.js';

export interface Entry {
  key: Uint8Array;
  value: Uint8Array;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  for (let bit = 0; ; ++bit) if (bitOf(a, bit) !== bitOf(b, bit)) return bit;
}

function split(sorted: Entry[]): { b: number; left: Entry[]; right: Entry[] } {
  const b = firstDifference(sorted[0]!.key, sorted[sorted.length - 1]!.key);
  const at = sorted.findIndex((entry) => bitOf(entry.key, b) === 1);
  return { b, left: sorted.slice(0, at), right: sorted.slice(at) };
}

function hashOf(sorted: Entry[], leafHash = mapLeafHash): Uint8Array {
  if (sorted.length === 1) return leafHash(sorted[0]!.key, sorted[0]!.value);
  const { b, left, right } = split(sorted);
  return mapInnerHash(b, hashOf(left, leafHash), hashOf(right, leafHash));
}

/** `leafHash`: for values of another length than a chain's head has. */
export function mapRoot(entries: Entry[], leafHash = mapLeafHash): Uint8Array {
  if (entries.length === 0) return EMPTY_MAP_ROOT;
  return hashOf(
    [...entries].sort((x, y) => compare(x.key, y.key)),
    leafHash,
  );
}

/** Of presence, or of absence where the key is not among the entries. */
export function mapProof(entries: Entry[], key: Uint8Array): Uint8Array {
  if (entries.length === 0) return new Uint8Array(0);
  let here = [...entries].sort((x, y) => compare(x.key, y.key));
  const path: Uint8Array[] = [];
  while (here.length > 1) {
    const { b, left, right } = split(here);
    const [down, sibling] = bitOf(key, b) === 0 ? [left, right] : [right, left];
    const uv = b < 128 ? Uint8Array.of(b) : Uint8Array.of(b, 1);
    path.unshift(concat(uv, hashOf(sibling)));
    here = down;
  }
  const found = here[0]!;
  if (compare(found.key, key) === 0) return concat(...path);
  return concat(Uint8Array.of(32), found.key, Uint8Array.of(40), found.value, ...path);
}
