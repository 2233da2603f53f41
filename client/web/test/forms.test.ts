// Base64, JSON, bytes: what two readers could take in two ways is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64, toBase64 } from '../verify/base64.js';
import { Fault, fromUtf8, utf8 } from '../verify/bytes.js';
import { parseJson } from '../verify/json.js';
import { Random } from './support.js';

test('base64 of random bytes comes back, and has no other text', () => {
  const random = new Random(1);
  for (let size = 0; size < 70; ++size) {
    const bytes = Uint8Array.from({ length: size }, () => random.below(256));
    const text = toBase64(bytes);
    assert.equal(text, Buffer.from(bytes).toString('base64'));
    assert.deepEqual(fromBase64(text), bytes);
  }
});

test('base64 that is not what encoding gives is refused', () => {
  for (const text of [
    'A',
    'AA',
    'AAA',
    'AA=',
    'AB==',
    'AAB=',
    'AA==AA==',
    '=AAA',
    'A===',
    '====',
    'AA==\n',
    ' AA==',
    'AA-_',
    'AAAä',
    'AA\u0100=',
    'A=A=',
    'AAAA====',
  ]) {
    assert.equal(fromBase64(text), null, JSON.stringify(text));
  }
});

test('UTF-8 is read strictly, and keeps a byte order mark as a character', () => {
  assert.equal(fromUtf8(Uint8Array.of(0xc0, 0x80)), null);
  assert.equal(fromUtf8(Uint8Array.of(0xed, 0xa0, 0x80)), null); // A surrogate.
  assert.equal(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf)), '\ufeff');
});

test('JSON that is good is read', () => {
  const value = parseJson(' { "a" : [ 1 , "\\u00e9\\n\\ud83d\\ude00" , {} , [] ] , "b":0 } ');
  assert.ok(value instanceof Map);
  assert.deepEqual(value.get('a'), [1, 'é\n😀', new Map(), []]);
  assert.equal(parseJson('9007199254740991'), Number.MAX_SAFE_INTEGER);
});

test('JSON that two readers could take in two ways is refused', () => {
  const refused = [
    '',
    ' ',
    '{',
    '[',
    '"',
    '{"a":1,}',
    '[1,]',
    '{"a":1 "b":2}',
    '{"a":1}x',
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '01',
    '-1',
    '1.0',
    '1e3',
    '9007199254740992',
    '99999999999999999',
    'true',
    'null',
    '{a:1}',
    "'a'",
    '"\\x"',
    '"\\u00g0"',
    '"\\u12"',
    '"\\ud800"',
    '"\\ud800x"',
    '"\\udc00"',
    '"\\ud800\\ud800"',
    '"\\u0000"',
    '"\n"',
    '"\u0001"',
    '\ufeff{}',
    '[1 2]',
    '{"a"}',
    '{"a":}',
    '{1:2}',
    '//\n{}',
    '\u00a0{}',
    'Infinity',
    '"\\u{41}"',
    '{"__proto__":1,"__proto__":2}',
  ];
  for (const text of refused) assert.ok(parseJson(text) instanceof Fault, JSON.stringify(text));
  assert.ok(!(parseJson('['.repeat(16) + ']'.repeat(16)) instanceof Fault));
  assert.ok(parseJson('['.repeat(17) + ']'.repeat(17)) instanceof Fault);
});

test('any cut of a JSON text is refused', () => {
  const text = '{"a":["b",{"c":12}]}';
  for (let end = 0; end < text.length; ++end) {
    assert.ok(parseJson(text.slice(0, end)) instanceof Fault);
  }
  assert.ok(!(parseJson(fromUtf8(utf8(text))!) instanceof Fault));
});
