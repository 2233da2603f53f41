// Lists of the ledger's own terms in an EPCIS event (docs/epcis.md, Terms of the ledger).
import { fromHex } from './bytes.js';
import type { JsonObject, Values } from './epcis_values.js';
import { need } from './epcis_values.js';
import type { TraceEvent } from './event_schema.js';
import { JsonNumber } from './json.js';
import type { AnyJson } from './json.js';

const HASH = /^[0-9a-f]{64}$/;
const SIZE = /^(0|[1-9][0-9]{0,18})$/;
type Section = TraceEvent['sections'][number];
const AUDIENCES: Section['audience'][] = [
  'owner',
  'partner',
  'platform',
  'customs',
  'market_supervision',
];

function texts(values: Values, entry: JsonObject, at: string): (name: string) => string {
  return (name) => (entry.has(name) ? values.text(entry.get(name), `${at}/${name}`) : '');
}

function hash(value: AnyJson | undefined, at: string): Uint8Array {
  const good = typeof value === 'string' && HASH.test(value);
  need(good, at, '64 digits of lower-case hex');
  return fromHex(value);
}

export function ownLoss(
  values: Values,
  entry: JsonObject,
  at: string,
): TraceEvent['losses'][number] {
  values.members(entry, ['reason', 'quantity', 'uom'], at, true);
  const text = texts(values, entry, at);
  const quantity = values.decimal(entry.get('quantity'), `${at}/quantity`);
  return { reason: text('reason'), quantity, uom: text('uom') };
}

export function ownDocument(
  values: Values,
  entry: JsonObject,
  at: string,
): TraceEvent['documents'][number] {
  values.members(entry, ['number', 'type', 'sha256', 'size', 'mediaType', 'issuer'], at, true);
  const text = texts(values, entry, at);
  const size = entry.get('size');
  const whole = size instanceof JsonNumber && SIZE.test(size.text) ? BigInt(size.text) : null;
  need(size === undefined || whole !== null, `${at}/size`, 'a whole number of bytes');
  return {
    number: text('number'),
    type: text('type'),
    sha256: entry.has('sha256') ? hash(entry.get('sha256'), `${at}/sha256`) : null,
    size: whole ?? 0n,
    mediaType: text('mediaType'),
    issuer: text('issuer'),
  };
}

export function ownSection(values: Values, entry: JsonObject, at: string): Section {
  values.members(entry, ['audience', 'label', 'digest'], at, true);
  const audience = AUDIENCES.find((one) => one === entry.get('audience'));
  need(audience !== undefined, `${at}/audience`, 'no audience of a section');
  const digest = hash(entry.get('digest'), `${at}/digest`);
  return { digest, audience, label: texts(values, entry, at)('label') };
}
