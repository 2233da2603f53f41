// What a supplier signs (formats.md 3).
import { Fault } from './bytes.js';
import { Lines, isPartyId } from './lines.js';
import { parseNote } from './note.js';
import type { Note } from './note.js';
import { HASH_BYTES } from './sha256.js';

export const EVENT_TYPE = 'application/vnd.suyuan.event+capnp';
export const REGISTRY_TYPE = 'application/vnd.suyuan.registry+capnp';
export const JSON_TYPE = 'application/ld+json';

export interface BatchNote {
  note: Note;
  ledger: string;
  party: string;
  signer: string | null; // A gateway that signs for the party; null: none.
  with: string[];
  type: string;
  events: number;
  root: Uint8Array;
  untilMs: bigint;
}

const NONCE_BYTES = 16;
const EVENTS_MAX = 4096n;
const COSIGNERS_MAX = 8;

/** Who signs, in the order of the signature lines. */
export function signersOf(batch: BatchNote): string[] {
  return [batch.signer ?? batch.party, ...batch.with];
}

/** The party, and all who sign. */
export function partiesOf(batch: BatchNote): string[] {
  return [batch.party, ...(batch.signer === null ? [] : [batch.signer]), ...batch.with];
}

function readCosigners(lines: Lines, party: string, signer: string | null): string[] {
  const found: string[] = [];
  while (lines.next('with')) {
    const id = lines.field('with');
    lines.require(isPartyId(id) && id !== party && id !== signer, 'no party that may co-sign');
    lines.require(found.length === 0 || found[found.length - 1]! < id, 'co-signers ascend');
    found.push(id);
  }
  lines.require(found.length <= COSIGNERS_MAX, `at most ${COSIGNERS_MAX} co-signers`);
  return found;
}

export function parseBatchNote(text: string): BatchNote | Fault {
  const note = parseNote(text);
  if (note instanceof Fault) return note;
  const lines = new Lines(note.text);
  lines.exactly('suyuan/batch/v1');
  const ledger = lines.ledger();
  const party = lines.field('party');
  lines.require(isPartyId(party), 'the text is no party id');
  const signer = lines.next('signer') ? lines.field('signer') : null;
  lines.require(signer === null || (isPartyId(signer) && signer !== party), 'no gateway');
  const cosigners = readCosigners(lines, party, signer);
  const type = lines.field('type');
  lines.require([EVENT_TYPE, REGISTRY_TYPE, JSON_TYPE].includes(type), 'no payload type');
  const events = lines.decimal('events');
  lines.require(events >= 1n && events <= EVENTS_MAX, `1 to ${EVENTS_MAX} events`);
  const root = lines.bytes(lines.field('root'), HASH_BYTES);
  const untilMs = lines.time('until');
  lines.bytes(lines.field('nonce'), NONCE_BYTES);
  const fault = lines.done();
  if (fault) return fault;
  const batch: BatchNote = {
    note,
    ledger,
    party,
    signer,
    with: cosigners,
    type,
    events: Number(events),
    root,
    untilMs,
  };
  const names = note.signatures.map((signature) => signature.name);
  if (names.join(' ') !== signersOf(batch).join(' ')) {
    return new Fault('the signature lines are not those of the signing parties, in their order');
  }
  return batch;
}
