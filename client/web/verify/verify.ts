// One function: a file, a policy and the time now give a verdict. No part of it is available alone.
import { parseBundle } from './bundle.js';
import type { Bundle } from './bundle.js';
import { Fault, compare } from './bytes.js';
import { parsePolicy } from './policy.js';
import type { Policy } from './policy.js';
import { codeKey } from './record.js';
import { AHEAD_MS_MAX, Steps } from './steps.js';
import type { CheckedEvent, CheckedNotice } from './checked.js';
import type { Counts, Erased, Refusal, StatedEvent, Verdict } from './verdict.js';

function refused(refusal: Refusal, code: string): Verdict {
  return {
    verdict: 'REFUSED',
    refusal,
    code,
    asOfMs: null,
    head: null,
    proven: [],
    notProven: ['anything: a bundle that fails one check proves nothing'],
    counts: { leaves: 0, events: 0, withheld: 0, chains: 0, cuts: 0, erased: 0, signatures: 0 },
    events: [],
  };
}

function provenLines(bundle: Bundle, counts: Counts, cosigners: number): string[] {
  return [
    'the checkpoint is signed by the log of the policy, and cosigned by ' +
      `${cosigners} of its witnesses`,
    `${counts.leaves} batches are in the log, unchanged, each signed by keys in force at its place`,
    `${counts.events} events are in the batches that were signed, unchanged`,
    `they are all that the log holds about ${counts.chains} codes: ${bundle.code}, ` +
      'what leads to it, and who signed',
    ...(counts.erased > 0
      ? [`${counts.erased} sealed sections were erased, each by a signed notice of who may`]
      : []),
  ];
}

function sayNothingOfInputs(event: StatedEvent): boolean {
  const { what } = event;
  return (
    what.is === 'event' &&
    what.value.type === 'transformation' &&
    what.value.outputs.length > 0 &&
    what.value.inputs.length === 0
  );
}

function notProvenLines(
  bundle: Bundle,
  policy: Policy,
  steps: Steps,
  counts: Counts,
  events: StatedEvent[],
): string[] {
  const lines = [
    'that what was stated is true',
    'what was never submitted: it is in no log',
    'that the ledger let each statement take effect: roles, custody and balances are for an audit',
    "that the label on a thing is the thing's own",
  ];
  if (counts.withheld > 0) {
    lines.push(`what ${counts.withheld} withheld events say, and where they lead`);
  }
  if (counts.erased > 0) lines.push(`what the ${counts.erased} erased sections held`);
  for (const { code, count } of bundle.cuts) {
    lines.push(`what ${count} events about ${code} say, and where they lead: its chain is cut`);
  }
  for (const { leaf, party } of steps.suspects) {
    lines.push(`that ${party} itself signed leaf ${leaf}: its key is suspect there`);
  }
  if (!steps.cosigned.some(({ witness }) => witness.replayer)) {
    lines.push("complete by the operator's word: no replayer of the policy cosigned");
  }
  if (policy.genesis.size === 0) lines.push("the policy does not name this ledger's genesis");
  for (const one of events.filter(sayNothingOfInputs)) {
    lines.push(`what went in at leaf ${one.leaf}, event ${one.event}: it states outputs alone`);
  }
  return lines;
}

/** What notices erased of each event. */
function erasures(notices: CheckedNotice[]): Map<CheckedEvent, Erased[]> {
  const found = new Map<CheckedEvent, Erased[]>();
  for (const { at, notice, timeMs, event } of notices) {
    const { section, party, ground } = notice;
    const erased = { section: section!, notice: at.index, party, ground, logTimeMs: timeMs };
    found.set(event!, [...(found.get(event!) ?? []), erased]);
  }
  return found;
}

/** The first that fits, in the order of docs/bundle.md. */
function verdictOf(
  bundle: Bundle,
  policy: Policy,
  steps: Steps,
  counts: Counts,
  nowMs: bigint,
): Verdict['verdict'] {
  const asOfMs = steps.asOfMs();
  const fresh = nowMs - asOfMs <= policy.maxAgeMs && asOfMs - nowMs <= AHEAD_MS_MAX;
  if (!fresh) return 'STALE';
  const asked = codeKey(bundle.code);
  const named = steps.events.some(({ record }) =>
    record.codeKeys.some((key) => compare(key, asked) === 0),
  );
  if (!named) return 'NOT_RECORDED';
  const whole = counts.withheld === 0 && counts.cuts === 0 && steps.suspects.length === 0;
  return whole ? 'PROVEN' : 'PARTIAL';
}

async function judge(file: Uint8Array, policyText: string, nowMs: bigint): Promise<Verdict> {
  const policy = parsePolicy(policyText);
  if (policy instanceof Fault) {
    return refused({ code: 'POLICY_SYNTAX', place: policy.place, message: policy.why }, '');
  }
  const bundle = parseBundle(file);
  if (bundle instanceof Fault) {
    return refused({ code: 'BUNDLE_SYNTAX', place: bundle.place, message: bundle.why }, '');
  }
  const steps = new Steps(bundle, policy);
  const refusal = await steps.run();
  if (refusal) return refused(refusal, bundle.code);

  const counts = {
    leaves: steps.batches(),
    events: bundle.events.length,
    withheld: steps.events.filter(({ what }) => what.is === 'withheld').length,
    chains: bundle.chains.length,
    cuts: bundle.cuts.length,
    erased: steps.notices.length,
    signatures: steps.signatures(),
  };
  const erased = erasures(steps.notices);
  const events: StatedEvent[] = steps.events.map((one) => ({
    leaf: one.at.leaf,
    event: one.at.event,
    logTimeMs: one.leaf.timeMs,
    party: one.leaf.batch.party,
    signer: one.leaf.batch.signer,
    with: one.leaf.batch.with,
    erased: erased.get(one) ?? [],
    what: one.what,
  }));
  return {
    verdict: verdictOf(bundle, policy, steps, counts, nowMs),
    refusal: null,
    code: bundle.code,
    asOfMs: steps.asOfMs(),
    head: steps.publishedHead(),
    proven: provenLines(bundle, counts, steps.cosigned.length),
    notProven: notProvenLines(bundle, policy, steps, counts, events),
    counts,
    events,
  };
}

/** Verifies a bundle (docs/bundle.md). Never throws, whatever the file holds. */
export async function verifyBundle(
  file: Uint8Array,
  policyText: string,
  nowMs: number,
): Promise<Verdict> {
  try {
    const now = Number.isFinite(nowMs) ? Math.trunc(nowMs) : 0; // No clock: what is not is stale.
    return await judge(file, policyText, BigInt(now));
  } catch (mistake) {
    // Nothing above throws. If it does nevertheless, a doubt must not look like a proof.
    return refused({ code: 'INTERNAL', place: '', message: String(mistake) }, '');
  }
}
