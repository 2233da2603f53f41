// What a thing was made from, and by whom (docs/state.md, What a statement changes).
import type { TraceEvent } from '../../verify/index.js';
import type { Told } from './story.js';

/** The codes that a statement brings into being. */
export function broughtBy({ type, action, wholeLot, objects, outputs }: TraceEvent): string[] {
  if (wholeLot) return [];
  const added = type === 'object' && action === 'ADD' ? objects : [];
  return [...outputs, ...added].map(({ code }) => code);
}

/** The statements that brought each code into being. */
export type Makings = Map<string, Told[]>;

export function makingsOf(standing: Told[]): Makings {
  const makings: Makings = new Map();
  for (const one of standing) {
    for (const code of broughtBy(one.what)) {
      const known = makings.get(code);
      if (known) known.push(one);
      else makings.set(code, [one]);
    }
  }
  return makings;
}

export const makersOf = (codes: Iterable<string>, makings: Makings): Set<string> =>
  new Set([...codes].flatMap((code) => (makings.get(code) ?? []).map(({ party }) => party)));

/** The thing, its lot, what went into them, and so on to the beginning. */
export function sourcesOf(code: string, makings: Makings): Set<string> {
  const sources = new Set([code]);
  const used = new Set<Told>();
  for (const source of sources) {
    for (const one of makings.get(source) ?? []) {
      if (used.has(one)) continue;
      used.add(one);
      for (const input of one.what.inputs) sources.add(input.code);
      if (one.what.lot !== '') sources.add(one.what.lot);
    }
  }
  return sources;
}
