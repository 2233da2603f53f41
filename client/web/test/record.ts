// Writes down what tests ask of the verifier, so that the C++ side can be asked the same: with
// SUYUAN_RECORD=FILE, one case on each line (test/write_vectors.mjs).
import { appendFileSync } from 'node:fs';
import type { Verdict } from '../verify/verdict.js';

const file = process.env['SUYUAN_RECORD'];

export function record(bundle: string, policy: string, nowMs: number, found: Verdict): void {
  if (file === undefined) return;
  const one = {
    policy,
    nowMs,
    bundle,
    verdict: found.verdict,
    ...(found.refusal ? { code: found.refusal.code, place: found.refusal.place } : {}),
    ...(found.asOfMs === null ? {} : { asOfMs: Number(found.asOfMs) }),
  };
  appendFileSync(file, `${JSON.stringify(one)}\n`);
}
