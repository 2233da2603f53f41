// One EPCIS 2.0 event as a payload (docs/epcis.md): decodes it to the value that a Cap'n Proto
// payload would give. Trees (ilmd, extensions, further sensor fields) are left to readers of the
// JSON.
import { Fault, fromUtf8 } from './bytes.js';
import { emptyEvent, kindOf } from './epcis_event.js';
import type { Draft } from './epcis_event.js';
import { MEMBERS, TERMS, VOCABULARIES } from './epcis_terms.js';
import type { Vocabulary } from './epcis_terms.js';
import { SensorValues } from './epcis_how.js';
import { ownDocument, ownLoss, ownSection } from './epcis_own.js';
import { ITEMS_MAX, Wrong, checkTexts, decimalOf, named, need, sum } from './epcis_values.js';
import type { JsonObject, Values } from './epcis_values.js';
import type { Decimal, Item, TraceEvent } from './event_schema.js';
import { gs1Code } from './gs1_key.js';
import { canonicalCode, isPlainEpc } from './identify.js';
import { JsonNumber, parseAnyJson } from './json.js';
import type { AnyJson } from './json.js';

const BYTES_MAX = 512 << 10;
const DEPTH_MAX = 32;
const LOT_NUMBER = [':', '', '#'].map((sign) => `urn:epcglobal:cbv:mda${sign}lotNumber`);
const SERIAL = /^https:\/\/id\.gs1\.org\/01\/([0-9]{14})\/(21|235)\//;
const KINDS: TraceEvent['kind'][] = ['origin', 'supply', 'logistics', 'transaction', 'inspection'];
const TYPES: Record<string, [string, TraceEvent['type']]> = {
  ObjectEvent: ['O', 'object'],
  AggregationEvent: ['A', 'aggregation'],
  TransactionEvent: ['T', 'transaction'],
  TransformationEvent: ['F', 'transformation'],
  AssociationEvent: ['S', 'association'],
};
const ACTIONS: TraceEvent['action'][] = ['ADD', 'OBSERVE', 'DELETE'];

export interface EpcisEvent {
  value: TraceEvent;
  audience: 'public' | 'partner';
  json: JsonObject; // As it was signed.
}

class Reader extends SensorValues {
  private readonly letter: string;
  private readonly event: Draft<TraceEvent>;
  private kind: TraceEvent['kind'] | null = null;
  private audience: EpcisEvent['audience'] = 'partner';
  private readonly masses = new Map<string, Decimal>();
  private readonly ilmd: [string, AnyJson][] = []; // Of both members that it has.
  private readonly free: string[] = []; // Names of extensions.

  constructor(private readonly json: JsonObject) {
    super();
    const fault = this.context.read(json.get('@context'));
    need(fault === null, '/@context', fault ?? '');
    const type = this.text(json.get('type'), '/type');
    need(Object.hasOwn(TYPES, type), '/type', 'no type of event that can be recorded');
    const [letter, name] = TYPES[type]!;
    this.letter = letter;
    this.event = emptyEvent(name);
  }

  read(): EpcisEvent {
    for (const [name, value] of this.json) this.member(name, value, `/${name}`);
    for (const name of ['eventTime', 'eventTimeZoneOffset']) {
      need(this.json.has(name), `/${name}`, 'it is missing');
    }
    if (this.letter !== 'F') need(this.json.has('action'), '/action', 'it is missing');
    this.things();
    this.whatMustBeThere();
    for (const names of [this.ilmd.map(([name]) => name), this.free]) {
      need(new Set(names).size === names.length, '', 'a name stands in two of its objects');
    }
    this.lot();
    this.addMasses();
    this.nameSomething();
    this.event.kind = this.kind ?? kindOf(this.event);
    return { value: this.event, audience: this.audience, json: this.json };
  }

  private member(name: string, value: AnyJson, at: string): void {
    if (name.startsWith('suyuan:')) return this.term(name.slice('suyuan:'.length), value, at);
    if (!Object.hasOwn(MEMBERS, name)) {
      this.free.push(name);
      return need(this.context.isFree(name), at, 'no such member');
    }
    need(MEMBERS[name]!.includes(this.letter), at, 'no member of this type of event');
    const { event } = this;
    switch (name) {
      case 'eventTime':
        event.eventTime = this.time(value, at).ms;
        return;
      case 'recordTime':
        return void this.time(value, at);
      case 'eventTimeZoneOffset':
        event.eventOffset = this.offset(this.text(value, at), at);
        return;
      case 'eventID':
        event.eventId = this.uri(value, at);
        return;
      case 'transformationID':
        event.transformationId = this.uri(value, at);
        return;
      case 'certificationInfo':
        for (const one of Array.isArray(value) ? this.list(value, at) : [value]) {
          event.certifications.push({ text: this.uri(one, at) });
        }
        return;
      case 'errorDeclaration':
        return this.error(this.object(value, at), at);
      case 'action': {
        const action = ACTIONS.find((one) => one === value);
        need(action !== undefined, at, 'ADD, OBSERVE or DELETE');
        event.action = action;
        return;
      }
      case 'bizStep':
        event.step = this.word(VOCABULARIES.step, value, at);
        return;
      case 'disposition':
        event.disposition = this.word(VOCABULARIES.disposition, value, at);
        return;
      case 'persistentDisposition':
        return this.persistent(this.object(value, at), at);
      case 'readPoint':
      case 'bizLocation':
        event[name] = this.place(this.object(value, at), at);
        return;
      case 'bizTransactionList':
        event.transactions = this.references(value, at, VOCABULARIES.transaction, 'bizTransaction');
        return;
      case 'sourceList':
        event.sources = this.references(value, at, VOCABULARIES.party, 'source');
        return;
      case 'destinationList':
        event.destinations = this.references(value, at, VOCABULARIES.party, 'destination');
        return;
      case 'sensorElementList':
        event.sensors = this.list(value, at).map((one, i) => this.sensor(one, `${at}/${i}`));
        return;
      case 'ilmd':
        this.members(this.object(value, at), [], at);
        this.ilmd.push(...this.object(value, at));
    }
  }

  /** An empty list only where it is absent. */
  private optional(object: JsonObject, name: string, at: string, max?: number): AnyJson[] {
    return object.has(name) ? this.list(object.get(name), `${at}/${name}`, max) : [];
  }

  private error(error: JsonObject, at: string): void {
    this.members(error, ['declarationTime', 'reason', 'correctiveEventIDs'], at);
    const { ms, offset } = this.time(error.get('declarationTime'), `${at}/declarationTime`);
    const reason = error.get('reason');
    const word = reason === undefined ? '' : this.word(VOCABULARIES.reason, reason, `${at}/reason`);
    const list = this.optional(error, 'correctiveEventIDs', at);
    const correctiveIds = list.map((one) => ({ text: this.uri(one, `${at}/correctiveEventIDs`) }));
    need(word !== 'did_not_occur' || list.length === 0, at, 'did_not_occur has no corrections');
    this.event.error = { declared: ms, declaredOffset: offset, reason: word, correctiveIds };
  }

  private persistent(object: JsonObject, at: string): void {
    this.members(object, ['set', 'unset'], at, true);
    need(object.size > 0, at, 'set or unset');
    const { persistentSet, persistentUnset } = this.event;
    need(persistentSet.length + persistentUnset.length === 0, at, 'under two names');
    for (const [name, value] of object) {
      const list = this.list(value, `${at}/${name}`);
      const seen = new Set(
        list.map((one) => this.word(VOCABULARIES.disposition, one, `${at}/${name}`)),
      );
      need(list.length > 0 && seen.size === list.length, `${at}/${name}`, 'one at least, none twice');
      const kept = name === 'set' ? this.event.persistentSet : this.event.persistentUnset;
      kept.push(...[...seen].map((text) => ({ text })));
    }
  }

  private references(
    value: AnyJson,
    at: string,
    types: Vocabulary,
    name: string,
  ): { type: string; id: string }[] {
    const kept = new Map<string, { type: string; id: string }>();
    for (const [i, one] of this.list(value, at).entries()) {
      const entry = this.object(one, `${at}/${i}`);
      this.members(entry, ['type', name], `${at}/${i}`, true);
      const given = entry.get('type');
      const typed = types === VOCABULARIES.party || given !== undefined;
      const type = typed ? this.word(types, given, `${at}/${i}/type`) : '';
      const id = named(this.uri(entry.get(name), `${at}/${i}/${name}`), name !== 'bizTransaction');
      need(id !== null, `${at}/${i}/${name}`, 'no name that can stand here');
      // The same entry twice counts once.
      if (id !== '') kept.set(JSON.stringify([type, id]), { type, id });
    }
    return [...kept.values()];
  }

  private term(name: string, value: AnyJson, at: string): void {
    need(TERMS.has(name), at, 'no term of the ledger');
    const { event } = this;
    switch (name) {
      case 'kind': {
        const kind = KINDS.find((one) => one === value);
        need(kind !== undefined, at, 'no kind');
        this.kind = kind;
        return;
      }
      case 'audience':
        need(value === 'public' || value === 'partner', at, 'no audience');
        this.audience = value;
        return;
      case 'lot':
        event.lot = this.code(value, at);
        return;
      case 'wholeLot':
        need(typeof value === 'boolean', at, 'true or false');
        event.wholeLot = value;
        return;
      case 'result':
        event.result = this.text(value, at);
        return;
      case 'confirms':
        event.confirms = this.uri(value, at);
        return;
      case 'persistentDisposition':
        return this.persistent(this.object(value, at), at);
      case 'ilmd':
        this.ilmd.push(...this.object(value, at));
        return;
      case 'extensions':
        this.free.push(...this.object(value, at).keys());
        return;
      case 'losses':
        event.losses = this.each(value, at, ownLoss);
        return;
      case 'documents':
        event.documents = this.each(value, at, ownDocument);
        return;
      case 'sections':
        event.sections = this.each(value, at, ownSection);
        return;
      case 'netKg':
        for (const [i, one] of this.list(value, at, ITEMS_MAX).entries()) {
          const entry = this.object(one, `${at}/${i}`);
          this.members(entry, ['epcClass', 'kg'], `${at}/${i}`, true);
          const code = this.code(entry.get('epcClass'), `${at}/${i}/epcClass`);
          this.masses.set(code, this.decimal(entry.get('kg'), `${at}/${i}/kg`));
        }
    }
  }

  private each<T>(
    value: AnyJson,
    at: string,
    read: (values: Values, entry: JsonObject, at: string) => T,
  ): T[] {
    const list = this.list(value, at, ITEMS_MAX);
    return list.map((one, i) => read(this, this.object(one, `${at}/${i}`), `${at}/${i}`));
  }

  private addMasses(): void {
    const { objects, children, inputs, outputs } = this.event;
    for (const [code, kg] of this.masses) {
      let found = false;
      for (const list of [objects, children, inputs, outputs] as Draft<Item>[][]) {
        for (const item of list) {
          if (item.code !== code || item.quantity === null) continue;
          item.netKg = kg;
          found = true;
        }
      }
      need(found, '/suyuan:netKg', `${code} is in no list with a quantity`);
    }
  }

  private things(): void {
    const { event } = this;
    event.objects = this.items('epcList', 'quantityList');
    event.children = this.items('childEPCs', 'childQuantityList');
    event.inputs = this.items('inputEPCList', 'inputQuantityList');
    event.outputs = this.items('outputEPCList', 'outputQuantityList');
    const parent = this.json.get('parentID');
    if (parent !== undefined) event.parent = this.code(parent, '/parentID');
  }

  private items(epcs: string, quantities: string): Item[] {
    const items = new Map<string, Item>();
    const texts = this.optional(this.json, epcs, '', ITEMS_MAX);
    need(new Set(texts).size === texts.length, `/${epcs}`, 'one stands twice');
    for (const [i, one] of texts.entries()) {
      const code = this.code(one, `/${epcs}/${i}`);
      items.set(code, { code, quantity: null, uom: '', netKg: null });
    }
    const entries = this.optional(this.json, quantities, '', ITEMS_MAX);
    for (const [i, one] of entries.entries()) {
      const at = `/${quantities}/${i}`;
      const item = this.quantity(this.object(one, at), at);
      const before = items.get(item.code);
      if (before && before.quantity !== null && item.quantity !== null) {
        need(before.uom === item.uom, at, 'one code with two units');
        item.quantity = sum(before.quantity, item.quantity);
        need(item.quantity !== null, at, 'a sum of more than 18 digits');
      }
      items.set(item.code, item.quantity === null && before ? before : item);
    }
    return [...items.values()];
  }

  private quantity(entry: JsonObject, at: string): Draft<Item> {
    this.members(entry, ['epcClass', 'quantity', 'uom'], at, true);
    const code = this.code(entry.get('epcClass'), `${at}/epcClass`);
    const given = entry.get('quantity');
    const uom = entry.get('uom');
    if (given === undefined) {
      need(uom === undefined, `${at}/uom`, 'a unit needs a quantity');
      return { code, quantity: null, uom: '', netKg: null };
    }
    const quantity = given instanceof JsonNumber ? decimalOf(given.text, true) : null;
    need(quantity !== null, `${at}/quantity`, 'a number below 10^18');
    if (uom !== undefined) this.form('uom', uom, `${at}/uom`);
    return { code, quantity, uom: (uom as string | undefined) ?? 'H87', netKg: null };
  }

  private whatMustBeThere(): void {
    const { json, event, letter } = this;
    const has = (name: string): boolean => json.has(name);
    const entries = (name: string): boolean => this.optional(json, name, '', ITEMS_MAX).length > 0;
    const deletes = event.action === 'DELETE';
    if (letter === 'O') {
      const sensed = event.sensors.length > 0 && has('readPoint');
      need(has('epcList') || entries('quantityList') || sensed, '', 'it names nothing');
      need(!has('ilmd') || event.action === 'ADD', '/ilmd', 'it stands with ADD alone');
    }
    if (letter === 'T') {
      need(has('bizTransactionList'), '/bizTransactionList', 'it is missing');
      need(has('epcList') || entries('quantityList') || deletes, '', 'it names nothing');
    }
    if (letter === 'A' || letter === 'S') {
      need(event.children.length > 0 || deletes, '', 'it names no child');
      const free = letter === 'A' && event.action === 'OBSERVE';
      need(event.parent !== '' || free, '/parentID', 'it is missing');
    }
    if (letter !== 'F') return;
    const [inputs, outputs] = [event.inputs.length > 0, event.outputs.length > 0];
    const good = has('transformationID') ? inputs || outputs : inputs && outputs;
    need(good, '', 'inputs and outputs, or a transformationID and one of them');
  }

  /** An event about documents or a place. */
  private nameSomething(): void {
    const { event, letter } = this;
    if ((letter !== 'O' && letter !== 'T') || event.objects.length > 0 || event.parent !== '') {
      return;
    }
    const codes = new Set(letter === 'T' ? this.papers() : []);
    const place = event.readPoint || event.bizLocation;
    if (codes.size === 0 && place !== '') codes.add(place);
    need(codes.size > 0, '', 'it names no thing, paper or place');
    event.objects = [...codes].map((code) => ({ code, quantity: null, uom: '', netKg: null }));
  }

  private papers(): string[] {
    const ids = this.event.transactions.map(({ id }) => id);
    return ids.filter((id) => canonicalCode(id) === id && !isPlainEpc(id));
  }

  /** The lot of units that name none: by their own lot number. */
  private lot(): void {
    const { event } = this;
    const numbers = this.ilmd.filter(([name]) => LOT_NUMBER.includes(this.context.expand(name)));
    need(numbers.length <= 1, '/ilmd', 'two numbers of the lot');
    if (event.lot !== '' || this.letter !== 'O') return;
    const [, number] = numbers[0] ?? [];
    if (typeof number !== 'string' || number === '') return;
    const gtins = new Set(event.objects.map(({ code }) => SERIAL.exec(code)?.[1] ?? ''));
    const [gtin] = gtins;
    if (gtins.size !== 1 || gtin === undefined || gtin === '') return;
    const lot = gs1Code('01', gtin, new Map([['10', number]]));
    if (!(lot instanceof Fault)) event.lot = lot;
  }
}

export function decodeEpcis(payload: Uint8Array): EpcisEvent | Fault {
  if (payload.length > BYTES_MAX) return new Fault('a payload has at most 512 KiB');
  const text = fromUtf8(payload);
  if (text === null) return new Fault('the payload is no UTF-8');
  const json = parseAnyJson(text, DEPTH_MAX);
  if (json instanceof Fault) return json;
  if (!(json instanceof Map)) return new Fault('an event is an object');
  try {
    checkTexts(json, { values: 0 });
    return new Reader(json).read();
  } catch (wrong) {
    if (wrong instanceof Wrong) return new Fault(wrong.message);
    throw wrong;
  }
}
