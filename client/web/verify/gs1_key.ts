// GS1 keys (docs/identifiers.md 2 and 3): which there are, what their values may be, and their one
// canonical text.
import { Fault } from './bytes.js';

const SET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const X = /^[!"%-?A-Z_a-z]+$/;
const Y = /^[#\-/0-9A-Z]+$/;
const N = /^[0-9]+$/;

interface Value {
  name: string;
  set: RegExp;
  min: number;
  max: number;
  digits?: number; // At the front, with a check digit as their last; from `from` on.
  from?: number;
  also?: (value: string) => string | null;
}

const company = (value: string): string | null =>
  /^[0-9]{4}/.test(value) ? null : 'it begins with a GS1 company prefix';

const inSet = (name: string, set: RegExp, min: number, max: number): Value => ({
  name,
  set,
  min,
  max,
});
/** `digits` with a check digit, then up to `more` of the set. */
const checked = (name: string, digits: number, more = 0, set = N): Value => ({
  name,
  set,
  min: digits,
  max: digits + more,
  digits,
});

const IMPORTER = inSet('7040', /^[0-9][!"%-?A-Z_a-z]{2}[-_A-Za-z0-9]$/, 4, 4);

const VALUES: Record<string, Value> = {
  '00': checked('SSCC', 18),
  '01': checked('GTIN', 14),
  '10': inSet('lot', X, 1, 20),
  '21': inSet('serial number', X, 1, 20),
  '22': inSet('variant', X, 1, 20),
  '235': inSet('third-party serial number', X, 1, 28),
  '253': checked('GDTI', 13, 17, X),
  '254': inSet('GLN extension', X, 1, 20),
  '255': checked('GCN', 13, 12),
  '401': { ...inSet('GINC', X, 4, 30), also: company },
  '402': checked('GSIN', 17),
  '414': checked('GLN', 13),
  '415': checked('GLN', 13),
  '417': checked('GLN', 13),
  '7040': IMPORTER,
  '8003': { ...checked('GRAI', 14, 16, X), from: 1 },
  '8004': { ...inSet('GIAI', X, 4, 30), also: company },
  '8006': { name: 'ITIP', set: N, min: 18, max: 18, digits: 14, also: checkPiece },
  '8010': { ...inSet('CPID', Y, 4, 30), also: company },
  '8011': inSet('CPID serial number', /^[1-9][0-9]*$/, 1, 12),
  '8013': { ...inSet('GMN', X, 7, 25), also: (value) => company(value) ?? checkModel(value) },
  '8017': checked('GSRN', 18),
  '8018': checked('GSRN', 18),
  '8019': inSet('service relation instance', N, 1, 10),
  '8020': inSet('payment slip reference', X, 1, 25),
};

/** Qualifiers of each primary key, from coarse to fine. */
const QUALIFIERS: Record<string, string[]> = {
  '00': [],
  '01': ['22', '10', '235', '21'],
  '253': [],
  '255': [],
  '401': [],
  '402': [],
  '414': ['254', '7040'],
  '415': ['8020'],
  '417': ['7040'],
  '8003': [],
  '8004': ['7040'],
  '8006': ['22', '10', '21'],
  '8010': ['8011'],
  '8013': [],
  '8017': ['8019'],
  '8018': ['8019'],
};

export const isPrimary = (ai: string): boolean => Object.hasOwn(QUALIFIERS, ai);
export const qualifiersOf = (primary: string): string[] => QUALIFIERS[primary]!;

/** The digit that ends a number: data digits weigh 3, 1, 3, 1 from the right. */
export function checkDigit(data: string): string {
  let sum = 0;
  for (let i = 0; i < data.length; ++i) {
    sum += Number(data[data.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

function checkPiece(value: string): string | null {
  const [piece, total] = [Number(value.slice(14, 16)), Number(value.slice(16))];
  return piece >= 1 && piece <= total ? null : 'the piece is not one of its total';
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79];
const MODEL_CHECKS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function checkModel(value: string): string | null {
  const data = value.slice(0, -2);
  let sum = 0;
  for (let i = 0; i < data.length; ++i) {
    const prime = i === 22 ? 83 : PRIMES[i]!;
    sum += SET_82.indexOf(data[data.length - 1 - i]!) * prime;
  }
  sum %= 1021;
  const check = MODEL_CHECKS[sum >> 5]! + MODEL_CHECKS[sum & 31]!;
  return value.endsWith(check) ? null : 'the check characters of the GMN';
}

/** Numbers that many companies use, each for something else. */
function isRestricted(ai: string, value: string): boolean {
  if (['01', '8006'].includes(ai) && value.startsWith('000000')) {
    return value[6] === '0' || value[6] === '2'; // A GTIN-8.
  }
  const from = ['00', '01', '8006', '8003'].includes(ai) ? 1 : 0;
  return /^(02|04|2)[0-9]/.test(value.slice(from, from + 3)) && N.test(value.slice(from, from + 3));
}

/** The value as in canonical text, before escaping. */
export function checkValue(ai: string, sent: string): string | Fault {
  const rule = VALUES[ai];
  if (!rule) return new Fault(`(${ai}) is no key or qualifier`);
  const padded = ai === '01' && N.test(sent) && [8, 12, 13].includes(sent.length);
  const value = padded ? sent.padStart(14, '0') : sent;
  const bad = (why: string): Fault => new Fault(`${rule.name} ${JSON.stringify(sent)}: ${why}`);
  if (value.length < rule.min || value.length > rule.max) return bad('its length');
  if (!rule.set.test(value) || value === '.' || value === '..') return bad('its characters');
  if (rule.digits !== undefined) {
    const number = value.slice(0, rule.digits);
    if (!N.test(number)) return bad('its front is a number');
    if (rule.from === 1 && number[0] !== '0') return bad('it begins with 0');
    const data = number.slice(rule.from ?? 0, -1);
    if (!number.endsWith(checkDigit(data))) return bad('its check digit');
  }
  const also = rule.also?.(value) ?? null;
  if (also !== null) return bad(also);
  if (isPrimary(ai) && isRestricted(ai, value)) return bad('a number for use inside one company');
  return value;
}

/** Everything except A-Za-z0-9-._~ as %XX. REQUIRES: ASCII. */
export function escaped(text: string): string {
  return text.replace(
    /[^A-Za-z0-9\-._~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The text of a primary key and its qualifiers, which are checked here. */
export function gs1Code(
  primary: string,
  sent: string,
  qualifiers: Map<string, string> = new Map(),
): string | Fault {
  const value = checkValue(primary, sent);
  if (value instanceof Fault) return value;
  let text = `https://id.gs1.org/${primary}/${escaped(value)}`;
  let finest = '';
  for (const ai of qualifiersOf(primary)) {
    const given = qualifiers.get(ai);
    if (given === undefined) continue;
    const qualifier = checkValue(ai, given);
    if (qualifier instanceof Fault) return qualifier;
    finest = `/${ai}/${escaped(qualifier)}`;
  }
  if (primary === '415' && finest === '') return new Fault('(415) stands with its (8020)');
  text += finest;
  return text;
}
