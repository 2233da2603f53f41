// The chain map's proofs: torchwood's vectors as far as they have our shape, and a plain trie.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, hex, u64, utf8 } from '../verify/bytes.js';
import { EMPTY_MAP_ROOT, provesAbsence, provesPresence } from '../verify/map_proof.js';
import { sha256 } from '../verify/sha256.js';
import { mapProof, mapRoot } from './map.js';
import type { Entry } from './map.js';
import { Random, bytesOfHex, ownVectors, sharedTest } from './support.js';
import type { Any } from './support.js';

const valueOf = (row: Any): Uint8Array => concat(u64(row.count), bytesOfHex(row.link));

const entry = (i: number): Entry => ({
  key: sha256(utf8(`key ${i}`)),
  value: concat(u64(1 + (i % 7)), sha256(utf8(`head ${i}`))),
});

sharedTest('the profile of count and head', 'mpt/profile-count-head.json', (maps) => {
  for (const map of maps) {
    const root = bytesOfHex(map.root);
    for (const one of map.proofs) {
      const [key, proof] = [bytesOfHex(one.key), bytesOfHex(one.proof)];
      const value = bytesOfHex(one.val);
      assert.equal(provesPresence(root, key, value, proof), one.present, one.product_code);
      assert.equal(provesAbsence(root, key, proof), !one.present, one.product_code);
    }
  }
});

sharedTest('roots of torchwood, of keys as long as ours', 'mpt/treehash.json', (sets) => {
  let seen = 0;
  for (const one of sets) {
    const entries = one.kv.map(([key, value]: string[]) => ({
      key: bytesOfHex(key!),
      value: bytesOfHex(value!),
    }));
    if (entries.some((row: Entry) => row.key.length !== 32)) continue;
    const root = mapRoot(entries, (key, value) =>
      sha256(Uint8Array.of(0, key.length), key, Uint8Array.of(value.length), value),
    );
    assert.equal(hex(root), one.root, one.name);
    ++seen;
  }
  assert.ok(seen >= 5);
});

sharedTest('no proof that torchwood refuses is taken', 'mpt/verify.json', (proofs) => {
  for (const one of proofs) {
    if (one.want_valid && one.proof !== '') continue; // Other shapes of values: ours refuse them.
    const [root, key] = [bytesOfHex(one.snap), bytesOfHex(one.key)];
    const proof = bytesOfHex(one.proof);
    const taken = one.present
      ? provesPresence(root, key, bytesOfHex(one.val), proof)
      : provesAbsence(root, key, proof);
    const empty = one.want_valid && hex(root) === hex(EMPTY_MAP_ROOT) && key.length === 32;
    assert.equal(taken, empty, one.name);
  }
});

test('maps, proofs and refused proofs of our vectors', () => {
  const vectors = ownVectors('map.json');
  for (const map of vectors.maps) {
    const root = bytesOfHex(map.root);
    if (map.rows.length < 1000) {
      const rows = map.rows.map((row: Any) => ({ key: bytesOfHex(row.key), value: valueOf(row) }));
      assert.equal(hex(mapRoot(rows)), map.root, map.name);
    }
    for (const one of map.proofs) {
      const [key, proof] = [bytesOfHex(one.key), bytesOfHex(one.proof)];
      const present = one.count !== undefined;
      assert.equal(provesAbsence(root, key, proof), !present, map.name);
      assert.equal(present && provesPresence(root, key, valueOf(one), proof), present, map.name);
    }
  }
  for (const one of vectors.refused) {
    const [root, key] = [bytesOfHex(one.root), bytesOfHex(one.key)];
    const proof = bytesOfHex(one.proof);
    const taken =
      one.count === undefined
        ? provesAbsence(root, key, proof)
        : provesPresence(root, key, valueOf(one), proof);
    assert.ok(!taken, one.name);
  }
});

test('every key of a plain trie is proven present, every other absent', () => {
  for (const size of [0, 1, 2, 3, 10, 200]) {
    const entries = Array.from({ length: size }, (_, i) => entry(i));
    const root = mapRoot(entries);
    for (const { key, value } of entries) {
      const proof = mapProof(entries, key);
      assert.ok(provesPresence(root, key, value, proof));
      assert.ok(!provesAbsence(root, key, proof));
      assert.ok(!provesPresence(root, key, concat(value.subarray(1), value.subarray(0, 1)), proof));
    }
    for (let i = 0; i < 20; ++i) {
      const { key, value } = entry(100_000 + i);
      const proof = mapProof(entries, key);
      assert.ok(provesAbsence(root, key, proof));
      assert.ok(!provesPresence(root, key, value, proof));
    }
  }
});

test('no changed proof is taken', () => {
  const entries = Array.from({ length: 100 }, (_, i) => entry(i));
  const root = mapRoot(entries);
  const random = new Random(11);
  for (let i = 0; i < 600; ++i) {
    const present = random.below(2) === 0;
    const { key, value } = entry(present ? random.below(100) : 1000 + random.below(100));
    const good = mapProof(entries, key);
    const bad = Uint8Array.from(good);
    const bit = random.below(bad.length * 8);
    bad[bit >> 3]! ^= 1 << (bit & 7);
    for (const proof of [bad, good.subarray(0, random.below(good.length)), concat(good, good)]) {
      assert.ok(!provesPresence(root, key, value, proof));
      assert.ok(!provesAbsence(root, key, proof));
    }
  }
});

test('a count of nothing and another map are refused', () => {
  const one = entry(1);
  const nothing = { key: one.key, value: concat(u64(0), one.value.subarray(8)) };
  assert.ok(!provesPresence(mapRoot([nothing]), nothing.key, nothing.value, new Uint8Array(0)));
  assert.ok(!provesPresence(mapRoot([entry(2)]), one.key, one.value, new Uint8Array(0)));
  assert.ok(!provesAbsence(mapRoot([nothing]), entry(2).key, mapProof([nothing], entry(2).key)));
  assert.ok(!provesAbsence(mapRoot([one]), entry(2).key, new Uint8Array(0)));
});
