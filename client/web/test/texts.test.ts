// Genesis, leaves, batch notes, records: our vectors, good and bad.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBatchNote, signersOf } from '../verify/batch_note.js';
import { Fault, hex, utf8 } from '../verify/bytes.js';
import { parseGenesis } from '../verify/genesis.js';
import { ledgerId, parseLeaf } from '../verify/leaf.js';
import { isPartyId } from '../verify/lines.js';
import { includes, leafHash, treeHash } from '../verify/merkle.js';
import { codeKeysOf, parseRecord, payloadHash, recordBytes } from '../verify/record.js';
import { parseSeal } from '../verify/seal.js';
import { sha256 } from '../verify/sha256.js';
import { bytesOfHex, ownVectors } from './support.js';

test('genesis leaves of our vectors are read', () => {
  const vectors = ownVectors('genesis.json');
  for (const one of vectors.genesis) {
    const genesis = parseGenesis(one.leaf_data);
    assert.ok(!(genesis instanceof Fault), one.name);
    assert.equal(genesis.origin, one.origin);
    assert.equal(hex(genesis.log), one.log);
    assert.deepEqual(
      genesis.authorities.map(({ name, key }) => ({ name, key: hex(key) })),
      one.authorities,
    );
    assert.equal(ledgerId(one.origin, one.leaf_data), one.ledger_id);
    assert.equal(genesis.timeMs, BigInt(one.time_ms));
  }
});

test('texts that are no genesis are refused', () => {
  for (const one of ownVectors('genesis.json').refused_genesis) {
    const leaf = `suyuan/leaf/v1 genesis\ntime 1\n\n${one.text}`;
    assert.ok(parseGenesis(leaf) instanceof Fault, one.name);
  }
});

test('leaves are split at the first blank line, and refused when their kinds differ', () => {
  const vectors = ownVectors('genesis.json');
  for (const one of vectors.leaves) {
    const leaf = parseLeaf(one.data);
    assert.ok(!(leaf instanceof Fault));
    const timeMs = BigInt(/^time (.*)$/m.exec(one.data)![1]!); // JSON's numbers end before 63 bits.
    assert.deepEqual(leaf, { kind: one.kind, timeMs, text: one.text });
  }
  for (const one of vectors.refused_leaves)
    assert.ok(parseLeaf(one.data) instanceof Fault, one.name);
});

test('batch notes of our vectors are read, and their records and roots found again', () => {
  for (const one of ownVectors('notes.json').batches) {
    const batch = parseBatchNote(one.note);
    assert.ok(!(batch instanceof Fault), one.name);
    assert.equal(batch.note.text, one.text);
    assert.equal(hex(sha256(utf8(batch.note.text))), one.id);
    assert.deepEqual(signersOf(batch), [one.signer || one.party, ...one.with]);
    assert.equal(batch.untilMs, BigInt(one.until_ms));
    const records = one.events.map((event: { codes: string[]; salt: string; payload: string }) =>
      recordBytes({
        codeKeys: codeKeysOf(event.codes),
        payloadHash: payloadHash(bytesOfHex(event.salt), bytesOfHex(event.payload)),
      }),
    );
    assert.deepEqual(
      records.map(hex),
      one.events.map((event: { record: string }) => event.record),
    );
    assert.equal(hex(treeHash(records.map(leafHash))), hex(batch.root));
    assert.equal(batch.events, records.length);
  }
});

test('texts that are no batch note are refused', () => {
  for (const one of ownVectors('notes.json').refused_notes) {
    assert.ok(parseBatchNote(one.note) instanceof Fault, one.name);
  }
});

test('a receipt of our vectors leads from its leaf to its root', () => {
  for (const one of ownVectors('notes.json').receipts) {
    if (one.code !== 'OK') continue;
    const size = Number(/^size (.*)$/m.exec(one.note)![1]);
    const root = Buffer.from(/^root (.*)$/m.exec(one.note)![1]!, 'base64');
    assert.ok(
      includes(root, size, one.leaf, leafHash(utf8(one.leaf_data)), one.path.map(bytesOfHex)),
    );
  }
});

test('party ids are those of our vectors', () => {
  const vectors = ownVectors('registry.json');
  for (const id of vectors.party_ids) assert.ok(isPartyId(id), id);
  for (const id of vectors.no_party_ids) assert.ok(!isPartyId(id), id);
});

test('a record of any other form is refused', () => {
  const record = recordBytes({
    codeKeys: codeKeysOf(['a', 'b']),
    payloadHash: sha256(utf8('payload')),
  });
  assert.ok(!(parseRecord(record) instanceof Fault));
  for (let end = 0; end < record.length; ++end) {
    assert.ok(parseRecord(record.subarray(0, end)) instanceof Fault);
  }
  const [a, b] = codeKeysOf(['a', 'b']) as [Uint8Array, Uint8Array];
  for (const codeKeys of [[b, a], [a, a], []]) {
    assert.ok(parseRecord(recordBytes({ codeKeys, payloadHash: a })) instanceof Fault);
  }
});

test('seals of our vectors are read, and no other texts', () => {
  const vectors = ownVectors('seals.json');
  for (const one of vectors.seals) {
    const seal = parseSeal(one.leaf_data);
    assert.ok(!(seal instanceof Fault), one.name);
    assert.equal(seal.ledger, one.ledger);
    assert.equal(hex(seal.map), one.map);
    const line = (word: string): string => new RegExp(`^${word} (.*)$`, 'm').exec(one.text)![1]!;
    assert.equal(`${seal.previous ?? '-'}`, line('previous'));
    for (const word of ['leaves', 'events', 'chains'] as const) {
      assert.equal(`${seal[word]}`, line(word));
    }
  }
  for (const one of vectors.refused) {
    const seal = parseSeal(`suyuan/leaf/v1 seal\ntime 1\n\n${one.text}`);
    // Rules that we cannot judge are found by whoever judges: RULES_NEWER is no fault of the seal.
    assert.ok(seal instanceof Fault || seal.rules !== 1n, one.name);
  }
});

const SEAL = [
  'suyuan/seal/v1',
  `ledger o ${'A'.repeat(43)}=`,
  'rules 1',
  'previous 3',
  'leaves 7',
  'events 9',
  'chains 2',
  `map ${'A'.repeat(43)}=`,
  '',
];

test('a seal has exactly its lines', () => {
  const leaf = (lines: string[]): string => `suyuan/leaf/v1 seal\ntime 5\n\n${lines.join('\n')}`;
  const seal = parseSeal(leaf(SEAL));
  assert.ok(!(seal instanceof Fault));
  assert.equal(seal.previous, 3n);
  assert.equal(seal.leaves, 7n);
  for (let i = 0; i < SEAL.length - 1; ++i) {
    assert.ok(parseSeal(leaf(SEAL.filter((_, k) => k !== i))) instanceof Fault, `without ${i}`);
    const doubled = [...SEAL.slice(0, i + 1), ...SEAL.slice(i)];
    assert.ok(parseSeal(leaf(doubled)) instanceof Fault, `twice ${i}`);
    const spaced = SEAL.map((line, k) => (k === i ? `${line} ` : line));
    assert.ok(parseSeal(leaf(spaced)) instanceof Fault, `space ${i}`);
  }
});
