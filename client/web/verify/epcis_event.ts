// The value that an EPCIS event becomes: before it is read, and which of the ledger's kinds it is
// (docs/epcis.md, Mapping: the first that fits).
import type { TraceEvent } from './event_schema.js';

export type Draft<T> = { -readonly [K in keyof T]: T[K] };

export function emptyEvent(type: TraceEvent['type']): Draft<TraceEvent> {
  return {
    type,
    kind: 'supply',
    action: 'none',
    eventOffset: 0,
    eventTime: 0n,
    wholeLot: false,
    eventId: '',
    step: '',
    objects: [],
    readPoint: '',
    bizLocation: '',
    disposition: '',
    sources: [],
    destinations: [],
    extensions: [],
    parent: '',
    children: [],
    lot: '',
    transactions: [],
    documents: [],
    sections: [],
    inputs: [],
    outputs: [],
    losses: [],
    transformationId: '',
    ilmd: [],
    result: '',
    certifications: [],
    sensors: [],
    confirms: '',
    error: null,
    persistentSet: [],
    persistentUnset: [],
  };
}

const INSPECTION = ['holding', 'inspecting', 'sampling'];
const SALE = ['dispensing', 'retail_selling'];
const LOGISTICS = (
  'accepting arriving collecting consigning cycle_counting departing destroying entering_exiting ' +
  'loading packing picking receiving removing repackaging reserving sensor_reporting shipping ' +
  'staging_outbound stock_taking stocking storing transporting unloading unpacking void_shipping'
).split(' ');
const TRANSPORT_UNIT =
  /^(https:\/\/id\.gs1\.org\/(00|8003|8004)\/|urn:epc:id:bic:|urn:x-suyuan:parcel:)/;

const owner = (list: { type: string; id: string }[]): string | undefined =>
  list.find(({ type }) => type === 'owning_party')?.id;

function changesOwner({ sources, destinations }: TraceEvent): boolean {
  const [from, to] = [owner(sources), owner(destinations)];
  return from !== undefined && to !== undefined && from !== to;
}

export function kindOf(event: TraceEvent): TraceEvent['kind'] {
  const { type, step } = event;
  if (type === 'transaction') return 'transaction';
  if (type === 'transformation') return 'supply';
  const recalled = event.persistentSet.some(({ text }) => text === 'recalled');
  if (INSPECTION.includes(step) || recalled) return 'inspection';
  const handsOver = (step === '' || step === 'accepting') && changesOwner(event);
  if (SALE.includes(step) || handsOver) return 'transaction';
  if (type === 'object' && event.action === 'ADD') return event.lot === '' ? 'origin' : 'supply';
  const packs = type === 'aggregation' || type === 'association';
  if (packs && event.parent !== '' && !TRANSPORT_UNIT.test(event.parent)) return 'supply';
  return LOGISTICS.includes(step) ? 'logistics' : 'supply';
}
