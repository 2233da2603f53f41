// Which codes a bundle must hold: each line of the table in docs/bundle.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceEvent } from '../verify/event_schema.js';
import { gtinOf, isPaper, neverCut, reachOf } from '../verify/reach.js';
import { event, item } from './ledger.js';

function assertReach(code: string, events: TraceEvent[], ...expected: string[]): void {
  assert.deepEqual([...reachOf(code, events)].sort(), [code, ...expected].sort());
}

const order = 'urn:x-suyuan:order:i:1';
const payment = 'urn:x-suyuan:payment:i:1';
const put = (parent: string, ...children: string[]): TraceEvent =>
  event({ type: 'aggregation', action: 'ADD', parent, children: children.map(item) });
const make = (inputs: string[], outputs: string[], lot = ''): TraceEvent =>
  event({
    type: 'transformation',
    action: 'none',
    lot,
    inputs: inputs.map(item),
    outputs: outputs.map(item),
  });

test('containers are reached, to the outermost, and not their other contents', () => {
  assertReach(
    'u',
    [put('box', 'u', 'v'), put('pallet', 'box'), put('ship', 'pallet')],
    'box',
    'pallet',
    'ship',
  );
  assertReach('box', [put('box', 'u')]);
});

test('an association joins as an aggregation does; OBSERVE and DELETE join nothing', () => {
  assertReach('u', [{ ...put('tray', 'u'), type: 'association' }], 'tray');
  assertReach('u', [{ ...put('tray', 'u'), action: 'OBSERVE' }]);
  assertReach('u', [{ ...put('tray', 'u'), action: 'DELETE' }]);
  assertReach('u', [put('', 'u')]);
});

test('inputs are reached through outputs, to the end, and never the other way', () => {
  assertReach('c', [make(['b1', 'b2'], ['c']), make(['a'], ['b1'])], 'b1', 'b2', 'a');
  assertReach('a', [make(['a'], ['c'])]);
});

test('the lot of a new unit is made, and so are its inputs', () => {
  const commissioned = event({ action: 'ADD', objects: [item('u')], lot: 'lot' });
  assertReach('u', [commissioned, make(['a'], ['lot'])], 'lot', 'a');
  assertReach('u', [{ ...commissioned, action: 'OBSERVE' }]);
  assertReach('u', [make([], ['u'], 'lot')], 'lot');
});

test('the containers of what went in are reached too', () => {
  assertReach('c', [make(['a'], ['c']), put('tank', 'a')], 'a', 'tank');
});

test("a container is not made: what it was made of is nobody's question", () => {
  assertReach('u', [put('box', 'u'), make(['wood'], ['box'])], 'box');
});

test('papers are reached from the subject and its containers, not from its inputs', () => {
  const paper = (...codes: string[]): TraceEvent => event({ objects: codes.map(item) });
  assertReach('u', [paper('u', order)], order);
  assertReach('u', [put('box', 'u'), paper('box', order)], 'box', order);
  assertReach('c', [make(['a'], ['c']), paper('a', order)], 'a');
});

test('an order leads to its papers, which lead no further', () => {
  const joined = (a: string, b: string): TraceEvent => event({ objects: [item(a), item(b)] });
  assertReach(
    'u',
    [joined('u', order), joined(order, payment), joined(payment, `${order}9`)],
    order,
    payment,
  );
  assertReach('u', [joined('u', payment), joined(payment, order)], payment);
  assertReach(order, [joined(order, payment)], payment);
});

test('the product of a code with a GTIN is reached', () => {
  const unit = 'https://id.gs1.org/01/09521104301011/21/A';
  assert.deepEqual([...neverCut(unit)], [unit, 'urn:suyuan:product:09521104301011']);
  assert.deepEqual([...neverCut('urn:a:b')], ['urn:a:b']);
  assert.equal(gtinOf('https://id.gs1.org/01/09521104301011'), '09521104301011');
  assert.equal(gtinOf('https://id.gs1.org/01/095211043010112'), null);
  assert.equal(gtinOf('https://id.gs1.org/00/395211040000010013'), null);
});

test('papers are told by their text', () => {
  for (const code of [
    order,
    payment,
    'https://id.gs1.org/253/1',
    'urn:epcglobal:cbv:bt:1:2',
    'https://id.gs1.org/255/1',
    'https://id.gs1.org/415/1',
    'urn:x-suyuan:customs-list:CN:1',
    'urn:x-suyuan:document:1:1',
  ])
    assert.ok(isPaper(code), code);
  for (const code of ['https://id.gs1.org/00/1', 'urn:x-suyuan:parcel:1', 'urn:epc:id:bic:1']) {
    assert.ok(!isPaper(code), code);
  }
});

test('a hostile crowd of events costs what its bytes cost', () => {
  const many = Array.from({ length: 4096 }, (_, i) => `c${i}`);
  const events = Array.from({ length: 20 }, () => make(many, many));
  assert.equal(reachOf('c0', events).size, many.length);
});
