// What a hostile writer of EPCIS payloads may try: the vectors that the first implementation runs
// too (docs/epcis.md, What was tried).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, utf8 } from '../verify/bytes.js';
import { decodeEpcis } from '../verify/epcis.js';
import type { EpcisEvent } from '../verify/epcis.js';
import type { Decimal } from '../verify/event_schema.js';
import { bytesOfBase64, ownVectors } from './support.js';
import type { Any } from './support.js';

const vectors = ownVectors('epcis_attacks.json');

function decimalText({ units, scale }: Decimal): string {
  const digits = String(units).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const pairs = (list: readonly { type: string; id: string }[]): string[][] =>
  list.map(({ type, id }) => [type, id]);

function meaning({ value, audience }: EpcisEvent): Record<string, unknown> {
  const reports = value.sensors.flatMap((one) => one.reports);
  return {
    kind: value.kind,
    audience,
    step: value.step,
    lot: value.lot,
    codes: value.objects.map(({ code, quantity, uom }) => [
      code,
      quantity === null ? '' : decimalText(quantity),
      uom,
    ]),
    set: value.persistentSet.map(({ text }) => text),
    sources: pairs(value.sources),
    destinations: pairs(value.destinations),
    transactions: pairs(value.transactions),
    measured: reports.map(({ type }) => type),
    devices: reports.map(({ deviceId }) => deviceId),
  };
}

test('what could be read in two ways is refused', () => {
  for (const one of vectors.refused) {
    const bytes = one.payload === undefined ? bytesOfBase64(one.payload_base64) : utf8(one.payload);
    assert.ok(decodeEpcis(bytes) instanceof Fault, one.name);
  }
});

test('what is taken means one thing', () => {
  for (const one of vectors.taken) {
    const event = decodeEpcis(utf8(one.payload));
    assert.ok(!(event instanceof Fault), `${one.name}: ${event instanceof Fault ? event.why : ''}`);
    const means = meaning(event);
    for (const [name, wanted] of Object.entries<Any>(one.means)) {
      assert.deepEqual(means[name], wanted, `${one.name}: ${name}`);
    }
  }
});

test('no context gives a name of the standard another meaning', () => {
  const plain = JSON.parse(vectors.taken.find((one: Any) => one.name === 'no audience').payload);
  const takes = (name: string): boolean => {
    const context = [plain['@context'][0], { [name]: 'https://ns.example.org/' }];
    return !(decodeEpcis(utf8(JSON.stringify({ ...plain, '@context': context }))) instanceof Fault);
  };
  for (const name of vectors.reserved) assert.ok(!takes(name), name);
  for (const name of vectors.free) assert.ok(takes(name), name);
});
