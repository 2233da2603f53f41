// The @context of an event (docs/epcis.md, Payload 2): which prefixes it declares. Nothing is
// fetched.
import { Fault } from './bytes.js';
import { RESERVED } from './epcis_terms.js';
import { JsonNumber } from './json.js';
import type { AnyJson } from './json.js';

const ENTRIES_MAX = 128;
const URI_BYTES_MAX = 2048;
const EXPANDED_MAX = 512;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
const GS1_EPCIS = /^https?:\/\/((ref|ns|www)\.)?gs1\.org\/epcis\//i;
const NAME = /^[A-Za-z0-9\-_.]{1,64}$/;
const STANDARD = [
  'https://ref.gs1.org/standards/epcis/epcis-context.jsonld',
  'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  'https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld',
  'https://gs1.github.io/EPCIS/epcis-context.jsonld',
];
const SCHEMES = 'data did file ftp geo http https info ni oid tag urn ws wss'.split(' ');
// The first one is the meaning where nothing is declared.
const SPACES: Record<string, string[]> = {
  epcis: ['https://ref.gs1.org/epcis/', 'https://ns.gs1.org/epcis/'],
  cbv: ['https://ref.gs1.org/cbv/', 'https://ns.gs1.org/cbv/'],
  cbvmda: ['urn:epcglobal:cbv:mda:', 'urn:epcglobal:cbv:mda'],
  gs1: [
    'https://ref.gs1.org/voc/',
    'https://gs1.org/voc/',
    'https://www.gs1.org/voc/',
    'http://gs1.org/voc/',
  ],
  rdfs: ['http://www.w3.org/2000/01/rdf-schema#'],
  owl: ['http://www.w3.org/2002/07/owl#'],
  xsd: ['http://www.w3.org/2001/XMLSchema#'],
  dcterms: ['http://purl.org/dc/terms/'],
};

/** Of the ledger's own name space, in whatever case. */
export function isOwn(uri: string): boolean {
  return /^suyuan:/i.test(uri);
}

/** What a reader that expands the text would take for a prefix; '': nothing. */
function prefixIn(text: string): string {
  const colon = text.indexOf(':');
  return colon < 0 || text.startsWith('//', colon + 1) ? '' : text.slice(0, colon);
}

function versionFault(version: AnyJson): string | null {
  const is = version instanceof JsonNumber && version.text === '1.1';
  return is ? null : 'a version of JSON-LD that is not 1.1';
}

/** The name space of a prefix: as text, or as {"@id": "...", "@prefix": true}; null: neither. */
function spaceIn(declared: AnyJson): string | null {
  if (typeof declared === 'string') return declared;
  if (!(declared instanceof Map) || declared.size !== 2) return null;
  const space = declared.get('@id');
  return typeof space === 'string' && declared.get('@prefix') === true ? space : null;
}

export function isUri(text: string): boolean {
  return text.length <= URI_BYTES_MAX && URI.test(text);
}

export class LdContext {
  private readonly prefixes = new Map<string, string>();
  private entries = 0;
  private standard = false;

  /** What is wrong with it; null: nothing. */
  read(context: AnyJson | undefined): string | null {
    if (context === undefined) return 'it has no @context';
    for (const one of Array.isArray(context) ? context : [context]) {
      const fault = this.add(one);
      if (fault !== null) return fault;
    }
    if (this.entries > ENTRIES_MAX) return 'too many entries in the @context';
    return this.standard ? null : "the @context does not name the standard's";
  }

  private add(one: AnyJson): string | null {
    if (typeof one === 'string') {
      ++this.entries;
      this.standard ||= STANDARD.includes(one);
      return isUri(one) ? null : 'an address in the @context is no URI';
    }
    if (!(one instanceof Map)) return 'the @context holds addresses and objects';
    for (const [name, declared] of one) {
      ++this.entries;
      const fault =
        name === '@version' ? versionFault(declared) : this.addPrefix(name, spaceIn(declared));
      if (fault !== null) return `${fault} in the @context: ${JSON.stringify(name)}`;
    }
    return null;
  }

  private addPrefix(name: string, space: string | null): string | null {
    if (!NAME.test(name)) return 'no prefix';
    if (space === null || !isUri(space)) return 'a prefix stands for a URI';
    if (Object.hasOwn(SPACES, name)) {
      if (!SPACES[name]!.includes(space)) return 'another meaning of a prefix of the standard';
    } else if (SCHEMES.includes(name.toLowerCase()) || RESERVED.has(name)) {
      return 'a name that keeps its meaning';
    }
    const begin = prefixIn(space);
    const chained = [...this.prefixes.values()].some((before) => prefixIn(before) === name);
    if (chained || begin === name || this.spaceOf(begin) !== undefined) {
      return 'a name space that begins with a prefix';
    }
    if (isOwn(space)) return "a prefix within the ledger's name space";
    const before = this.prefixes.get(name);
    if (before !== undefined && before !== space) return 'two meanings of one prefix';
    this.prefixes.set(name, space);
    return null;
  }

  expand(text: string): string {
    const colon = text.indexOf(':');
    if (colon < 0 || text.startsWith('//', colon + 1)) return text;
    const space = this.spaceOf(text.slice(0, colon));
    return space === undefined ? text : space + text.slice(colon + 1);
  }

  private spaceOf(name: string): string | undefined {
    const table = Object.hasOwn(SPACES, name) ? SPACES[name]![0] : undefined;
    return this.prefixes.get(name) ?? table;
  }

  /** Whether a field of one's own may have this name. */
  isFree(name: string): boolean {
    const whole = this.expand(name);
    return isUri(name) && !isOwn(whole) && !GS1_EPCIS.test(whole);
  }

  uri(text: string): string | Fault {
    if (!isUri(text)) return new Fault(`${JSON.stringify(text)} is no URI`);
    const whole = this.expand(text);
    return whole.length <= EXPANDED_MAX ? whole : new Fault('a URI of more than 512 bytes');
  }
}
