// proto/event.capnp, at the offsets that `capnp compile -ocapnp` shows.
import {
  big,
  bool,
  bytes,
  choice,
  list,
  needed,
  number,
  optional,
  optionalBytes,
  text,
} from './capnp_schema.js';
import type { ValueOf } from './capnp_schema.js';

const ITEMS_MAX = 4096;
const TREE_MAX = 2048;
const SECTIONS_MAX = 32;

const UNITS_END = 10n ** 18n;
const SCALE_MAX = 9;
const YEAR_0_MS = -62_167_219_200_000n;
const YEAR_10000_MS = 253_402_300_800_000n;
const OFFSET_MAX = 14 * 60;

export const DECIMAL = {
  words: 2,
  pointers: 0,
  fields: { units: big('i64', 0), scale: number('u8', 8) },
  check: (value: Record<string, unknown>) => {
    const { units, scale } = value as { units: bigint; scale: number };
    if (scale > SCALE_MAX || units >= UNITS_END || units <= -UNITS_END) return 'no decimal';
    return scale > 0 && units % 10n === 0n ? 'the decimal is not reduced' : null;
  },
} as const;

export function checkMoment(ms: bigint, offset: number): string | null {
  if (Math.abs(offset) > OFFSET_MAX) return 'the offset is beyond 14 hours';
  const local = ms + BigInt(offset) * 60_000n;
  return local < YEAR_0_MS || local >= YEAR_10000_MS ? 'the time is outside years 0 to 9999' : null;
}

export const MOMENT = {
  words: 2,
  pointers: 0,
  fields: { ms: big('i64', 0), offset: number('i16', 8) },
  check: (value: Record<string, unknown>) =>
    checkMoment(value['ms'] as bigint, value['offset'] as number),
} as const;

export const WORD = { words: 0, pointers: 1, fields: { text: text(0) } } as const;

const ITEM = {
  words: 0,
  pointers: 4,
  fields: {
    code: text(0),
    quantity: optional(1, DECIMAL),
    uom: text(2),
    netKg: optional(3, DECIMAL),
  },
} as const;

const LOSS = {
  words: 0,
  pointers: 3,
  fields: { reason: text(0), quantity: needed(1, DECIMAL), uom: text(2) },
} as const;

const REFERENCE = { words: 0, pointers: 2, fields: { type: text(0), id: text(1) } } as const;

const DOCUMENT = {
  words: 1,
  pointers: 5,
  fields: {
    number: text(0),
    type: text(1),
    sha256: optionalBytes(2, 32),
    size: big('u64', 0),
    mediaType: text(3),
    issuer: text(4),
  },
} as const;

const TREE_NODE = {
  words: 1,
  pointers: 2,
  fields: {
    depth: number('u8', 0),
    kind: choice(2, ['object', 'array', 'text', 'number', 'boolean', 'null']),
    name: text(0),
    value: text(1),
  },
} as const;

const SENSOR_REPORT = {
  words: 0,
  pointers: 10,
  fields: {
    type: text(0),
    value: optional(1, DECIMAL),
    uom: text(2),
    time: optional(3, MOMENT),
    deviceId: text(4),
    minValue: optional(5, DECIMAL),
    maxValue: optional(6, DECIMAL),
    meanValue: optional(7, DECIMAL),
    exception: text(8),
    other: list(9, TREE_NODE, TREE_MAX),
  },
} as const;

const SENSOR_ELEMENT = {
  words: 0,
  pointers: 2,
  fields: { reports: list(0, SENSOR_REPORT), metadata: list(1, TREE_NODE, TREE_MAX) },
} as const;

const ERROR_DECLARATION = {
  words: 2,
  pointers: 2,
  fields: {
    declared: big('i64', 0),
    declaredOffset: number('i16', 8),
    reason: text(0),
    correctiveIds: list(1, WORD),
  },
  check: (value: Record<string, unknown>) =>
    checkMoment(value['declared'] as bigint, value['declaredOffset'] as number),
} as const;

const SECTION_REF = {
  words: 1,
  pointers: 2,
  fields: {
    digest: bytes(0, 32),
    audience: choice(0, ['owner', 'partner', 'platform', 'customs', 'market_supervision']),
    label: text(1),
  },
} as const;

export const TRACE_EVENT = {
  words: 3,
  pointers: 27,
  fields: {
    type: choice(0, ['object', 'aggregation', 'transaction', 'transformation', 'association']),
    kind: choice(2, ['origin', 'supply', 'logistics', 'transaction', 'inspection']),
    action: choice(4, ['none', 'ADD', 'OBSERVE', 'DELETE']),
    eventOffset: number('i16', 6),
    eventTime: big('i64', 8),
    wholeLot: bool(16),
    eventId: text(0),
    step: text(1),
    objects: list(2, ITEM, ITEMS_MAX),
    readPoint: text(3),
    bizLocation: text(4),
    disposition: text(5),
    sources: list(6, REFERENCE),
    destinations: list(7, REFERENCE),
    extensions: list(8, TREE_NODE, TREE_MAX),
    parent: text(9),
    children: list(10, ITEM, ITEMS_MAX),
    lot: text(11),
    transactions: list(12, REFERENCE),
    documents: list(13, DOCUMENT),
    sections: list(14, SECTION_REF, SECTIONS_MAX),
    inputs: list(15, ITEM, ITEMS_MAX),
    outputs: list(16, ITEM, ITEMS_MAX),
    losses: list(17, LOSS),
    transformationId: text(18),
    ilmd: list(19, TREE_NODE, TREE_MAX),
    result: text(20),
    certifications: list(21, WORD),
    sensors: list(22, SENSOR_ELEMENT),
    confirms: text(23),
    error: optional(24, ERROR_DECLARATION),
    persistentSet: list(25, WORD),
    persistentUnset: list(26, WORD),
  },
  check: (value: Record<string, unknown>) =>
    checkMoment(value['eventTime'] as bigint, value['eventOffset'] as number),
} as const;

export type TraceEvent = ValueOf<typeof TRACE_EVENT>;
export type Item = ValueOf<typeof ITEM>;
export type Decimal = ValueOf<typeof DECIMAL>;
