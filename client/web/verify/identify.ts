// The one canonical text of a code that is sent as a URI (docs/identifiers.md). What EPCIS cannot
// hold (element strings, bare digits, a scanner's prefixes) is not read here.
import { Fault } from './bytes.js';
import { parseDigitalLink } from './digital_link.js';
import { parseEpcUrn } from './epc_urn.js';
import { checkValue, escaped } from './gs1_key.js';
import { isWeb, normalUri, percentDecoded, splitUri } from './uri.js';
import type { Uri } from './uri.js';

const HOST = 'id.gs1.org';
const SENT_BYTES_MAX = 2048;
const CODE_BYTES_MAX = 512;
const SHORTHANDS = new Set(
  (
    'lot batch ser serial gtin sgtin lgtin sscc gln sgln pgln grai giai gdti epc ean upc cont bic ' +
    'wb s10 order po pay invt party site product parcel customs'
  ).split(' '),
);
const NUMBER = /^[A-Za-z0-9\-._~]{1,64}$/;

export function canonicalCode(sent: string): string | Fault {
  if (!/^[\x21-\x7e]+$/.test(sent) || sent.length > SENT_BYTES_MAX) {
    return new Fault('a code is 1 to 2,048 ASCII characters without spaces');
  }
  const code = read(sent);
  if (code instanceof Fault) return code;
  return code.length <= CODE_BYTES_MAX ? code : new Fault('longer than 512 bytes');
}

// Parts of EPCs without a GS1 key (GS1 EPC Tag Data Standard 6.3), decoded.
const EPC_NUMBER = /^(0|[1-9][0-9]{0,10})$/;
const CAGE = /^[0-9A-HJ-NP-Z]{5,6}$/;
const ADI_SERIAL = /^(?=.{1,30}$)#?[A-Z0-9\-/]+$/;

/** An EPC that names a thing and has no GS1 key. */
export function isPlainEpc(code: string): boolean {
  return /^urn:epc:id:(gid|usdod|adi|imovn):/.test(code);
}

// The namespace in any case of letters; the rest of the URN is read as it is.
const NAMESPACES: [string, (rest: string) => string | Fault][] = [
  ['urn:suyuan:', () => new Fault('urn:suyuan: names are given by the registry')],
  ['urn:x-suyuan:', ours],
  ['urn:epcglobal:cbv:bt:', paper],
  ['urn:epc:id:bic:', container],
  ['urn:epc:id:imovn:', ship],
  ['urn:epc:id:gid:', plainEpc('gid', [EPC_NUMBER, EPC_NUMBER, EPC_NUMBER])],
  ['urn:epc:id:usdod:', plainEpc('usdod', [CAGE, EPC_NUMBER])],
  ['urn:epc:id:adi:', plainEpc('adi', [CAGE, /^[A-Z0-9\-/]{0,32}$/, ADI_SERIAL])],
  ['urn:epc:', parseEpcUrn],
];
const namespaceOf = (text: string): (typeof NAMESPACES)[number] | undefined =>
  NAMESPACES.find(([prefix]) => text.toLowerCase().startsWith(prefix));

function read(sent: string): string | Fault {
  const namespace = namespaceOf(sent);
  if (namespace) return namespace[1](sent.slice(namespace[0].length));
  const uri = splitUri(sent);
  if (uri instanceof Fault) return uri;
  const link = isWeb(uri) ? parseDigitalLink(uri) : null;
  if (link !== null) return link;
  const normal = normalUri(uri);
  if (normal instanceof Fault) return normal;
  return plainFault(uri, normal) ?? normal;
}

/** Escapes and dot segments must not bypass the checks of the other forms. */
function plainFault(uri: Uri, normal: string): Fault | null {
  if (isWeb(uri)) {
    if (uri.authority === HOST) return new Fault(`under ${HOST} stand GS1 keys alone`);
    const path = normal.slice(uri.scheme.length + 3 + uri.authority!.length).split('?')[0]!;
    if (parseDigitalLink({ path, query: null }) !== null) {
      return new Fault('dot segments hide the GS1 key in the path');
    }
  }
  if (namespaceOf(normal)) return new Fault('escapes hide the namespace');
  if (SHORTHANDS.has(uri.scheme) || uri.scheme === 'mailto' || uri.scheme === 'tel') {
    return new Fault(`${uri.scheme}: is taken for no code`);
  }
  return null;
}

function plainEpc(scheme: string, forms: RegExp[]): (rest: string) => string | Fault {
  return (rest) => {
    const parts = rest.split('.').map(percentDecoded);
    const good =
      !/[/#]/.test(rest) &&
      parts.length === forms.length &&
      parts.every((part, i) => part !== null && forms[i]!.test(part));
    if (!good) return new Fault(`not the parts of urn:epc:id:${scheme}`);
    return `urn:epc:id:${scheme}:${parts.map((part) => escaped(part!)).join('.')}`;
  };
}

function ship(number: string): string | Fault {
  if (!/^[0-9]{7}$/.test(number)) return new Fault('no IMO number');
  let sum = 0;
  for (let i = 0; i < 6; ++i) sum += Number(number[i]) * (7 - i);
  if (String(sum % 10) !== number[6]) return new Fault('the check digit of the ship');
  return `urn:epc:id:imovn:${number}`;
}

function container(number: string): string | Fault {
  const fault = containerFault(number);
  return fault === null ? `urn:epc:id:bic:${number}` : new Fault(fault);
}

/** ISO 6346: letters are 10 to 38 without 11, 22, 33. */
function containerFault(number: string): string | null {
  if (!/^[A-Z]{3}[UJZ][0-9]{7}$/.test(number)) return 'no container number';
  let sum = 0;
  for (let i = 0; i < 10; ++i) {
    const c = number[i]!;
    const value = c >= 'A' ? LETTERS[c.charCodeAt(0) - 65]! : Number(c);
    sum += value << i;
  }
  return String((sum % 11) % 10) === number[10] ? null : 'the check digit of the container';
}
const LETTERS = Array.from({ length: 29 }, (_, i) => i + 10).filter((n) => n % 11 !== 0);

const PARCEL_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];

function parcelFault(number: string): string | null {
  if (!/^[A-Z]{2}[0-9]{9}[A-Z]{2}$/.test(number)) return 'no parcel number';
  let sum = 0;
  for (const [i, weight] of PARCEL_WEIGHTS.entries()) sum += weight * Number(number[i + 2]);
  const check = 11 - (sum % 11);
  const digit = check === 10 ? 0 : check === 11 ? 5 : check;
  return String(digit) === number[10] ? null : 'the check digit of the parcel';
}

const CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code (GB 32100-2015). */
function isCreditCode(text: string): boolean {
  if (text.length !== 18 || [...text].some((c) => !CREDIT.includes(c))) return false;
  let sum = 0;
  let weight = 1;
  for (let i = 0; i < 17; ++i) {
    sum += CREDIT.indexOf(text[i]!) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT[(31 - (sum % 31)) % 31] === text[17];
}

const isGln = (text: string): boolean => !(checkValue('414', text) instanceof Fault);

const ISSUERS: Record<string, (issuer: string) => boolean> = {
  order: (issuer) => isGln(issuer) || isCreditCode(issuer),
  payment: (issuer) => isGln(issuer) || isCreditCode(issuer),
  'customs-list': (issuer) => /^[A-Z]{2}$/.test(issuer),
  document: isCreditCode,
};

function ours(text: string): string | Fault {
  const [form, first, ...more] = text.split(':');
  if (form === 'parcel' && first !== undefined && more.length === 0) {
    const fault = parcelFault(first);
    return fault === null ? `urn:x-suyuan:${text}` : new Fault(fault);
  }
  if (!Object.hasOwn(ISSUERS, form!) || more.length !== 1) return new Fault('no form of ours');
  if (!ISSUERS[form!]!(first!)) return new Fault('the issuer');
  return NUMBER.test(more[0]!) ? `urn:x-suyuan:${text}` : new Fault('the number');
}

/** A business transaction of an issuer with a GLN. */
function paper(text: string): string | Fault {
  const colon = text.indexOf(':');
  const issuer = text.slice(0, Math.max(colon, 0));
  if (!isGln(issuer)) return new Fault('the issuer is a GLN');
  if (/[/?#]/.test(text)) return new Fault('/ ? # are escaped');
  const number = percentDecoded(text.slice(colon + 1));
  if (number === null || !/^[\x21-\x7e]{1,64}$/.test(number)) return new Fault('the number');
  return `urn:epcglobal:cbv:bt:${issuer}:${escaped(number)}`;
}
