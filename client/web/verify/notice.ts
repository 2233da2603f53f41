// Signed notices about the log itself: those that erase a sealed section (formats.md 8).
import { Fault } from './bytes.js';
import { Lines, isPartyId } from './lines.js';
import { parseNote } from './note.js';
import type { Note } from './note.js';
import { HASH_BYTES } from './sha256.js';

export interface EraseNotice {
  note: Note;
  ledger: string;
  party: string;
  leaf: bigint;
  event: bigint;
  section: Uint8Array | null; // Its digest; null: the payload.
  ground: Ground;
}

const NONCE_BYTES = 16;
const EVENTS_MAX = 4096n;
const GROUNDS = [
  'purpose_ended',
  'retention_ended',
  'consent_withdrawn',
  'recorded_in_error',
  'unlawful',
  'legal_order',
] as const;
export type Ground = (typeof GROUNDS)[number];

export function parseNotice(text: string): EraseNotice | Fault {
  const note = parseNote(text);
  if (note instanceof Fault) return note;
  const lines = new Lines(note.text);
  lines.exactly('suyuan/erase/v1');
  const ledger = lines.ledger();
  const party = lines.field('party');
  lines.require(isPartyId(party), 'the text is no party id');
  const leaf = lines.decimal('leaf');
  const event = lines.decimal('event');
  lines.require(event < EVENTS_MAX, `a batch has at most ${EVENTS_MAX} events`);
  const part = lines.field('part');
  const section = part === 'payload' ? null : lines.bytes(part, HASH_BYTES);
  const said = lines.field('ground');
  const ground = GROUNDS.find((one) => one === said);
  lines.require(ground !== undefined, 'no ground of an erasure');
  lines.bytes(lines.field('nonce'), NONCE_BYTES);
  const fault = lines.done();
  if (fault) return fault;
  if (note.signatures.length !== 1 || note.signatures[0]!.name !== party) {
    return new Fault('a notice has one signature line, of its party');
  }
  return { note, ledger, party, leaf, event, section, ground: ground! };
}
