// The parties and the product, from the registry acts that a bundle proves.
import type { RegistryAct, StatedEvent } from '../../verify/index.js';
import type { PartyData } from '../../verify/registry_schema.js';

export type Product = Extract<RegistryAct, { is: 'registerProduct' }>['value'];

export interface ProvenRegistry {
  parties: Map<string, PartyData>;
  product: Product | null; // Of the requested code's GTIN.
}

/** The newest act about each counts: a bundle's events are in log order. */
export function provenRegistry(events: StatedEvent[], gtin: string | null): ProvenRegistry {
  const parties = new Map<string, PartyData>();
  let product: Product | null = null;
  for (const { what } of events) {
    if (what.is !== 'act') continue;
    const act = what.value;
    if (act.is === 'registerParty') parties.set(act.value.party.id, act.value.party);
    if (act.is === 'amendParty') parties.set(act.value.id, act.value);
    const aboutProduct = act.is === 'registerProduct' || act.is === 'amendProduct';
    if (aboutProduct && act.value.gtin === gtin) product = act.value;
  }
  return { parties, product };
}

const PARTY = 'urn:suyuan:party:';
const GLN = /^https:\/\/id\.gs1\.org\/41[47]\/([0-9]{13})$/;

/** The id of a party that an event names by its URN or GLN; another name stays as it is. */
export function partyNamed(name: string, { parties }: ProvenRegistry): string {
  if (name.startsWith(PARTY)) return name.slice(PARTY.length);
  const gln = GLN.exec(name)?.[1];
  const owner = gln && [...parties].find(([, party]) => party.gln === gln);
  return owner ? owner[0] : name;
}

export function rolesOf(party: PartyData | undefined): string[] {
  return party?.roles.map(({ text }) => text) ?? [];
}
