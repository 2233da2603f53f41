// The lots and the units of a kind of product, and the units of a lot, as the node lists them: in
// pages, and never more than a person reads. The list is the node's word; each lot and unit proves
// itself when it is opened.
import type { Below } from './api.js';
import { isLot, partsOf } from './codes.js';
import { isClassCode } from './conclusion.js';

export type Listed = 'lots' | 'units';

export interface Listing {
  codes: string[]; // Canonical, each once.
  next: string; // The node's token of the next page; empty: that was the last.
}

export const PAGE_CODES = 50;
// No further page is asked for then. Nobody looks for one item in a longer list: its own code leads
// to it.
export const LISTED_MAX = 500;

export const NOTHING: Listing = { codes: [], next: '' };

/** How docs/resolver.md names what is listed, and the AI that its codes have behind the GTIN. */
export const KINDS = { lots: 'lot', units: 'serial' } as const;
const AI = { lots: '10', units: '21' } as const;

/** What is listed under a code. */
export function listedUnder(code: string): Listed[] {
  if (isClassCode(code)) return ['lots', 'units'];
  return isLot(code) ? ['units'] : [];
}

/** The kind of product that a code is, or that it is a lot of: a lot's units are named by it. */
const classOf = (code: string): string => /^https:\/\/[^/]+\/01\/[0-9]{14}/.exec(code)?.[0] ?? code;

/** A page of the node's answer, without what is no lot or unit of the same class. */
export function listingOf(said: Below | null, asked: string, listed: Listed): Listing {
  const { items, next } = said?.below ?? {};
  const start = `${classOf(asked)}/${AI[listed]}/`;
  const codes = (Array.isArray(items) ? items : [])
    .map((item) => item?.code)
    .filter((code) => typeof code === 'string' && code.startsWith(start))
    .filter((code) => /^[^/?#]+$/.test(code.slice(start.length)));
  return { codes: [...new Set(codes)].slice(0, PAGE_CODES), next: typeof next === 'string' ? next : '' };
}

export function continued(listing: Listing, page: Listing): Listing {
  return { codes: [...new Set([...listing.codes, ...page.codes])], next: page.next };
}

/** What must be said of a list's end: that there is more, here or not; null: the list is short. */
export function endOf({ codes, next }: Listing): 'more' | 'tooMany' | 'all' | null {
  if (next !== '') return codes.length < LISTED_MAX ? 'more' : 'tooMany';
  return codes.length > PAGE_CODES ? 'all' : null;
}

/** The lot or serial number as it is on the label. */
export function numberOf(code: string, listed: Listed): string {
  const { lot, serial } = partsOf(code);
  return (listed === 'lots' ? lot : serial) ?? code;
}
