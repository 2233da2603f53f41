// The page reads a code as the ledger does, or says that it cannot.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { typedCode } from '../page/data/typed.js';
import { addressOf, asTyped, canonicalOf, codeInAddress, lotOnLabel, partsOf, shortCode } from '../page/data/codes.js';

interface Vectors {
  accepted: { sent: string; canonical: string }[];
}

const CAN = 'https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52';
const vectors = JSON.parse(
  readFileSync(join(process.env['SUYUAN_SOURCE_DIR']!, 'tests/vectors/codes.json'), 'utf8'),
) as Vectors;

test('where the page tells what a code is, the ledger says the same', () => {
  let told = 0;
  for (const { sent, canonical } of vectors.accepted) {
    const found = canonicalOf(sent);
    if (found === null) continue;
    assert.equal(found, canonical, sent);
    ++told;
  }
  assert.ok(told > 10, `${told} of ${vectors.accepted.length} were told`);
});

test('the usual spellings of one can are one code', () => {
  for (const text of [
    CAN,
    'https://trace.example/shop/01/09521104301011/10/L2606A/21/3BGEJEE2QM52?17=280607',
    '(01)09521104301011(10)L2606A(21)3BGEJEE2QM52',
    '0109521104301011213BGEJEE2QM52',
    ']d2010952110430101110L2606A\x1d213BGEJEE2QM52',
    ' (01)9521104301011(21)3BGEJEE2QM52 ',
  ]) {
    assert.equal(canonicalOf(text), CAN, text);
  }
});

test('numbers are read as they are printed, in groups', () => {
  for (const text of ['952 1104 301011', '9521104-301011', ' 9 521104 301011 ', '9521104301011']) {
    assert.deepEqual(typedCode(text), { code: '9521104301011', assumed: null }, text);
  }
  const label = '(01)09521104301011(10)L-26 A';
  for (const text of [CAN, label, 'urn:epc:id:bic:ZZZU2606178', 'hello-2 you', '12 34 AB', '']) {
    assert.deepEqual(typedCode(` ${text} `), { code: text, assumed: null }, text);
  }
});

test('a bare number of a pallet, container or parcel is taken for one, and the page says so', () => {
  const kinds = {
    sscc: ['395211040000010013', '3 9521104 000001001 3', 'https://id.gs1.org/00/395211040000010013'],
    container: ['CSQU3054383', 'csqu 305438-3', 'urn:epc:id:bic:CSQU3054383'],
    parcel: ['GQ260803019CN', 'GQ 260 803 019 CN', 'urn:x-suyuan:parcel:GQ260803019CN'],
  };
  for (const [assumed, [closed, grouped, code]] of Object.entries(kinds)) {
    for (const text of [closed!, grouped!]) {
      assert.deepEqual(typedCode(text), { code, assumed }, text);
      assert.equal(canonicalOf(typedCode(text).code), code);
    }
  }
  for (const text of ['39521104000001001', 'CSQX3054383', 'GQ26080301CN']) {
    assert.equal(typedCode(text).assumed, null, text);
  }
});

test('what the page does not know it leaves to the ledger', () => {
  for (const text of ['', 'hello', 'https://example.org/about', 'https://x.example/01/%zz']) {
    assert.equal(canonicalOf(text), null, text);
  }
});

test('an address of the page and a code lead to each other', () => {
  for (const code of [CAN, 'urn:epc:id:bic:ZZZU2606178', 'https://id.gs1.org/00/395211040000010013']) {
    const { pathname, search } = new URL(addressOf(code), 'https://node.example');
    assert.equal(codeInAddress({ pathname, search }), code);
  }
  assert.equal(codeInAddress({ pathname: '/', search: '' }), '');
});

test('the lot on a label is read from every spelling', () => {
  for (const text of [
    'https://trace.example/01/09521104301011/10/L2606A/21/3BGEJEE2QM52?17=280607',
    '(01)09521104301011(10)L2606A(21)3BGEJEE2QM52',
    ']d2010952110430101110L2606A\x1d213BGEJEE2QM52',
  ]) {
    assert.equal(lotOnLabel(text), 'L2606A', text);
  }
  for (const text of [CAN, '9521104301011', 'hello', '']) assert.equal(lotOnLabel(text), null, text);
});

test('the wrong digit of a barcode is counted as it was typed', () => {
  assert.deepEqual(asTyped('09521104301012', 14, ' 9521104301012 '), ['9521104301012', 13]);
  assert.deepEqual(asTyped('00000012345671', 14, '12345671'), ['12345671', 8]);
  for (const typed of ['09521104301012', '(01)09521104301012', 'https://x.example/01/9521104301012', '']) {
    assert.deepEqual(asTyped('09521104301012', 14, typed), ['09521104301012', 14], typed);
  }
});

test('a code is shown by its finest number', () => {
  assert.deepEqual(partsOf(CAN), { gtin: '09521104301011', lot: null, serial: '3BGEJEE2QM52' });
  assert.equal(shortCode(CAN), '3BGEJEE2QM52');
  assert.equal(shortCode('urn:epc:id:bic:ZZZU2606178'), 'ZZZU2606178');
});
