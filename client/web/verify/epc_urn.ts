// EPC URNs (docs/identifiers.md 1): the check digit is computed.
import { Fault } from './bytes.js';
import { checkDigit, gs1Code } from './gs1_key.js';
import { percentDecoded } from './uri.js';

const DIGITS = /^[0-9]*$/;
// Characters that are unescaped in an EPC URN; the rest of set 82 is escaped.
const LITERAL = /^([A-Za-z0-9\-._!'()*+,:;=]|%[0-9A-Fa-f]{2})+$/;

const no = (why: string): Fault => new Fault(`EPC URN: ${why}`);

function unescaped(text: string): string | Fault {
  if (!LITERAL.test(text)) return no('a character that is escaped there');
  return percentDecoded(text) ?? no('a bad escape');
}

/** The company's prefix and its own number have `digits` together. */
function fits(prefix: string, reference: string, digits: number): boolean {
  return (
    /^[0-9]{6,12}$/.test(prefix) &&
    DIGITS.test(reference) &&
    prefix.length + reference.length === digits
  );
}

const ended = (data: string): string => data + checkDigit(data);

function gtin(prefix: string, item: string): string | Fault {
  if (!fits(prefix, item, 13) || item === '') return no('prefix and item reference are 13 digits');
  return ended(item[0]! + prefix + item.slice(1));
}

/** Qualified by one more part; null: it is left open. */
function qualified(primary: string, value: string, ai: string, part: string | null): string | Fault {
  if (part === null) return gs1Code(primary, value);
  const text = unescaped(part);
  return text instanceof Fault ? text : gs1Code(primary, value, new Map([[ai, text]]));
}

/** A key of a number of `digits` and a serial behind it. */
function numbered(
  primary: string,
  [prefix, reference]: string[],
  digits: number,
  front: string,
  serial: string | null,
): string | Fault {
  if (!fits(prefix!, reference!, digits)) return no(`the number has ${digits} digits`);
  const text = serial === null ? '' : unescaped(serial);
  if (text instanceof Fault) return text;
  return gs1Code(primary, front + ended(prefix! + reference!) + text);
}

function withCompany(primary: string, [prefix, reference]: string[]): string | Fault {
  if (!/^[0-9]{6,12}$/.test(prefix!)) return no('the company prefix');
  const text = unescaped(reference!);
  return text instanceof Fault ? text : gs1Code(primary, prefix! + text);
}

function extended(primary: string, [prefix, reference]: string[], digits: number): string | Fault {
  if (!fits(prefix!, reference!, digits) || reference === '') return no(`it has ${digits} digits`);
  return gs1Code(primary, ended(reference![0]! + prefix! + reference!.slice(1)));
}

function plain(primary: string, [prefix, reference]: string[], digits: number): string | Fault {
  if (!fits(prefix!, reference!, digits)) return no(`it has ${digits} digits`);
  return gs1Code(primary, ended(prefix! + reference!));
}

interface Scheme {
  parts: number;
  // The last part is a serial that a pattern may leave open.
  open?: true;
  read: (parts: string[], last: string | null) => string | Fault;
}

const item = (ai: string): Scheme['read'] => (parts, last) => {
  const number = gtin(parts[0]!, parts[1]!);
  return number instanceof Fault ? number : qualified('01', number, ai, last);
};

const SCHEMES: Record<string, Scheme> = {
  sgtin: { parts: 3, open: true, read: item('21') },
  upui: { parts: 3, open: true, read: item('235') },
  itip: {
    parts: 5,
    open: true,
    read: (parts, last) => {
      const number = gtin(parts[0]!, parts[1]!);
      if (number instanceof Fault) return number;
      if (!/^[0-9]{2}$/.test(parts[2]!) || !/^[0-9]{2}$/.test(parts[3]!)) {
        return no('piece and total have two digits');
      }
      return qualified('8006', number + parts[2]! + parts[3]!, '21', last);
    },
  },
  sscc: { parts: 2, read: (parts) => extended('00', parts, 17) },
  sgln: {
    parts: 3,
    open: true,
    read: (parts, last) => {
      if (!fits(parts[0]!, parts[1]!, 12)) return no('it has 12 digits');
      const gln = ended(parts[0]! + parts[1]!);
      return qualified('414', gln, '254', last === '0' || last === '%30' ? null : last);
    },
  },
  lgtin: { parts: 3, open: true, read: item('10') },
  pgln: { parts: 2, read: (parts) => plain('417', parts, 12) },
  grai: { parts: 3, open: true, read: (parts, last) => numbered('8003', parts, 12, '0', last) },
  gdti: { parts: 3, open: true, read: (parts, last) => numbered('253', parts, 12, '', last) },
  sgcn: { parts: 3, open: true, read: (parts, last) => numbered('255', parts, 12, '', last) },
  giai: { parts: 2, read: (parts) => withCompany('8004', parts) },
  ginc: { parts: 2, read: (parts) => withCompany('401', parts) },
  gsrn: { parts: 2, read: (parts) => plain('8018', parts, 17) },
  gsrnp: { parts: 2, read: (parts) => plain('8017', parts, 17) },
  gsin: { parts: 2, read: (parts) => plain('402', parts, 16) },
  cpi: {
    parts: 3,
    open: true,
    read: (parts, last) => {
      if (!/^[0-9]{6,12}$/.test(parts[0]!)) return no('the company prefix');
      const part = percentDecoded(parts[1]!);
      if (part === null) return no('the part number');
      return qualified('8010', parts[0]! + part, '8011', last);
    },
  },
};

/** Splits at the first dots: free text comes last, and may contain dots. */
function split(text: string, parts: number): string[] | Fault {
  const found = text.split('.');
  if (found.length < parts) return no(`it has ${parts} parts`);
  const last = found.splice(parts - 1).join('.');
  return last === '' ? no('its last part is empty') : [...found, last];
}

/** `text`: after "urn:epc:". REQUIRES: its scheme is none of identify.ts. */
export function parseEpcUrn(text: string): string | Fault {
  if (/["&/<>?#]/.test(text)) return no('a character that is escaped there');
  const [kind, name] = text.split(':', 2);
  if (name === undefined) return no('no scheme');
  const rest = text.slice(kind!.length + name.length + 2);
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name]! : null;
  const exact = name === 'lgtin' ? 'class' : 'id';
  if (!scheme || (kind !== exact && !(kind === 'idpat' && scheme.open))) {
    return no(`${kind}:${name} is not taken`);
  }
  const parts = split(rest, scheme.parts);
  if (parts instanceof Fault) return parts;
  const last = parts[scheme.parts - 1]!;
  if (kind === 'idpat' && last !== '*') return no('only the serial may be left open, and is "*"');
  return scheme.read(parts, kind === 'idpat' ? null : last);
}
