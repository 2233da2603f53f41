// A journey as it is shown: stops in order of time, with the statements made at each.
import type { Erased, StatedEvent, TraceEvent, Verdict } from '../../verify/index.js';
import { equal } from '../../verify/bytes.js';
import { glnOf, partsOf } from './codes.js';
import { endingOf, rightsOf } from './effect.js';
import type { Ending, Right } from './effect.js';
import { confirmations, gradeOf, involvedIn } from './grade.js';
import type { Grade } from './grade.js';
import { journeyOf } from './journey.js';
import type { Statement } from './journey.js';
import { makersOf, makingsOf, sourcesOf } from './making.js';
import type { Makings } from './making.js';
import { provenRegistry } from './registry.js';
import type { ProvenRegistry } from './registry.js';
import { findIn } from './tree.js';
import { bare } from './words.js';

/** A time as on the clock of the place. */
export interface LocalTime {
  ms: number;
  offset: number; // In minutes.
}

export interface Told extends Statement {
  step: string;
  result: string;
  time: LocalTime;
  place: string; // A place's code; empty if none is named.
  grade: Grade;
  right: Right | null; // Null: it changes no state of the thing, whoever states it.
  sealed: Sealed[];
}

/** A part of a statement that is next to the log, only for some readers. */
export interface Sealed {
  label: string;
  audience: TraceEvent['sections'][number]['audience'];
  erased: Erased | null; // Null: it is kept for its audience.
}

export interface Stop {
  number: number | null; // Null: the item was not there; something was stated about it.
  place: string;
  told: Told[];
}

export interface Report {
  number: string;
  type: string;
  sha256: string; // Hexadecimal; empty if the statement names none.
  mediaType: string;
  told: Told; // The statement that names it.
}

export interface Withheld {
  leaf: number;
  event: number;
  party: string;
  signer: string | null;
  with: string[];
  logTimeMs: bigint;
  erased: Erased[]; // Its sealed sections that were erased.
}

export interface Story extends Ending {
  code: string;
  registry: ProvenRegistry;
  told: Told[];
  stops: Stop[];
  reports: Report[];
  picture: Report | null;
  withheld: Withheld[];
  isWhole: boolean; // Nothing is withheld, no chain is cut.
  recalls: Told[];
  lot: string | null; // Its code.
  made: { production: string | null; expiry: string | null; plant: string | null };
  origins: Told[];
}

export const PICTURE = 'product_picture';

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Neither withdrawn nor itself a withdrawal, which repeats what it withdraws. */
export const stands = ({ withdrawn, what }: Statement): boolean =>
  !withdrawn && what.error === null;

function tell(
  statement: Statement,
  registry: ProvenRegistry,
  confirmed: Confirmed,
  involved: Set<string>,
): Omit<Told, 'right'> {
  const { what } = statement;
  return {
    ...statement,
    step: bare(what.step),
    result: bare(what.result),
    time: { ms: Number(what.eventTime), offset: what.eventOffset },
    place: what.readPoint || what.bizLocation,
    grade: gradeOf(statement, registry, confirmed, involved),
    sealed: sealedOf(statement),
  };
}

function sealedOf({ what, erased }: Statement): Sealed[] {
  return what.sections.map(({ label, audience, digest }) => ({
    label,
    audience,
    erased: erased.find(({ section }) => equal(section, digest)) ?? null,
  }));
}

type Confirmed = ReturnType<typeof confirmations>;

/** Whether the thing, or what became it, was where this was stated. */
function wasThere({ relation, what, withdrawn }: Told): boolean {
  const goods = relation === 'own' || relation === 'container' || relation === 'ancestor';
  return goods && what.kind !== 'transaction' && !what.wholeLot && !withdrawn;
}

/** Papers of the trade, which follow each other in one breath. */
const isPaperwork = (told: Told): boolean => !wasThere(told) && told.what.kind !== 'inspection';

/** Events in a row at one place are one stop; so are statements about the thing on the way. */
function stopsOf(told: Told[]): Stop[] {
  const stops: Stop[] = [];
  let places = 0;
  for (const one of told) {
    const last = stops[stops.length - 1];
    const there = wasThere(one);
    const before = last?.told[0];
    const same =
      before !== undefined &&
      wasThere(before) === there &&
      (last!.place === one.place || (isPaperwork(before) && isPaperwork(one)));
    if (same) last!.told.push(one);
    else stops.push({ number: there ? ++places : null, place: one.place, told: [one] });
  }
  return stops;
}

function reportsOf(standing: Told[]): Report[] {
  const reports = new Map<string, Report>();
  for (const one of standing) {
    for (const { number, type, sha256, mediaType } of one.what.documents) {
      const digest = sha256 ? hex(sha256) : '';
      const key = digest || `${type} ${number}`;
      if (!reports.has(key)) {
        reports.set(key, { number, type: bare(type), sha256: digest, mediaType, told: one });
      }
    }
  }
  return [...reports.values()];
}

/** The making of the lot, or of the unit itself if no lot is known. */
function makingOf(makings: Makings, code: string): Story['made'] {
  const trees = (makings.get(code) ?? []).flatMap(({ what }) => [what.ilmd, what.extensions]);
  return {
    production: findIn(trees, ['productionDate', 'production_date', 'manufacturingDate']),
    expiry: findIn(trees, ['expiryDate', 'expiry_date', 'itemExpirationDate', 'bestBeforeDate']),
    plant: findIn(trees, ['gaccRegistration', 'gacc_reg', 'establishment']),
  };
}

function lotOf(makings: Makings, code: string): string | null {
  if (partsOf(code).lot) return code;
  return makings.get(code)?.find(({ what }) => what.lot !== '')?.what.lot ?? null;
}

/** By those whose product it is, or who made it: a rival may state a picture of the lot too. */
function pictureOf(told: Told[], { product }: ProvenRegistry, makers: Set<string>): Report | null {
  const owners = [product?.owner, product?.recallAgent];
  const trusted = told.filter(({ party }) => makers.has(party) || owners.includes(party));
  const isPicture = ({ type, sha256 }: Report): boolean => type === PICTURE && sha256 !== '';
  return reportsOf(trusted).find(isPicture) ?? null;
}

function withheldOf(events: StatedEvent[]): Withheld[] {
  return events
    .filter(({ what }) => what.is === 'withheld')
    .map(({ what: _, ...rest }) => rest);
}

export function storyOf({ code, events, counts }: Verdict): Story {
  const statements = journeyOf(code, events);
  const registry = provenRegistry(events, partsOf(code).gtin);
  const confirmed = confirmations(statements);
  const involved = involvedIn(statements);
  const withheld = withheldOf(events);
  const isWhole = withheld.length === 0 && counts.cuts === 0;
  const rights = rightsOf(statements, code, registry, isWhole);
  const told = statements.map((one) => ({
    ...tell(one, registry, confirmed, involved),
    right: rights.get(one) ?? null,
  }));
  const standing = told.filter(stands);
  const makings = makingsOf(standing);
  const lot = lotOf(makings, code);
  const firsts = makersOf(sourcesOf(code, makings), makings);
  return {
    code,
    registry,
    told,
    stops: stopsOf(told),
    reports: reportsOf(standing).filter(({ type }) => type !== PICTURE),
    picture: pictureOf(standing, registry, makersOf([code, lot ?? code], makings)),
    withheld,
    isWhole,
    recalls: standing.filter(
      ({ step, relation, what }) =>
        step === 'recalling' && what.kind === 'inspection' && relation !== 'document',
    ),
    ...endingOf(told, code),
    lot,
    made: makingOf(makings, lot ?? code),
    // Of what the thing comes from, only who made it says where.
    origins: standing.filter(({ what, party }) => what.kind === 'origin' && firsts.has(party)),
  };
}

/** Who signed at a stop for parties without keys, each once. */
export const gatewaysOf = ({ told }: Stop): string[] => [
  ...new Set(told.flatMap(({ signer }) => signer ?? [])),
];

/** The places of a story, each once. */
export function placesOf(story: Story): string[] {
  return [...new Set(story.told.flatMap(({ place }) => glnOf(place) ?? []))];
}

/** GTINs of what the thing was made from, whose names are in no proof of this code. */
export function gtinsOf({ told, registry }: Story): string[] {
  const codes = told.flatMap(({ what, about }) => [
    about,
    ...what.inputs.map((item) => item.code),
    ...what.outputs.map((item) => item.code),
  ]);
  const known = registry.product?.gtin;
  return [...new Set(codes.flatMap((code) => partsOf(code).gtin ?? []))].filter((g) => g !== known);
}

/** Parties that the page names and that signed nothing in the bundle. */
export function partiesOf({ registry: { product, parties }, told }: Story): string[] {
  const holders = told.flatMap(({ what }) => [...what.sources, ...what.destinations]);
  const named = holders.filter(({ id }) => id.startsWith(PARTY)).map(({ id }) => id.slice(PARTY.length));
  const all = new Set([product?.owner ?? '', product?.recallAgent ?? '', ...named]);
  return [...all].filter((id) => id !== '' && id !== 'consumer' && !parties.has(id));
}

const PARTY = 'urn:suyuan:party:';
