// Step 1: parses the file into values (docs/bundle.md, The file). Nothing here establishes that
// they are true.
import { fromBase64 } from './base64.js';
import { Fault, fromUtf8 } from './bytes.js';
import { parseJson } from './json.js';
import type { Json } from './json.js';
import { HASH_BYTES } from './sha256.js';

export interface ProvenText {
  // A leaf's data, and its path to the checkpoint's root.
  data: string;
  path: Uint8Array[];
}

export interface BundleLeaf extends ProvenText {
  index: number;
}

export interface BundleEvent {
  leaf: number;
  event: number;
  record: Uint8Array;
  path: Uint8Array[]; // To the root that its note names.
  payload: { salt: Uint8Array; bytes: Uint8Array } | null; // Null: withheld.
}

export interface BundleChain {
  code: string;
  proof: Uint8Array;
}

/** A chain that is proven to exist but not included. */
export interface BundleCut {
  code: string;
  count: number;
  link: Uint8Array;
  proof: Uint8Array;
}

export interface Bundle {
  code: string;
  checkpoint: string;
  genesis: ProvenText;
  seal: ProvenText;
  leaves: BundleLeaf[];
  events: BundleEvent[];
  chains: BundleChain[];
  cuts: BundleCut[];
}

const FORMAT = 'suyuan/bundle/v1';
const BYTES_MAX = 64 << 20;
const EVENTS_MAX = 20_000;
const LEAVES_MAX = 20_000;
const CHAINS_MAX = 4096;
const CUTS_MAX = 4096;
const PATH_MAX = 64;
const SALT_BYTES = 32;
const CODE = /^[\x21-\x7e]{1,512}$/;

/** Takes values out of the JSON. The first fault stays; later values are meaningless. */
class Taking {
  fault: Fault | null = null;

  refuse(place: string, why: string): void {
    this.fault ??= new Fault(why, place);
  }

  /** The fields of an object, which must be exactly these. */
  object(value: Json | undefined, place: string, names: string[]): Map<string, Json> {
    if (!(value instanceof Map)) {
      this.refuse(place, 'expected an object');
      return new Map();
    }
    for (const name of value.keys()) {
      if (!names.includes(name)) this.refuse(place, `${JSON.stringify(name)} is no field here`);
    }
    for (const name of names) {
      if (!value.has(name)) this.refuse(place, `the field ${JSON.stringify(name)} is missing`);
    }
    return value;
  }

  text(value: Json | undefined, place: string): string {
    if (typeof value !== 'string') this.refuse(place, 'expected a text');
    return typeof value === 'string' ? value : '';
  }

  number(value: Json | undefined, place: string): number {
    if (typeof value !== 'number') this.refuse(place, 'expected a number');
    return typeof value === 'number' ? value : 0;
  }

  code(value: Json | undefined, place: string): string {
    const code = this.text(value, place);
    if (!CODE.test(code)) this.refuse(place, 'a code is 1 to 512 bytes of 0x21 to 0x7E');
    return code;
  }

  bytes(value: Json | undefined, place: string, size?: number): Uint8Array {
    const bytes = fromBase64(this.text(value, place));
    if (bytes === null) this.refuse(place, 'no standard base64');
    if (bytes !== null && size !== undefined && bytes.length !== size) {
      this.refuse(place, `found ${bytes.length} bytes, expected ${size}`);
    }
    return bytes ?? new Uint8Array(0);
  }

  list<T>(
    value: Json | undefined,
    place: string,
    max: number,
    each: (one: Json, at: string) => T,
  ): T[] {
    if (!Array.isArray(value)) {
      this.refuse(place, 'expected a list');
      return [];
    }
    if (value.length > max) this.refuse(place, `found ${value.length}, at most ${max} are taken`);
    const taken: T[] = [];
    for (let i = 0; i < value.length && !this.fault; ++i) {
      taken.push(each(value[i]!, `${place}[${i}]`));
    }
    return taken;
  }

  path(value: Json | undefined, place: string): Uint8Array[] {
    return this.list(value, place, PATH_MAX, (one, at) => this.bytes(one, at, HASH_BYTES));
  }

  provenText(value: Json | undefined, place: string): ProvenText {
    const fields = this.object(value, place, ['data', 'path']);
    return {
      data: this.text(fields.get('data'), `${place}.data`),
      path: this.path(fields.get('path'), `${place}.path`),
    };
  }

  leaf(value: Json, place: string): BundleLeaf {
    const fields = this.object(value, place, ['index', 'data', 'path']);
    return {
      index: this.number(fields.get('index'), `${place}.index`),
      data: this.text(fields.get('data'), `${place}.data`),
      path: this.path(fields.get('path'), `${place}.path`),
    };
  }

  event(value: Json, place: string): BundleEvent {
    const fields = this.object(value, place, ['leaf', 'event', 'record', 'path', 'payload']);
    return {
      leaf: this.number(fields.get('leaf'), `${place}.leaf`),
      event: this.number(fields.get('event'), `${place}.event`),
      record: this.bytes(fields.get('record'), `${place}.record`),
      path: this.path(fields.get('path'), `${place}.path`),
      payload: this.payload(fields.get('payload'), `${place}.payload`),
    };
  }

  payload(value: Json | undefined, place: string): BundleEvent['payload'] {
    if (value === 'withheld') return null;
    const fields = this.object(value, place, ['salt', 'bytes']);
    return {
      salt: this.bytes(fields.get('salt'), `${place}.salt`, SALT_BYTES),
      bytes: this.bytes(fields.get('bytes'), `${place}.bytes`),
    };
  }

  chain(value: Json, place: string): BundleChain {
    const fields = this.object(value, place, ['code', 'proof']);
    return {
      code: this.code(fields.get('code'), `${place}.code`),
      proof: this.bytes(fields.get('proof'), `${place}.proof`),
    };
  }

  cut(value: Json, place: string): BundleCut {
    const fields = this.object(value, place, ['code', 'count', 'link', 'proof']);
    const count = this.number(fields.get('count'), `${place}.count`);
    if (count === 0) this.refuse(`${place}.count`, 'a chain that is cut has a link');
    return {
      code: this.code(fields.get('code'), `${place}.code`),
      count,
      link: this.bytes(fields.get('link'), `${place}.link`, HASH_BYTES),
      proof: this.bytes(fields.get('proof'), `${place}.proof`),
    };
  }

  bundle(value: Json): Bundle {
    const fields = this.object(value, '', [
      'format',
      'code',
      'checkpoint',
      'genesis',
      'seal',
      'leaves',
      'events',
      'chains',
      'cuts',
    ]);
    if (fields.get('format') !== FORMAT) this.refuse('format', `expected ${FORMAT}`);
    const list = <T>(name: string, max: number, each: (one: Json, at: string) => T): T[] =>
      this.list(fields.get(name), name, max, each);
    return {
      code: this.code(fields.get('code'), 'code'),
      checkpoint: this.text(fields.get('checkpoint'), 'checkpoint'),
      genesis: this.provenText(fields.get('genesis'), 'genesis'),
      seal: this.provenText(fields.get('seal'), 'seal'),
      leaves: list('leaves', LEAVES_MAX, (one, at) => this.leaf(one, at)),
      events: list('events', EVENTS_MAX, (one, at) => this.event(one, at)),
      chains: list('chains', CHAINS_MAX, (one, at) => this.chain(one, at)),
      cuts: list('cuts', CUTS_MAX, (one, at) => this.cut(one, at)),
    };
  }
}

function ascendByCode(name: string, list: { code: string }[]): Fault | null {
  for (let i = 1; i < list.length; ++i) {
    // Codes are ASCII, so JavaScript's order of texts is that of their bytes.
    if (list[i - 1]!.code >= list[i]!.code) return new Fault('out of order', `${name}[${i}]`);
  }
  return null;
}

function checkOrder(bundle: Bundle): Fault | null {
  const { leaves, events, chains, cuts } = bundle;
  for (let i = 1; i < leaves.length; ++i) {
    if (leaves[i - 1]!.index >= leaves[i]!.index) return new Fault('out of order', `leaves[${i}]`);
  }
  for (let i = 1; i < events.length; ++i) {
    const [a, b] = [events[i - 1]!, events[i]!];
    const ascends = a.leaf < b.leaf || (a.leaf === b.leaf && a.event < b.event);
    if (!ascends) return new Fault('out of order', `events[${i}]`);
  }
  const fault = ascendByCode('chains', chains) ?? ascendByCode('cuts', cuts);
  if (fault) return fault;
  const carried = new Set(chains.map(({ code }) => code));
  const both = cuts.findIndex(({ code }) => carried.has(code));
  if (both >= 0) return new Fault('its chain is carried too', `cuts[${both}]`);
  const indexes = new Set(leaves.map((leaf) => leaf.index));
  const named = new Set(events.map((event) => event.leaf));
  const orphan = events.findIndex((event) => !indexes.has(event.leaf));
  if (orphan >= 0) return new Fault('its leaf is not in the bundle', `events[${orphan}]`);
  // A notice has no events: step 7 finds its event.
  const isNotice = (data: string): boolean => data.startsWith('suyuan/leaf/v1 notice\n');
  const idle = leaves.findIndex((leaf) => !named.has(leaf.index) && !isNotice(leaf.data));
  return idle < 0 ? null : new Fault('no event of it is in the bundle', `leaves[${idle}]`);
}

export function parseBundle(bytes: Uint8Array): Bundle | Fault {
  if (bytes.length > BYTES_MAX) return new Fault('a bundle has at most 64 MiB');
  const text = fromUtf8(bytes);
  if (text === null) return new Fault('the file is not UTF-8');
  const json = parseJson(text);
  if (json instanceof Fault) return json;
  const taking = new Taking();
  const bundle = taking.bundle(json);
  return taking.fault ?? checkOrder(bundle) ?? bundle;
}
