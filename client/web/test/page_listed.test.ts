// A kind of product lists its lots and its units, and a lot its units, whatever the node answers, and only so many.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf } from '../page/data/codes.js';
import { LISTED_MAX, NOTHING, PAGE_CODES, continued, endOf, listedUnder, listingOf, numberOf } from '../page/data/listing.js';
import type { Below } from '../page/data/api.js';

const CLASS = 'https://id.gs1.org/01/09521104301011';
const LOT = `${CLASS}/10/L2606A`;
const unit = (i: number): string => `${CLASS}/21/S${String(i).padStart(4, '0')}`;
const units = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => unit(from + i));
const said = (codes: unknown[], next?: string): Below =>
  ({ below: { items: codes.map((code) => ({ code })), ...(next && { next }) } }) as Below;

test('lots and units are listed by their numbers, in the order of the answer', () => {
  const lots = listingOf(said([LOT, `${CLASS}/10/A%2FB`]), CLASS, 'lots');
  assert.deepEqual(lots.codes.map((code) => numberOf(code, 'lots')), ['L2606A', 'A/B']);
  const listed = listingOf(said([unit(1), unit(2)]), CLASS, 'units');
  assert.deepEqual(listed.codes.map((code) => numberOf(code, 'units')), ['S0001', 'S0002']);
});

test('what is no lot or unit of the class is not listed', () => {
  const other = 'https://id.gs1.org/01/09521104301028/21/X';
  for (const code of [other, LOT, CLASS, `${CLASS}/21/`, `${CLASS}/21/a/b`, `${CLASS}/21/a?b`, 7, null, undefined]) {
    assert.deepEqual(listingOf(said([code]), CLASS, 'units'), NOTHING, String(code));
  }
});

test('a lot lists its units, which are named by its class', () => {
  assert.deepEqual(listedUnder(CLASS), ['lots', 'units']);
  assert.deepEqual(listedUnder(LOT), ['units']);
  for (const code of [unit(1), 'https://id.gs1.org/00/395211040000010020', `${CLASS}/22/2A`, 'urn:x:y']) {
    assert.deepEqual(listedUnder(code), [], code);
  }
  const foreign = 'https://id.gs1.org/01/09521104301028/21/X';
  assert.deepEqual(listingOf(said([unit(1), foreign, `${LOT}/21/S9`, unit(2)]), LOT, 'units').codes, [unit(1), unit(2)]);
});

test('no answer of the node leads away from it', () => {
  const bad = ['https://id.gs1.org//evil.example/21/x', 'https://evil.example/01/09521104301011/21/x', `${CLASS}/21/..%2f..`];
  for (const code of listingOf(said(bad), CLASS, 'units').codes) {
    assert.equal(new URL(addressOf(code), 'https://node.example').host, 'node.example', code);
  }
});

test('an answer of another form lists nothing', () => {
  for (const answer of [null, {}, { below: null }, { below: {} }, { below: { items: 'x', next: 7 } }, { below: { items: [null] } }]) {
    assert.deepEqual(listingOf(answer as unknown as Below, CLASS, 'lots'), NOTHING);
  }
});

test('a page has at most what was asked for, and a code is listed once', () => {
  assert.equal(listingOf(said(units(0, 200)), CLASS, 'units').codes.length, PAGE_CODES);
  const first = listingOf(said(units(0, 50), 't'), CLASS, 'units');
  const both = continued(first, listingOf(said(units(49, 50)), CLASS, 'units'));
  assert.deepEqual(both.codes, units(0, 99));
});

test('a list says whether there is more, and that a long one ends here', () => {
  assert.equal(endOf({ codes: units(0, 5), next: '' }), null);
  assert.equal(endOf({ codes: units(0, PAGE_CODES), next: 't' }), 'more');
  assert.equal(endOf({ codes: [], next: 't' }), 'more', 'none of the first ones is public');
  assert.equal(endOf({ codes: units(0, PAGE_CODES + 1), next: '' }), 'all');
  assert.equal(endOf({ codes: units(0, LISTED_MAX), next: 't' }), 'tooMany');
  assert.equal(endOf({ codes: units(0, LISTED_MAX), next: '' }), 'all');
});
