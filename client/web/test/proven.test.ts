// What holds is proven, and what it does not prove is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../verify/bytes.js';
import { verifyBundle } from '../verify/verify.js';
import { Ledger, cosignatureLine, publicOf } from './ledger.js';
import type { BundleJson } from './ledger.js';
import {
  COSIGNED,
  NOBODY,
  NOW,
  ORDER,
  OTHER,
  PALLET,
  PAYMENT,
  PRODUCT,
  REACH,
  UNIT,
  policyText,
  unitBundle,
} from './scenario.js';

import { assertRefused, changed, honest, ledgerWith, policy, seen, verify } from './judging.js';

test('an honest bundle is proven, and says what is not', async () => {
  const found = await verify(unitBundle(honest));
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
  assert.equal(found.code, UNIT);
  assert.equal(found.asOfMs, honest.timeMs); // The seal is older than what its witnesses say.
  assert.equal(found.counts.withheld, 0);
  assert.ok(found.notProven.some((line) => line.includes("operator's word")));
  const farm = found.events.find((one) => one.party === 'nz-farm');
  assert.equal(farm?.signer, 'gate.way');
  const withLab = found.events.find((one) => one.with.includes('nz-lab'));
  assert.ok(withLab?.what.is === 'event' && withLab.what.value.type === 'transformation');
});

test('white space and the order of fields are free', async () => {
  const bundle = unitBundle(honest);
  const turned = Object.fromEntries(Object.entries(bundle).reverse());
  const found = await verifyBundle(utf8(JSON.stringify(turned, null, 3)), policy, NOW);
  assert.equal(found.verdict, 'PROVEN');
});

test('that nothing is known about a code is proven too', async () => {
  const found = await verify(honest.bundle(NOBODY, [PRODUCT], COSIGNED));
  assert.equal(found.verdict, 'NOT_RECORDED', JSON.stringify(found.refusal));
  assert.equal(found.counts.events, 0);
});

test('an empty ledger proves that it knows nothing', async () => {
  const ledger = new Ledger();
  ledger.seal();
  const found = await verify(ledger.bundle('x', [], COSIGNED), policyText(ledger));
  assert.equal(found.verdict, 'NOT_RECORDED', JSON.stringify(found.refusal));
});

test('more chains than the reach are welcome', async () => {
  const found = await verify(honest.bundle(UNIT, [...REACH, OTHER], COSIGNED));
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
});

test('a withheld payload leaves the rest proven, and is said', async () => {
  const bundle = changed((one) => {
    one.events.find(({ leaf }) => leaf === 9)!.payload = 'withheld';
  });
  const found = await verify(bundle);
  assert.equal(found.verdict, 'PARTIAL', JSON.stringify(found.refusal));
  assert.equal(found.counts.withheld, 1);
  assert.ok(found.notProven.some((line) => line.includes('withheld')));
});

test('a replayer that the policy names speaks for completeness', async () => {
  const found = await verify(unitBundle(honest), policyText(honest, '#suyuan replayer w1'));
  assert.ok(!found.notProven.some((line) => line.includes("operator's word")));
});

test('what is old or dated ahead is stale, not proven', async () => {
  const bundle = unitBundle(honest);
  const asOf = Number(honest.timeMs);
  const day = 86_400_000;
  for (const [now, verdict] of [
    [asOf + day, 'PROVEN'],
    [asOf + day + 1, 'STALE'],
    [asOf - 600_000, 'PROVEN'],
    [asOf - 600_001, 'STALE'],
  ] as const) {
    assert.equal((await verify(bundle, policy, now)).verdict, verdict, `${now}`);
  }
  const strict = policyText(honest, '#suyuan max-age 1h');
  assert.equal((await verify(bundle, strict, asOf + 3_600_000)).verdict, 'PROVEN');
  assert.equal((await verify(bundle, strict, asOf + 3_600_001)).verdict, 'STALE');
});

test('as of: the time of the quorum, where the seal is not older', async () => {
  const seal = Number(honest.timeMs / 1000n);
  // The second of the two that are needed counts, not the newest and not the oldest.
  const times = { 'w1.example': seal - 500, 'w2.example': seal + 5, 'w3.example': seal - 90 };
  const found = await verify(honest.bundle(UNIT, REACH, times));
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
  assert.equal(found.asOfMs, BigInt(seal - 90) * 1000n);
});

test('a chain may be cut where it is proven to exist, and that is said', async () => {
  const bundle = honest.bundle(
    UNIT,
    REACH.filter((code) => code !== PALLET && code !== PAYMENT),
    COSIGNED,
  );
  bundle.cuts = [honest.cut(PALLET)];
  const found = await verify(bundle);
  assert.equal(found.refusal?.code, 'REACH_MISSING', 'the payment is reached through the order');
  bundle.cuts = [honest.cut(PALLET), honest.cut(PAYMENT)];
  const whole = await verify(bundle);
  assert.equal(whole.verdict, 'PARTIAL', JSON.stringify(whole.refusal));
  assert.ok(whole.notProven.some((line) => line.includes(PALLET)));
});

test('a cut is proven, and never of what must be whole', async () => {
  const cut = (code: string, change: Partial<BundleJson['cuts'][number]> = {}): BundleJson =>
    changed((b) => {
      b.chains = b.chains.filter((chain) => chain.code !== code);
      b.cuts = [{ ...honest.cut(code), ...change }];
      const held = new Set(b.chains.map((chain) => chain.code));
      b.events = b.events.filter((one) => honest.isNamedBy(one, held));
      const leaves = new Set(b.events.map(({ leaf }) => leaf));
      b.leaves = b.leaves.filter(({ index }) => leaves.has(index));
    });
  assert.equal((await verify(cut(PAYMENT))).verdict, 'PARTIAL');
  for (const change of [{ count: 2 }, { link: `${'A'.repeat(43)}=` }, { proof: '' }]) {
    await assertRefused(cut(PAYMENT, change), 'CHAIN_INVALID', 'cuts[0]');
  }
  await assertRefused(cut(UNIT), 'REACH_MISSING', 'chains');
  await assertRefused(cut('urn:suyuan:party:nz-lab'), 'SIGNATURE_INVALID');
  await assertRefused(cut(PAYMENT, { count: 0 }), 'BUNDLE_SYNTAX', 'cuts[0].count');
  await assertRefused(
    changed((b) => {
      b.cuts = [honest.cut(PALLET)];
    }),
    'BUNDLE_SYNTAX',
    'cuts[0]',
  );
});

test('what a suspect key signed is proven in part', async () => {
  const suspect = (from: bigint): Ledger =>
    ledgerWith((l) => {
      l.act('cn-samr', {
        is: 'revokeKey',
        value: {
          party: 'nz-lab',
          key: publicOf('nz-lab'),
          suspectFrom: { leaf: from },
          reason: '',
        },
      });
    });
  const signed = BigInt(honest.leaves.findIndex((data) => data.includes('with nz-lab')));
  const before = await verify(unitBundle(suspect(signed)));
  assert.equal(before.verdict, 'PARTIAL', JSON.stringify(before.refusal));
  assert.ok(before.notProven.some((line) => line.includes('nz-lab') && line.includes(`${signed}`)));
  assert.equal((await verify(unitBundle(suspect(signed + 1n)))).verdict, 'PROVEN');
});

test('a policy may name the genesis that it means', async () => {
  const [, hash] = honest.ledger.split(' ');
  const named = policyText(honest, `#suyuan genesis ${hash}`);
  const found = await verify(unitBundle(honest), named);
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
  assert.ok(!found.notProven.some((line) => line.includes('genesis')));
  const other = policyText(honest, `#suyuan genesis ${'A'.repeat(43)}=`);
  await assertRefused(unitBundle(honest), 'GENESIS_INVALID', 'genesis', other);
});

test('without a quorum the seal says as of when', async () => {
  const text = `log ${honest.logKey()}\nquorum none\n`;
  const found = await verify(unitBundle(honest), text);
  assert.equal(found.asOfMs, honest.timeMs);
});

test('a policy that does not parse verifies nothing', async () => {
  await assertRefused(unitBundle(honest), 'POLICY_SYNTAX', undefined, 'quorum');
});

test('lines of unknown keys are passed over, and so is a second line of a known one', async () => {
  const bundle = changed((b) => {
    b.checkpoint += '\u2014 grease.example AAAAAAA=\n';
    b.checkpoint += cosignatureLine('w1.example', 'another text', 5n);
  });
  const found = await verify(bundle);
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
});

test('a key is in force up to and with the leaf that revokes it', async () => {
  const ledger = ledgerWith((l) => {
    l.act('cn-samr', {
      is: 'addKey',
      value: { party: 'nz-mfr', key: l.keyEntry('nz-mfr', 'second') },
    });
    l.post('nz-mfr', seen, { keys: { 'nz-mfr': 'second' } });
    l.act('cn-samr', {
      is: 'revokeKey',
      value: {
        party: 'nz-mfr',
        key: publicOf('nz-mfr'),
        suspectFrom: null,
        reason: '',
      },
    });
    l.post('nz-mfr', seen, { keys: { 'nz-mfr': 'second' } });
  });
  const found = await verify(unitBundle(ledger));
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
});

test('a delegation ends with its time', async () => {
  for (const [later, verdict] of [
    [0n, 'PROVEN'],
    [1n, 'REFUSED'],
  ] as const) {
    const ledger = ledgerWith((l) => {
      const until = { ms: l.timeMs + 2000n - later, offset: 0 };
      l.act('cn-samr', {
        is: 'grantDelegation',
        value: {
          party: 'nz-farm',
          signer: 'gate.way',
          until,
        },
      });
      l.post('nz-farm', seen, { signer: 'gate.way' });
    });
    assert.equal((await verify(unitBundle(ledger))).verdict, verdict);
  }
});

test('a pallet has a bundle of its own', async () => {
  const found = await verify(honest.bundle(PALLET, [ORDER, REACH[5]!], COSIGNED));
  assert.equal(found.verdict, 'PROVEN', JSON.stringify(found.refusal));
});
