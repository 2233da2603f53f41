// Names of parties, places and items on the page, in the current language.
import { countryName, inLanguage, marksOf, textsOf } from '../texts/index.js';
import { containerName } from '../texts/steps.js';
import type { Language, Names } from '../state.js';
import { glnOf, partsOf, shortCode } from './codes.js';
import type { ProvenRegistry } from './registry.js';
import { seen, seenParty } from './seen.js';
import type { Story } from './story.js';

const PARTY = 'urn:suyuan:party:';

export interface PlaceName {
  name: string;
  region: string; // Empty if the registry has none, or the name contains it.
  country: string;
  at: [longitude: number, latitude: number] | null;
}

/** Whose word something is: a party's, and who signed for it or with it. */
export interface Signed {
  party: string;
  signer: string | null;
  with: string[];
}

export class Naming {
  private readonly registry: ProvenRegistry;
  private readonly code: string;

  constructor(
    story: Story,
    private readonly names: Names,
    readonly language: Language,
  ) {
    this.registry = story.registry;
    this.code = story.code;
  }

  /** By id, or by the URN or GLN with which events name a party. */
  party(id: string): string {
    const gln = /^https:\/\/id\.gs1\.org\/41[47]\/([0-9]{13})$/.exec(id)?.[1];
    if (gln !== undefined) {
      const owner = [...this.registry.parties].find(([, { gln: own }]) => own === gln);
      return owner ? this.party(owner[0]) : seen(this.names.sites[gln]?.name ?? shortCode(id));
    }
    const plain = id.startsWith(PARTY) ? id.slice(PARTY.length) : id;
    if (plain === 'consumer') return textsOf(this.language).consumer;
    const party = this.registry.parties.get(plain);
    const name = party
      ? (this.language === 'zh' && party.nameZh) || party.name
      : inLanguage(this.names.parties[plain], this.language) || plain;
    return seenParty(name, plain);
  }

  /** Who signed; `lead` names the party in a sentence of its own. */
  signed({ party, signer, with: others }: Signed, lead = this.party(party)): string {
    const texts = textsOf(this.language);
    return [
      lead,
      ...(signer === null ? [] : [texts.through(this.party(signer))]),
      ...others.map((id) => texts.alsoSigned(this.party(id))),
    ].join(marksOf(this.language).clause);
  }

  /** Region and country of a place, in full. */
  region(place: string): string {
    const gln = glnOf(place);
    const site = gln === null ? undefined : this.names.sites[gln];
    if (!site?.country) return '';
    const country = countryName(site.country, this.language);
    const region = seen(site.region ?? '').split(/[,，] */).filter(Boolean).reverse();
    return this.language === 'zh'
      ? [country, ...region.reverse()].join(' ')
      : [...region, country].join(', ');
  }

  country(party: string): string {
    const country =
      this.registry.parties.get(party)?.country ?? this.names.parties[party]?.country ?? '';
    return country && countryName(country, this.language);
  }

  place(place: string): PlaceName {
    const gln = glnOf(place);
    const site = gln === null ? undefined : this.names.sites[gln];
    if (!site) {
      const name = place === '' ? textsOf(this.language).noPlace : shortCode(place);
      return { name, region: '', country: '', at: null };
    }
    // Omits what the place's own name already contains.
    const region = seen(site.region ?? '')
      .split(/[,，] */)
      .filter((part) => part && !site.name.includes(part));
    const { latitude, longitude } = site;
    return {
      name: seen(site.name),
      region: region.join(this.language === 'zh' ? ' · ' : ', '),
      country: site.country ? countryName(site.country, this.language) : '',
      at: latitude === undefined || longitude === undefined ? null : [longitude, latitude],
    };
  }

  product(gtin: string): string {
    const { product } = this.registry;
    if (product && product.gtin === gtin) {
      return seen((this.language === 'zh' && product.nameZh) || product.name);
    }
    return seen(inLanguage(this.names.products[gtin], this.language) || gtin);
  }

  /** The serial numbers of other items are not shown: they are nobody's business here. */
  thing(code: string): string {
    const { gtin, lot, serial } = partsOf(code);
    if (gtin && serial && code !== this.code) return containerName(code, this.language);
    if (gtin) return [this.product(gtin), lot].filter(Boolean).join(' ');
    return `${containerName(code, this.language)} ${shortCode(code)}`;
  }
}
