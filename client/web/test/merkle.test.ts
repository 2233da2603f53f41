// RFC 6962 proofs: vectors of others, our own, and every small tree against its definition.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equal, hex, utf8 } from '../verify/bytes.js';
import { extendsTree, includes, leafHash, treeHash } from '../verify/merkle.js';
import { bytesOfBase64, bytesOfHex, ownVectors, sharedTest } from './support.js';
import type { Any } from './support.js';
import { consistencyPath, inclusionPath, leafHashes, naiveRoot } from './tree.js';

const proof64 = (proof: string[] | null): Uint8Array[] => (proof ?? []).map(bytesOfBase64);
const proof16 = (proof: string[]): Uint8Array[] => proof.map(bytesOfHex);

test('roots and proofs of our own vectors', () => {
  const vectors = ownVectors('tree.json');
  const leaf = (i: number): Uint8Array => leafHash(utf8(`suyuan-leaf-${i}`));
  const root = (size: number): Uint8Array =>
    treeHash(Array.from({ length: size }, (_, i) => leaf(i)));
  for (const [size, expected] of Object.entries(vectors.roots)) {
    assert.equal(hex(root(Number(size))), expected);
  }
  for (const { index, size, path } of vectors.inclusion) {
    assert.ok(includes(root(size), size, index, leaf(index), proof16(path)));
  }
  for (const { older, newer, path } of vectors.consistency) {
    assert.ok(extendsTree(root(older), older, root(newer), newer, proof16(path)));
  }
});

sharedTest('inclusion probes', 'rfc6962/inclusion-probes.json', (probes) => {
  for (const one of probes) {
    const found = includes(
      bytesOfBase64(one.root),
      one.treeSize,
      one.leafIdx,
      bytesOfBase64(one.leafHash),
      proof64(one.proof),
    );
    assert.equal(found, !one.wantErr, one.source);
  }
});

// One that starts at a multiple of the smallest power of two that it fits in is a tree itself.
sharedTest('inclusion probes of subtrees', 'rfc6962/subtreeinclusion-probes.json', (probes) => {
  for (const one of probes) {
    const size = one.end - one.start;
    let width = 1;
    while (width < size) width *= 2;
    const found =
      size > 0 &&
      one.start % width === 0 &&
      one.leafIdx >= one.start &&
      includes(
        bytesOfBase64(one.root),
        size,
        one.leafIdx - one.start,
        bytesOfBase64(one.leafHash),
        proof64(one.proof),
      );
    assert.equal(found, !one.wantErr, one.source);
  }
});

sharedTest('consistency probes of subtrees', 'rfc6962/subtreeconsistency-probes.json', (probes) => {
  for (const one of probes) {
    if (one.start !== 0) continue; // Only those from the first leaf on are RFC 9162's.
    const found = extendsTree(
      bytesOfBase64(one.root1),
      one.end,
      bytesOfBase64(one.root2),
      one.size,
      proof64(one.proof),
    );
    assert.equal(found, !one.wantErr, one.source);
  }
});

sharedTest('consistency probes', 'rfc6962/consistency-probes.json', (probes) => {
  for (const one of probes) {
    const found = extendsTree(
      bytesOfBase64(one.root1),
      one.size1,
      bytesOfBase64(one.root2),
      one.size2,
      proof64(one.proof),
    );
    assert.equal(found, !one.wantErr, one.source);
  }
});

sharedTest('proofs of trees to 70,001 leaves', 'rfc6962/sumdb-tlog-generated.json', (vectors) => {
  for (const one of vectors.inclusion) {
    const at = (index: number): boolean =>
      includes(
        bytesOfHex(one.root),
        one.tree_size,
        index,
        bytesOfHex(one.leaf_hash),
        proof16(one.proof),
      );
    assert.ok(at(one.leaf_index));
    assert.ok(one.tree_size === 1 || !at(one.leaf_index === 0 ? 1 : one.leaf_index - 1));
  }
  for (const one of vectors.consistency) {
    assert.ok(
      extendsTree(
        bytesOfHex(one.root1),
        one.size1,
        bytesOfHex(one.root2),
        one.size2,
        proof16(one.proof),
      ),
    );
  }
});

sharedTest('the classic tree of eight leaves', 'rfc6962/tree-constants.json', (vectors) => {
  const leaves = leafHashes(vectors.leaf_inputs.map(bytesOfHex));
  assert.deepEqual(leaves.map(hex), vectors.node_hashes.level0);
  const roots: Any = vectors.root_hashes_by_size;
  for (const [size, root] of Object.entries(roots)) {
    assert.equal(hex(treeHash(leaves.slice(0, Number(size)))), root);
  }
});

test('every leaf of every small tree is proven, and nowhere else', () => {
  const all = leafHashes(Array.from({ length: 40 }, (_, i) => utf8(`leaf ${i}`)));
  for (let size = 1; size <= all.length; ++size) {
    const leaves = all.slice(0, size);
    const root = naiveRoot(leaves);
    assert.ok(equal(root, treeHash(leaves)));
    for (let index = 0; index < size; ++index) {
      const path = inclusionPath(leaves, index);
      for (let claimed = 0; claimed <= size; ++claimed) {
        assert.equal(includes(root, size, claimed, leaves[index]!, path), claimed === index);
      }
      assert.ok(!includes(root, size, index, leaves[index]!, [...path, root]));
      if (path.length > 0) {
        assert.ok(!includes(root, size, index, leaves[index]!, path.slice(1)));
        assert.ok(!includes(root, size, index, leaves[index]!, path.slice(0, -1)));
      }
    }
    for (let older = 0; older <= size; ++older) {
      const path = consistencyPath(leaves, older);
      const oldRoot = naiveRoot(leaves.slice(0, older));
      assert.ok(extendsTree(oldRoot, older, root, size, path));
      assert.ok(older === 0 || !extendsTree(root, older, root, size, path) || older === size);
      assert.ok(!extendsTree(oldRoot, older, root, size, [...path, root]));
    }
  }
});

test('indexes beyond 32 bits keep their bits', () => {
  const size = 2 ** 40 + 1;
  const last = leafHash(utf8('last'));
  const left = leafHash(utf8('left'));
  const root = treeHash([left, last]); // The last leaf of 2^40 + 1 stands alone on the right.
  assert.ok(includes(root, size, 2 ** 40, last, [left]));
  assert.ok(!includes(root, size, 2 ** 32, last, [left]));
  assert.ok(!includes(root, size, 0, last, [left]));
});
