// One verdict for every signature, whoever does the arithmetic.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519';
import { utf8 } from '../verify/bytes.js';
import {
  engineName,
  isPrimeOrderKey,
  verifySignature,
  verifySignatureInLibrary,
} from '../verify/ed25519.js';
import { Random, bytesOfHex, ownVectors, sharedTest } from './support.js';

async function assertVerdict(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
  valid: boolean,
  what: string,
): Promise<void> {
  assert.equal(verifySignatureInLibrary(key, signature, message), valid, `${what}, library`);
  assert.equal(await verifySignature(key, signature, message), valid, `${what}, best engine`);
}

async function assertPinnedVerdicts(name: string): Promise<void> {
  for (const one of ownVectors(name).vectors) {
    const key = bytesOfHex(one.key);
    await assertVerdict(
      key,
      bytesOfHex(one.signature),
      bytesOfHex(one.message),
      one.valid,
      one.name,
    );
    assert.equal(isPrimeOrderKey(key), one.prime_order_key, one.name);
  }
}

test('the verdict is the one that is pinned', async () => {
  console.log(`engine: ${await engineName()}`);
  await assertPinnedVerdicts('ed25519.json');
});

// Each in every encoding, and added to points of prime order.
test('points of small order get the verdict of libsodium', async () => {
  await assertPinnedVerdicts('ed25519_torsion.json');
});

// Every vector of CCTV holds for the most lenient verifier; flags say what a stricter one minds.
const MINDED = [
  'low_order_A',
  'low_order_R',
  'non_canonical_A',
  'non_canonical_R',
  'low_order_residue',
];
for (const half of ['even', 'odd']) {
  sharedTest(
    `edge cases of CCTV (${half}) get the frozen verdict`,
    `ed25519/cctv-${half}.json`,
    async (vectors) => {
      let taken = 0;
      for (const one of vectors) {
        const valid = !one.flags?.some((flag: string) => MINDED.includes(flag));
        await assertVerdict(
          bytesOfHex(one.key),
          bytesOfHex(one.sig),
          utf8(one.msg),
          valid,
          `vector ${one.number}`,
        );
        if (valid) ++taken;
      }
      assert.ok(taken > 0);
    },
  );
}

test('every changed bit of a signature, key or message is noticed', async () => {
  const random = new Random(7);
  const seed = Uint8Array.from({ length: 32 }, () => random.below(256));
  const key = ed25519.getPublicKey(seed);
  const message = utf8('suyuan');
  const signature = ed25519.sign(message, seed);
  await assertVerdict(key, signature, message, true, 'as signed');
  for (let bit = 0; bit < 512; bit += 3) {
    const changed = Uint8Array.from(signature);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(await verifySignature(key, changed, message), false, `signature bit ${bit}`);
  }
  for (let bit = 0; bit < 256; bit += 3) {
    const changed = Uint8Array.from(key);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(await verifySignature(changed, signature, message), false, `key bit ${bit}`);
  }
  assert.equal(await verifySignature(key, signature, utf8('suyuam')), false);
  assert.equal(await verifySignature(key, signature.subarray(1), message), false);
  assert.equal(await verifySignature(key.subarray(1), signature, message), false);
});
