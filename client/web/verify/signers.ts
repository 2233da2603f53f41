// Step 8: who could sign what, at each leaf (docs/bundle.md, Step 8 in full).
import { REGISTRY_TYPE } from './batch_note.js';
import type { CheckedEvent, CheckedLeaf, CheckedNotice } from './checked.js';
import type { Registry } from './registry.js';
import type { Code, Refusal } from './verdict.js';

export interface SuspectSigner {
  leaf: number;
  party: string;
}

/** First the acts, which change the registry; then all signers of events, by the resulting state. */
export async function checkSignatures(
  registry: Registry,
  leaves: CheckedLeaf[],
  events: CheckedEvent[],
): Promise<Refusal | null> {
  const acts = new Map<number, CheckedEvent[]>();
  for (const event of events) {
    if (event.what.is !== 'act') continue;
    const ofLeaf = acts.get(event.at.leaf);
    if (ofLeaf) ofLeaf.push(event);
    else acts.set(event.at.leaf, [event]);
  }
  for (const [index, ofLeaf] of acts) {
    const refusal = await applyActs(registry, index, ofLeaf);
    if (refusal) return refusal;
  }
  for (const leaf of leaves) {
    if (leaf.batch.type === REGISTRY_TYPE) continue;
    const why = await checkSigners(registry, leaf);
    if (why !== null) return refuse('SIGNATURE_INVALID', leaf.place, why);
  }
  return null;
}

/** REQUIRES: checkSignatures has taken all. Genesis says permanently who is an authority. */
export async function checkNotices(
  registry: Registry,
  notices: CheckedNotice[],
): Promise<Refusal | null> {
  for (const { at, place, notice, event } of notices) {
    const no = (why: string): Refusal => refuse('SIGNATURE_INVALID', place, why);
    const { note, party } = notice;
    const why = await registry.checkLine(note.signatures[0]!, note.text, at.index);
    if (why !== null) return no(why);
    if (registry.party(party)!.isAuthority) continue;
    const { what, leaf } = event!;
    if (what.is === 'event' && what.value.kind === 'inspection') {
      return no('an authority alone erases of an inspection');
    }
    if (party !== leaf.batch.party) return no(`${party} did not state the event`);
  }
  return null;
}

/** REQUIRES: checkSignatures has taken all. */
export function suspectSigners(
  registry: Registry,
  leaves: CheckedLeaf[],
  notices: CheckedNotice[],
): SuspectSigner[] {
  const signed = [
    ...leaves.map(({ at, batch }) => ({ at, note: batch.note })),
    ...notices.map(({ at, notice }) => ({ at, note: notice.note })),
  ];
  return signed.flatMap(({ at, note }) =>
    note.signatures
      .filter((line) => registry.isSuspect(line, at.index))
      .map((line) => ({ leaf: at.index, party: line.name })),
  );
}

function refuse(code: Code, place: string, message: string): Refusal {
  return { code, place, message };
}

async function applyActs(
  registry: Registry,
  index: number,
  events: CheckedEvent[],
): Promise<Refusal | null> {
  const { leaf } = events[0]!;
  const { batch } = leaf;
  const no = (place: string, why: string): Refusal => refuse('REGISTRY_INVALID', place, why);
  if (batch.signer !== null) return no(leaf.place, 'acts are never signed through a gateway');
  if (!registry.party(batch.party)?.isAuthority) {
    return no(leaf.place, `${batch.party} is no authority`);
  }
  const why = await checkLines(registry, leaf);
  if (why !== null) return no(leaf.place, why);
  for (const { place, what } of events) {
    if (what.is !== 'act') continue;
    const refusal = await registry.apply(what.value, batch, index);
    if (refusal !== null) return no(place, refusal);
  }
  return null;
}

async function checkLines(registry: Registry, leaf: CheckedLeaf): Promise<string | null> {
  const { note } = leaf.batch;
  for (const line of note.signatures) {
    const why = await registry.checkLine(line, note.text, leaf.at.index);
    if (why !== null) return why;
  }
  return null;
}

async function checkSigners(registry: Registry, leaf: CheckedLeaf): Promise<string | null> {
  const { party, signer } = leaf.batch;
  if (!registry.party(party)) return `${party} is not registered in the bundle`;
  const why = await checkLines(registry, leaf);
  if (why !== null) return why;
  if (signer === null) return null;
  const may = registry.mayThrough(party, signer, leaf.at.index, leaf.timeMs);
  return may ? null : `${party} has no delegation to ${signer} in force`;
}
