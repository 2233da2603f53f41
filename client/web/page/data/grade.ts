// How well a statement is supported: the grades of evidence.
import type { ProvenRegistry } from './registry.js';
import { rolesOf } from './registry.js';
import type { Statement } from './journey.js';

export type Grade = 'self' | 'confirmed' | 'third' | 'authority' | 'device';

const AUTHORITIES = ['customs', 'market_supervision', 'competent_authority', 'authority'];

/** Event ids that somebody else confirmed. A party's claim about itself does not count. */
export function confirmations(statements: Statement[]): Map<string, Set<string>> {
  const by = new Map<string, Set<string>>();
  for (const { what, party, withdrawn } of statements) {
    if (what.confirms === '' || withdrawn) continue;
    by.set(what.confirms, (by.get(what.confirms) ?? new Set()).add(party));
  }
  return by;
}

/** Parties that make, move or sell the goods: who states more about them than inspections. */
export function involvedIn(statements: Statement[]): Set<string> {
  const more = statements.filter(
    ({ what, withdrawn }) => what.kind !== 'inspection' && !withdrawn && what.error === null,
  );
  return new Set(more.map(({ party }) => party));
}

/**
 * A role alone makes nobody independent: a laboratory that also farms declares its own milk like any
 * farm. So only an inspection is graded as that of a third party or authority, and only of goods of
 * others.
 */
export function gradeOf(
  { what, party, with: cosigners }: Statement,
  { parties }: ProvenRegistry,
  confirmed: Map<string, Set<string>>,
  involved: Set<string>,
): Grade {
  if (what.kind === 'inspection' && !involved.has(party)) {
    const roles = rolesOf(parties.get(party));
    if (roles.some((role) => AUTHORITIES.includes(role))) return 'authority';
    if (roles.includes('lab')) return 'third';
  }
  const others = [...(confirmed.get(what.eventId) ?? [])].filter((one) => one !== party);
  if (cosigners.length > 0 || (what.eventId !== '' && others.length > 0)) return 'confirmed';
  const read = what.sensors.some(({ reports }) => reports.some(({ deviceId }) => deviceId !== ''));
  return read ? 'device' : 'self';
}
