// The values of EPCIS JSON, one form each (docs/epcis.md, Payload 1 to 5 and Vocabulary).
import { Fault, fromUtf8 } from './bytes.js';
import { VOCABULARIES } from './epcis_terms.js';
import type { Form, Vocabulary } from './epcis_terms.js';
import type { Decimal } from './event_schema.js';
import { canonicalCode, isPlainEpc } from './identify.js';
import { JsonNumber } from './json.js';
import type { AnyJson } from './json.js';
import { LdContext, isOwn, isUri } from './ld_context.js';

const VALUES_MAX = 32_768;
const TEXT_BYTES_MAX = 4096;
const LIST_MAX = 256;
export const ITEMS_MAX = 4096;
const OFFSET_MINUTES_MAX = 14 * 60;
// formats.md 2: what no text of a payload holds.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
// Numbers, so that every reader takes them.
const NUMBER_BYTES_MAX = 64;
const LONG_EXPONENT = /[eE][+-]?[0-9]{5}/;
const GS1_VOC = /^(https:\/\/(ref\.|www\.)?|http:\/\/)gs1\.org\/voc\//;
// In any case of letters: what looks like a word of the standard is one, or is refused.
const GS1_CBV = /^(urn:epcglobal:cbv:|https?:\/\/((ref|ns|www)\.)?gs1\.org\/cbv\/)/i;
// A name of GS1's that resembles no word, in small letters.
const OTHER_CBV = /^https:\/\/ref\.gs1\.org\/cbv\/(?!(bizstep|disp|btt|sdt|er|comp)-)[^%]*$/;
const GS1_ANY_VOC = /^https?:\/\/((ref|ns|www)\.)?gs1\.org\/voc\//i;
const OWN_TREE = 'suyuan:other'; // What sensors may say and EPCIS has no name for.
const OWN_WORD = /^[a-z][a-z0-9_]{0,63}$/;
const OWN_MEASUREMENT = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const NONCHARACTER = /\p{Noncharacter_Code_Point}/u; // RFC 7493 2.1
const UOM = /^[A-Z0-9]{2,3}$/;
const TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?(Z|[+-]\d\d:[0-5]\d)$/;
const OFFSET = /^([+-])(\d\d):([0-5]\d)$/;

const isOtherCbv = (uri: string): boolean =>
  uri.startsWith('https://ref.gs1.org/cbv/') && OTHER_CBV.test(uri.toLowerCase());

export type JsonObject = Map<string, AnyJson>;

export interface Moment {
  ms: bigint;
  offset: number; // Minutes.
}

/** Thrown while reading an event; caught only in decodeEpcis. */
export class Wrong extends Error {}

export function need(good: boolean, at: string, why: string): asserts good {
  if (!good) throw new Wrong(`${at || 'the event'}: ${why}`);
}

// I-JSON beyond the grammar. Depth is bounded by the parser.
export function checkTexts(value: AnyJson, count: { values: number }): void {
  need(++count.values <= VALUES_MAX, '', 'too many values');
  if (typeof value === 'string') checkText(value);
  else if (value instanceof JsonNumber) {
    const good = value.text.length <= NUMBER_BYTES_MAX && !LONG_EXPONENT.test(value.text);
    need(good, '', 'a number of more than 64 characters, or 4 of its exponent');
  }
  else if (Array.isArray(value)) for (const one of value) checkTexts(one, count);
  else if (value instanceof Map) {
    for (const [name, one] of value) {
      need(name !== '', '', 'a name is empty');
      checkText(name);
      checkTexts(one, count);
    }
  }
}

function checkText(text: string): void {
  need(!CONTROL.test(text), '', 'a control character in a text');
  need(!NONCHARACTER.test(text), '', 'a code point that is no character');
  const long = text.length > TEXT_BYTES_MAX / 3 && new TextEncoder().encode(text).length;
  need(!long || long <= TEXT_BYTES_MAX, '', 'a text of more than 4,096 bytes');
}

export class Values {
  readonly context = new LdContext();

  // Values of one form each.
  text(value: AnyJson | undefined, at: string): string {
    need(typeof value === 'string' && value !== '', at, 'a text is needed');
    return value;
  }
  uri(value: AnyJson | undefined, at: string): string {
    const uri = this.context.uri(this.text(value, at));
    need(!(uri instanceof Fault), at, uri instanceof Fault ? uri.why : '');
    return uri;
  }
  code(value: AnyJson | undefined, at: string): string {
    const code = canonicalCode(this.uri(value, at));
    need(!(code instanceof Fault), at, code instanceof Fault ? code.why : '');
    return code;
  }
  word({ words, prefixes, own }: Vocabulary, value: AnyJson | undefined, at: string): string {
    const text = this.text(value, at);
    if (!text.includes(':')) {
      need(words.has(text), at, `${text} is no word of CBV`);
      return text;
    }
    const measured = prefixes === VOCABULARIES.measurement.prefixes;
    const uri = measured
      ? this.uri(text, at).replace(GS1_VOC, VOCABULARIES.measurement.prefixes[0]!)
      : this.uri(text, at);
    if (own !== '' && uri.startsWith(own)) {
      const mine = uri.slice(own.length);
      const good = (measured ? OWN_MEASUREMENT : OWN_WORD).test(mine) && !words.has(mine);
      need(good, at, `${text} is no word of the ledger`);
      return mine;
    }
    const prefix = prefixes.find((one) => uri.startsWith(one));
    if (prefix !== undefined) {
      const word = uri.slice(prefix.length);
      need(words.has(word), at, `${text} is no word of CBV`);
      return word;
    }
    const cbv = GS1_CBV.test(uri) && !isOtherCbv(uri);
    const other = cbv || (measured && GS1_ANY_VOC.test(uri)) || isOwn(uri);
    need(!other, at, `${text} is no word of CBV or the ledger`);
    return uri;
  }
  time(value: AnyJson | undefined, at: string): Moment {
    const found = TIME.exec(this.text(value, at));
    need(found !== null, at, 'a time with an offset is needed');
    const [, year, month, day, hour, minute, second, fraction = '.', zone] = found;
    const date = new Date(0);
    date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
    const real = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
    need(real, at, 'there is no such day');
    const offset = zone === 'Z' ? 0 : this.offset(zone!, at);
    date.setUTCHours(Number(hour), Number(minute) - offset, Number(second));
    const ms = Number(fraction.slice(1, 4).padEnd(3, '0'));
    return { ms: BigInt(date.getTime() + ms), offset };
  }
  offset(text: string, at: string): number {
    const found = OFFSET.exec(text);
    const minutes = found ? Number(found[2]) * 60 + Number(found[3]) : Infinity;
    need(minutes <= OFFSET_MINUTES_MAX, at, 'an offset up to 14:00 is needed');
    return found![1] === '-' ? -minutes : minutes;
  }
  place(place: JsonObject, at: string): string {
    for (const name of place.keys()) {
      // Another reader could take it for another place.
      need(name[0] !== '@' && !isOwn(name), `${at}/${name}`, 'no such member');
    }
    return this.code(place.get('id'), `${at}/id`);
  }
  object(value: AnyJson | undefined, at: string): JsonObject {
    need(value instanceof Map, at, 'an object is needed');
    return value;
  }
  list(value: AnyJson | undefined, at: string, max = LIST_MAX): AnyJson[] {
    need(Array.isArray(value), at, 'a list is needed');
    need(value.length <= max, at, `at most ${max} entries`);
    return value;
  }
  decimal(value: AnyJson | undefined, at: string): Decimal {
    const decimal = value instanceof JsonNumber ? decimalOf(value.text) : null;
    need(decimal !== null, at, 'a number of at most 18 digits, 9 behind the point');
    return decimal;
  }
  /** Members that are known or may be a field of one's own; `own`: none but the known. */
  members(object: JsonObject, known: Iterable<string>, at: string, own = false): void {
    const names = new Set(known);
    for (const name of object.keys()) {
      const good = names.has(name) || (!own && this.context.isFree(name));
      need(good, `${at}/${name}`, 'no such member');
    }
  }

  inner(object: JsonObject, known: Map<string, Form>, at: string): void {
    this.members(object, [...known.keys(), OWN_TREE], at);
    for (const [name, value] of object) {
      need(name !== OWN_TREE || value instanceof Map, `${at}/${name}`, 'an object is needed');
      const form = known.get(name);
      if (form !== undefined) this.form(form, value, `${at}/${name}`);
    }
  }

  form(form: Form, value: AnyJson, at: string): void {
    switch (form) {
      case 'uri':
        return void this.uri(value, at);
      case 'time':
        return void this.time(value, at);
      case 'text':
        return void this.text(value, at);
      case 'number':
        return need(value instanceof JsonNumber, at, 'a number is needed');
      case 'boolean':
        return need(typeof value === 'boolean', at, 'true or false');
      case 'hex':
        return need(/^[0-9A-Fa-f]+$/.test(this.text(value, at)), at, 'hexadecimal digits');
      case 'uom':
        return need(UOM.test(this.text(value, at)), at, 'no unit');
      default:
        return void this.word(VOCABULARIES[form], value, at);
    }
  }
}

/**
 * Of a reference: a code where it reads as one, else the URI, also of a plain EPC; '': none. The
 * ledger's own words for who or what has none. Null: no name.
 */
export function named(uri: string, party: boolean): string | null {
  if (isOwn(uri)) {
    if (party && uri === 'suyuan:consumer') return 'consumer';
    if (!party && uri === 'suyuan:none') return '';
    const text = textIn(uri);
    return party && text === 'consumer' ? null : text;
  }
  if (/^urn:suyuan:/i.test(uri) && !uri.startsWith('urn:suyuan:')) return null;
  const code = canonicalCode(uri);
  return code instanceof Fault || isPlainEpc(code) ? uri : code;
}

const TEXT_URI = 'suyuan:text:';

/** A text that is not a URI, in its only spelling. */
export function textIn(uri: string): string | null {
  if (!uri.startsWith(TEXT_URI)) return null;
  const sent = uri.slice(TEXT_URI.length);
  const bytes = sent.replace(/%(..)/g, (_, two: string) => String.fromCharCode(parseInt(two, 16)));
  const text = fromUtf8(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  if (text === null || text === '' || text.includes('\0') || CONTROL.test(text)) return null;
  if (isUri(text) && !isOwn(text)) return null;
  const escaped = [...new TextEncoder().encode(text)].map((byte) => {
    const c = String.fromCharCode(byte);
    const two = byte.toString(16).toUpperCase().padStart(2, '0');
    return /[A-Za-z0-9\-._~]/.test(c) ? c : `%${two}`;
  });
  return escaped.join('') === sent ? text : null;
}

/**
 * Reduced; null: written out it has more than 18 digits, or 9 behind the point. `cut`: what is
 * beyond these behind the point is left out.
 */
export function decimalOf(text: string, cut = false): Decimal | null {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text)!;
  const digits = (whole! + fraction).replace(/^0+/, '');
  if (digits === '') return { units: 0n, scale: 0 };
  // The value is bare * 10^power.
  let bare = digits;
  let power = Number(exponent) - fraction.length;
  const drop = (when: () => boolean): void => {
    for (; bare !== '' && when(); ++power) bare = bare.slice(0, -1);
  };
  drop(() => bare.endsWith('0'));
  if (cut) drop(() => power < 0 && (power < -9 || bare.length > 18));
  drop(() => bare.endsWith('0'));
  if (bare === '') return { units: 0n, scale: 0 };
  const good = power >= 0 ? bare.length + power <= 18 : -power <= 9 && bare.length <= 18;
  if (!good) return null;
  const units = BigInt(bare) * 10n ** BigInt(Math.max(power, 0));
  return { units: sign === '-' ? -units : units, scale: Math.max(-power, 0) };
}

/** Null: more than 18 digits. */
export function sum(a: Decimal, b: Decimal): Decimal | null {
  const scale = Math.max(a.scale, b.scale);
  const at = (one: Decimal): bigint => one.units * 10n ** BigInt(scale - one.scale);
  let units = at(a) + at(b);
  let rest = scale;
  for (; rest > 0 && units % 10n === 0n; --rest) units /= 10n;
  const size = units < 0n ? -units : units;
  return size < 10n ** 18n ? { units, scale: rest } : null;
}
