// Payloads (formats.md 2): what a supplier states, or an authority registers.
import { Fault, equal } from './bytes.js';
import { PayloadReader } from './capnp_read.js';
import { encodePayload } from './capnp_write.js';
import type { Schema } from './capnp_schema.js';
import { TRACE_EVENT } from './event_schema.js';
import type { TraceEvent } from './event_schema.js';
import { REGISTRY_EVENT } from './registry_schema.js';
import type { RegistryAct } from './registry_schema.js';

const BYTES_MAX = 512 << 10;

function decode(schema: Schema, payload: Uint8Array): Record<string, unknown> | Fault {
  if (payload.length === 0 || payload.length % 8 !== 0 || payload.length > BYTES_MAX) {
    return new Fault('a payload is 1 to 65,536 whole words');
  }
  const reader = new PayloadReader(payload);
  const value = reader.root(schema);
  if (reader.fault) return reader.fault;
  if (!equal(encodePayload(schema, value), payload)) {
    return new Fault('the payload is not the canonical encoding of what it says');
  }
  return value;
}

export function decodeEvent(payload: Uint8Array): TraceEvent | Fault {
  return decode(TRACE_EVENT, payload) as TraceEvent | Fault;
}

export function decodeAct(payload: Uint8Array): RegistryAct | Fault {
  const event = decode(REGISTRY_EVENT, payload);
  return event instanceof Fault ? event : (event['act'] as RegistryAct);
}

/** Those that get a link; what is mere data (lot, transactions, places) is not among them. */
export function codesOfEvent(event: TraceEvent): string[] {
  const items = [...event.objects, ...event.children, ...event.inputs, ...event.outputs];
  const codes = items.map((item) => item.code);
  return event.parent === '' ? codes : [...codes, event.parent];
}

export const partyCode = (id: string): string => `urn:suyuan:party:${id}`;
export const productCode = (gtin: string): string => `urn:suyuan:product:${gtin}`;
export const siteCode = (gln: string): string => `urn:suyuan:site:${gln}`;

/** The one code that an act concerns. */
export function codeOfAct(act: RegistryAct): string {
  switch (act.is) {
    case 'registerParty':
      return partyCode(act.value.party.id);
    case 'amendParty':
      return partyCode(act.value.id);
    case 'addKey':
    case 'revokeKey':
    case 'grantDelegation':
    case 'endDelegation':
      return partyCode(act.value.party);
    case 'registerProduct':
    case 'amendProduct':
      return productCode(act.value.gtin);
    case 'registerSite':
    case 'amendSite':
      return siteCode(act.value.gln);
  }
}
