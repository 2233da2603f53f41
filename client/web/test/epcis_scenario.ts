// A unit's life stated in EPCIS: what it is made from, how it is made, packed and ordered.
import { JSON_TYPE } from '../verify/batch_note.js';
import { utf8 } from '../verify/bytes.js';
import { Ledger } from './ledger.js';
import type { BundleJson, Stated } from './ledger.js';
import { COSIGNED } from './scenario.js';

export const CONTEXT = 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld';
export const PRODUCT = 'urn:suyuan:product:09521104301011';
export const UNIT = 'https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52';
export const LOT = 'https://id.gs1.org/01/09521104301011/10/L2606A';
export const MILK = 'https://milk.example/tank/7';
export const PALLET = 'https://id.gs1.org/00/395211040000010020';
export const PAPER = 'urn:epcglobal:cbv:bt:9521206000003:PO1';
export const REACH = [PRODUCT, LOT, MILK, PALLET, PAPER];

function epcis(type: string, codes: string[], more: Record<string, unknown>): Stated {
  const json = {
    '@context': [CONTEXT, { milk: 'https://milk.example/' }],
    type,
    eventTime: '2026-06-01T10:00:00+08:00',
    eventTimeZoneOffset: '+08:00',
    ...more,
  };
  return { codes, payload: utf8(JSON.stringify(json)) };
}

export const made = epcis('TransformationEvent', [MILK, LOT], {
  inputQuantityList: [{ epcClass: 'milk:tank/./7', quantity: 10.5, uom: 'KGM' }],
  outputQuantityList: [
    { epcClass: 'urn:epc:class:lgtin:9521104.030101.L2606A', quantity: 144 },
  ],
  'suyuan:audience': 'public',
});
export const filled = epcis('ObjectEvent', [UNIT], {
  action: 'ADD',
  bizStep: 'commissioning',
  epcList: ['urn:epc:id:sgtin:9521104.030101.3BGEJEE2QM52'],
  ilmd: { 'cbvmda:lotNumber': 'L2606A' },
});
export const packed = epcis('AggregationEvent', [PALLET, UNIT], {
  action: 'ADD',
  bizStep: 'packing',
  parentID: 'urn:epc:id:sscc:9521104.3000001002',
  childEPCs: ['https://trace.example/01/09521104301011/10/L2606A/21/3BGEJEE2QM52'],
});
export const ordered = epcis('TransactionEvent', [UNIT, PAPER], {
  action: 'ADD',
  parentID: PAPER,
  bizTransactionList: [{ type: 'po', bizTransaction: PAPER }],
  epcList: [UNIT],
});

export function ledgerOf(...stated: Stated[]): Ledger {
  const ledger = new Ledger();
  ledger.register('maker', ['manufacturer']);
  for (const one of stated) ledger.post('maker', [one], { type: JSON_TYPE });
  ledger.seal();
  return ledger;
}

export const honest = ledgerOf(made, filled, packed, ordered);

export function epcisBundle(codes = REACH, ledger = honest): BundleJson {
  return ledger.bundle(UNIT, codes, COSIGNED);
}
