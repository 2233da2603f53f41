// Refusals of steps 9 and 10 (docs/bundle.md): what is left out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, item, ofEvent } from './ledger.js';
import { COSIGNED, NOBODY, ORDER, PRODUCT, REACH, UNIT, unitBundle } from './scenario.js';

import { assertRefused, changed, honest, ledgerWith, verify } from './judging.js';

test('CHAIN_INVALID: an event left out, or one too many, of any code', async () => {
  const whole = unitBundle(honest);
  for (let i = 0; i < whole.events.length; ++i) {
    const found = await verify(
      changed((b) => {
        const [gone] = b.events.splice(i, 1);
        if (!b.events.some(({ leaf }) => leaf === gone!.leaf)) {
          b.leaves = b.leaves.filter(({ index }) => index !== gone!.leaf);
        }
      }),
    );
    // Without a party's registration its signatures fall first.
    assert.ok(
      ['CHAIN_INVALID', 'SIGNATURE_INVALID', 'REGISTRY_INVALID'].includes(
        found.refusal?.code ?? '',
      ),
      `${i}: ${JSON.stringify(found.refusal)}`,
    );
  }
  await assertRefused(
    changed((b) => {
      const at = b.chains.findIndex(({ code }) => code === UNIT);
      b.chains[at]!.proof = b.chains[0]!.proof;
    }),
    'CHAIN_INVALID',
  );
});

test('CHAIN_INVALID: a code that is there is not proven absent', async () => {
  const absent = honest.bundle(NOBODY, [PRODUCT], COSIGNED);
  absent.code = ORDER;
  absent.chains = absent.chains
    .map((one) => (one.code === NOBODY ? { ...one, code: ORDER } : one))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  await assertRefused(absent, 'CHAIN_INVALID');
});

test('REACH_MISSING: each code of the reach, and an event of no chain', async () => {
  const whole = new Set(unitBundle(honest).chains.map(({ code }) => code));
  assert.ok(whole.has('urn:suyuan:party:cn-samr') && whole.has('urn:suyuan:party:nz-lab'));
  for (const code of REACH.filter((one) => one !== UNIT)) {
    await assertRefused(
      honest.bundle(
        UNIT,
        REACH.filter((one) => one !== code),
        COSIGNED,
      ),
      'REACH_MISSING',
      'chains',
    );
  }
  const ledger = ledgerWith((l) =>
    l.post('nz-mfr', [ofEvent(event({ objects: [item('urn:a:b')] }))]),
  );
  const stray = ledger.bundle(UNIT, [...REACH, 'urn:a:b'], COSIGNED);
  stray.chains = stray.chains.filter(({ code }) => code !== 'urn:a:b');
  await assertRefused(stray, 'REACH_MISSING', `events[${stray.events.length - 1}]`);
});

test('a party chain left out hides a revocation, and is missed', async () => {
  await assertRefused(
    changed((b) => {
      b.chains = b.chains.filter(({ code }) => code !== 'urn:suyuan:party:cn-samr');
    }),
    'REACH_MISSING',
    'chains',
  );
});
