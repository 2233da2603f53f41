// Payloads: what Cap'n Proto's own tool encodes is read, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, hex } from '../verify/bytes.js';
import { encodePayload } from '../verify/capnp_write.js';
import { TRACE_EVENT } from '../verify/event_schema.js';
import { codesOfEvent, decodeAct, decodeEvent } from '../verify/payload.js';
import { codeKeysOf, payloadHash, recordBytes } from '../verify/record.js';
import { REGISTRY_EVENT } from '../verify/registry_schema.js';
import { Random, bytesOfBase64, bytesOfHex, ownVectors } from './support.js';

test('events of our vectors are read, and give their codes and records', () => {
  for (const one of ownVectors('events.json').events) {
    const payload = bytesOfBase64(one.payload_base64);
    const event = decodeEvent(payload);
    assert.ok(!(event instanceof Fault), `${one.name}: ${event instanceof Fault ? event.why : ''}`);
    assert.deepEqual([...new Set(codesOfEvent(event))].sort(), [...one.codes].sort(), one.name);
    const codeKeys = codeKeysOf(codesOfEvent(event));
    assert.deepEqual(codeKeys.map(hex), one.code_keys);
    const hash = payloadHash(bytesOfHex(one.salt), payload);
    assert.equal(hex(hash), one.payload_hash);
    assert.equal(hex(recordBytes({ codeKeys, payloadHash: hash })), one.record_hex);
    assert.deepEqual(encodePayload(TRACE_EVENT, event), payload);
  }
});

test('acts of our vectors are read', () => {
  for (const one of ownVectors('events.json').acts) {
    const act = decodeAct(bytesOfBase64(one.payload_base64));
    assert.ok(!(act instanceof Fault), `${one.name}: ${act instanceof Fault ? act.why : ''}`);
    assert.equal(act.is, one.name);
    assert.deepEqual(encodePayload(REGISTRY_EVENT, { act }), bytesOfBase64(one.payload_base64));
  }
});

test('values of defaults are read as our vectors say: a struct that is there is not absent', () => {
  for (const one of ownVectors('events.json').also_read) {
    const payload = bytesOfBase64(one.payload_base64);
    const value = one.of === 'act' ? decodeAct(payload) : decodeEvent(payload);
    assert.ok(!(value instanceof Fault), `${one.name}: ${value instanceof Fault ? value.why : ''}`);
  }
});

test('payloads that our vectors refuse are refused', () => {
  for (const one of ownVectors('events.json').refused) {
    const decode = one.of === 'act' ? decodeAct : decodeEvent;
    const fault = decode(bytesOfBase64(one.payload_base64));
    assert.ok(fault instanceof Fault, one.name);
    if (one.name.startsWith('U+')) assert.match(fault.why, /control character/, one.name);
  }
});

test('a changed bit is refused, or says something else; nothing hangs or throws', () => {
  const random = new Random(3);
  const vectors = ownVectors('events.json');
  for (const one of [...vectors.events, ...vectors.acts]) {
    const payload = bytesOfBase64(one.payload_base64);
    const read = one.codes ? decodeEvent : decodeAct;
    const before = read(payload);
    for (let i = 0; i < 400; ++i) {
      const changed = Uint8Array.from(payload);
      for (let bits = random.below(3); bits >= 0; --bits) {
        const bit = random.below(changed.length * 8);
        changed[bit >> 3]! ^= 1 << (bit & 7);
      }
      if (hex(changed) === hex(payload)) continue;
      const after = read(changed);
      if (!(after instanceof Fault)) assert.notDeepEqual(after, before, one.name);
    }
    for (let words = 0; words < payload.length / 8; ++words) {
      assert.ok(read(payload.subarray(0, 8 * words)) instanceof Fault);
    }
  }
});
