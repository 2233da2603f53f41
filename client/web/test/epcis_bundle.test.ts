// Bundles whose payloads are EPCIS events: codes, reach and what is withheld.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../verify/bytes.js';
import {
  CONTEXT,
  LOT,
  MILK,
  PALLET,
  PRODUCT,
  REACH,
  UNIT,
  epcisBundle,
  filled,
  honest,
  ledgerOf,
  made,
  ordered,
  packed,
} from './epcis_scenario.js';
import { assertRefused, verify } from './judging.js';
import { Ledger, event, item, ofEvent } from './ledger.js';
import type { BundleJson } from './ledger.js';
import { COSIGNED, policyText } from './scenario.js';

const policy = policyText(honest);
const bundleOf = (codes = REACH, ledger = honest): BundleJson =>
  epcisBundle(codes, ledger);

test('statements in EPCIS are proven, whatever their spelling', async () => {
  const found = await verify(bundleOf(), policy);
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
  const steps = found.events.flatMap(({ what }) => (what.is === 'event' ? [what] : []));
  assert.deepEqual(
    steps.map(({ value }) => value.type),
    ['transformation', 'object', 'aggregation', 'transaction'],
  );
  assert.equal(steps[1]!.value.lot, LOT);
  assert.equal(steps[0]!.json?.get('suyuan:audience'), 'public');
});

test('they lead to lots, inputs, containers and papers as others do', async () => {
  for (const gone of REACH) {
    if (gone === PRODUCT) continue;
    await assertRefused(
      bundleOf(REACH.filter((code) => code !== gone)),
      'REACH_MISSING',
      'chains',
      policy,
    );
  }
});

test('what is for partners alone is withheld, and the rest stays proven', async () => {
  const bundle = bundleOf();
  bundle.events.find(({ leaf }) => leaf === 4)!.payload = 'withheld';
  const found = await verify(bundle, policy);
  assert.equal(found.verdict, 'PARTIAL', JSON.stringify(found.refusal));
  assert.equal(found.counts.withheld, 1);
});

test('a changed payload is not the one that was signed', async () => {
  const bundle = bundleOf();
  const payload = bundle.events.at(-1)!.payload as { bytes: string };
  const changed = Buffer.from(payload.bytes, 'base64').toString().replace('PO1', 'PO2');
  payload.bytes = Buffer.from(changed).toString('base64');
  await assertRefused(bundle, 'EVENT_INVALID', undefined, policy);
});

test('a record names exactly the codes of its payload', async () => {
  for (const codes of [[PALLET], [PALLET, UNIT, MILK], [PALLET, LOT]]) {
    const ledger = ledgerOf(made, filled, { ...packed, codes }, ordered);
    await assertRefused(
      bundleOf(REACH, ledger),
      'EVENT_INVALID',
      undefined,
      policyText(ledger),
    );
  }
});

const text = new TextDecoder().decode(packed.payload);
const lies: [string, string][] = [
  ['a name twice', text.replace('{', '{"action":"DELETE",')],
  ['a context that is not the standard', text.replace(CONTEXT, 'https://other.example/c.jsonld')],
  ['a term with another meaning', text.replace('"milk"', '"parentID"')],
  ['an unknown member', text.replace('"action"', '"acton":1,"action"')],
  ['a wrong check digit', text.replace('/01/09521104301011/', '/01/09521104301012/')],
  ['an unknown word', text.replace('"packing"', '"paking"')],
  ['no offset', text.replace('10:00:00+08:00', '10:00:00')],
  ['cut off', text.slice(0, -1)],
];

test('a payload that does not decode proves nothing, whoever signed it', async () => {
  for (const [why, json] of lies) {
    assert.notEqual(json, text, why);
    const ledger = ledgerOf(made, filled, { ...packed, payload: utf8(json) }, ordered);
    await assertRefused(bundleOf(REACH, ledger), 'EVENT_INVALID', undefined, policyText(ledger));
  }
});

test('a payload decodes by the type of its note', async () => {
  const capnp = ofEvent(event({ objects: [item(UNIT)] }));
  const ledger = ledgerOf(made, filled, packed, ordered, capnp);
  await assertRefused(bundleOf(REACH, ledger), 'EVENT_INVALID', undefined, policyText(ledger));
  const other = new Ledger();
  other.register('maker', ['manufacturer']);
  other.post('maker', [filled]);
  other.seal();
  await assertRefused(
    other.bundle(UNIT, [PRODUCT, LOT], COSIGNED),
    'EVENT_INVALID',
    undefined,
    policyText(other),
  );
});
