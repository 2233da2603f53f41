// proto/registry.capnp, as event_schema.ts does proto/event.capnp.
import { big, bytes, list, needed, number, optional, text } from './capnp_schema.js';
import type { ValueOf } from './capnp_schema.js';
import { DECIMAL, MOMENT, WORD } from './event_schema.js';

// In the order of docs/registry.md.
export const ROLES = [
  'authority',
  'producer',
  'supplier',
  'manufacturer',
  'lab',
  'competent_authority',
  'logistics',
  'customs',
  'market_supervision',
  'agent',
  'seller',
  'platform',
  'payment',
  'recall_agent',
  'system_operator',
];

const KEY_ENTRY = {
  words: 0,
  pointers: 2,
  fields: { key: bytes(0, 32), possession: bytes(1, 64) },
} as const;

const ACCREDITATION = {
  words: 0,
  pointers: 3,
  fields: { number: text(0), validTo: optional(1, MOMENT), scope: list(2, WORD) },
} as const;

const PARTY_DATA = {
  words: 0,
  pointers: 9,
  fields: {
    id: text(0),
    name: text(1),
    roles: list(2, WORD),
    nameZh: text(3),
    country: text(4),
    gln: text(5),
    creditCode: text(6),
    representedBy: text(7),
    accreditations: list(8, ACCREDITATION),
  },
  check: (value: Record<string, unknown>) => {
    const roles = value['roles'] as { text: string }[];
    return roles.every((role) => ROLES.includes(role.text)) ? null : 'no role has this name';
  },
} as const;

const PRODUCT_DATA = {
  words: 1,
  pointers: 13,
  fields: {
    gtin: text(0),
    name: text(1),
    owner: text(2),
    shelfLifeDays: number('u32', 0),
    containedCount: number('u32', 4),
    nameZh: text(3),
    brand: text(4),
    licensees: list(5, WORD),
    uom: text(6),
    netKg: optional(7, DECIMAL),
    hs: text(8),
    containedGtin: text(9),
    recallAgent: text(10),
    sellers: list(11, WORD),
    requiredSteps: list(12, WORD),
  },
} as const;

const SITE_DATA = {
  words: 0,
  pointers: 10,
  fields: {
    gln: text(0),
    party: text(1),
    name: text(2),
    type: text(3),
    country: text(4),
    region: text(5),
    latitude: optional(6, DECIMAL),
    longitude: optional(7, DECIMAL),
    unlocode: text(8),
    supervisedBy: list(9, WORD),
  },
} as const;

const LEAF_INDEX = { words: 1, pointers: 0, fields: { leaf: big('u64', 0) } } as const;

const REGISTER_PARTY = {
  words: 0,
  pointers: 2,
  fields: { party: needed(0, PARTY_DATA), keys: list(1, KEY_ENTRY) },
} as const;

const ADD_KEY = {
  words: 0,
  pointers: 2,
  fields: { party: text(0), key: needed(1, KEY_ENTRY) },
} as const;

const REVOKE_KEY = {
  words: 0,
  pointers: 4,
  fields: {
    party: text(0),
    key: bytes(1, 32),
    suspectFrom: optional(2, LEAF_INDEX),
    reason: text(3),
  },
} as const;

const GRANT_DELEGATION = {
  words: 0,
  pointers: 3,
  fields: { party: text(0), signer: text(1), until: optional(2, MOMENT) },
} as const;

const END_DELEGATION = {
  words: 0,
  pointers: 2,
  fields: { party: text(0), signer: text(1) },
} as const;

export const REGISTRY_EVENT = {
  words: 1,
  pointers: 1,
  fields: {
    act: {
      is: 'union',
      byte: 0,
      pointer: 0,
      of: {
        // In the order of their numbers.
        registerParty: REGISTER_PARTY,
        amendParty: PARTY_DATA,
        addKey: ADD_KEY,
        revokeKey: REVOKE_KEY,
        grantDelegation: GRANT_DELEGATION,
        endDelegation: END_DELEGATION,
        registerProduct: PRODUCT_DATA,
        amendProduct: PRODUCT_DATA,
        registerSite: SITE_DATA,
        amendSite: SITE_DATA,
      },
    },
  },
} as const;

export type RegistryAct = ValueOf<typeof REGISTRY_EVENT>['act'];
export type PartyData = ValueOf<typeof PARTY_DATA>;
export type KeyEntry = ValueOf<typeof KEY_ENTRY>;
