// Names that others chose hide nothing and turn nothing round.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookedUp, mixesAlphabets, seen, seenParty } from '../page/data/seen.js';
import { stepName } from '../page/texts/steps.js';

test('what is invisible is seen', () => {
  for (const hidden of ['\u00ad', '\u061c', '\u180e', '\u200b', '\u202e', '\u2066', '\ufeff', '\u{e0041}']) {
    assert.equal(seen(`a${hidden}b`), 'a\ufffdb');
  }
  for (const plain of ['Fonterra', '恒天然', '葛\ufe00城', 'Société']) assert.equal(seen(plain), plain);
});

test('what is written from the right turns nothing else', () => {
  assert.equal(seen('חלב'), '\u2068חלב\u2069');
});

test('a name that may pass for another stands with its id', () => {
  for (const name of ['F\u043enterra', 'Arla F\u03bf\u03bfds', '\uff21BC']) assert.ok(mixesAlphabets(name), name);
  for (const name of ['Fonterra', 'Молоко Trading', 'ABC乳业', 'Ελλάς']) assert.ok(!mixesAlphabets(name), name);
  assert.equal(seenParty('F\u043enterra', 'farm-9'), 'F\u043enterra [farm-9]');
  assert.equal(seenParty('Fonterra', 'fonterra'), 'Fonterra');
});

test('no word is one of JavaScript itself', () => {
  for (const word of ['constructor', 'toString', '__proto__', 'valueOf']) {
    assert.equal(lookedUp({}, word), undefined);
    assert.equal(stepName(word, 'origin', 'en').toLowerCase(), word.toLowerCase().replaceAll('_', ' '));
  }
});
