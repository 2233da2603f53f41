// Which codes a bundle must hold (docs/bundle.md, Reach): a closure over what events state.
import type { TraceEvent } from './event_schema.js';
import { codesOfEvent, productCode } from './payload.js';

const PAPERS = [
  'https://id.gs1.org/253/',
  'https://id.gs1.org/255/',
  'https://id.gs1.org/415/',
  'urn:x-suyuan:order:',
  'urn:x-suyuan:payment:',
  'urn:x-suyuan:customs-list:',
  'urn:x-suyuan:document:',
  'urn:epcglobal:cbv:bt:',
];
const ORDER = 'urn:x-suyuan:order:';
const GTIN = /^https:\/\/id\.gs1\.org\/01\/([0-9]{14})(\/|$)/;

export function isPaper(code: string): boolean {
  return PAPERS.some((prefix) => code.startsWith(prefix));
}

export function gtinOf(code: string): string | null {
  return GTIN.exec(code)?.[1] ?? null;
}

// The reasons for which a code was reached; there may be several.
const MADE = 1;
const SUBJECT = 2;
const CONTAINER = 4;
const PAPER = 8;
const PAPER_OF_ORDER = 16;

// Positions of a code in an event.
const OBJECT = 1;
const CHILD = 2;
const OUTPUT = 4;

interface Naming {
  event: Followed;
  roles: number;
}

interface Followed {
  stated: TraceEvent;
  led: Set<string>; // Where it has led: once is enough, which bounds the work.
}

class Closure {
  readonly marks = new Map<string, number>();
  private readonly waiting: string[] = [];
  private readonly namings = new Map<string, Naming[]>();

  constructor(events: TraceEvent[]) {
    for (const stated of events) this.index({ stated, led: new Set() });
  }

  private index(event: Followed): void {
    const roles = new Map<string, number>();
    const put = (code: string, role: number): void => {
      roles.set(code, (roles.get(code) ?? 0) | role);
    };
    for (const code of codesOfEvent(event.stated)) put(code, 0);
    for (const item of event.stated.objects) put(item.code, OBJECT);
    for (const item of event.stated.children) put(item.code, CHILD);
    for (const item of event.stated.outputs) put(item.code, OUTPUT);
    for (const [code, role] of roles) {
      const list = this.namings.get(code);
      if (list) list.push({ event, roles: role });
      else this.namings.set(code, [{ event, roles: role }]);
    }
  }

  add(code: string, mark: number): void {
    const before = this.marks.get(code) ?? 0;
    if ((before | mark) === before) return;
    this.marks.set(code, before | mark);
    this.waiting.push(code);
  }

  run(): void {
    for (let code = this.waiting.pop(); code !== undefined; code = this.waiting.pop()) {
      const marks = this.marks.get(code)!;
      for (const naming of this.namings.get(code) ?? []) this.follow(code, marks, naming);
    }
  }

  private follow(code: string, marks: number, { event, roles }: Naming): void {
    const { stated } = event;
    const joins = stated.type === 'aggregation' || stated.type === 'association';
    if (
      (marks & (MADE | SUBJECT | CONTAINER)) !== 0 &&
      joins &&
      stated.action === 'ADD' &&
      (roles & CHILD) !== 0 &&
      stated.parent !== ''
    ) {
      this.add(stated.parent, CONTAINER | (marks & SUBJECT));
    }
    const isOutput = (roles & OUTPUT) !== 0;
    if ((marks & MADE) !== 0 && stated.type === 'transformation' && isOutput) {
      this.lead(
        event,
        'inputs',
        stated.inputs.map((item) => item.code),
        MADE,
      );
    }
    const appears = stated.type === 'object' && stated.action === 'ADD' && (roles & OBJECT) !== 0;
    if ((marks & MADE) !== 0 && (appears || isOutput) && stated.lot !== '') {
      this.add(stated.lot, MADE);
    }
    if ((marks & SUBJECT) !== 0) this.leadToPapers(event, 'papers', PAPER);
    if ((marks & PAPER) !== 0 && code.startsWith(ORDER)) {
      this.leadToPapers(event, 'papers of an order', PAPER_OF_ORDER);
    }
  }

  private leadToPapers(event: Followed, where: string, mark: number): void {
    if (event.led.has(where)) return;
    this.lead(event, where, codesOfEvent(event.stated).filter(isPaper), mark);
  }

  private lead(event: Followed, where: string, codes: string[], mark: number): void {
    if (event.led.has(where)) return;
    event.led.add(where);
    for (const code of codes) this.add(code, mark);
  }
}

/** Starts at the asked code and follows the events whose payloads are there. */
export function reachOf(code: string, events: TraceEvent[]): Set<string> {
  const closure = new Closure(events);
  closure.add(code, MADE | SUBJECT);
  closure.run();
  return new Set(closure.marks.keys());
}

/** Only the asked code: itself and its product, whose chains are carried whole. */
export function neverCut(code: string): Set<string> {
  const gtin = gtinOf(code);
  return new Set(gtin === null ? [code] : [code, productCode(gtin)]);
}
