// A short life of one unit, with each thing that a bundle can hold: a party without keys that a
// gateway signs for, a co-signer, a lot and its milk, a pallet, an order and its payment.
import { Ledger, event, item, ofEvent, witnessKey } from './ledger.js';
import type { BundleJson } from './ledger.js';

export const UNIT = 'https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52';
export const OTHER = 'https://id.gs1.org/01/09521104301011/21/GP2D6T6FK4JZ';
export const LOT = 'https://id.gs1.org/01/09521104301011/10/L2606A';
export const MILK = 'https://id.gs1.org/01/09521101100013/10/KC260602';
export const PALLET = 'https://id.gs1.org/00/395211040000010013';
export const ORDER = 'urn:x-suyuan:order:9521206000003:KP20260803000017';
export const PAYMENT = 'urn:x-suyuan:payment:9521206000003:77';
export const PRODUCT = 'urn:suyuan:product:09521104301011';
export const NOBODY = 'https://id.gs1.org/01/09521104301011/21/NEVERSEEN';

/** All that the unit's bundle must hold beside the party chains. */
export const REACH = [UNIT, LOT, MILK, PALLET, ORDER, PAYMENT, PRODUCT];

export const SECONDS = 1_780_000_100;
export const NOW = SECONDS * 1000 + 3_600_000;

export function unsealed(): Ledger {
  const ledger = new Ledger();
  ledger.register('nz-mfr', ['manufacturer']);
  ledger.register('nz-farm', ['producer'], []);
  ledger.register('gate.way', ['logistics']);
  ledger.register('nz-lab', ['lab']);
  ledger.act('cn-samr', {
    is: 'grantDelegation',
    value: { party: 'nz-farm', signer: 'gate.way', until: null },
  });
  ledger.post(
    'nz-farm',
    [
      ofEvent(
        event({
          kind: 'origin',
          action: 'ADD',
          objects: [item(MILK)],
        }),
      ),
    ],
    { signer: 'gate.way' },
  );
  ledger.post(
    'nz-mfr',
    [
      ofEvent(
        event({
          type: 'transformation',
          action: 'none',
          inputs: [item(MILK)],
          outputs: [item(LOT)],
        }),
      ),
      ofEvent(event({ action: 'ADD', objects: [item(UNIT), item(OTHER)], lot: LOT })),
      ofEvent(
        event({
          type: 'aggregation',
          kind: 'logistics',
          action: 'ADD',
          parent: PALLET,
          children: [item(UNIT), item(OTHER)],
        }),
      ),
    ],
    { with: ['nz-lab'] },
  );
  ledger.post('nz-mfr', [ofEvent(event({ objects: [item(OTHER)], step: 'storing' }))]);
  ledger.post('nz-mfr', [
    ofEvent(
      event({
        type: 'transaction',
        kind: 'transaction',
        action: 'ADD',
        objects: [item(ORDER), item(PALLET)],
      }),
    ),
  ]);
  ledger.post('nz-mfr', [
    ofEvent(
      event({
        type: 'transaction',
        kind: 'transaction',
        action: 'ADD',
        objects: [item(ORDER), item(PAYMENT)],
      }),
    ),
  ]);
  return ledger;
}

export function sealed(): Ledger {
  const ledger = unsealed();
  ledger.seal();
  return ledger;
}

export const COSIGNED = { 'w1.example': SECONDS, 'w2.example': SECONDS - 50 };

export function policyText(ledger: Ledger, more = ''): string {
  const names = ['w1', 'w2', 'w3'];
  return [
    `log ${ledger.logKey()}`,
    ...names.map((name) => `witness ${name} ${witnessKey(`${name}.example`)}`),
    `group g 2 ${names.join(' ')}`,
    'quorum g',
    more,
    '',
  ].join('\n');
}

export function unitBundle(ledger = sealed()): BundleJson {
  return ledger.bundle(UNIT, REACH, COSIGNED);
}
