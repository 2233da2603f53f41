// An honest ledger, changes of it, and what the verifier says of them.
import assert from 'node:assert/strict';
import { utf8 } from '../verify/bytes.js';
import type { Code, Verdict } from '../verify/verdict.js';
import { verifyBundle } from '../verify/verify.js';
import { record } from './record.js';
import { event, item, ofEvent } from './ledger.js';
import type { BundleJson, Ledger } from './ledger.js';
import { NOW, UNIT, policyText, sealed, unitBundle, unsealed } from './scenario.js';

export const honest = sealed();
export const policy = policyText(honest);

export const bytesOf = (bundle: unknown): Uint8Array => utf8(JSON.stringify(bundle));

export async function verify(bundle: unknown, text = policy, now = NOW): Promise<Verdict> {
  const found = await verifyBundle(bytesOf(bundle), text, now);
  record(JSON.stringify(bundle), text, now, found);
  return found;
}

export async function assertRefused(
  bundle: unknown,
  code: Code,
  place?: string,
  text = policy,
): Promise<void> {
  const found = await verify(bundle, text);
  assert.equal(found.verdict, 'REFUSED', `expected ${code}`);
  assert.equal(found.refusal?.code, code, JSON.stringify(found.refusal));
  if (place !== undefined) assert.equal(found.refusal?.place, place);
  assert.deepEqual(found.events, []);
}

/** The honest bundle with one thing changed. */
export function changed(change: (bundle: BundleJson) => void): BundleJson {
  const bundle = unitBundle(honest);
  change(bundle);
  return bundle;
}

/** What somebody who holds the log's key, but not the past, can write. */
export function ledgerWith(write: (ledger: Ledger) => void): Ledger {
  const ledger = unsealed();
  write(ledger);
  ledger.seal();
  return ledger;
}

export const seen = [ofEvent(event({ objects: [item(UNIT)] }))];
