// The registry's acts: our vectors, by what bears on keys (docs/bundle.md, step 8).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, utf8 } from '../verify/bytes.js';
import { verifySignature } from '../verify/ed25519.js';
import { parseGenesis } from '../verify/genesis.js';
import { possessionText, Registry } from '../verify/registry.js';
import type { KeyEntry, RegistryAct } from '../verify/registry_schema.js';
import { partyData } from './ledger.js';
import { bytesOfHex, ownVectors } from './support.js';
import type { Any } from './support.js';

const key = (one: Any): KeyEntry => ({
  key: bytesOfHex(one.key),
  possession: bytesOfHex(one.possession),
});

function actOf(one: Any): RegistryAct | null {
  switch (one.act) {
    case 'registerParty':
      return {
        is: one.act,
        value: {
          party: partyData(one.party.id ?? '', one.party.roles ?? []),
          keys: one.keys.map(key),
        },
      };
    case 'amendParty':
      return { is: one.act, value: partyData(one.party.id, one.party.roles) };
    case 'addKey':
      return { is: one.act, value: { party: one.party, key: key(one.key) } };
    case 'revokeKey':
      return {
        is: one.act,
        value: {
          party: one.party,
          key: bytesOfHex(one.key),
          reason: one.reason ?? '',
          suspectFrom: one.suspectFrom === undefined ? null : { leaf: BigInt(one.suspectFrom) },
        },
      };
    case 'grantDelegation':
      return {
        is: one.act,
        value: {
          party: one.party,
          signer: one.signerParty,
          until: one.until === undefined ? null : { ms: BigInt(Date.parse(one.until)), offset: 0 },
        },
      };
    case 'endDelegation':
      return {
        is: one.act,
        value: {
          party: one.party,
          signer: one.signerParty,
        },
      };
    default:
      return null; // Products and sites.
  }
}

// What a verifier of bundles does not judge: the form of other fields, and whoever is mentioned.
const NOT_JUDGED = [
  'no name',
  'a name of two lines',
  'a name of 4,097 bytes',
  'no role',
  'roles not in order',
  'a role twice',
  'a country in lower case',
  'a GLN of 12 digits',
  'a GLN with a wrong check digit',
  'a credit code of 17',
  'a credit code with a wrong check character',
  'represented by nobody known',
  'represented by itself',
  'an accreditation without number',
  'a delegation to nobody known',
];

test('acts are taken and refused as our vectors say', async () => {
  const vectors = ownVectors('registry.json');
  const genesis = parseGenesis(ownVectors('genesis.json').genesis[1].leaf_data);
  assert.ok(!(genesis instanceof Fault));
  const registry = new Registry(genesis, vectors.ledger_id);
  let judged = 0;
  for (const one of vectors.acts) {
    const act = actOf(one);
    if (act === null || NOT_JUDGED.includes(one.name)) continue;
    // Step 8 asks this of the batch's party before the act.
    const why = !registry.party(one.signer)?.isAuthority
      ? 'no authority'
      : await registry.apply(act, { party: one.signer, with: one.with ?? [] }, one.leaf);
    assert.equal(why === null, one.code === 'OK', `${one.name}: ${why}`);
    ++judged;
  }
  assert.ok(judged > 40);
});

test('a key proves that somebody holds it, for one party of one ledger', async () => {
  const vectors = ownVectors('registry.json');
  for (const one of vectors.possession) {
    const text = possessionText(vectors.ledger_id, one.party, bytesOfHex(one.key));
    assert.equal(text, one.text);
    assert.ok(await verifySignature(bytesOfHex(one.key), bytesOfHex(one.signature), utf8(text)));
  }
});
