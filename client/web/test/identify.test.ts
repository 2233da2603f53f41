// Canonical codes: our vectors of docs/identifiers.md, as far as they are URIs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, hex } from '../verify/bytes.js';
import { canonicalCode } from '../verify/identify.js';
import { codeKey } from '../verify/record.js';
import { ownVectors } from './support.js';

// What EPCIS cannot hold is not read by this verifier.
const isUri = (sent: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]*:/.test(sent);

test('what is sent as a URI has the canonical text of our vectors', () => {
  let seen = 0;
  for (const one of ownVectors('codes.json').accepted) {
    if (!isUri(one.sent)) continue;
    const code = canonicalCode(one.sent);
    assert.equal(code instanceof Fault ? code.why : code, one.canonical, one.sent);
    assert.equal(hex(codeKey(one.canonical)), one.code_key);
    ++seen;
  }
  assert.ok(seen > 30);
});

test('a canonical text is its own', () => {
  for (const one of ownVectors('codes.json').accepted) {
    const code = canonicalCode(one.canonical);
    assert.equal(code instanceof Fault ? code.why : code, one.canonical);
  }
});

test('what our vectors refuse is refused', () => {
  for (const one of ownVectors('codes.json').refused) {
    const code = canonicalCode(one.sent);
    assert.ok(code instanceof Fault, `${one.sent} became ${code as string}`);
  }
});

test('what is not canonical is brought to it', () => {
  for (const one of ownVectors('codes.json').not_canonical) {
    if (!isUri(one.code)) continue;
    assert.equal(canonicalCode(one.code), one.canonical);
  }
});
