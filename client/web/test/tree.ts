// RFC 6962 by its recursive definition, as the test's own second opinion.
import { leafHash, nodeHash, treeHash } from '../verify/merkle.js';

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

export function naiveRoot(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length <= 1) return treeHash(leaves);
  const k = largestPowerBelow(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** `leaves` are leaf hashes. */
export function inclusionPath(leaves: Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = largestPowerBelow(leaves.length);
  return index < k
    ? [...inclusionPath(leaves.slice(0, k), index), naiveRoot(leaves.slice(k))]
    : [...inclusionPath(leaves.slice(k), index - k), naiveRoot(leaves.slice(0, k))];
}

function subproof(leaves: Uint8Array[], m: number, whole: boolean): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = largestPowerBelow(leaves.length);
  return m <= k
    ? [...subproof(leaves.slice(0, k), m, whole), naiveRoot(leaves.slice(k))]
    : [...subproof(leaves.slice(k), m - k, false), naiveRoot(leaves.slice(0, k))];
}

export function consistencyPath(leaves: Uint8Array[], older: number): Uint8Array[] {
  return older === 0 ? [] : subproof(leaves, older, true);
}

export const leafHashes = (datas: Uint8Array[]): Uint8Array[] => datas.map(leafHash);
