// The erase note's form, its leaf and its link, by tests/vectors/notices.json.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Fault, hex, utf8 } from '../verify/bytes.js';
import { NOTICE_EVENT } from '../verify/chain.js';
import { parseLeaf } from '../verify/leaf.js';
import { leafHash } from '../verify/merkle.js';
import { parseNotice } from '../verify/notice.js';
import { sha256 } from '../verify/sha256.js';
import { sourcePath } from './support.js';

const vectors = JSON.parse(readFileSync(sourcePath('tests/vectors/notices.json'), 'utf8'));

test('notices are read as they were meant', () => {
  for (const one of vectors.accepted) {
    const notice = parseNotice(one.note);
    assert.ok(!(notice instanceof Fault), one.why);
    assert.equal(notice.party, vectors.party.id);
    assert.equal(notice.leaf, BigInt(one.leaf), one.why);
    assert.equal(notice.event, BigInt(one.event), one.why);
    assert.equal(notice.section === null ? null : hex(notice.section), one.section, one.why);
    assert.equal(notice.ground, one.ground, one.why);
    assert.equal(hex(sha256(utf8(notice.note.text))), one.id, one.why);
  }
});

test('what is no notice is refused', () => {
  for (const one of vectors.refused) {
    assert.ok(parseNotice(one.note) instanceof Fault, one.why);
  }
});

test('the leaf is the one that is hashed, and no batch has its event', () => {
  const { leaf_data: data, leaf_hash: hash, note } = vectors.link;
  const leaf = parseLeaf(data);
  assert.ok(!(leaf instanceof Fault));
  assert.equal(leaf.kind, 'notice');
  assert.equal(leaf.text, note);
  assert.equal(hex(leafHash(utf8(data))), hash);
  assert.equal(NOTICE_EVENT, 2 ** 32 - 1);
});
