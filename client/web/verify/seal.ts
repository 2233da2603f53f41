// The last leaf of a published checkpoint (formats.md 6): what the chain map was there.
import { Fault, equal } from './bytes.js';
import { parseLeaf } from './leaf.js';
import { Lines } from './lines.js';
import { EMPTY_MAP_ROOT } from './map_proof.js';
import { HASH_BYTES } from './sha256.js';

export interface Seal {
  timeMs: bigint;
  ledger: string;
  rules: bigint;
  previous: bigint | null;
  leaves: bigint; // Before this one.
  events: bigint;
  chains: bigint;
  map: Uint8Array;
}

export function parseSeal(data: string): Seal | Fault {
  const leaf = parseLeaf(data);
  if (leaf instanceof Fault) return leaf;
  if (leaf.kind !== 'seal') return new Fault(`the last leaf is a ${leaf.kind}, no seal`);
  const lines = new Lines(leaf.text);
  lines.exactly('suyuan/seal/v1');
  const ledger = lines.ledger();
  const rules = lines.decimal('rules'); // Who checks the seal says which he can judge.
  const before = lines.field('previous');
  const previous = before === '-' ? null : lines.number(before);
  const leaves = lines.decimal('leaves');
  const events = lines.decimal('events');
  const chains = lines.decimal('chains');
  const map = lines.bytes(lines.field('map'), HASH_BYTES);
  const fault = lines.done();
  if (fault) return fault;
  if (previous === 0n) return new Fault('genesis is no seal');
  if (previous !== null && previous >= leaves) return new Fault('it comes before itself');
  if (leaves === 0n) return new Fault('genesis at least comes before a seal');
  if ((events === 0n) !== (chains === 0n) || (chains === 0n) !== equal(map, EMPTY_MAP_ROOT)) {
    return new Fault('its numbers of events and codes do not fit each other or the map');
  }
  return { timeMs: leaf.timeMs, ledger, rules, previous, leaves, events, chains, map };
}
