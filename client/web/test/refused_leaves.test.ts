// Refusals of steps 6 to 8 (docs/bundle.md): leaves, events, and who signed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REGISTRY_TYPE } from '../verify/batch_note.js';
import { Ledger, ofAct, partyData, publicOf } from './ledger.js';
import type { BundleJson, Signing } from './ledger.js';
import { COSIGNED, REACH, UNIT, unitBundle, unsealed } from './scenario.js';

import { assertRefused, changed, honest, ledgerWith, seen, verify } from './judging.js';

test('LEAF_INVALID', async () => {
  const posted = (signing: Signing): BundleJson =>
    unitBundle(ledgerWith((ledger) => ledger.post('nz-mfr', seen, signing)));
  await assertRefused(posted({ ledger: `x ${'A'.repeat(43)}=` }), 'LEAF_INVALID');
  await assertRefused(posted({ untilMs: 1n }), 'LEAF_INVALID');
  await assertRefused(posted({ type: 'text/plain' }), 'LEAF_INVALID');
  await assertRefused(
    changed((b) => {
      b.leaves[0]!.path.pop();
    }),
    'LEAF_INVALID',
    'leaves[0]',
  );
  await assertRefused(
    changed((b) => {
      b.leaves[0]!.data += 'x';
    }),
    'LEAF_INVALID',
    'leaves[0]',
  );
  const falls = ledgerWith((ledger) => {
    ledger.timeMs -= 3000n;
    ledger.post('nz-mfr', seen);
    ledger.timeMs += 9000n;
  });
  await assertRefused(unitBundle(falls), 'LEAF_INVALID');
  const again = ledgerWith((l) => l.post('nz-mfr', seen)); // The same batch a second time.
  const data = again.leaves[again.leaves.length - 2]!;
  const twice = unsealed();
  twice.post('nz-mfr', seen);
  twice.postAgain(data);
  twice.seal();
  await assertRefused(unitBundle(twice), 'LEAF_INVALID');
  const late = unsealed();
  late.timeMs -= 2000n;
  late.seal();
  await assertRefused(unitBundle(late), 'LEAF_INVALID');
  await assertRefused(
    changed((b) => {
      // The seal is no batch, and not before itself.
      const index = honest.leaves.length - 1;
      b.leaves.push({ index, data: b.seal.data, path: b.seal.path });
      b.events.push({ ...b.events[0]!, leaf: index });
    }),
    'LEAF_INVALID',
  );
});

test('EVENT_INVALID', async () => {
  const last = (b: BundleJson): BundleJson['events'][number] => b.events[b.events.length - 1]!;
  await assertRefused(
    changed((b) => {
      last(b).event = 1;
    }),
    'EVENT_INVALID',
  );
  await assertRefused(
    changed((b) => {
      last(b).record = b.events[0]!.record;
    }),
    'EVENT_INVALID',
  );
  await assertRefused(
    changed((b) => {
      last(b).record = 'AAAA';
    }),
    'EVENT_INVALID',
  );
  await assertRefused(
    changed((b) => {
      last(b).path = [`${'A'.repeat(43)}=`];
    }),
    'EVENT_INVALID',
  );
  await assertRefused(
    changed((b) => {
      last(b).payload = b.events[0]!.payload;
    }),
    'EVENT_INVALID',
  );
  await assertRefused(
    changed((b) => {
      b.events[0]!.payload = 'withheld';
    }),
    'EVENT_INVALID',
    'events[0]',
  );
  const [stated] = seen;
  const more = { codes: [UNIT, 'https://maker.example/hidden'], payload: stated!.payload };
  const other = {
    codes: [UNIT],
    payload: Uint8Array.from([...stated!.payload, ...new Uint8Array(8)]),
  };
  for (const one of [more, other]) {
    const ledger = ledgerWith((l) => l.post('nz-mfr', [one]));
    await assertRefused(unitBundle(ledger), 'EVENT_INVALID');
  }
  const json = ledgerWith((l) => l.post('nz-mfr', seen, { type: 'application/ld+json' }));
  await assertRefused(unitBundle(json), 'EVENT_INVALID');
});

test('REGISTRY_INVALID', async () => {
  const act = { is: 'amendParty', value: partyData('nz-mfr', ['seller']) } as const;
  const own = { is: 'amendParty', value: partyData('cn-customs', ['authority']) } as const;
  const twice = (l: Ledger): number => l.register('nz-mfr', ['manufacturer'], ['another key']);
  const writes: ((l: Ledger) => number)[] = [
    (l) => l.post('nz-mfr', [ofAct(act)], { type: REGISTRY_TYPE }), // No authority.
    (l) => l.post('cn-samr', [ofAct(act)], { type: REGISTRY_TYPE, signer: 'gate.way' }),
    (l) => l.post('cn-samr', [ofAct(act)], { type: REGISTRY_TYPE, keys: { 'cn-samr': 'mallory' } }),
    (l) =>
      l.act('cn-samr', {
        is: 'registerParty',
        value: {
          party: partyData('cn-samr', ['authority']),
          keys: [],
        },
      }),
    twice,
    (l) =>
      l.act('cn-samr', {
        is: 'addKey',
        value: {
          party: 'nz-mfr',
          key: { ...l.keyEntry('nz-mfr', 'second'), possession: new Uint8Array(64) },
        },
      }),
    (l) =>
      l.act('cn-samr', {
        is: 'addKey',
        value: { party: 'nz-mfr', key: l.keyEntry('nz-mfr', 'gate.way') },
      }),
    (l) =>
      l.act('cn-samr', {
        is: 'revokeKey',
        value: {
          party: 'nz-mfr',
          key: publicOf('gate.way'),
          suspectFrom: null,
          reason: '',
        },
      }),
    (l) =>
      l.act('cn-samr', { is: 'endDelegation', value: { party: 'nz-mfr', signer: 'gate.way' } }),
    (l) =>
      l.act('cn-samr', {
        is: 'revokeKey',
        value: {
          // An authority's last key.
          party: 'cn-samr',
          key: publicOf('cn-samr'),
          suspectFrom: null,
          reason: '',
        },
      }),
  ];
  for (const [i, write] of writes.entries()) {
    const ledger = ledgerWith(write);
    const bundle = ledger.bundle(UNIT, [...REACH, 'urn:suyuan:party:cn-samr'], COSIGNED);
    const found = await verify(bundle);
    assert.equal(found.refusal?.code, 'REGISTRY_INVALID', `${i}: ${JSON.stringify(found.refusal)}`);
  }
  const other = ledgerWith((l) => l.act('cn-samr', own)); // Another authority's entry.
  await assertRefused(
    other.bundle('urn:suyuan:party:cn-customs', [], COSIGNED),
    'REGISTRY_INVALID',
  );
});

test('SIGNATURE_INVALID: keys not in force, or not theirs', async () => {
  const revoked = (l: Ledger): number =>
    l.act('cn-samr', {
      is: 'revokeKey',
      value: {
        party: 'nz-mfr',
        key: publicOf('nz-mfr'),
        suspectFrom: null,
        reason: '',
      },
    });
  const ended = (l: Ledger): number =>
    l.act('cn-samr', {
      is: 'endDelegation',
      value: { party: 'nz-farm', signer: 'gate.way' },
    });
  const writes: ((l: Ledger) => unknown)[] = [
    (l) => l.post('nz-mfr', seen, { keys: { 'nz-mfr': 'mallory' } }), // A key id of nobody.
    (l) => l.post('nobody', seen),
    (l) => l.post('nz-mfr', seen, { signer: 'gate.way' }), // No delegation.
    (l) => l.post('nz-farm', seen), // It has no key.
    (l) => {
      revoked(l);
      l.post('nz-mfr', seen);
    },
    (l) => {
      ended(l);
      l.post('nz-farm', seen, { signer: 'gate.way' });
    },
    (l) => l.post('nz-mfr', seen, { with: ['nobody'] }),
    (l) => {
      // Used before its registration.
      l.post('late', seen);
      l.register('late', ['seller']);
    },
  ];
  for (const [i, write] of writes.entries()) {
    const found = await verify(unitBundle(ledgerWith(write)));
    assert.equal(
      found.refusal?.code,
      'SIGNATURE_INVALID',
      `${i}: ${JSON.stringify(found.refusal)}`,
    );
  }
});
