// RFC 6962 trees: hashes, and proofs as RFC 9162 2.1.3.2 and 2.1.4.2 check them. Indexes and sizes
// are below 2^53, so halves are computed by division: JavaScript's shifts end at 32 bits.
import { equal } from './bytes.js';
import { HASH_BYTES, sha256 } from './sha256.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(LEAF, data);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

const half = (value: number): number => Math.floor(value / 2);
const odd = (value: number): boolean => value % 2 === 1;

export function treeHash(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  let row = leaves;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < row.length; i += 2) above.push(nodeHash(row[i]!, row[i + 1]!));
    if (odd(row.length)) above.push(row[row.length - 1]!);
    row = above;
  }
  return row[0]!;
}

function areHashes(...all: Uint8Array[]): boolean {
  return all.every((hash) => hash.length === HASH_BYTES);
}

/** Verifies that the leaf is at `index` in the tree of `size` leaves with this root. */
export function includes(
  root: Uint8Array,
  size: number,
  index: number,
  leaf: Uint8Array,
  path: Uint8Array[],
): boolean {
  if (index >= size || !areHashes(root, leaf, ...path)) return false;
  let node = leaf;
  let position = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return false; // The path is longer than the tree is high.
    if (odd(position) || position === last) {
      node = nodeHash(sibling, node);
      while (!odd(position) && position !== 0) {
        position = half(position); // No sibling on this level.
        last = half(last);
      }
    } else {
      node = nodeHash(node, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && equal(node, root);
}

/** Verifies that the tree of `size` leaves extends the tree of `oldSize` leaves. */
export function extendsTree(
  oldRoot: Uint8Array,
  oldSize: number,
  root: Uint8Array,
  size: number,
  path: Uint8Array[],
): boolean {
  if (oldSize > size || !areHashes(oldRoot, root, ...path)) return false;
  if (oldSize === size) return path.length === 0 && equal(oldRoot, root);
  if (oldSize === 0) return path.length === 0; // Nothing to prove.
  if (path.length === 0) return false;
  let position = oldSize - 1;
  let last = size - 1;
  while (odd(position)) {
    position = half(position);
    last = half(last);
  }
  // A complete old tree is a node of the new one: its root is not sent.
  const nodes = position === 0 ? [oldRoot, ...path] : path;
  let older = nodes[0]!;
  let newer = older;
  for (const sibling of nodes.slice(1)) {
    if (last === 0) return false;
    if (odd(position) || position === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while (!odd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      newer = nodeHash(newer, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && equal(older, oldRoot) && equal(newer, root);
}
