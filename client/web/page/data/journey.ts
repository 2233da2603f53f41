// Selects the statements of a proven bundle that belong to an item's journey (docs/state.md, What
// belongs to a thing's provenance). A bundle holds more, such as what happened to a pallet after
// the can had left it. Computed here from verified statements, so a node cannot hide any.
import type { Erased, StatedEvent, TraceEvent } from '../../verify/index.js';
import { isPaper } from '../../verify/reach.js';

export type Relation = 'own' | 'container' | 'ancestor' | 'lot' | 'document';

export interface Statement {
  leaf: number;
  event: number;
  party: string;
  signer: string | null;
  with: string[];
  erased: Erased[];
  logTimeMs: bigint;
  what: TraceEvent;
  relation: Relation;
  about: string; // The code through which it belongs to the journey.
  withdrawn: boolean;
}

interface Moment {
  at: bigint; // Event time.
  leaf: number;
  event: number;
}

interface Stated extends Moment {
  source: StatedEvent;
  what: TraceEvent;
  withdrawn: boolean;
}

interface Window {
  from: Moment;
  to: Moment;
}

const DEPTH_MAX = 32;
const FIRST: Moment = { at: -(10n ** 18n), leaf: 0, event: 0 };
const LAST: Moment = { at: 10n ** 18n, leaf: Number.MAX_SAFE_INTEGER, event: 0 };

function compare(a: Moment, b: Moment): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.leaf - b.leaf || a.event - b.event;
}

const later = (a: Moment, b: Moment): Moment => (compare(a, b) >= 0 ? a : b);
const earlier = (a: Moment, b: Moment): Moment => (compare(a, b) <= 0 ? a : b);
const within = (m: Moment, w: Window): boolean => compare(w.from, m) <= 0 && compare(m, w.to) <= 0;
const names = (items: { code: string }[], code: string): boolean =>
  items.some((item) => item.code === code);

function codesOf({ parent, objects, children, inputs, outputs }: TraceEvent): string[] {
  const items = [...objects, ...children, ...inputs, ...outputs].map(({ code }) => code);
  return parent === '' ? items : [parent, ...items];
}

function openEvents(events: StatedEvent[]): Stated[] {
  const open: Stated[] = [];
  for (const source of events) {
    const { leaf, event, what } = source;
    if (what.is !== 'event') continue;
    open.push({ at: what.value.eventTime, leaf, event, source, what: what.value, withdrawn: false });
  }
  for (const { source, what } of open.filter(({ what }) => what.error !== null)) {
    const taken = open.find(
      (one) =>
        one.what.error === null &&
        one.what.eventId === what.eventId &&
        one.source.party === source.party,
    );
    if (taken) taken.withdrawn = true;
  }
  return open.sort(compare);
}

class Journey {
  private readonly all: Stated[];
  private readonly naming = new Map<string, Stated[]>();
  private readonly found = new Map<Stated, { relation: Relation; about: string }>();
  private readonly containers = new Map<string, Window[]>();
  private readonly ancestors = new Map<string, Moment>(); // With the moment of their last use.

  constructor(
    private readonly code: string,
    events: StatedEvent[],
  ) {
    this.all = openEvents(events);
    for (const stated of this.all) {
      for (const one of new Set(codesOf(stated.what))) {
        const list = this.naming.get(one);
        if (list) list.push(stated);
        else this.naming.set(one, [stated]);
      }
    }
  }

  private about(code: string): Stated[] {
    return this.naming.get(code) ?? [];
  }

  /** The mentions that lead further. */
  private standing(code: string): Stated[] {
    return this.about(code).filter(({ withdrawn, what }) => !withdrawn && what.error === null);
  }

  private add(stated: Stated, relation: Relation, about: string): void {
    if (!this.found.has(stated)) this.found.set(stated, { relation, about });
  }

  /** The containers of a code in a window, and their containers, each with the window of its stay. */
  private stays(code: string, window: Window, depth = 0): void {
    if (depth === DEPTH_MAX) return;
    let open: { parent: string; from: Moment } | null = null;
    const close = (to: Moment): void => {
      if (open === null) return;
      const stay = { from: later(open.from, window.from), to: earlier(to, window.to) };
      const { parent } = open;
      open = null;
      if (compare(stay.from, stay.to) > 0) return;
      const windows = this.containers.get(parent) ?? [];
      this.containers.set(parent, [...windows, stay]);
      this.stays(parent, stay, depth + 1);
    };
    const moves = this.all.filter(({ withdrawn, what }) => {
      const packs = what.type === 'aggregation' || what.type === 'association';
      if (!packs || withdrawn || what.error !== null) return false;
      return names(what.children, code) || (what.action === 'DELETE' && what.children.length === 0);
    });
    for (const move of moves) {
      const { action, parent, children } = move.what;
      if (action === 'ADD') {
        close(move);
        open = { parent, from: move };
      } else if (action === 'DELETE' && open !== null) {
        const { parent: inside } = open as { parent: string };
        if (parent === inside || (parent === '' && names(children, code))) close(move);
      }
    }
    close(LAST);
  }

  /** Lots and inputs that a code was made from, up to the moment of their use. */
  private madeOf(code: string, until: Moment): void {
    for (const stated of this.standing(code)) {
      const { what } = stated;
      if (compare(stated, until) > 0) continue;
      const made =
        names(what.outputs, code) ||
        (what.type === 'object' && what.action === 'ADD' && names(what.objects, code));
      if (!made) continue;
      const inputs = names(what.outputs, code) ? what.inputs.map((input) => input.code) : [];
      for (const ancestor of [...inputs, what.lot]) {
        if (ancestor === '' || ancestor === code) continue;
        const known = this.ancestors.get(ancestor);
        if (known && compare(known, stated) >= 0) continue;
        this.ancestors.set(ancestor, stated);
        this.madeOf(ancestor, stated);
      }
    }
  }

  private addWindow(code: string, window: Window, relation: Relation): void {
    for (const stated of this.about(code)) {
      if (within(stated, window) && !stated.what.wholeLot) this.add(stated, relation, code);
    }
  }

  private addAncestors(): void {
    for (const [ancestor, until] of this.ancestors) {
      const window = { from: FIRST, to: until };
      for (const stated of this.about(ancestor)) {
        const { inputs, outputs, wholeLot } = stated.what;
        const onlyUsed = names(inputs, ancestor) && !names(outputs, ancestor);
        const leads = outputs.some(({ code }) => code === this.code || this.ancestors.has(code));
        if (wholeLot || !within(stated, window) || (onlyUsed && !leads)) continue;
        this.add(stated, 'ancestor', ancestor);
      }
      this.containers.clear();
      this.stays(ancestor, window);
      for (const [container, windows] of this.containers) {
        for (const stay of windows) this.addWindow(container, stay, 'ancestor');
      }
    }
  }

  private addPapers(containers: string[]): void {
    const things = new Set([this.code, ...containers]);
    const papersIn = (list: Stated[]): string[] =>
      list.flatMap(({ what }) => codesOf(what)).filter(isPaper);
    const beside = [...this.found.keys()].filter((stated) => {
      const relation = this.found.get(stated)?.relation;
      return relation === 'own' || relation === 'container';
    });
    const addPaper = (paper: string, orders: Set<string> | null): void => {
      for (const stated of this.about(paper)) {
        const codes = codesOf(stated.what);
        const foreign = codes.some((code) => !isPaper(code) && !things.has(code));
        const other = orders && codes.some((c) => c.startsWith(ORDER) && !orders.has(c));
        if (!foreign && !other) this.add(stated, 'document', paper);
      }
    };
    const near = new Set(papersIn(beside));
    for (const paper of near) addPaper(paper, null);
    const orders = new Set([...near].filter((paper) => paper.startsWith(ORDER)));
    const ofOrders = papersIn([...orders].flatMap((order) => this.about(order)));
    for (const paper of new Set(ofOrders)) addPaper(paper, orders);
  }

  run(): Statement[] {
    this.addWindow(this.code, { from: FIRST, to: LAST }, 'own');
    this.stays(this.code, { from: FIRST, to: LAST });
    const containers = [...this.containers.keys()];
    for (const [container, windows] of this.containers) {
      for (const window of windows) this.addWindow(container, window, 'container');
    }
    this.madeOf(this.code, LAST);
    this.addAncestors();
    for (const lot of [this.code, ...this.ancestors.keys()]) {
      for (const stated of this.about(lot)) if (stated.what.wholeLot) this.add(stated, 'lot', lot);
    }
    this.addPapers(containers);
    return this.all.filter((stated) => this.found.has(stated)).map((stated) => ({
      ...stated.source,
      what: stated.what,
      ...this.found.get(stated)!,
      withdrawn: stated.withdrawn,
    }));
  }
}

const ORDER = 'urn:x-suyuan:order:';

export function journeyOf(code: string, events: StatedEvent[]): Statement[] {
  return new Journey(code, events).run();
}
