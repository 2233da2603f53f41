// Codes as people meet them (docs/identifiers.md). The node reads every spelling. This page reads
// the usual ones itself, so that it notices an answer about another code than the requested one.

const HOME = 'https://id.gs1.org';
const SEPARATOR = '\x1d'; // FNC1, as scanners send it.
// Element strings: AIs whose values have a fixed length, and those that end at FNC1.
const FIXED: Record<string, number> = {
  '00': 18, '01': 14, '02': 14, '11': 6, '12': 6, '13': 6, '15': 6, '16': 6, '17': 6, '20': 2,
}; // prettier-ignore
const OPEN = ['10', '21', '22', '235', '30', '37', '91', '240', '241', '250', '251'];

type Elements = Map<string, string>;

const escaped = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase(),
  );

function ofElements(elements: Elements): string | null {
  const sscc = elements.get('00');
  if (sscc !== undefined) return `${HOME}/00/${sscc}`;
  const gtin = elements.get('01');
  if (gtin === undefined || !/^[0-9]{8,14}$/.test(gtin)) return null;
  const one = `${HOME}/01/${gtin.padStart(14, '0')}`;
  for (const finest of ['21', '235', '10', '22']) {
    const value = elements.get(finest);
    if (value !== undefined) return `${one}/${finest}/${escaped(value)}`;
  }
  return one;
}

function digitalLink(text: string): Elements | null {
  const path = /^https?:\/\/[^/]+(\/[^?#]*)/i.exec(text)?.[1];
  const found = path && /\/(0[01]\/[^/]+(?:\/[0-9]{2,4}\/[^/]+)*)$/.exec(path);
  if (!found) return null;
  const parts = found[1]!.split('/');
  const elements: Elements = new Map();
  try {
    for (let i = 0; i < parts.length; i += 2) {
      elements.set(parts[i]!, decodeURIComponent(parts[i + 1]!));
    }
  } catch {
    return null; // A bad escape.
  }
  return elements;
}

function bracketed(text: string): Elements | null {
  if (!text.startsWith('(')) return null;
  const elements: Elements = new Map();
  for (const [, ai, value] of text.matchAll(/\(([0-9]{2,4})\)((?:\\\(|[^(])*)/g)) {
    elements.set(ai!, value!.replaceAll('\\(', '('));
  }
  return elements;
}

function raw(text: string): Elements | null {
  let rest = text.replace(/^\](d2|Q3|C1|e0|J1)/, '').replace(new RegExp(`^${SEPARATOR}`), '');
  if (!/^0[01][0-9]{14}/.test(rest)) return null;
  const elements: Elements = new Map();
  while (rest !== '') {
    const fixed = FIXED[rest.slice(0, 2)];
    const ai = fixed ? rest.slice(0, 2) : OPEN.find((one) => rest.startsWith(one));
    if (ai === undefined) return null;
    const open = rest.indexOf(SEPARATOR) < 0 ? rest.length : rest.indexOf(SEPARATOR);
    const end = fixed ? ai.length + fixed : open;
    elements.set(ai, rest.slice(ai.length, end));
    rest = rest.slice(end).replace(new RegExp(`^${SEPARATOR}`), '');
  }
  return elements;
}

const elementsOf = (text: string): Elements | null =>
  digitalLink(text) ?? bracketed(text) ?? raw(text);

/** Returns the canonical code, or null if this page cannot determine it. */
export function canonicalOf(text: string): string | null {
  const trimmed = text.trim();
  if (/^([0-9]{8}|[0-9]{12,14})$/.test(trimmed)) return ofElements(new Map([['01', trimmed]]));
  if (/^urn:(epc:id:(bic|imovn|gid|usdod)|x-suyuan):/.test(trimmed)) return trimmed;
  const elements = elementsOf(trimmed);
  return elements && ofElements(elements);
}

/** The lot that a label names next to the code; the canonical code of a unit has none. */
export const lotOnLabel = (text: string): string | null => elementsOf(text.trim())?.get('10') ?? null;

/** The wrong digit of a barcode, counted as it was typed and not in the GTIN with its zeros. */
export function asTyped(number: string, place: number, typed: string): [string, number] {
  const digits = typed.trim();
  const added = number.length - digits.length;
  const padded = /^[0-9]+$/.test(digits) && number === '0'.repeat(Math.max(added, 0)) + digits;
  return padded && place > added ? [digits, place - added] : [number, place];
}

/** The code that the page's address names: a Digital Link path, or ?code=. */
export function codeInAddress({ pathname, search }: { pathname: string; search: string }): string {
  const asked = new URLSearchParams(search).get('code');
  if (asked) return asked;
  return /^\/[0-9]{2,4}\//.test(pathname) ? HOME + pathname : '';
}

/** Returns the address at which this page shows the code. */
export function addressOf(code: string): string {
  return code.startsWith(`${HOME}/`)
    ? code.slice(HOME.length)
    : `/?code=${encodeURIComponent(code)}`;
}

export interface CodeParts {
  gtin: string | null;
  lot: string | null;
  serial: string | null;
}

export function partsOf(code: string): CodeParts {
  const elements = code.startsWith(`${HOME}/`) ? digitalLink(code) : null;
  return {
    gtin: elements?.get('01') ?? null,
    lot: elements?.get('10') ?? null,
    serial: elements?.get('21') ?? null,
  };
}

export function isLot(code: string): boolean {
  const { lot, serial } = partsOf(code);
  return lot !== null && serial === null;
}

/** A pallet, container or parcel: it carries goods and is not one of them. */
export const isTransportUnit = (code: string): boolean =>
  code.startsWith(`${HOME}/00/`) || /^urn:(epc:id:bic|x-suyuan:parcel):/.test(code);

const PLACES_AND_PAPERS = [
  /^https?:\/\/[^/]+\/(253|41[457])\/[^/]+(\/(254|7040|8020)\/[^/]+)?$/,
  /^\((253|41[457])\)[^(]+(\((254|7040|8020)\)[^(]+)?$/,
  /^urn:(x-suyuan:(order|payment|customs-list|document)|epcglobal:cbv:bt|epc:id:([sp]gln|gdti)):/,
];

/** The code of a place, a party or a document, as its form alone shows (docs/identifiers.md). */
export const isPlaceOrPaper = (code: string): boolean =>
  PLACES_AND_PAPERS.some((form) => form.test(code));

/** As it would be read aloud: the number without the address before it. */
export function shortCode(code: string): string {
  const { gtin, lot, serial } = partsOf(code);
  if (gtin) return serial ?? lot ?? gtin;
  return code.slice(code.lastIndexOf(code.startsWith('urn:') ? ':' : '/') + 1);
}

/** The GLN of a place's code, or null if the place is named in another way. */
export function glnOf(place: string): string | null {
  return /^https:\/\/id\.gs1\.org\/414\/([0-9]{13})/.exec(place)?.[1] ?? null;
}
