// EPCIS events as payloads (docs/epcis.md): what decodes, to what, and what does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, hex, utf8 } from '../verify/bytes.js';
import { decodeEpcis } from '../verify/epcis.js';
import type { TraceEvent } from '../verify/event_schema.js';
import { codesOfEvent } from '../verify/payload.js';
import { codeKeysOf, payloadHash, recordBytes } from '../verify/record.js';
import { bytesOfBase64, bytesOfHex, ownVectors } from './support.js';

const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
const UNIT = 'https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52';
const OTHER_UNIT = 'https://id.gs1.org/01/09521104301011/21/A2';
const LOT = 'https://id.gs1.org/01/09521104301011/10/L2606A';
const PALLET = 'https://id.gs1.org/00/395211040000010020';
const PLACE = 'https://id.gs1.org/414/9521206000003';
const PAPER = 'urn:epcglobal:cbv:bt:9521206000003:PO1';

const object = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  '@context': CONTEXT,
  type: 'ObjectEvent',
  eventTime: '2026-06-02T05:30:00.1239+12:00',
  eventTimeZoneOffset: '+12:00',
  action: 'OBSERVE',
  bizStep: 'shipping',
  epcList: ['urn:epc:id:sgtin:9521104.030101.3BGEJEE2QM52'],
  ...more,
});

function read(json: unknown): TraceEvent {
  const event = decodeEpcis(utf8(typeof json === 'string' ? json : JSON.stringify(json)));
  assert.ok(!(event instanceof Fault), event instanceof Fault ? event.why : '');
  return event.value;
}

function refused(json: unknown, why: string): void {
  const event = decodeEpcis(utf8(typeof json === 'string' ? json : JSON.stringify(json)));
  assert.ok(event instanceof Fault, why);
}

test('an object event becomes the value that its spelling means', () => {
  const event = read(
    object({
      readPoint: { id: 'urn:epc:id:sgln:9521206.00000.0' },
      sourceList: [{ type: 'possessing_party', source: 'urn:suyuan:party:farm' }],
      destinationList: [{ type: 'cbv:SDT-possessing_party', destination: 'suyuan:consumer' }],
      'suyuan:audience': 'public',
    }),
  );
  assert.equal(event.type, 'object');
  assert.equal(event.kind, 'logistics');
  assert.equal(event.step, 'shipping');
  assert.equal(event.eventTime, BigInt(Date.UTC(2026, 5, 1, 17, 30)) + 123n);
  assert.equal(event.eventOffset, 720);
  assert.deepEqual(codesOfEvent(event), [UNIT]);
  assert.equal(event.readPoint, PLACE);
  assert.deepEqual(event.sources, [{ type: 'possessing_party', id: 'urn:suyuan:party:farm' }]);
  assert.deepEqual(event.destinations, [{ type: 'possessing_party', id: 'consumer' }]);
});

test('each type names its codes', () => {
  const { action: _, bizStep: __, epcList: ___, ...bare } = object();
  const at = (more: Record<string, unknown>): string[] =>
    codesOfEvent(read({ ...bare, ...more })).sort();
  const quantity = { epcClass: 'urn:epc:class:lgtin:9521104.030101.L2606A', quantity: 5, uom: 'KGM' };
  assert.deepEqual(
    at({ type: 'AggregationEvent', action: 'ADD', parentID: PALLET, childEPCs: [UNIT] }),
    [PALLET, UNIT].sort(),
  );
  assert.deepEqual(
    at({
      type: 'TransformationEvent',
      inputQuantityList: [quantity],
      outputEPCList: [UNIT],
    }),
    [LOT, UNIT].sort(),
  );
  assert.deepEqual(
    at({
      type: 'TransactionEvent',
      action: 'ADD',
      bizTransactionList: [{ type: 'po', bizTransaction: PAPER }],
      epcList: [],
    }),
    [PAPER],
  );
  assert.deepEqual(
    at({ type: 'AssociationEvent', action: 'ADD', parentID: PLACE, childQuantityList: [quantity] }),
    [LOT, PLACE].sort(),
  );
  assert.deepEqual(
    at({
      type: 'ObjectEvent',
      action: 'OBSERVE',
      readPoint: { id: PLACE },
      sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 4.5, uom: 'CEL' }] }],
    }),
    [PLACE],
  );
});

test('two spellings are one thing, and quantities add up', () => {
  const event = read(
    object({
      epcList: [UNIT, 'urn:epc:id:sgtin:9521104.030101.3BGEJEE2QM52'],
      quantityList: [
        { epcClass: LOT, quantity: 1.25, uom: 'KGM' },
        { epcClass: 'urn:epc:class:lgtin:9521104.030101.L2606A', quantity: 2.75e0, uom: 'KGM' },
        { epcClass: 'https://id.gs1.org/01/09521104301011', quantity: 3 },
      ],
    }),
  );
  assert.deepEqual(
    event.objects.map(({ code, quantity, uom }) => [code, quantity, uom]),
    [
      [UNIT, null, ''],
      [LOT, { units: 4n, scale: 0 }, 'KGM'],
      ['https://id.gs1.org/01/09521104301011', { units: 3n, scale: 0 }, 'H87'],
    ],
  );
});

test('the lot is stated, or that of the lot number', () => {
  const made = { action: 'ADD', bizStep: 'commissioning' };
  assert.equal(read(object({ ...made, 'suyuan:lot': LOT })).lot, LOT);
  const ilmd = { 'cbvmda:lotNumber': 'L2606A' };
  const event = read(object({ ...made, ilmd, epcList: [UNIT, OTHER_UNIT] }));
  assert.equal(event.lot, LOT);
  assert.equal(event.kind, 'supply');
  assert.equal(read(object({ ...made, ilmd, epcList: [UNIT, PALLET] })).lot, '');
  assert.equal(read(object(made)).kind, 'origin');
});

test('a prefix that the context declares is expanded', () => {
  const context = [CONTEXT, { ex: 'https://maker.example/' }];
  const event = read(object({ '@context': context, epcList: ['ex:box/7'], 'ex:note': { a: 1 } }));
  assert.deepEqual(codesOfEvent(event), ['https://maker.example/box/7']);
  const step = read(object({ '@context': context, bizStep: 'ex:rinsing' })).step;
  assert.equal(step, 'https://maker.example/rinsing');
  const written = { '@version': 1.1, ex: { '@id': 'https://maker.example/', '@prefix': true } };
  const same = read(object({ '@context': [CONTEXT, written], bizStep: 'ex:rinsing' }));
  assert.equal(same.step, 'https://maker.example/rinsing');
  for (const bad of [
    { ex: 'https://a.example/', action: 'https://b.example/' },
    { suyuan: 'https://a.example/' },
    { https: 'https://a.example/' },
    { cbv: 'https://a.example/' },
    { '@vocab': 'https://a.example/' },
    { ex: { '@id': 'https://a.example/' } },
    { shipping: 'https://a.example/' },
  ]) {
    refused(object({ '@context': [CONTEXT, bad] }), JSON.stringify(bad));
  }
  refused(object({ '@context': ['https://other.example/context.jsonld'] }), 'not the standard');
  refused(object({ '@context': undefined }), 'no context');
});

test('words of CBV have one key, however they are spelt', () => {
  for (const step of [
    'shipping',
    'cbv:BizStep-shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'https://ns.gs1.org/cbv/BizStep-shipping',
    'urn:epcglobal:cbv:bizstep:shipping',
  ]) {
    assert.equal(read(object({ bizStep: step })).step, 'shipping');
  }
  assert.equal(read(object({ bizStep: 'suyuan:BizStep-delivering' })).step, 'delivering');
  for (const bad of [
    'shiping',
    'cbv:BizStep-shiping',
    'urn:epcglobal:cbv:bizstep:shiping',
    'urn:epcglobal:cbv:other:x',
    'cbv:Disp-active-x/',
    'suyuan:BizStep-shipping',
    '',
  ]) {
    if (bad !== 'cbv:Disp-active-x/') refused(object({ bizStep: bad }), bad);
  }
});

test('what is not whole is refused', () => {
  const text = JSON.stringify(object());
  const cases: [string, unknown][] = [
    ['BOM', `\ufeff${text}`],
    ['two values', `${text}{}`],
    ['a name twice', text.replace('{', '{"action":"ADD",')],
    ['an escape hides a name twice', text.replace('{', '{"\\u0061ction":"ADD",')],
    ['a lone surrogate', text.replace('shipping', '\\ud800')],
    ['NUL', text.replace('shipping', '\\u0000')],
    ['a control character', text.replace('+12:00"', '+12:00\\u202e"')],
    ['no object', '[]'],
    ['an empty name', object({ '': 1 })],
    ['an unknown member', object({ note: 'x' })],
    ['a member of another type', object({ childEPCs: [UNIT] })],
    ['an unknown term', object({ 'suyuan:colour': 'red' })],
    ['no type', object({ type: 'https://maker.example/Event' })],
    ['no offset', object({ eventTime: '2026-06-02T05:30:00' })],
    ['no such day', object({ eventTime: '2026-02-30T05:30:00Z' })],
    ['second 60', object({ eventTime: '2026-06-30T23:59:60Z' })],
    ['no zone', object({ eventTimeZoneOffset: '+15:00' })],
    ['no action', object({ action: undefined })],
    ['another action', object({ action: 'SEE' })],
    ['an EPC twice', object({ epcList: [UNIT, UNIT] })],
    ['a wrong check digit', object({ epcList: ['https://id.gs1.org/01/09521104301012/21/A'] })],
    ['no URI', object({ epcList: ['09521104301011'] })],
    ['a name of the registry', object({ epcList: ['urn:suyuan:party:farm'] })],
    ['ilmd without ADD', object({ ilmd: {} })],
    ['two units', object({
      quantityList: [
        { epcClass: LOT, quantity: 1, uom: 'KGM' },
        { epcClass: LOT, quantity: 1, uom: 'H87' },
      ],
    })],
    ['a unit alone', object({ quantityList: [{ epcClass: LOT, uom: 'KGM' }] })],
    ['a long number', object({ quantityList: [{ epcClass: LOT, quantity: 1e18 }] })],
    ['an extension where none is', object({ quantityList: [{ epcClass: LOT, 'ex:a': 1 }] })],
    ['nothing named', object({ epcList: [] })],
    ['nothing at all', object({ epcList: undefined })],
    ['corrections of nothing', object({
      errorDeclaration: {
        declarationTime: '2026-06-02T05:30:00Z',
        reason: 'did_not_occur',
        correctiveEventIDs: ['urn:uuid:1'],
      },
    })],
    ['a report without type', object({ sensorElementList: [{ sensorReport: [{ value: 1 }] }] })],
    ['nested too deep', object({ 'ex:a': JSON.parse('['.repeat(32) + ']'.repeat(32)) })],
  ];
  for (const [why, json] of cases) refused(json, why);
});

test('our vectors are read, with their codes, kind and record', () => {
  for (const one of ownVectors('epcis.json').events) {
    const event = read(one.payload);
    const codes = [...new Set(codesOfEvent(event))].sort();
    assert.deepEqual(codes, [...one.codes].sort(), one.name);
    assert.equal(event.kind, one.kind, one.name);
    assert.equal(event.step, one.step ?? '', one.name);
    const hash = payloadHash(bytesOfHex(one.salt), utf8(one.payload));
    assert.equal(hex(hash), one.payload_hash, one.name);
    assert.equal(hex(recordBytes({ codeKeys: codeKeysOf(codes), payloadHash: hash })), one.record_hex, one.name);
  }
});

test('what our vectors refuse is refused', () => {
  for (const one of ownVectors('epcis_refused.json').payloads) {
    const event = decodeEpcis(bytesOfBase64(one.payload_base64));
    assert.ok(event instanceof Fault, one.name);
  }
});
